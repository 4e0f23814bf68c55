"""CSV, TSV and Customer Support on Twitter."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inbox import delimited, open_inbox, pieces, read, rows
from engine.inbox.piece import Columns
from engine.message import Kind

TIME = datetime(2026, 1, 5, 16, 30, 55, tzinfo=UTC)


def test_columns_are_known_by_their_names(write, everything) -> None:
    content = (
        'Tweet ID,Full Text,Created_At,Followers,Retweets,Plan Name\n1,hello,2026-01-05T16:30:55Z,"1,234",2,team\n'
    )
    fields = ("id", "text", "posted_at", "author.followers", "shares", "extra.Plan_Name", "likes")
    found = everything(write("a.csv", content), fields)
    assert found.messages.rows() == [("1", "hello", TIME, 1234, 2, "team", None, 2)]


def test_hikeshi_names_go_before_known_ones(write, everything) -> None:
    found = everything(write("a.csv", "message,text,tweet_id,id\na,b,c,d\n"), ("id", "text"))
    assert found.messages.rows() == [("d", "b", 2)]


def test_cells_may_hold_line_ends_quotes_and_delimiters(write, everything) -> None:
    content = 'id,text\r\n1,"a\r\nb, ""c"""\r\n2,5" screen\r\n3,""\r\n4,\r\n'
    found = everything(write("a.csv", content))
    assert found.messages.rows() == [("1", 'a\r\nb, "c"', 2), ("2", '5" screen', 4), ("3", "", 5), ("4", "", 6)]


def test_pieces_are_never_cut_in_a_cell(write, everything) -> None:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(["id", "text"])
    texts = ["line\n" * (at % 5) + f', "quoted" {at}' for at in range(300)]
    table.writerows([str(at), text] for at, text in enumerate(texts))
    name = write("a.csv", out.getvalue())
    whole = everything(name)
    assert whole.column("text") == texts
    for size in (10, 500, 3000):
        assert everything(name, size=size).messages.equals(whole.messages)


@pytest.mark.parametrize(("delimiter", "ending"), [("\t", "tsv"), (";", "csv"), ("\t", "csv"), (",", "txt")])
def test_the_delimiter_is_found(write, everything, delimiter: str, ending: str) -> None:
    content = delimiter.join(["id", "text", "lang"]) + "\n" + delimiter.join(["1", "a.b c", "en"]) + "\n"
    assert everything(write(f"a.{ending}", content), ("id", "text", "lang")).messages.rows() == [
        ("1", "a.b c", "en", 2)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_the_encoding_is_found(write, everything, encoding: str) -> None:
    content = "id\ttext\n" + "".join(f'{at}\t"返金して\nください、表示ソ {at}"\n' for at in range(100))
    name = write("a.csv", content, encoding)
    for size in (64, 1 << 20):
        found = everything(name, size=size)
        assert found.column("text") == [f"返金して\nください、表示ソ {at}" for at in range(100)]
        assert found.column("line") == [2 + 2 * at for at in range(100)]


def test_lines_before_the_header_are_skipped(write, everything) -> None:
    content = "Report:,Mentions\nFrom:,2026-01-01\n\nResource Id,Full Text,Date\n1,hello,2026-01-05T16:30:55Z\n"
    found = everything(write("a.csv", content), ("text", "posted_at"))
    assert found.messages.rows() == [("hello", TIME, 5)]


QUARANTINED = {
    "too few cells": ("5", "It has 1 cell, the header has 4."),
    "too many cells": ("5,a,b,c,d", "It has 5 cells, the header has 4."),
    "an open quote": ('5,"a,b,c', "A quoted cell is not closed properly."),
    "a quote that is not doubled": ('5,"a" b,1,', "A quoted cell is not closed properly."),
    "no id": (",a,1,", "It has no `id`."),
    "an id with lost digits": ("1.6185E+18,a,1,", "`id` has lost digits (1.6185E+18)"),
    "a count": ("5,a,12k,", "`likes` is no whole number: 12k"),
    "a direction": ("5,a,1,up", "`direction` is neither inbound nor outbound: up"),
    "a NUL": ("5,a\0b,1,", "`text` has a NUL character in it."),
}


@pytest.mark.parametrize("name", QUARANTINED)
def test_an_unreadable_row_is_quarantined_alone(write, everything, name: str) -> None:
    bad, reason = QUARANTINED[name]
    good = "".join(f'{at},"hello, you",1,inbound\n' for at in range(20, 80))
    content = f'id,text,likes,direction\n1,"a\nb",1,\n{bad}\n2,"c",2,outbound\n{good}'
    found = everything(write("a.csv", content), ("id", "text", "likes", "direction"))
    assert found.column("id") == ["1", "2", *(str(at) for at in range(20, 80))]
    assert found.reasons[0][0] == 4
    assert reason in found.reasons[0][1]
    assert found.quarantined[0].raw == bad.encode()


def test_a_byte_that_is_no_utf8_costs_one_row(write, everything) -> None:
    content = b"id,text\n" + b"".join(f"{at},é\n".encode() for at in range(50)) + b"50,\xff\n51,b\n"
    found = everything(write("a.csv", content))
    assert found.messages.height == 51
    assert found.reasons == [(52, "It is not valid UTF-8 (byte 4).")]


def test_empty_cells_are_unknown_except_the_text(write, everything) -> None:
    content = "id,text,lang,likes,author.verified,thread\n1,,,,,\n"
    found = everything(write("a.csv", content), ("text", "lang", "likes", "author.verified", "thread", "direction"))
    assert found.messages.rows() == [("", None, None, None, None, "inbound", 2)]


TWEETS = """,tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
0,1,KettleHelp,False,Tue Oct 31 22:10:47 +0000 2017,@900001 Please send us a note &amp; we will look.,2,3.0
1,2,900001,True,Tue Oct 31 22:11:45 +0000 2017,"@KettleHelp done,
twice",,1.0
2,3,900001,TRUE,Tue Oct 31 22:08:27 +0000 2017,my kettle &lt;3 is broken,"1,4",
3,4,900002,1,Tue Oct 31 22:09:00 +0000 2017,mine too,,3
"""


def test_customer_support_on_twitter(write, everything) -> None:
    fields = ("id", "text", "channel", "visibility", "direction", "author.id", "in_reply_to", "extra.response_tweet_id")
    found = everything(write("twcs.csv", TWEETS), (*fields, "posted_at"))
    assert found.inbox.format == "twitter-support"
    assert found.quarantined == []
    assert found.column("direction") == ["outbound", "inbound", "inbound", "inbound"]
    assert found.column("in_reply_to") == ["3", "1", None, "3"]
    assert found.column("text")[0] == "@900001 Please send us a note & we will look."
    assert found.column("text")[2] == "my kettle <3 is broken"
    assert set(found.column("channel")) == {"x"}
    assert set(found.column("visibility")) == {"public"}
    assert found.column("posted_at")[0] == datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)
    assert found.column("extra.response_tweet_id")[2] == "1,4"


CELLS = st.sampled_from(
    ["a", "", "1,234", 'he said "x"', "multi\nline", "crlf\r\nin", '"', ";", "日本語", '5" wide', ","]
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.tuples(st.just(width), st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12))
)


@given(TABLES, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
@settings(max_examples=300, deadline=None)
def test_the_fast_way_reads_what_the_exact_way_reads(table, delimiter, ending, every, more) -> None:
    width, cells = table
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(cells)
    data = bytearray(out.getvalue().encode())
    for _ in range(more.draw(st.integers(0, 2)) if data else 0):
        data[more.draw(st.integers(0, len(data) - 1))] = more.draw(st.sampled_from(list(b'"\n,x\xff')))
    columns = Columns(header=tuple(f"c{at}" for at in range(width)), delimiter=delimiter)
    fast = delimited._table(bytes(data), columns, list(range(width)))
    exact = delimited._exact_table(bytes(data), columns, list(range(width)))
    assert fast[0].rows() == exact[0].rows()
    assert fast[1].to_list() == exact[1].to_list()
    assert sorted((one.line, one.reason) for one in fast[3]) == sorted((one.line, one.reason) for one in exact[3])
    seen = rows.scan(bytes(data), delimiter)
    assert seen is None or len(exact[1]) + len(exact[3]) == int((seen.ends > seen.starts).sum())


def test_extras_are_read_as_what_is_declared(write, everything) -> None:
    name = write("a.csv", "id,text,Seats\n1,a,5\n")
    assert everything(name, ("extra.Seats",), {"extra.Seats": Kind.COUNT}).column("extra.Seats") == [5]
    assert open_inbox(name).columns.header == ("id", "text", "Seats")


def test_text_that_begins_like_a_compressed_file_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "inbox.csv"
    texts = ["first " * 50, "x\x01" + "tail " * 50, "x\x01" + "more " * 50]
    file.write_text("text,id\n" + "".join(f"{text},{number}\n" for number, text in enumerate(texts)), encoding="utf-8")
    inbox = open_inbox(str(file))
    found = [read(inbox, piece, ["id", "text"]).messages["text"].to_list() for piece in pieces(inbox, 8)]
    assert [text for several in found for text in several] == texts
