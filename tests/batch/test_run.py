"""Runs: every inbound row exactly once, in order, the same bytes whatever the file's form and however it is cut."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from engine import resources
from engine.batch import output
from engine.batch.ids import Seen, hashes
from engine.batch.run import run
from engine.inbox import open_inbox
from engine.language.load import load, load_text
from engine.plan import Plan, compile_plan

PLAYBOOKS = resources.playbooks()
INBOX = PLAYBOOKS / "airline.inbox.jsonl"


@pytest.fixture(scope="module")
def airline() -> Plan:
    return compile_plan(load(PLAYBOOKS / "airline.playbook")[0])


def plan_of(text: str) -> Plan:
    playbook, findings = load_text(text, "test.playbook", None)
    assert not findings
    return compile_plan(playbook)


SMALL = """
step start
  when text mentions "fire" -> hand off to safety
  otherwise -> respond publicly
"""


def decide(plan: Plan, inbox: Path, out: Path, **options: object) -> list[dict[str, object]]:
    run(plan, [open_inbox(str(inbox))], str(out), out.with_suffix(".bad.jsonl"), **options)  # type: ignore[arg-type]
    return [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]


def messages() -> list[dict[str, object]]:
    return [json.loads(line) for line in INBOX.read_text(encoding="utf-8").splitlines()]


def test_every_inbound_message_is_decided_once_and_in_order(airline: Plan, tmp_path: Path) -> None:
    decided = decide(airline, INBOX, tmp_path / "out.jsonl")
    assert [one["id"] for one in decided] == [m["id"] for m in messages() if m.get("direction") != "outbound"]


def test_the_same_inbox_gives_the_same_bytes_however_it_is_cut_and_shared_out(airline: Plan, tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    decide(airline, INBOX, whole)
    for number, options in enumerate(({"piece_size": 5000}, {"piece_size": 20000, "workers": 2}, {})):
        other = tmp_path / f"other{number}.jsonl"
        decide(airline, INBOX, other, **options)
        assert other.read_bytes() == whole.read_bytes(), options


def test_csv_jsonl_and_parquet_of_the_same_messages_are_decided_alike(airline: Plan, tmp_path: Path) -> None:
    rows = [{k: v for k, v in m.items() if k != "tags"} for m in messages()]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    frame.write_csv(tmp_path / "inbox.csv")
    frame.write_parquet(tmp_path / "inbox.parquet")
    (tmp_path / "inbox.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    outputs = {}
    for kind in ("csv", "parquet", "jsonl"):
        decide(airline, tmp_path / f"inbox.{kind}", tmp_path / f"out-{kind}.jsonl")
        outputs[kind] = (tmp_path / f"out-{kind}.jsonl").read_bytes()
    assert outputs["csv"] == outputs["jsonl"] == outputs["parquet"]


def test_csv_and_parquet_outputs_say_what_the_json_lines_say(airline: Plan, tmp_path: Path) -> None:
    lines = decide(airline, INBOX, tmp_path / "out.jsonl")
    for kind, reader in (("csv", pl.read_csv), ("parquet", pl.read_parquet)):
        run(airline, [open_inbox(str(INBOX))], str(tmp_path / f"out.{kind}"), None)
        table = reader(tmp_path / f"out.{kind}", **({"infer_schema": False} if kind == "csv" else {}))
        assert set(table.columns) == set(lines[0])
        for name in ("id", "decision", "team", "severity", "exposure", "rule", "because", "reply", "playbook_version"):
            assert [v or None for v in table[name].to_list()] == [line[name] for line in lines], (kind, name)
        for name in ("acknowledge_by", "reply_by", "resolve_by", "follow_up_at"):
            times = table[name] if kind == "csv" else table[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
            assert times.to_list() == [line[name] for line in lines], (kind, name)
            assert times.null_count() < len(times)
        told = [" | ".join(f"{one['who']} {one['at']}" for one in line["notify"]) for line in lines]
        if kind == "csv":
            assert [v or "" for v in table["notify"].to_list()] == told
            assert len({*told}) > 5
        else:
            people = [[one["who"] for one in row] for row in table["notify"].to_list()]
            assert people == [[one["who"] for one in line["notify"]] for line in lines]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_message_with_the_same_id_is_quarantined_even_pieces_later(tmp_path: Path, workers: int) -> None:
    rows = [{"id": str(i), "text": "x" * 50} for i in range(500)]
    rows[250:250] = [{"id": "3", "text": "again"}]
    rows += [{"id": "new", "text": "fire"}, {"id": "499", "text": "again"}]
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    decided = decide(plan_of(SMALL), inbox, out, piece_size=2000, workers=workers)
    assert [one["id"] for one in decided] == [str(i) for i in range(500)] + ["new"]
    bad = [json.loads(line) for line in out.with_suffix(".bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["line"], one["reason"]) for one in bad] == [
        (251, "Its id was there before (3)."),
        (503, "Its id was there before (499)."),
    ]
    assert "again" in bad[0]["raw"]


def test_unreadable_rows_are_quarantined_with_their_line_and_the_rest_is_decided(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    good = b"".join(b'{"id":"g%d","text":"good"}\n' % i for i in range(100))
    inbox.write_bytes(
        b'{"id":"1","text":"a"}\n{oops\n\n{"id":"2","text":"fire"}\n{"id":"3"}\n{"id":"4","text":"\xff"}\n' + good
    )
    out = tmp_path / "out.jsonl"
    assert [one["id"] for one in decide(plan_of(SMALL), inbox, out)][:2] == ["1", "2"]
    bad = [json.loads(line) for line in out.with_suffix(".bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["line"] for one in bad] == [2, 5, 6]
    assert all(one["reason"] and one["raw"] for one in bad)


def test_a_table_with_explanations_may_be_empty(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text('{"id":"1","text":"hello","direction":"outbound"}\n', encoding="utf-8")
    run(plan_of(SMALL), [open_inbox(str(inbox))], str(tmp_path / "out.parquet"), None, why=True)
    table = pl.read_parquet(tmp_path / "out.parquet")
    assert table.height == 0
    assert "why" in table.columns


def test_lines_count_from_the_beginning_of_each_inbox_even_of_the_same(tmp_path: Path) -> None:
    inbox, bad = tmp_path / "inbox.jsonl", tmp_path / "bad.jsonl"
    inbox.write_text('{"id":"1","text":"a"}\nbroken\n', encoding="utf-8")
    found = run(plan_of(SMALL), [open_inbox(str(inbox))] * 2, str(tmp_path / "out.jsonl"), bad)
    assert [json.loads(line)["line"] for line in bad.read_text(encoding="utf-8").splitlines()] == [2, 2]
    assert (found.decided, found.superseded) == (1, 1)


def test_what_the_disk_could_not_keep_is_never_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, bad = tmp_path / "out.jsonl", tmp_path / "bad.jsonl"
    bad.write_text("yesterday's", encoding="utf-8")
    kept = iter([OSError(5, "Input/output error")])

    def keep(_: int) -> None:  # a disk tells of an error once, whoever asks
        for error in kept:
            raise error

    monkeypatch.setattr(output.os, "fsync", keep)
    monkeypatch.setattr(output, "_SAVE_AFTER", 0)
    with pytest.raises(OSError, match="Input/output error"):
        run(plan_of(SMALL), [open_inbox(str(INBOX))], str(out), bad, workers=2, piece_size=5000)
    assert not out.exists()
    assert bad.read_text(encoding="utf-8") == "yesterday's"


def test_the_quarantine_is_in_the_order_of_the_inbox_however_it_is_cut(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    rows = ["{broken" if i % 7 == 3 else json.dumps({"id": str(i % 40), "text": "fire"}) for i in range(120)]
    inbox.write_text("\n".join(rows), encoding="utf-8")
    quarantines = []
    for number, options in enumerate(({}, {"piece_size": 300}, {"piece_size": 900, "workers": 2})):
        out = tmp_path / f"out{number}.jsonl"
        decide(plan_of(SMALL), inbox, out, **options)
        quarantines.append(out.with_suffix(".bad.jsonl").read_bytes())
    lines = [json.loads(line)["line"] for line in quarantines[0].splitlines()]
    assert lines == sorted(lines)
    assert len(lines) == 120 - 40
    assert quarantines[1:] == quarantines[:1] * 2


def test_an_inbox_of_outbound_messages_only_still_gives_a_table_with_its_columns(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text('{"id":"1","text":"hello","direction":"outbound"}\n', encoding="utf-8")
    for kind in ("csv", "parquet", "jsonl"):
        summary = run(plan_of(SMALL), [open_inbox(str(inbox))], str(tmp_path / f"out.{kind}"), None)
        assert (summary.messages, summary.decided, summary.outbound) == (1, 0, 1)
    assert "decision" in pl.read_parquet(tmp_path / "out.parquet").columns
    assert pl.read_csv(tmp_path / "out.csv").columns[:2] == ["id", "thread"]


def test_cells_that_a_spreadsheet_would_execute_are_written_inert(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    rows = [
        {"id": "=cmd()", "text": "a"},
        {"id": "+1+1", "text": "b"},
        {"id": "-12", "text": "c"},
        {"id": "@x", "text": "d"},
    ]
    inbox.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run(plan_of(SMALL), [open_inbox(str(inbox))], str(tmp_path / "out.csv"), None)
    table = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert table["id"].to_list() == ["'=cmd()", "'+1+1", "-12", "'@x"]


HOSTILE = ['"', "\\", "a\nb", "tab\tx", "\u2028", "</script>", "\x7f", "\x1f", "日本", "🙂", "'", "=1"]


def test_hostile_ids_come_back_from_the_json_lines_as_they_were(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    rows = [{"id": text, "text": text, "thread": text, "channel": text} for text in HOSTILE]
    rows.append({"id": "no thread", "text": "", "posted_at": "2026-03-01T10:00:00.250+09:00"})
    inbox.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    decided = decide(plan_of(SMALL), inbox, tmp_path / "out.jsonl")
    assert [one["id"] for one in decided] == [*HOSTILE, "no thread"]
    assert [one["thread"] for one in decided] == [*HOSTILE, None]
    assert [one["channel"] for one in decided] == [*HOSTILE, None]
    assert decided[-1]["posted_at"] == "2026-03-01T01:00:00.25Z"


TIMES = [
    "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.250Z", "1969-12-31T23:59:59Z", "0999-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2026-02-28T24:00:00Z", None, "2026-03-01T08:15:30+09:00",
]  # fmt: skip


@pytest.mark.parametrize("several", [TIMES, TIMES[:1], [TIMES[0], None, TIMES[-1]], TIMES[4:5], [TIMES[2], TIMES[0]]])
def test_times_stand_in_records_as_they_were(tmp_path: Path, several: list[str | None]) -> None:
    inbox = tmp_path / "inbox.jsonl"
    rows = [{"id": str(number), "text": "a", "posted_at": time} for number, time in enumerate(several)]
    inbox.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for one in decide(plan_of(SMALL), inbox, tmp_path / "out.jsonl"):
        said = several[int(str(one["id"]))]
        assert one["posted_at"] == (said and utc(said))


def utc(said: str) -> str:
    whole, _, fraction = datetime.fromisoformat(said).astimezone(UTC).isoformat().removesuffix("+00:00").partition(".")
    return whole + (f".{fraction.rstrip('0')}" if fraction else "") + "Z"


def test_seen_ids_are_found_whatever_the_order_and_size_of_pieces() -> None:
    ids = [str(i * 7919 % 1000) for i in range(3000)]
    for size in (1, 7, 100, 3000):
        seen, first, repeats = Seen(), set(), []
        for start in range(0, len(ids), size):
            piece = ids[start : start + size]
            repeats += [start + row for row in seen.repeats(hashes(pl.Series(piece))).tolist()]
        expected = [i for i, one in enumerate(ids) if one in first or first.add(one)]  # type: ignore[func-returns-value]
        assert repeats == expected


def test_an_explanation_stands_in_every_record_when_asked_for(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text('{"id":"1","text":"fire"}\n{"id":"2","text":"hello"}\n', encoding="utf-8")
    decided = decide(plan_of(SMALL), inbox, tmp_path / "out.jsonl", why=True)
    assert [one["why"]["rule"] for one in decided] == [one["rule"] for one in decided] == ["start.1", "start.otherwise"]  # type: ignore[index]


def test_workers_take_nothing_from_the_folder_that_somebody_works_in(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("raise RuntimeError('not ours')", encoding="utf-8")
    cli = Path(__file__).parents[2] / "cli.py"
    playbook = PLAYBOOKS / "airline.playbook"
    command = [sys.executable, cli, "run", playbook, INBOX, "-o", "out.jsonl", "--workers", "2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.jsonl").stat().st_size
