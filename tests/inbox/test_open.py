"""Files that cannot be read at all, and column maps: one clear paragraph each."""

from __future__ import annotations

import pickle

import pytest

from engine.inbox import InboxError, open_inbox

MAP = "columns: {id: Ticket, text: Body}\n"


def refused(name: str, **how: str) -> str:
    with pytest.raises(InboxError) as error:
        open_inbox(name, **how)
    said = str(error.value)
    assert "\n" not in said
    assert said.endswith((".", "?"))
    return said


def test_a_file_that_is_not_there(tmp_path) -> None:
    assert "does not exist" in refused(str(tmp_path / "no.csv"))


def test_a_folder(tmp_path) -> None:
    assert "a folder with no file in it" in refused(str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"\n \r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file(write, content: bytes) -> None:
    assert "is empty" in refused(write("a.jsonl", content))


FILES = {
    "a.xlsx": (b"PK\x03\x04rest", "it is damaged"),
    "a.csv.gz": (b"\x1f\x8brest", "it is damaged"),
    "a.csv": (bytes(range(256)) * 20, "is not text"),
    "b.csv": ("id;text\n1;caf\xe9 \xfcber\n".encode("latin-1"), "neither UTF-8 nor"),
    "c.csv": ("id,text\n1,a\n".encode("utf-16-le"), "UTF-16 without a byte-order mark"),
    "b.jsonl": (b"id,text\n1,a\n", "no line among its first 2 is a JSON object"),
    "d.csv": (
        b"id,colour\n1,red\n",
        "no column that could be the text of a message. It has the columns `id`, `colour`",
    ),
    "e.csv": (b"text,colour\na,red\n", "no column that could be the id of a message"),
    "a.parquet": (b"PAR1 and no more", "cannot be read as Parquet"),
    "f.csv": (b"id,text,date\n1,a,2026-01-05 10:00\n2,b,2026-01-05\n", "have no zone"),
    "g.jsonl": (b'{"id": "1", "text": "a", "posted_at": "2026-01-05T10:00:00"}\n', "--tz"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read(write, name: str) -> None:
    content, reason = FILES[name]
    assert reason in refused(write(name, content))


def test_one_broken_row_does_not_refuse_a_file(write, everything) -> None:
    found = everything(write("a.jsonl", b'{"id": "1", "text": "\xff"}\n' + b'{"id": "2", "text": "a"}\n' * 30))
    assert [one.line for one in found.quarantined] == [1]


def test_options_that_are_none(write) -> None:
    name = write("a.jsonl", '{"id": "1", "text": "a"}\n')
    assert "did you mean `parquet`" in refused(name, format="parket")
    assert "no time zone 'Tokio'" in refused(name, tz="Tokio")
    assert "not Customer Support on Twitter" in refused(write("a.csv", "id,text\n1,a\n"), format="twitter-support")
    assert "Standard input" in refused("-", format="csv")


def test_a_zone_lets_a_zoneless_file_in(write, everything) -> None:
    name = write("a.csv", "id,text,date\n1,a,2026-01-05 10:00\n")
    found = everything(name, ("posted_at",), tz="Asia/Tokyo")
    assert [str(one) for one in found.column("posted_at")] == ["2026-01-05 01:00:00+00:00"]


def test_one_time_with_a_zone_lets_a_file_in_and_the_others_are_quarantined(write, everything) -> None:
    content = "id,text,date\n1,a,2026-01-05T10:00:00Z\n2,b,2026-01-05 10:00\n"
    found = everything(write("a.csv", content), ("id", "posted_at"))
    assert found.column("id") == ["1"]
    assert "has no zone" in found.reasons[0][1]


BAD_MAPS = {
    "columns: {txt: Body}": "a field 'txt' that no message has; did you mean `text`?",
    "columns: {id: Ticket, text: Bdoy}": "no column 'Bdoy', which the map gives `text`; did you mean `Body`?",
    "columns: {direction: {column: Kind, values: {in: inbuond}}}": "did you mean `inbound`?",
    "columns: {id: {colum: Ticket}}": "did you mean `column`?",
    "columns: {id: {column: Ticket, value: x}}": "either a `column` or a `value`",
    "columns: {id: [a]}": "neither a column's name",
    "columns: {id: Ticket}": "no column that could be the text",
    "colums: {}": "has no `columns:`",
    "columns: {id: Ticket, text: Body}\nzones: UTC": "did you mean `zone`?",
    "columns: {id: Ticket, text: Body}\nzone: Nowhere/At_All": "There is no time zone",
    "format: xls\ncolumns: {id: Ticket, text: Body}": "it can be csv, tsv, jsonl, parquet",
    "columns: [": "not valid YAML (line",
}


@pytest.mark.parametrize("content", BAD_MAPS)
def test_a_map_that_cannot_be_used(write, content: str) -> None:
    name = write("a.csv", "Ticket,Body\n1,a\n")
    assert BAD_MAPS[content] in refused(name, map_file=write("map.yaml", content))


def test_a_map_that_is_not_there(write) -> None:
    assert "cannot be read" in refused(write("a.csv", "id,text\n"), map_file="/nowhere/map.yaml")


def test_a_map_says_columns_words_and_constants(write, everything) -> None:
    content = """
format: csv
zone: Asia/Tokyo
columns:
  id: Ticket
  text: {column: Body, entities: true}
  posted_at: When
  direction: {column: Kind, values: {in: inbound, out: outbound}}
  channel: {value: email}
  extra.plan: Tier
"""
    name = write(
        "a.csv", "Ticket,Body,When,Kind,Tier,Rest\n1,a &amp; b,2026-01-05 09:00,IN ,gold,x\n2,c,2026-01-05 09:00,up,,\n"
    )
    fields = ("id", "text", "posted_at", "direction", "channel", "extra.plan", "extra.Rest")
    found = everything(name, fields, map_file=write("map.yaml", content))
    row = found.messages.row(0, named=True)
    assert (row["text"], row["direction"], row["channel"], row["extra.plan"]) == ("a & b", "inbound", "email", "gold")
    assert str(row["posted_at"]) == "2026-01-05 00:00:00+00:00"
    assert row["extra.Rest"] == "x"
    assert found.reasons == [(3, "`direction` is neither inbound nor outbound: up")]


def test_a_map_reaches_into_json(write, everything) -> None:
    content = "columns: {id: key, text: body.plain, author.followers: user.metrics.count, channel: {value: web}}"
    rows = '{"key": 1, "body": {"plain": "a"}, "user": {"metrics": {"count": "5"}}}\n{"key": 2, "body.plain": "b"}\n'
    found = everything(
        write("a.jsonl", rows), ("id", "text", "author.followers", "channel"), map_file=write("m.yaml", content)
    )
    assert found.messages.rows() == [("1", "a", 5, "web", 1), ("2", "b", None, "web", 2)]


def test_an_inbox_goes_to_worker_processes(write) -> None:
    inbox = open_inbox(write("a.csv", "id,text\n1,a\n"))
    assert pickle.loads(pickle.dumps(inbox)) == inbox
