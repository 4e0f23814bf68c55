"""Decisions in SQLite and DuckDB: what the JSON lines say, run after run."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import resources
from engine.batch.databases import can_hold, upsert_duckdb, upsert_sqlite
from engine.batch.run import run
from engine.batch.table import COLUMNS, fit
from engine.inbox import open_inbox
from engine.language.load import load
from engine.message import time_text
from engine.plan import compile_plan
from tests.batch.databases import Kind, Row, both, frame, written

# ---- what stands in them


@pytest.mark.parametrize("name", ["airline", "retail_ja", "saas"])
@both
def test_a_database_says_what_the_json_lines_say(kind: Kind, name: str, tmp_path: Path) -> None:
    plan = compile_plan(load(resources.playbooks() / f"{name}.playbook")[0])
    inbox = open_inbox(str(resources.playbooks() / f"{name}.inbox.jsonl"))
    for ending in ("jsonl", "parquet"):
        run(plan, [inbox], str(tmp_path / f"out.{ending}"), None)
    decided = pl.read_parquet(tmp_path / "out.parquet")
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([decided.head(100), decided.slice(100)]))
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = kind.rows(path)
    assert rows == lines
    assert list(rows[0]) == decided.columns
    assert sum(len(row["path"]) for row in rows) > len(rows)
    assert {name: decided.schema[name] for name in COLUMNS} == COLUMNS


def test_an_analyst_can_ask_sqlite_for_lists_times_and_what_is_due(tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    moment = datetime(2026, 3, 9, 7, 41, tzinfo=UTC)
    told = [{"who": 'the "lead"', "at": moment}]
    upsert_sqlite(path, iter([frame({"id": "1", "tags": ["a", 'b"c'], "reply_by": moment, "notify": told})]))
    db = sqlite3.connect(path)
    assert db.execute("SELECT value FROM decisions, json_each(tags)").fetchall() == [("a",), ('b"c',)]
    assert db.execute("SELECT notify ->> '$[0].who' FROM decisions").fetchall() == [('the "lead"',)]
    assert db.execute("SELECT id FROM decisions WHERE reply_by < '2026-03-09T07:42:00Z'").fetchall() == [("1",)]
    plan = db.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM decisions WHERE decision = 'hand off' AND team = 'a'"
    ).fetchall()
    assert "decisions_by_decision" in plan[0][3]
    plan = db.execute("EXPLAIN QUERY PLAN SELECT * FROM decisions WHERE reply_by < 'x'").fetchall()
    assert "decisions_by_reply_by" in plan[0][3]
    db.close()


def test_an_analyst_can_ask_duckdb_for_lists_times_and_who_is_told(tmp_path: Path) -> None:
    path = tmp_path / "out.duckdb"
    moment = datetime(2026, 3, 9, 7, 41, tzinfo=UTC)
    told = [{"who": "the lead", "at": moment}]
    upsert_duckdb(path, iter([frame({"id": "1", "tags": ["a", "b"], "reply_by": moment, "notify": told})]))
    with duckdb.connect(str(path)) as db:
        asked = "SELECT len(tags), notify[1].who, reply_by < TIMESTAMPTZ '2026-03-09 07:42:00+00' FROM decisions"
        assert db.execute(asked).fetchall() == [(2, "the lead", True)]


@both
def test_times_stand_as_they_do_in_the_json_lines(kind: Kind, tmp_path: Path) -> None:
    moments = [
        datetime(2026, 3, 9, 7, 41, tzinfo=UTC),
        datetime(2026, 3, 9, 7, 41, 10, 250_000, tzinfo=UTC),
        datetime(2026, 3, 9, 7, 40, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(999, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
    told = [[{"who": "a", "at": one}, {"who": "b", "at": moments[0]}] for one in moments]
    rows = [{"id": str(i), "posted_at": one, "notify": told[i]} for i, one in enumerate(moments)]
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([frame(*rows, {"id": "none", "notify": []})]))
    *timed, untimed = kind.rows(path)
    wanted = [written(one) for one in moments]
    assert wanted[:2] == ["2026-03-09T07:41:00Z", "2026-03-09T07:41:10.25Z"]
    assert wanted[:1] == [time_text(moments[0])]
    assert [row["posted_at"] for row in timed] == wanted
    assert [[one["at"] for one in row["notify"]] for row in timed] == [[one, wanted[0]] for one in wanted]
    assert (untimed["posted_at"], untimed["notify"]) == (None, [])


HOSTILE = [
    "'); DROP TABLE decisions; --", '"; DROP TABLE decisions; --', "$1 ? :id @id", "a\x00b", "\x00", "", " ", "NULL", "007",
    "1e5", "\u202e\u2066x", "\ufeff", "\ud7ff\ue000\U0010ffff", "ﬁ🙂‍↔️日本", "[1, {}]", "\\u0000", "\\", "a\r\nb", "x" * 100_000,
]  # fmt: skip


@both
def test_hostile_texts_arrive_whole_and_do_nothing(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    rows = [
        {
            "id": one,
            "thread": one,
            "because": one * 3,
            "tags": [one, "x"],
            "notify": [{"who": one, "at": None}],
            "mood": one,
        }
        for one in HOSTILE
    ]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [row | {"notify": [{"who": row["id"], "at": moment}]} for row in rows]
    for _ in range(2):
        kind.upsert(path, iter([frame(*rows, mood=pl.String())]))
        found = sorted(kind.rows(path), key=lambda row: HOSTILE.index(row["id"]))
        assert [row["id"] for row in found] == HOSTILE
        assert [row["thread"] for row in found] == [row["mood"] for row in found] == HOSTILE
        assert [row["because"] for row in found] == [one * 3 for one in HOSTILE]
        assert [row["tags"] for row in found] == [[one, "x"] for one in HOSTILE]
        assert [row["notify"][0]["who"] for row in found] == HOSTILE


NAMES = [
    "order",
    "select",
    "Severity",
    "SEVERITY",
    "mood",
    "Mood",
    "ID",
    "rowid",
    "気分",
    "ſeverity",
    "Why",
    "a.b",
    "é",
]


@both
def test_scales_may_be_called_as_they_like(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    scales = dict.fromkeys(NAMES, pl.String())
    levels = {name: f"level of {name}" for name in NAMES}
    for number in range(3):
        kind.upsert(path, iter([frame({"id": f"{number}", "severity": "high", **levels}, **scales)]))
    places = fit({**COLUMNS, **scales}, kind.rows(path)[0]).places
    assert len({place.casefold() for place in places.values()}) == len(places)
    for row in kind.rows(path):
        assert set(row) == set(places.values())
        assert (row["severity"], row["id"] in {"0", "1", "2"}) == ("high", True)
        assert {name: row[places[name]] for name in NAMES} == levels


@both
def test_a_scale_keeps_its_column_whichever_comes_first(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    for number, name in enumerate(["Mood", "mood", "MOOD", "mood", "Mood"]):
        kind.upsert(path, iter([frame({"id": f"{number}", name: f"of {name}"}, **{name: pl.String()})]))
    found = [[row[name] for name in ("Mood", "mood (2)", "MOOD (3)")] for row in kind.rows(path)]
    wanted = [["of Mood", None, None], [None, "of mood", None], [None, None, "of MOOD"]]
    assert sorted(found, key=str) == sorted(wanted + wanted[1::-1], key=str)


# ---- run after run


@both
def test_runs_accumulate_and_the_later_decision_stands(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([frame({"id": "1", "team": "a", "tags": ["x"]}, {"id": "2", "team": "a"})]))
    kind.upsert(path, iter([frame({"id": "3", "team": "b"}), frame({"id": "1", "decision": "hand off", "tags": []})]))
    found = {row["id"]: (row["decision"], row["team"], row["tags"]) for row in kind.rows(path)}
    assert found == {
        "1": ("hand off", None, []),
        "2": ("no reply needed", "a", None),
        "3": ("no reply needed", "b", None),
    }


@both
def test_a_later_playbook_adds_columns_and_an_earlier_one_leaves_them_empty(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([frame({"id": "1"}, {"id": "2"})]))
    kind.upsert(path, iter([frame({"id": "2", "mood": "bad", "why": "{}"}, mood=pl.String(), why=pl.String())]))
    assert {row["id"]: (row["mood"], row["why"]) for row in kind.rows(path)} == {"1": (None, None), "2": ("bad", "{}")}
    kind.upsert(path, iter([frame({"id": "2"}, {"id": "3"})]))
    assert {row["id"]: (row["mood"], row["why"]) for row in kind.rows(path)} == dict.fromkeys("123", (None, None))


@both
def test_what_others_added_to_the_table_stays_when_a_row_is_replaced(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([frame({"id": "1", "mood": "bad"}, {"id": "2", "mood": "bad"}, mood=pl.String())]))
    note = "ALTER TABLE decisions ADD COLUMN {}; ALTER TABLE decisions ADD COLUMN closed VARCHAR DEFAULT 'not yet';"
    kind.execute(
        path, note.format('"Our note" VARCHAR') + "UPDATE decisions SET \"Our note\" = 'rung up' WHERE id = '1';"
    )
    kind.upsert(path, iter([frame({"id": "1"}, {"id": "3"}), frame({"id": "1", "team": "a"})]))
    found = {row["id"]: (row["team"], row["mood"], row["Our note"], row["closed"]) for row in kind.rows(path)}
    assert found == {
        "1": ("a", None, "rung up", "not yet"),
        "2": (None, "bad", None, "not yet"),
        "3": (None, None, None, "not yet"),
    }


@both
def test_a_table_that_others_made_is_used_and_completed(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    kind.execute(path, "CREATE TABLE Decisions (note VARCHAR, ID VARCHAR PRIMARY KEY, Team VARCHAR);")
    assert can_hold(path) is None
    kind.upsert(path, iter([frame({"id": "1", "team": "a"})]))
    (row,) = kind.rows(path)
    assert (row["ID"], row["Team"], row["decision"], row["note"]) == ("1", "a", "no reply needed", None)
    assert set(row) - {"ID", "Team", "note"} == set(COLUMNS) - {"id", "team"}


@both
def test_a_run_without_decisions_leaves_a_table_with_all_columns(kind: Kind, tmp_path: Path) -> None:
    for number, frames in enumerate(([], [frame()])):
        path = tmp_path / f"{number}{kind.ending}"
        kind.upsert(path, iter(frames))
        assert kind.rows(path) == []
        kind.upsert(path, iter(frames))
        kind.upsert(path, iter([frame({"id": "1"})]))
        assert set(kind.rows(path)[0]) == set(COLUMNS)


LEVELS = ("bad", "fine", None)
runs = st.lists(
    st.tuples(
        st.sets(st.sampled_from(["mood", "Mood", "order"])),
        st.lists(
            st.lists(st.tuples(st.sampled_from("abcdeé"), st.sampled_from(LEVELS), st.lists(st.text(max_size=3)))),
            max_size=3,
        ),
    ),
    max_size=4,
)


@both
@settings(max_examples=30)
@given(runs)
@example([({"mood"}, [[("a", "bad", [])]]), ({"Mood"}, [[("a", "fine", [""])], [("a", None, ["x"])]])])
def test_any_runs_leave_the_last_decision_of_each_message(
    kind: Kind, tmp_path_factory: pytest.TempPathFactory, runs: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("runs") / f"out{kind.ending}"
    expected: dict[str, Row] = {}
    for scales, frames in runs:
        more = dict.fromkeys(sorted(scales), pl.String())
        made = []
        for rows in frames:
            said = [{"id": i, "team": level, "tags": tags, **dict.fromkeys(more, level)} for i, level, tags in rows]
            made.append(frame(*said, **more))
            expected |= {row["id"]: row for row in said}
        kind.upsert(path, iter(made))
    found = {row["id"]: row for row in kind.rows(path)} if runs else {}
    assert found.keys() == expected.keys()
    places: dict[str, str] = {}
    for scales, frames in runs:  # as the table grew
        if frames:
            schema = {**COLUMNS, **dict.fromkeys(sorted(scales), pl.String())}
            places |= fit(schema, list(places.values())).places
    for one, row in expected.items():
        wanted = {place: row.get(name) for name, place in places.items() if name in row or name not in COLUMNS}
        assert {place: found[one][place] for place in wanted} == wanted
