"""What `hikeshi inbox` says, Hikeshi's own JSONL, and the quarantine file."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from engine.inbox import coverage, open_inbox, to_jsonl
from engine.inbox.piece import Inbox, Quarantined
from engine.inbox.quarantine import Atomic, write

ROWS = """\
{"id": "1", "text": "a", "posted_at": "2026-01-05T16:30:55.5+09:00", "plan": "team", "extra": {"seats": 3}}
{"id": "2", "text": "b", "posted_at": "2026-01-04T16:30:55Z", "direction": "outbound", "likes": "12k"}
{"id": "3", "text": "日", "direction": "outbound", "author": {"followers": "1,000"}, "tags": ["x"]}
broken
"""


def test_coverage_counts_what_is_known(write) -> None:
    found = coverage(open_inbox(write("a.jsonl", ROWS)))
    assert (found.format, found.messages, found.inbound, found.outbound) == ("jsonl", 2, 1, 1)
    assert str(found.first) == "2026-01-05 07:30:55.500000+00:00"
    assert found.first == found.last
    fields = {one.name: (one.known, one.unknown, one.invalid) for one in found.fields}
    assert fields["posted_at"] == (1, 1, 0)
    assert fields["likes"] == (0, 0 + 2, 1)
    assert fields["extra.plan"] == (1, 1, 0)
    assert fields["extra.seats"] == (1, 1, 0)
    assert "author.name" not in fields
    assert found.quarantined == {"`likes` is no whole number": 1, "It is not valid JSON": 1}
    assert found.first_rows["id"].to_list() == ["1", "3"]


def test_to_jsonl_writes_flat_names_and_leaves_the_unknown_out(write, tmp_path) -> None:
    out = tmp_path / "out.jsonl"
    count, bad = to_jsonl(open_inbox(write("a.jsonl", ROWS)), out)
    assert (count, [one.line for one in bad]) == (2, [2, 4])
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [
        {"id": "1", "text": "a", "posted_at": "2026-01-05T07:30:55.500Z", "direction": "inbound", "extra.plan": "team", "extra.seats": 3},
        {"id": "3", "text": "日", "direction": "outbound", "author.followers": 1000, "tags": ["x"]},
    ]  # fmt: skip
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def test_what_was_written_reads_the_same(write, tmp_path, everything) -> None:
    name = write("a.csv", 'id,text,Plan,likes\n1,"a\nb",team,"1,234"\n2,,,\n')
    out = str(tmp_path / "out.jsonl")
    to_jsonl(open_inbox(name), out)
    fields = ("id", "text", "extra.Plan", "likes")
    assert everything(out, fields).messages.drop("line").equals(everything(name, fields).messages.drop("line"))


def test_the_quarantine_file_keeps_every_byte_as_text(tmp_path) -> None:
    out = tmp_path / "q.jsonl"
    inbox = Inbox("a.jsonl", "a.jsonl", "jsonl")
    rows = [(inbox, Quarantined(3, "Not JSON.", b"a\xff\n\xe6\x97\xa5")), (inbox, Quarantined(9, "No.", b""))]
    assert write(out, rows) == 2
    first = json.loads(out.read_text("utf-8").splitlines()[0])
    own = base64.b64encode(b"a\xff\n\xe6\x97\xa5").decode()
    assert first == {"inbox": "a.jsonl", "line": 3, "reason": "Not JSON.", "raw": "a\\xff\n日", "bytes": own}


def test_a_file_that_was_not_finished_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "q.jsonl"
    out.write_text("old")
    with pytest.raises(RuntimeError), Atomic(out) as file:
        file.write(b"new")
        raise RuntimeError
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
