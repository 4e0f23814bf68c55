"""Work queues: everything that waits is in one, the most urgent first; nothing that is done, and no formula."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from engine.batch.queues import COLUMNS, write_queues

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def row(id_: str, decision: str | None = "respond publicly", **more: object) -> dict[str, object]:
    columns = {"team": None, "assign": None, "priority": None, "severity": None, "reply_by": None, "posted_at": AT}
    message = {"message.text": "hello", "message.answered_by": None, "message.author.name": None}
    return {"id": id_, "decision": decision} | columns | message | more


def queues(folder: Path, *rows: dict[str, object]) -> dict[str, list[dict[str, str]]]:
    sheet = pl.LazyFrame(list(rows), schema_overrides={"reply_by": pl.Datetime("us", "UTC")})
    write_queues(folder, sheet, as_of=AT, levels=("low", "high"))
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def test_each_team_has_its_own_and_what_needs_nobody_is_in_none(tmp_path: Path) -> None:
    found = queues(
        tmp_path,
        row("1", "hand off", team="PR"),
        row("2", "take private"),
        row("3", assign="Mika"),
        row("4", "ignore as troll"),
        row("5", "no reply needed"),
        row("6", None),
        row("7", **{"message.answered_by": "brand"}),
        row("8", **{"message.answered_by": "peer"}),
    )
    assert {name: [one["id"] for one in its] for name, its in found.items()} == {
        "Mika": ["3"], "PR": ["1"], "care": ["2", "8"],
    }  # fmt: skip


def test_the_most_urgent_comes_first(tmp_path: Path) -> None:
    early, late = datetime(2026, 3, 2, 8, 0, tzinfo=UTC), datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    found = queues(
        tmp_path,
        row("low", priority="low", severity="high"),
        row("late", reply_by=late),
        row("early", reply_by=early),
        row("high", severity="high"),
        row("urgent", priority="urgent"),
        row("b"),
        row("a"),
    )
    assert [one["id"] for one in found["care"]] == ["urgent", "high", "early", "late", "a", "b", "low"]
    assert [one["overdue"] for one in found["care"]][2:4] == ["yes", ""]


def test_yesterdays_queue_is_emptied_and_other_files_stay(tmp_path: Path) -> None:
    queues(tmp_path, row("1", "hand off", team="PR"))
    (tmp_path / "notes.csv").write_text("mine\n", encoding="utf-8")
    found = queues(tmp_path, row("2"))
    assert (found["PR"], len(found["care"])) == ([], 1)
    assert (tmp_path / "notes.csv").read_text(encoding="utf-8") == "mine\n"
    header = (tmp_path / "PR.csv").read_text(encoding="utf-8-sig").strip()
    assert header == ",".join(COLUMNS)


def test_what_a_spreadsheet_would_execute_is_inert(tmp_path: Path) -> None:
    found = queues(tmp_path, row("=1", **{"message.text": "=cmd()", "message.author.name": "@x"}))
    [one] = found["care"]
    assert (one["id"], one["text"], one["who"]) == ("'=1", "'=cmd()", "'@x")


def test_a_team_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    queues(tmp_path / "q", row("1", "hand off", team="../../PR"), row("2", "hand off", team="pr"))
    assert sorted(one.name for one in (tmp_path / "q").iterdir()) == ["PR.csv", "pr-2.csv"]
    assert [one.name for one in tmp_path.iterdir()] == ["q"]
