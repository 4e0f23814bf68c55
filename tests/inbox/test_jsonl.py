"""JSONL: what is read, what is quarantined, and that the fast way and the exact way are one."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inbox import Inbox, jsonl
from engine.inbox.piece import Columns, kinds
from engine.message import Kind

INBOX = Inbox("-", "-", "jsonl")


def read(*lines: str | bytes, fields=("id", "text"), declared=None, zone=None):
    data = b"\n".join(one if isinstance(one, bytes) else one.encode("utf-8", "surrogatepass") for one in lines)
    return jsonl.read_bytes(Inbox("-", "-", "jsonl", Columns(zone=zone)), data, kinds(fields, declared or {}))


def line(**values):
    return json.dumps({"id": "1", "text": "hello"} | {name.replace("__", "."): value for name, value in values.items()})


QUARANTINED = {
    "no JSON": ('{"id": "1", "text": ', "It is not valid JSON"),
    "two objects": ('{"id": "1", "text": "a"} {"id": "2", "text": "b"}', "It is not valid JSON (extra data"),
    "no object": ('["id", "text"]', "It is JSON, but no object."),
    "a raw NUL": (b'{"id": "1", "text": "a\x00b"}', "It is not valid JSON"),
    "too deep": ('{"id": "1", "text": "a", "z": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    "no UTF-8": (b'{"id": "1", "text": "\xff"}', "It is not valid UTF-8 (byte 22)."),
    "no id": ('{"text": "a"}', "It has no `id`."),
    "an empty id": ('{"id": "", "text": "a"}', "It has no `id`."),
    "a null id": ('{"id": null, "text": "a"}', "It has no `id`."),
    "an id with lost digits": ('{"id": "1.6185E+18", "text": "a"}', "`id` has lost digits (1.6185E+18)"),
    "an id as a float": ('{"id": 1.618523107320566e18, "text": "a"}', "`id` has lost digits"),
    "an id that is an object": ('{"id": {"a": 1}, "text": "a"}', "`id` is an object, not text."),
    "no text": ('{"id": "1"}', "`text` is missing."),
    "a text that is a list": ('{"id": "1", "text": ["a"]}', "`text` is a list, not text."),
    "a NUL in the text": ('{"id": "1", "text": "a\\u0000b"}', "`text` has a NUL character in it."),
    "a NUL in the id": ('{"id": "a\\u0000b", "text": ""}', "`id` has a NUL character in it."),
    "a direction": (line(direction="sideways"), "`direction` is neither inbound nor outbound: sideways"),
    "a visibility": (line(visibility="secret"), "`visibility` is neither public nor private: secret"),
    "a time": (line(posted_at="soon"), "`posted_at` cannot be read as a time: soon"),
    "a day that is none": (line(posted_at="2026-02-30T00:00:00Z"), "`posted_at` cannot be read as a time"),
    "a time without zone": (line(posted_at="2026-01-05T16:30:55"), "`posted_at` has no zone and none was given"),
    "a count": (line(likes="12k"), "`likes` is no whole number: 12k"),
    "half a count": (line(likes=1.5), "`likes` is no whole number: 1.5"),
    "a count that is yes": (line(likes=True), "`likes` is no whole number: true"),
    "too large a count": (line(likes=2**63), "`likes` is no whole number"),
    "a number": (line(rating="good"), "`rating` is no number: good"),
    "yes or no": (line(author__verified="maybe"), "`author.verified` is neither yes nor no: maybe"),
    "a thread with lost digits": (line(thread="1.6185E+18"), "`thread` has lost digits"),
}
FIELDS = ("id", "text", "direction", "visibility", "posted_at", "likes", "rating", "author.verified", "thread")


@pytest.mark.parametrize("name", QUARANTINED)
def test_an_unreadable_row_is_quarantined_alone(name: str) -> None:
    bad, reason = QUARANTINED[name]
    batch = read(line(id="0"), bad, line(id="2"), fields=FIELDS)
    assert batch.messages["id"].to_list() == ["0", "2"]
    assert batch.messages["line"].to_list() == [1, 3]
    assert [one.line for one in batch.quarantined] == [2]
    assert reason in batch.quarantined[0].reason
    raw = bad if isinstance(bad, bytes) else bad.encode()
    assert batch.quarantined[0].raw == raw
    assert batch.lines == 3


def test_nested_and_flat_keys_mix_between_lines() -> None:
    batch = read(
        '{"id": "1", "text": "a", "author.followers": 3, "extra.plan": "team"}',
        '{"id": "2", "text": "b", "author": {"followers": "4"}, "extra": {"plan": "solo"}}',
        '{"id": "3", "text": "c", "author": {"name": "x"}, "plan": "free"}',
        fields=("id", "author.followers", "extra.plan"),
    )
    assert batch.messages["author.followers"].to_list() == [3, 4, None]
    assert batch.messages["extra.plan"].to_list() == ["team", "solo", "free"]


def test_whole_numbers_are_ids_and_numbers_may_be_words() -> None:
    batch = read(
        '{"id": 16185231073205657601, "text": "a", "likes": "1,234"}',
        '{"id": 5, "text": "b", "likes": 12.0, "rating": NaN}',
        fields=("id", "likes", "rating"),
    )
    assert batch.messages.rows() == [("16185231073205657601", 1234, None, 1), ("5", 12, None, 2)]


def test_what_says_that_it_is_not_known_is_unknown() -> None:
    rows = [
        line(id=str(at), likes=word, rating=word, author__verified=word)
        for at, word in enumerate(["N/A", "-", " n/a "])
    ]
    batch = read(*rows, fields=("likes", "rating", "author.verified"))
    assert batch.messages.drop("line").rows() == [(None, None, None)] * 3
    assert not batch.quarantined


def test_blank_lines_are_skipped_but_counted() -> None:
    batch = read(line(id="1"), "", "  \t", line(id="2") + "\r", "\r", line(id="3", likes="x"), fields=("id", "likes"))
    assert batch.messages["line"].to_list() == [1, 4]
    assert [one.line for one in batch.quarantined] == [6]


def test_half_a_character_is_replaced_and_a_whole_one_kept() -> None:
    batch = read('{"id": "1", "text": "x\\ud800y"}', '{"id": "2", "text": "\\ud83d\\ude00"}')
    assert batch.messages["text"].to_list() == ["x\ufffdy", "😀"]


def test_texts_that_look_like_json_stay_texts() -> None:
    texts = ["[deleted]", "{name}", "[1]", '{"a": 1}', "[]", ""]
    batch = read(*(json.dumps({"id": str(at), "text": text}) for at, text in enumerate(texts)))
    assert batch.messages["text"].to_list() == texts


def test_direction_is_inbound_unless_said_otherwise_and_visibility_stays_unknown() -> None:
    batch = read(line(), line(direction="Outbound "), line(direction=""), fields=("direction", "visibility"))
    assert batch.messages["direction"].to_list() == ["inbound", "outbound", "inbound"]
    assert batch.messages["visibility"].to_list() == [None, None, None]


def test_times_of_many_kinds_are_utc() -> None:
    at = datetime(2026, 1, 5, 16, 30, 55, tzinfo=UTC)
    words = [
        "2026-01-05T16:30:55Z", "2026-01-06T01:30:55+09:00", "2026-01-05T16:30:55.000000001Z", "2026-01-05T16:30:55+0000",
        "2026-01-05 16:30:55 UTC", "Mon Jan 05 16:30:55 +0000 2026", "Mon, 05 Jan 2026 16:30:55 +0000", 1767630655,
        1767630655000, "1767630655",
    ]  # fmt: skip
    batch = read(*(line(posted_at=word) for word in words), fields=("posted_at",))
    assert [str(one.reason) for one in batch.quarantined] == []
    assert batch.messages["posted_at"].to_list() == [at] * len(words)


def test_times_without_zone_are_in_the_given_one() -> None:
    words = ["2026-01-05 09:00", "2026/01/05 09:00", "2026-01-05T09:00:00", "05-Jan-2026 09:00AM"] * 30
    batch = read(*(line(posted_at=word) for word in words), fields=("posted_at",), zone="Asia/Tokyo")
    assert batch.messages["posted_at"].unique().to_list() == [datetime(2026, 1, 5, tzinfo=UTC)]


def test_every_kind_has_its_column_type() -> None:
    fields = ("id", "likes", "rating", "author.verified", "posted_at", "tags", "thread.age", "extra.n", "product")
    batch = read(line(), fields=fields, declared={"extra.n": Kind.DURATION})
    types = [pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.Datetime("us", "UTC"), pl.List(pl.String)]
    assert batch.messages.dtypes == [*types, pl.Float64, pl.Float64, pl.String, pl.UInt32]


def test_a_message_of_ten_megabytes_is_one_message(write, everything) -> None:
    name = write("big.jsonl", line(id="1", text="a" * 10_000_000) + "\n" + line(id="2") + "\n")
    found = everything(name, size=1 << 16)
    assert found.messages["text"].str.len_bytes().to_list() == [10_000_000, 5]
    assert found.column("line") == [1, 2]


def test_a_long_broken_row_is_kept_whole() -> None:
    batch = read("{" + "x" * 100_000)
    assert batch.quarantined[0].raw == b"{" + b"x" * 100_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(write, everything, encoding: str) -> None:
    rows = "\n".join(line(id=str(at), text="é😀日") for at in range(50))
    found = everything(write("a.jsonl", rows, encoding), size=300)
    assert found.column("id") == [str(at) for at in range(50)]
    assert set(found.column("text")) == {"é😀日"}
    assert found.column("line") == list(range(1, 51))


def test_pieces_of_any_size_read_the_same(write, everything) -> None:
    rows = [line(id=str(at), likes="x" if at % 7 == 0 else at) + "\n" * (1 + at % 3) for at in range(200)]
    name = write("a.jsonl", "".join(rows))
    whole = everything(name, ("id", "likes"))
    for size in (1, 100, 5000):
        parts = everything(name, ("id", "likes"), size=size)
        assert parts.messages.equals(whole.messages)
        assert parts.quarantined == whole.quarantined


VALUES = st.sampled_from([
    "", None, 5, -1, 1.5, 12.0, 1.6e18, 9007199254740993, 1e300, 1e-7, True, False, "x", "1,234", "12k", "5", " 5 ", "nan",
    "{x}", "[deleted]", '{"a":1}', "[1]", {"a": 1}, [1, "b", None], ["x"], [], {}, "\ud800", "a\u0000b", "😀", math.nan,
    "2026-01-05T16:30:55Z", "2026-01-05T16:30:55", "1700000000", 1700000000, "inbound", "Outbound ", "yes", "1.6185E+18",
    math.inf, "123456789012345678901", "１２", 2**63, 2**64, "soon", "a;b,c", '["p","q"]', "1_000", "1e3", "-0", -0.0, ".5",
])  # fmt: skip
WANTED = {
    "id": Kind.TEXT, "text": Kind.TEXT, "posted_at": Kind.TIME, "direction": Kind.CATEGORY, "channel": Kind.CATEGORY,
    "thread": Kind.TEXT, "author.followers": Kind.COUNT, "author.verified": Kind.YES_NO, "rating": Kind.NUMBER,
    "tags": Kind.LIST, "extra.plan": Kind.TEXT, "extra.seats": Kind.COUNT,
}  # fmt: skip
KEYS = st.sampled_from([*WANTED, "plan", "seats", "other", "author.id"])
MESSAGES = st.builds(
    lambda base, flat, author, extra: base | flat | author | extra,
    st.sampled_from(
        [{"id": "7", "text": "hello"}, {"id": "7", "text": "hello", "extra.plan": "x", "author.followers": 3}]
    ),
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.one_of(st.just({}), st.builds(lambda v: {"author": v}, st.dictionaries(st.sampled_from(["followers"]), VALUES))),
    st.one_of(st.just({}), st.builds(lambda v: {"extra": v}, st.dictionaries(st.sampled_from(["plan", "x"]), VALUES))),
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")])


@given(st.lists(st.tuples(MESSAGES, SEPARATORS, st.booleans()), max_size=12), st.sampled_from([None, "Asia/Tokyo"]))
@settings(max_examples=300, deadline=None)
def test_the_fast_way_reads_what_the_exact_way_reads(rows, zone) -> None:
    lines = [
        json.dumps(message, separators=marks, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
        for message, marks, escaped in rows
    ]
    inbox = Inbox("-", "-", "jsonl", Columns(zone=zone))
    data = b"\n".join(lines)
    fast = jsonl.read_bytes(inbox, data, WANTED)
    frame, bad, count = jsonl._exact(inbox, data, WANTED)
    assert fast.messages.equals(frame)
    assert fast.messages.schema == frame.schema
    assert [(one.line, one.raw) for one in fast.quarantined] == [(one.line, one.raw) for one in bad]
    assert fast.lines == count


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_quarantined(data: bytes) -> None:
    batch = jsonl.read_bytes(INBOX, data, {"id": Kind.TEXT, "text": Kind.TEXT})
    full = sum(bool(one.strip(b" \t\r")) for one in data.split(b"\n"))
    assert batch.messages.height + len(batch.quarantined) == full
