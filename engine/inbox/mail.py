"""Mail: mailboxes (mbox, as Google Takeout and Thunderbird write them) and single mails (.eml, or a file of a Maildir).

It can tell threads (Message-ID, In-Reply-To, References, and Gmail's own), who wrote, and which mail is ours: that from an
address in `--us`, and in Takeout that labelled as sent. It cannot tell when a matter was closed, or what language a mail
is in. Mail is private. Its text is the subject, an empty line, and the whole body with whatever it quotes; attachments are
left out.

What no person wrote (absence notices, bounces, newsletters), drafts, and mail that was deleted but is still in the file are
no messages. See `engine.inbox.automatic` for how they are told.

A mailbox is read mail by mail. Headers and bodies may be in any encoding, declared rightly or not.

Source: RFC 4155 (mbox), RFC 5322, RFC 2047, RFC 3676 (flowed text); Mozilla, "X-Mozilla-Status"; Google Takeout's
`X-GM-THRID` and `X-Gmail-Labels`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from engine.inbox.automatic import Headers, is_automatic
from engine.inbox.charset import decoded
from engine.inbox.document import Broken, Document, Dropped, Found
from engine.inbox.mail_body import body
from engine.inbox.pick import is_ours, made_id
from engine.inbox.wording import headed

NAME = "mail"
ABOUT = "mailboxes (mbox) and single mails (.eml, Maildir)"

SENT = frozenset({
    "sent", "sent mail", "送信済み", "送信済みメール", "gesendet", "messages envoyés", "envoyés", "enviados", "posta inviata", "inviati",
    "보낸편지함", "已发送邮件", "已发邮件",
})  # fmt: skip
DRAFTS = frozenset({"drafts", "draft", "下書き", "entwürfe", "brouillons", "borradores", "bozze", "임시보관함", "草稿"})
"""Labels of Gmail in the languages of its users, in small letters. Assumption: other languages are told by `--us` alone."""

_MARK = re.compile(
    rb"From (?=[^\n]*\b(?:19|20)\d\d\b)(?:\S+ +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +[A-Za-z0-9][^\n]{0,20}\d{1,2}:\d{2}(?::\d{2})?[^\n]{0,32}\s*$"
)
"""The line between two mails: `From `, a word for the sender, and a date."""

_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(r"(?:[!-9;-~]+:.*(?:\r?\n|$)(?:[ \t].*(?:\r?\n|$))*)+")
_KNOWN = re.compile(
    r"^(return-path|received|message-id|from|to|date|subject|mime-version|delivered-to|content-type|reply-to|x-gm-thrid):",
    re.IGNORECASE | re.MULTILINE,
)
_ENOUGH = 2
_MESSAGE_ID = re.compile(r"<([^<>\s]++)>")
_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()])[^\s<>,;:\"()@]++@[^\s<>,;:\"()@]++")
_ANGLE = re.compile(r"<([^\s<>@]++@[^\s<>]++)>")
_LONGEST = 10_000
"""Letters of a header that is decoded: what is longer is an attack on the decoder."""

_EXPUNGED = 0x0008


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    r"""Whether it is mail: headers first, after the line that begins a mailbox.

    Args:
        name: the file's name; not looked at, since files of a Maildir have no ending.
        head: its first bytes, read as latin-1.

    >>> looks_like("a.eml", "From: Aiko <aiko@example.org>\nSubject: Kettle\n\nIt smokes.")
    True
    """
    head = head.removeprefix("\u00ef\u00bb\u00bf").lstrip("\r\n")
    if head.startswith("From "):
        head = head.partition("\n")[2]
    found = _HEADER.match(re.sub(r"^>From .*\n", "", head))
    known = {one.lower() for one in _KNOWN.findall(found[0])} if found else set()
    return len(known) >= _ENOUGH and bool(known & {"from", "received", "message-id", "return-path"})


def messages(path: str, name: str, us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """The mails of one file, in its order; `start` and `end` count bytes.

    Args:
        path: the file.
        name: what people call it.
        us: our own addresses, casefolded.
    """
    document = Document(path, name, "")
    for raw, start, end in _mails(path):
        try:
            yield _mail(raw, document, start, end, us)
        except Exception as error:  # noqa: BLE001 - the library raises anything at hostile headers; the next mail may be well
            yield Broken(document, start, end, f"It cannot be read as mail ({type(error).__name__}).")


def _mails(path: str) -> Iterator[tuple[bytes, int, int]]:
    """The bytes of each mail, without the line that begins it in a mailbox, and between which bytes of the file it lies."""
    lines: list[bytes] = []
    boxed, start, at = False, 0, 0
    with Path(path).open("rb") as opened:
        for line in opened:
            begun = boxed or bool(lines)
            text = line if begun else line.removeprefix(b"\xef\xbb\xbf")
            if text.startswith(b"From ") and (_MARK.match(text) if boxed else not begun):
                if begun:
                    yield _QUOTED.sub(rb"\1", b"".join(lines)), start, at
                boxed, start, lines = True, at, []
            elif begun or text.strip():
                lines.append(text)
            at += len(line)
    if boxed or lines:
        raw = b"".join(lines)
        yield _QUOTED.sub(rb"\1", raw) if boxed else raw, start, at


def _mail(raw: bytes, document: Document, start: int, end: int, us: frozenset[str]) -> Found | Broken | Dropped:
    mail = message_from_bytes(raw)
    headers = _headers(mail)
    if not any(one in headers for one in ("from", "date", "subject", "message-id")):
        reason = "It is no mail: it has none of the headers From, Date, Subject and Message-ID."
        return Broken(document, start, end, reason)
    labels = [one.strip().strip('"') for one in headers.get("x-gmail-labels", "").split(",") if one.strip()]
    kinds = {one.casefold() for one in labels}
    if _flags(headers.get("x-mozilla-status", "")) & _EXPUNGED:
        return Dropped("deleted mails")
    if kinds & DRAFTS:
        return Dropped("drafts")
    name, address = _person(mail, headers)
    reached = _addresses(headers, "delivered-to", "x-original-to", "to", "cc")
    ours = [one for one in reached if is_ours(us, one)]
    to_us = bool(ours) or any(is_ours(us, one) for one in _addresses(headers, "list-post"))
    if is_automatic(headers, address, to_us=to_us):
        return Dropped("automatic replies")
    outbound = is_ours(us, address) or bool(kinds & SENT)
    delivered = _addresses(headers, "delivered-to", "x-original-to")
    subject, written = headers.get("subject"), body(mail)
    above = _MESSAGE_ID.findall(headers.get("references", ""))
    fields = {
        "id": _id(headers.get("message-id", "")) or made_id(headers.get("date"), address, subject, written),
        "text": headed(subject, written),
        "posted_at": _when(headers.get("date")),
        "channel": "email",
        "visibility": "private",
        "direction": "outbound" if outbound else None,
        "account": address if outbound else next(iter([*delivered, *ours]), None),
        "thread": headers.get("x-gm-thrid") or next(iter(above), None),
        "in_reply_to": _id(headers.get("in-reply-to", "")) or (above[-1] if above else None),
        "author.id": address,
        "author.name": name,
        "tags": labels or None,
    }
    return Found(fields, document, start, end)


def _headers(mail: Message) -> Headers:
    found: dict[str, str] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.lower(), _words(_unfolded(value, mail)).strip())
    return found


def _unfolded(raw: str, mail: Message) -> str:
    """A header on one line; what is no ASCII, and iso-2022-jp that was not encoded, is read as the body would be."""
    line = raw.replace("\r", "").replace("\n", "")
    if line.isascii() and "\x1b" not in line:
        return line
    return decoded(line.encode("utf-8", "surrogateescape"), mail.get_content_charset())


def _words(line: str) -> str:
    """A header with its encoded words (RFC 2047) as text; as it stands where they are broken."""
    if "=?" not in line or len(line) > _LONGEST:
        return line
    try:
        parts = decode_header(line)
    except (HeaderParseError, ValueError):
        return line
    return "".join(
        part
        if isinstance(part, str)
        else part.decode("raw-unicode-escape", "replace")
        if charset is None
        else decoded(part, charset.partition("*")[0])
        for part, charset in parts
    )


def _person(mail: Message, headers: Headers) -> tuple[str | None, str | None]:
    """Name and address of who wrote: parsed before encoded words are read, since these may hold commas and brackets."""
    raw = next((_unfolded(value, mail) for name, value in mail.raw_items() if name.lower() == "from"), "")
    name, address = parseaddr(raw[:_LONGEST])
    angle = _ANGLE.search(raw)
    if angle and angle[1] != address:
        name, address = raw[: angle.start()], angle[1]
    elif not _ADDRESS.fullmatch(address):
        name, address = name or raw.partition("<")[0], next(iter(_addresses(headers, "from", "sender")), "")
    name = " ".join(_words(name).strip(" \"'").split())
    return name or None, address.casefold() or None


def _addresses(headers: Headers, *names: str) -> list[str]:
    return [one.casefold() for name in names for one in _ADDRESS.findall(headers.get(name, ""))]


def _id(header: str) -> str | None:
    """The first message id of a header; a word alone is one without its brackets."""
    found = _MESSAGE_ID.search(header)
    bare = header.split()
    return found[1] if found else bare[0].strip("<>") or None if len(bare) == 1 else None


def _when(header: str | None) -> str | None:
    """A Date in RFC 3339 where it can be read and says its zone; else as it stands, for the reader of times to judge."""
    if header is None:
        return None
    try:
        found = parsedate_to_datetime(header)
        if found.tzinfo is None and "-0000" in header:  # in UTC, from a place that is not told
            found = found.replace(tzinfo=UTC)
        return header if found.tzinfo is None else found.isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return header


def _flags(word: str) -> int:
    try:
        return int(word, 16)
    except ValueError:
        return 0
