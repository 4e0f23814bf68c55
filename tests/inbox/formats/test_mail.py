"""Mail: mailboxes and single mails, in every encoding that people's programs write, rightly declared or not."""

from __future__ import annotations

import base64
import random
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from engine.inbox import mail
from engine.inbox.document import Broken, Dropped, Found

SIMPLE = b"""\
Return-Path: <aiko@example.org>
Delivered-To: help@akane.example
Message-ID: <a1@mail.example.org>
Date: Mon, 9 Mar 2026 16:41:00 +0900 (JST)
From: Aiko Mori <Aiko@Example.org>
To: help@akane.example
Subject: Kettle

It smokes.

> From the box:
Aiko
"""
MARK = b"From 1783456789@xxx Mon Mar  9 07:41:00 +0000 2026\n"


@pytest.fixture
def read(tmp_path):
    def reader(raw: bytes, *us: str) -> list[Found | Broken | Dropped]:
        path = tmp_path / "mail"
        path.write_bytes(raw)
        return list(mail.messages(str(path), "mail", frozenset(us)))

    return reader


def fields(one) -> dict:
    assert isinstance(one, Found), one
    return {name: value for name, value in one.fields.items() if value is not None}


def written(head: bytes, text: bytes = b"") -> bytes:
    return b"From: a@example.org\nMessage-ID: <1@x>\n" + head + b"\n\n" + text


def test_a_single_mail(read):
    [one] = read(SIMPLE)
    assert fields(one) == {
        "id": "a1@mail.example.org",
        "text": "Kettle\n\nIt smokes.\n\n> From the box:\nAiko\n",
        "posted_at": "2026-03-09T16:41:00+09:00",
        "channel": "email",
        "visibility": "private",
        "account": "help@akane.example",
        "author.id": "aiko@example.org",
        "author.name": "Aiko Mori",
    }
    assert (one.start, one.end, one.document.text) == (0, len(SIMPLE), "")


def test_the_same_mail_with_windows_line_ends_and_a_byte_order_mark(read):
    [one] = read(SIMPLE)
    [again] = read(b"\xef\xbb\xbf\r\n" + SIMPLE.replace(b"\n", b"\r\n"))
    assert fields(again) == fields(one)


def test_a_mailbox_is_read_mail_by_mail_and_knows_its_bytes(read):
    second = SIMPLE.replace(b"a1@", b"a2@").replace(b"It smokes.", b">From here on\n>>From there\nFrom Monday on, 9:00")
    box = MARK + SIMPLE + b"\n" + b"From - Tue Mar 10 08:00:00 2026\n" + second
    first, other = read(box)
    assert fields(first)["id"] == "a1@mail.example.org"
    assert fields(other)["text"] == (
        "Kettle\n\nFrom here on\n>From there\nFrom Monday on, 9:00\n\n> From the box:\nAiko\n"
    )
    assert box[first.start : first.end] == MARK + SIMPLE + b"\n"
    assert box[other.start : other.end].startswith(b"From - Tue")
    assert (first.end, other.end) == (other.start, len(box))


@pytest.mark.parametrize(
    "mark",
    [
        b"From aiko@example.org Mon Mar  9 07:41:00 2026",
        b"From aiko@example.org Mon Mar  9 07:41 2026 JST",
        b"From MAILER-DAEMON Mon Mar 09 07:41:00 2026 +0900",
        b"From - Mon, 09 Mar 2026 07:41:00 +0000",
        b"From 1783456789@xxx Mon Mar 09 07:41:00 +0000 2026\r",
    ],
)
def test_lines_that_begin_a_mail(read, mark):
    assert len(read(mark + b"\n" + SIMPLE + b"\n" + mark + b"\n" + SIMPLE)) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"From what I see, the Mon shop opens 9:00 in 2026",
        b"From Mon 9 to 10:30 we are closed",
        b"From: Aiko Mon Mar  9 07:41:00 2026",
        b"From Aiko and Ben on Mon Mar 9 07:41:00 2026 we heard",
    ],
)
def test_lines_of_a_text_that_begin_no_mail(read, line):
    [one] = read(MARK + SIMPLE + b"\n" + line + b"\n")
    assert fields(one)["text"].endswith(line.decode() + "\n")


def test_a_single_mail_that_quotes_a_mailbox_is_one(read):
    assert len(read(SIMPLE + b"\n" + MARK + SIMPLE)) == 1


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
@pytest.mark.parametrize("way", ["8bit", "base64", "quoted-printable"])
def test_japanese_mail_in_its_encodings(read, charset, way):
    import quopri

    text = "ケトルから煙が出ます。至急ご連絡ください。"
    data = text.encode(charset)
    coded = {"8bit": data, "base64": base64.encodebytes(data), "quoted-printable": quopri.encodestring(data)}[way]
    subject = b"=?" + charset.encode() + b"?B?" + base64.b64encode("煙が出る".encode(charset)) + b"?="
    head = b"Subject: " + subject + b"\nContent-Type: text/plain; charset=" + charset.encode()
    [one] = read(written(head + b"\nContent-Transfer-Encoding: " + way.encode(), coded))
    assert fields(one)["text"].strip() == f"煙が出る\n\n{text}"


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("us-ascii", "cp932"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "cp932"),
        ("utf-8", "euc_jp"),
        ("utf-8", "iso2022_jp"),
        ("us-ascii", "iso2022_jp"),
        ("no-such-charset", "utf-8"),
        ("", "euc_jp"),
    ],
)
def test_text_whose_encoding_is_declared_wrongly(read, declared, real):
    text = "充電器が熱くなります。"
    kind = f"Content-Type: text/plain; charset={declared}" if declared else "Content-Type: text/plain"
    [one] = read(written(kind.encode() + b"\nContent-Transfer-Encoding: 8bit", text.encode(real)))
    assert fields(one)["text"] == text


def test_letters_that_the_standard_has_not_but_windows_sends(read):
    jis = b"\x1b$B-!-j\x1b(B \x1b(I1<\x1b(B"  # ①㈱ of NEC's row 13, and half-width kana
    [one] = read(written(b"Content-Type: text/plain; charset=iso-2022-jp", jis))
    assert fields(one)["text"] == "①㈱ ｱｼ"
    [one] = read(written(b"Content-Type: text/plain; charset=Shift_JIS", "①髙～".encode("cp932")))
    assert fields(one)["text"] == "①髙～"


def test_western_text_stays_western(read):
    text = "Für Élise — naïve café, 20 €".encode("cp1252")
    [one] = read(written(b"Content-Type: text/plain; charset=iso-8859-1", text))
    assert fields(one)["text"] == "Für Élise — naïve café, 20 €"


@pytest.mark.parametrize("raw", ["煙が出る".encode(), "煙が出る".encode("cp932"), "煙が出る".encode("iso2022_jp")])
def test_headers_that_were_not_encoded_at_all(read, raw):
    [one] = read(written(b"Subject: " + raw))
    assert fields(one)["text"] == "煙が出る"


def test_an_encoded_subject_over_several_lines_is_one(read):
    words = [b"=?utf-8?Q?Kettle_=F0=9F=94=A5?=", b"=?iso-2022-jp?B?GyRCMWwbKEI=?="]
    [one] = read(written(b"Subject: " + b"\n ".join(words) + b"\n again"))
    assert fields(one)["text"] == "Kettle 🔥煙 again"


@pytest.mark.parametrize(
    ("header", "name", "address"),
    [
        (b'"Mori, Aiko" <Aiko@Example.org>', "Mori, Aiko", "aiko@example.org"),
        (b"=?utf-8?B?5qOuLCDmhJvlrZA=?= <aiko@example.org>", "森, 愛子", "aiko@example.org"),
        (b'"=?utf-8?B?5qOuLCDmhJvlrZA=?=" <aiko@example.org>', "森, 愛子", "aiko@example.org"),
        (b"aiko@example.org (Aiko)", "Aiko", "aiko@example.org"),
        (b"aiko@example.org", None, "aiko@example.org"),
        ("森 <aiko@example.org>".encode("cp932"), "森", "aiko@example.org"),
        (b"Aiko @ work <aiko@example.org>", "Aiko @ work", "aiko@example.org"),
        (b"Aiko", "Aiko", None),
        (b"<<<>>>", None, None),
    ],
)
def test_who_wrote(read, header, name, address):
    [one] = read(b"From: " + header + b"\nSubject: x\n\nHello")
    found = fields(one)
    assert (found.get("author.id"), found.get("author.name")) == (address, name)


def test_html_alone_becomes_text(read):
    page = (
        "<html><head><title>no</title><style>p {color: red}</style></head><body><p>ケトル &amp; 煙<br>😡</p>"
        "<script>alert('no')</script><table><tr><td>Order</td><td>48213</td></tr></table></body></html>"
    )
    head = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit"
    [one] = read(written(head, page.encode()))
    assert fields(one)["text"] == "ケトル & 煙\n😡\nOrder 48213"


def test_plain_text_goes_before_html_and_attachments_are_left_out(read):
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "a@example.org", "Kettle", "<9@x>"
    letter.set_content("It smokes.\n")
    letter.add_alternative("<p>It <b>smokes</b>.</p>", subtype="html")
    letter.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="smoke.png")
    letter.add_attachment("secret log", filename="log.txt")
    [one] = read(letter.as_bytes())
    assert fields(one)["text"] == "Kettle\n\nIt smokes."


def test_html_is_taken_where_the_plain_variant_is_empty(read):
    letter = EmailMessage()
    letter["From"], letter["Message-ID"] = "a@example.org", "<9@x>"
    letter.set_content("\n")
    letter.add_alternative("<p>It smokes.</p>", subtype="html")
    [one] = read(letter.as_bytes())
    assert fields(one)["text"] == "It smokes."


def test_flowed_lines_are_joined_and_the_signature_keeps_its_mark(read):
    head = b"Content-Type: text/plain; charset=utf-8; format=flowed"
    [one] = read(written(head, b"It smokes \na lot.\n> quoted \n> too\n-- \nAiko\n"))
    assert fields(one)["text"] == "It smokes a lot.\n> quoted \n> too\n-- \nAiko\n"
    [one] = read(written(head + b"; delsp=yes\nContent-Transfer-Encoding: 8bit", "ケト \nル\n".encode()))
    assert fields(one)["text"] == "ケトル\n"


@pytest.mark.parametrize(
    ("head", "answers", "thread"),
    [
        (b"In-Reply-To: <2@x>\nReferences: <1@x> <2@x>", "2@x", "1@x"),
        (b"References: <1@x>\n <2@x>", "2@x", "1@x"),
        (b"In-Reply-To: Your mail of Monday <2@x>", "2@x", None),
        (b"In-Reply-To: 2@x", "2@x", None),
        (b"In-Reply-To: your last mail", None, None),
        (b"X-GM-THRID: 1783456789012345678\nReferences: <1@x>", "1@x", "1783456789012345678"),
    ],
)
def test_what_a_mail_answers(read, head, answers, thread):
    [one] = read(written(head))
    found = fields(one)
    assert (found.get("in_reply_to"), found.get("thread")) == (answers, thread)


@pytest.mark.parametrize(
    ("date", "read_as"),
    [
        (b"Mon, 9 Mar 2026 16:41:00 +0900", "2026-03-09T16:41:00+09:00"),
        (b"9 Mar 2026 16:41 GMT", "2026-03-09T16:41:00+00:00"),
        (b"Mon, 9 Mar 2026 07:41:00 -0000", "2026-03-09T07:41:00+00:00"),
        (b"Mon, 9 Mar 2026 16:41:00 JST", "Mon, 9 Mar 2026 16:41:00 JST"),
        (b"Mon, 99 Mar 2026 16:41:00 +0900", "Mon, 99 Mar 2026 16:41:00 +0900"),
        (b"Mon, 9 Mar 2026 16:41:00 +9999", "Mon, 9 Mar 2026 16:41:00 +9999"),
        (b"yesterday", "yesterday"),
    ],
)
def test_a_date_that_cannot_be_read_is_passed_on_as_it_stands(read, date, read_as):
    [one] = read(written(b"Date: " + date))
    assert fields(one)["posted_at"] == read_as


def test_a_mail_without_a_date_or_an_id_has_no_time_and_always_the_same_id(read):
    raw = b"From: a@example.org\nSubject: Kettle\n\nIt smokes."
    [one] = read(raw)
    assert "posted_at" not in fields(one)
    [again] = read(MARK + raw)
    [other] = read(raw + b"!")
    assert fields(one)["id"] == fields(again)["id"] != fields(other)["id"]


def test_mail_of_ours_is_known_by_its_address_or_its_label(read):
    [ours] = read(SIMPLE, "aiko@example.org")
    assert (fields(ours)["direction"], fields(ours)["account"]) == ("outbound", "aiko@example.org")
    [theirs] = read(SIMPLE, "help@akane.example")
    assert "direction" not in fields(theirs)
    label = "=?UTF-8?B?" + base64.b64encode("送信済み,重要".encode()).decode() + "?="
    [labelled] = read(written(f"X-Gmail-Labels: {label}".encode()))
    assert (fields(labelled)["direction"], fields(labelled)["tags"]) == ("outbound", ["送信済み", "重要"])


def test_a_copy_to_us_names_our_account(read):
    [one] = read(written(b"To: ben@example.org\nCc: Help <HELP@akane.example>"), "help@akane.example")
    assert fields(one)["account"] == "help@akane.example"


@pytest.mark.parametrize(
    "head",
    [
        b"Auto-Submitted: auto-replied (vacation)",
        b"Auto-Submitted: auto-generated; owner=x",
        b"Precedence: bulk",
        b"X-Precedence: Junk",
        b"Precedence: list",
        b"X-Autoreply: yes",
        b"X-Autorespond: Away",
        b"X-Auto-Response-Suppress: DR, OOF, AutoReply",
        b"X-Failed-Recipients: b@example.org",
        b"Return-Path: <>",
        b"Subject: Delivery Status Notification (Failure)",
        b"Subject: Undeliverable: Kettle",
        b"Content-Type: multipart/report;\n report-type=delivery-status; boundary=b",
    ],
)
def test_what_no_person_wrote_is_dropped(read, head):
    assert read(written(head)) == [Dropped("automatic replies")]


@pytest.mark.parametrize("sender", [b"MAILER-DAEMON@mx.example.org", b"Mail <postmaster@example.org>", b"<>"])
def test_what_the_postman_wrote_is_dropped(read, sender):
    assert read(b"From: " + sender + b"\nSubject: x\n\nHello") == [Dropped("automatic replies")]


@pytest.mark.parametrize(
    "head",
    [
        b"Auto-Submitted: no",
        b"Precedence: first-class",
        b"X-Auto-Response-Suppress: None",
        b"Return-Path: <a@example.org>",
        b"Subject: Delivery status of my order?",
        b"Subject: Delivery failure, where is my parcel",
        b"Content-Type: text/plain; name=report-type",
    ],
)
def test_what_a_person_wrote_is_kept(read, head):
    assert isinstance(read(written(head))[0], Found)


def test_mail_of_a_list_that_is_our_own_inbox_is_kept(read):
    raw = written(b"Precedence: list\nTo: help@akane.example")
    assert isinstance(read(raw, "help@akane.example")[0], Found)
    raw = written(b"Precedence: list\nList-Post: <mailto:help@akane.example>")
    assert isinstance(read(raw, "help@akane.example")[0], Found)


def test_drafts_and_mail_that_was_deleted_but_is_still_there_are_dropped(read):
    assert read(written(b"X-Gmail-Labels: Drafts")) == [Dropped("drafts")]
    assert read(written(b"X-Mozilla-Status: 0009")) == [Dropped("deleted mails")]
    assert isinstance(read(written(b"X-Mozilla-Status: 0001"))[0], Found)
    assert isinstance(read(written(b"X-Mozilla-Status: what"))[0], Found)


def test_what_is_no_mail_is_quarantined_and_the_next_is_read(read):
    box = MARK + b"just words\n\n" + MARK + SIMPLE
    broken, found = read(box)
    assert isinstance(broken, Broken)
    assert broken.reason == "It is no mail: it has none of the headers From, Date, Subject and Message-ID."
    assert box[broken.start : broken.end] == MARK + b"just words\n\n"
    assert fields(found)["id"] == "a1@mail.example.org"


def test_a_mail_that_breaks_the_library_is_quarantined_and_the_next_is_read(read):
    hostile = MARK + b"From: " + b"(" * 5000 + b"\nSubject: x\n\nHello\n"
    broken, found = read(hostile + MARK + SIMPLE)
    assert isinstance(broken, Broken)
    assert broken.reason == "It cannot be read as mail (RecursionError)."
    assert (broken.start, broken.end) == (0, len(hostile))
    assert fields(found)["id"] == "a1@mail.example.org"


def test_a_mail_that_breaks_off_in_an_attachment_keeps_its_text(read):
    letter = EmailMessage()
    letter["From"], letter["Message-ID"] = "a@example.org", "<9@x>"
    letter.set_content("It smokes.\n")
    letter.add_attachment(b"\x00" * 3000, maintype="image", subtype="png", filename="smoke.png")
    raw = letter.as_bytes()
    [one] = read(raw[: len(raw) // 2])
    assert fields(one)["text"] == "It smokes."


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: multipart/mixed",
        b"Content-Type: multipart/alternative; boundary=",
        b"Content-Type: text/plain; charset*0*=%ff'%; charset*1=x",
        b"Content-Type: ;;;=\nContent-Transfer-Encoding: base64",
        b"Content-Disposition: \xff\xfe; filename*=x''%%%",
        b"Content-Type: text/plain; charset=\x00\nContent-Transfer-Encoding: x-uuencode",
        b"Subject: =?utf-8?B?####?= =?x?Q?=ZZ?= =?utf-8?B?YQ",
        b'From: """@@@<<<,,,;:=?utf-8?q?=00?=',
        b"Date: \xff\xff, 9\nReferences: <<<>>><",
        b"Message-ID: <a b c>\nIn-Reply-To: <>",
    ],
)
def test_hostile_headers_raise_nothing(read, head):
    [one] = read(written(head, b"Hello \xff\x1b$B#\x1b(I\xff"))
    assert isinstance(one, Found | Broken)


@pytest.mark.parametrize("piece", [b"=?a?q?", b"a", b"@", b"<@", b"(", b'"', b"<a@", b"=?utf-8?B?YQ==?= ", b"\xff,"])
def test_headers_made_to_keep_us_busy_do_not(read, piece):
    raw = piece * (200_000 // len(piece))
    began = time.process_time()
    names = (b"From", b"To", b"Subject", b"References", b"Date", b"Content-Type", b"X-Gmail-Labels", b"Received")
    [one] = read(b"".join(name + b": " + raw + b"\n" for name in names) + b"\nHello")
    assert isinstance(one, Found | Broken)
    assert time.process_time() - began < 10


def test_damaged_bytes_anywhere_raise_nothing_and_lose_no_mail(read):
    box = MARK + SIMPLE + b"\n" + MARK + written(b"Subject: x\nContent-Type: text/html; charset=cp932", b"<p>a</p>")
    luck = random.Random(26)
    marks = (range(len(MARK)), range(len(MARK + SIMPLE), len(MARK + SIMPLE + MARK) + 1))
    for _ in range(800):
        damaged = bytearray(box)
        for _ in range(luck.randint(1, 6)):
            at = luck.randrange(len(box))
            if not any(at in one for one in marks):
                damaged[at] = luck.choice(b"\x00\x1b$B()<>\"';:=?&\xff\x82 \r")
        found = read(bytes(damaged))
        assert len(found) == 2


def test_it_is_told_from_what_is_no_mail():
    def looks(head: bytes) -> bool:
        return mail.looks_like("x", head.decode("latin-1"))

    assert looks(SIMPLE)
    assert looks(MARK + SIMPLE)
    assert looks(b"\xef\xbb\xbf\r\n" + SIMPLE.replace(b"\n", b"\r\n"))
    assert looks(b"From x\n>From y\n" + SIMPLE)
    assert looks(SIMPLE[:120])
    assert not looks(b"From,To,Subject\na,b,c\n")
    assert not looks(b"From here on\nit is a poem\n")
    assert not looks(b"subject: Kettle\ndate: today\n\n")
    assert not looks(b'{"from": "a", "subject": "b"}')
    assert not looks(b"")


def test_a_mailbox_does_not_lie_in_memory(tmp_path):
    import tracemalloc

    path = Path(tmp_path / "big.mbox")
    with path.open("wb") as opened:
        for at in range(400):
            opened.write(MARK + SIMPLE.replace(b"a1@", b"%d@" % at) + b"x" * 50_000 + b"\n")
    tracemalloc.start()
    count = sum(isinstance(one, Found) for one in mail.messages(str(path), "big.mbox", frozenset()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400
    assert most < 2_000_000
