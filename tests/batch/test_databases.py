"""Decisions in SQLite and DuckDB: what the JSON lines say, run after run, all of a run or nothing of it."""

from __future__ import annotations

import errno
import json
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import resources
from engine.batch.databases import can_hold, upsert_duckdb, upsert_sqlite
from engine.batch.run import run
from engine.batch.table import COLUMNS, fit
from engine.clock import CLOCK_COLUMNS
from engine.inbox import open_inbox
from engine.language.load import load
from engine.message import time_text
from engine.plan import compile_plan

duckdb = pytest.importorskip("duckdb")

ROOT = Path(__file__).parents[2]
Row = dict[str, Any]
LISTS = [name for name, kind in COLUMNS.items() if isinstance(kind, pl.List)]


def rows_of_sqlite(path: Path) -> list[Row]:
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True) as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM decisions ORDER BY rowid")]
    db.close()
    for row in rows:
        assert row["pause_publishing"] in {0, 1, None}
        row["pause_publishing"] = None if row["pause_publishing"] is None else bool(row["pause_publishing"])
        row |= {name: row[name] and json.loads(row[name]) for name in LISTS}
    return rows


def rows_of_duckdb(path: Path) -> list[Row]:
    with duckdb.connect(str(path)) as db:
        rows = pl.DataFrame(db.sql("SELECT * FROM main.decisions").to_arrow_table()).to_dicts()
    for row in rows:
        row |= {name: row[name] and written(row[name]) for name in ("posted_at", *CLOCK_COLUMNS)}
        row["notify"] = row["notify"] and [{**one, "at": written(one["at"])} for one in row["notify"]]
    return rows


def written(moment: datetime) -> str:
    whole, _, fraction = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    return whole.rjust(19, "0") + (f".{fraction.rstrip('0')}" if fraction.rstrip("0") else "") + "Z"


@dataclass(frozen=True)
class Kind:
    ending: str
    upsert: Callable[[Path, Iterator[pl.DataFrame]], None]
    rows: Callable[[Path], list[Row]]
    execute: Callable[[Path, str], None]


def execute_sqlite(path: Path, statements: str) -> None:
    db = sqlite3.connect(path)
    db.executescript(statements)
    db.close()


def execute_duckdb(path: Path, statements: str) -> None:
    with duckdb.connect(str(path)) as db:
        db.execute(statements)


SQLITE = Kind(".sqlite", upsert_sqlite, rows_of_sqlite, execute_sqlite)
DUCKDB = Kind(".duckdb", upsert_duckdb, rows_of_duckdb, execute_duckdb)
both = pytest.mark.parametrize("kind", [SQLITE, DUCKDB], ids=["sqlite", "duckdb"])


def frame(*rows: Row, **more: pl.DataType) -> pl.DataFrame:
    """Decisions of which only this is known; further scales are told by their types."""
    return pl.DataFrame([{"decision": "no reply needed", **row} for row in rows], schema={**COLUMNS, **more})


def ids(path: Path, kind: Kind) -> set[str]:
    return {row["id"] for row in kind.rows(path)}


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


# ---- all or nothing


@both
def test_a_run_that_breaks_leaves_what_was_there(kind: Kind, tmp_path: Path) -> None:
    def breaking() -> Iterator[pl.DataFrame]:
        yield frame({"id": "1", "team": "changed"}, {"id": "2", "mood": "x"}, mood=pl.String())
        raise KeyboardInterrupt

    path = tmp_path / f"out{kind.ending}"
    with pytest.raises(KeyboardInterrupt):
        kind.upsert(path, breaking())
    assert list(tmp_path.iterdir()) == []
    kind.upsert(path, iter([frame({"id": "1"})]))
    with pytest.raises(KeyboardInterrupt):
        kind.upsert(path, breaking())
    assert list(tmp_path.iterdir()) == [path]
    assert [(row["id"], row["team"], "mood" in row) for row in kind.rows(path)] == [("1", None, False)]


@both
def test_a_file_that_somebody_else_made_meanwhile_stays(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"

    def slow() -> Iterator[pl.DataFrame]:
        yield frame({"id": "1"})
        path.write_bytes(b"somebody's")

    with pytest.raises(FileExistsError):
        kind.upsert(path, slow())
    assert path.read_bytes() == b"somebody's"
    assert list(tmp_path.iterdir()) == [path]


@both
def test_a_link_stays_a_link(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, real = tmp_path / f"link{kind.ending}", tmp_path / "there" / f"real{kind.ending}"
    link.symlink_to(real)
    for number in range(2):
        kind.upsert(link, iter([frame({"id": str(number)})]))
    assert link.is_symlink()
    assert ids(real, kind) == {"0", "1"}


PRELUDE = """
import os, sys, time
from pathlib import Path
import polars as pl
from engine.batch.databases import upsert_duckdb, upsert_sqlite
from engine.batch.table import COLUMNS
path = Path(sys.argv[1])
upsert = upsert_duckdb if path.suffix == ".duckdb" else upsert_sqlite
def frame(begin, end, text):
    ids = pl.select(pl.int_range(begin, end, dtype=pl.Int64).cast(pl.String).alias("id")).to_series()
    rows = pl.DataFrame([ids], schema=["id"]).with_columns(because=pl.col("id") + text)
    return rows.select(*(pl.lit(None, kind).alias(name) if name not in rows.columns else name for name, kind in COLUMNS.items()))
"""


def program(body: str) -> list[str]:
    return [sys.executable, "-c", PRELUDE + textwrap.dedent(body)]


SLOW = """
def frames():
    for begin in range(0, 20_000, 1000):
        yield frame(begin, begin + 1000, "x" * 4000)
    if sys.argv[2] == "wait":
        print("nearly", flush=True)
        time.sleep(600)
    print("last", flush=True)
upsert(path, frames())
print("done", flush=True)
"""


@both
@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_a_process_killed_before_its_end_has_changed_nothing(kind: Kind, there: bool, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    if there:
        kind.upsert(path, iter([frame({"id": "7", "team": "a"}, {"id": "old"})]))
    with subprocess.Popen([*program(SLOW), path, "wait"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "nearly\n"
        child.kill()
    assert path.exists() == there
    if there:
        assert {row["id"]: row["team"] for row in kind.rows(path)} == {"7": "a", "old": None}
    kind.upsert(path, iter([frame({"id": "new"})]))
    assert ids(path, kind) == ({"7", "old", "new"} if there else {"new"})


@both
@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_a_process_killed_at_any_moment_has_written_all_or_nothing(kind: Kind, there: bool, tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / f"out{kind.ending}"
    seen = set()
    for _ in range(4):
        for old in tmp_path.iterdir():
            old.unlink()
        if there:
            kind.upsert(path, iter([frame({"id": "7", "team": "a"}, {"id": "old"})]))
        with subprocess.Popen([*program(SLOW), path, "on"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "last\n"
            time.sleep(chance.choice([0, chance.random() * 0.1, chance.random() * 0.5]))
            child.kill()
        if there or path.exists():
            found = {row["id"]: row["team"] for row in kind.rows(path)}
            before = {"7": "a", "old": None}
            after = {**({"old": None} if there else {}), **dict.fromkeys(map(str, range(20_000)))}
            assert found in ([before, after] if there else [after])
            seen.add(len(found))
        else:
            seen.add(0)
    assert seen


FULL = """
if sys.argv[2] == "limit":
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))
if sys.argv[3] == "there":
    upsert(path, iter([frame(0, 10, "before")]))
before = path.read_bytes() if path.exists() else None
def frames():
    chance = __import__("random").Random(1)
    for begin in range(0, 20_000, 1000):
        yield frame(begin, begin + 1000, chance.randbytes(500).hex())
try:
    upsert(path, frames())
except OSError as error:
    print(error.errno, error.filename, sorted(one.name for one in path.parent.iterdir() if one.suffix != '.wal'))
if before:
    upsert(path, iter([frame(100, 110, "after")]))
    import sqlite3
    if path.suffix == ".duckdb":
        import duckdb
        rows = duckdb.connect(str(path)).execute("SELECT because FROM decisions").fetchall()
    else:
        rows = sqlite3.connect(path).execute("SELECT because FROM decisions").fetchall()
    print(len(rows), sum("before" in text for (text,) in rows), sum("after" in text for (text,) in rows))
"""


@both
@pytest.mark.parametrize("there", ["new", "there"])
def test_a_full_disk_is_said_and_leaves_nothing_half(kind: Kind, there: str, tmp_path: Path) -> None:
    if not shutil.which("unshare"):
        pytest.skip("no way to have a small disk here")
    path = tmp_path / "disk" / f"out{kind.ending}"
    path.parent.mkdir()
    mounted = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"', path.parent]
    if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no way to have a small disk here")
    done = subprocess.run(
        [*mounted, *program(FULL), path, "disk", there], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    failed, *rest = done.stdout.splitlines()
    assert failed == f"{errno.ENOSPC} {path} {[path.name] if there == 'there' else []}"
    assert rest == (["20 10 10"] if there == "there" else [])


@both
@pytest.mark.parametrize("there", ["new", "there"])
def test_a_file_that_may_not_grow_is_said_and_leaves_nothing_half(kind: Kind, there: str, tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE
    path = tmp_path / f"out{kind.ending}"
    done = subprocess.run([*program(FULL), path, "limit", there], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    failed, *rest = done.stdout.splitlines()
    code, name = failed.split()[:2]
    assert int(code) in {errno.EFBIG, errno.EIO}
    assert name == str(path)
    assert failed.endswith(f"{[path.name] if there == 'there' else []}")
    assert rest == (["20 10 10"] if there == "there" else [])


# ---- whether they can be written


def test_a_file_that_is_no_database_cannot_hold_decisions(tmp_path: Path) -> None:
    for name, said in (("a.sqlite", "it is no SQLite database"), ("a.duckdb", "it is no DuckDB database")):
        path = tmp_path / name
        path.write_text("id,decision\n" * 1000, encoding="utf-8")
        assert can_hold(path) == said
        with pytest.raises(OSError, match=said.removeprefix("it ")):
            (upsert_sqlite if "sqlite" in name else upsert_duckdb)(path, iter([frame({"id": "1"})]))
        assert path.read_text(encoding="utf-8") == "id,decision\n" * 1000


def test_a_database_under_the_name_of_another_kind_cannot_hold_decisions(tmp_path: Path) -> None:
    execute_sqlite(tmp_path / "a.duckdb", "CREATE TABLE a (b);")
    execute_duckdb(tmp_path / "a.db", "CREATE TABLE a (b INTEGER);")
    assert can_hold(tmp_path / "a.duckdb") == "it is no DuckDB database"
    assert can_hold(tmp_path / "a.db") == "it is no SQLite database"
    with pytest.raises(OSError, match="no DuckDB database"):
        upsert_duckdb(tmp_path / "a.duckdb", iter([frame({"id": "1"})]))


@both
def test_what_is_new_or_ours_or_empty_can_hold_decisions(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    assert can_hold(path) is None
    assert not path.exists()
    kind.upsert(path, iter([frame({"id": "1", "Mood": "x"}, Mood=pl.String())]))
    assert can_hold(path) is None
    other = tmp_path / f"other{kind.ending}"
    kind.execute(other, "CREATE TABLE messages (id VARCHAR); INSERT INTO messages VALUES ('1');")
    assert can_hold(other) is None
    kind.upsert(other, iter([frame({"id": "1"})]))
    assert ids(other, kind) == {"1"}


def test_an_empty_file_becomes_an_sqlite_database(tmp_path: Path) -> None:
    path = tmp_path / "a?b#c%20.db"
    path.touch()
    assert can_hold(path) is None
    upsert_sqlite(path, iter([frame({"id": "1"})]))
    assert ids(path, SQLITE) == {"1"}


KEYLESS = "it has a table decisions whose primary key is not `id`"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE decisions (id TEXT, team TEXT)", KEYLESS),
        ("CREATE TABLE decisions (id TEXT, team TEXT, PRIMARY KEY (id, team))", KEYLESS),
        ("CREATE TABLE decisions (number INTEGER PRIMARY KEY, id TEXT UNIQUE)", KEYLESS),
        ("CREATE TABLE decisions (message TEXT PRIMARY KEY)", KEYLESS),
        ("CREATE TABLE decisions (id INTEGER PRIMARY KEY)", "whose column `id` is of type INTEGER"),
        ("CREATE TABLE DECISIONS (ID NUMERIC PRIMARY KEY)", "whose column `ID` is of type NUMERIC"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY, team REAL)", "whose column `team` is of type REAL"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY, sentiment TEXT)", "whose column `sentiment` is of type TEXT"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY, team TEXT NOT NULL)", "whose column `team` must not be empty"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY, note TEXT NOT NULL)", "whose column `note` must not be empty"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY, team TEXT AS ('a'))", "whose column `team` is computed"),
        ("CREATE TABLE decisions (id TEXT PRIMARY KEY COLLATE NOCASE)", "that takes different ids for one"),
        ("CREATE VIEW decisions AS SELECT 1 AS id", "it has a view called decisions"),
    ],
)
def test_an_sqlite_table_that_would_change_or_refuse_decisions_is_told_before(
    made: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.sqlite"
    execute_sqlite(path, made)
    before = path.read_bytes()
    assert said in str(can_hold(path))
    with pytest.raises(OSError, match=said.replace("(", r"\(")) as raised:
        upsert_sqlite(path, iter([frame({"id": "1"})]))
    assert raised.value.filename == str(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE decisions (id VARCHAR, team VARCHAR)", KEYLESS),
        ("CREATE TABLE decisions (id VARCHAR, team VARCHAR, PRIMARY KEY (id, team))", KEYLESS),
        ("CREATE TABLE decisions (number INTEGER PRIMARY KEY, id VARCHAR UNIQUE)", KEYLESS),
        ("CREATE TABLE decisions (id BIGINT PRIMARY KEY)", "whose column `id` is of type BIGINT, not VARCHAR"),
        (
            "CREATE TABLE decisions (id VARCHAR PRIMARY KEY, posted_at TIMESTAMP)",
            "`posted_at` is of type TIMESTAMP, not",
        ),
        ("CREATE TABLE decisions (id VARCHAR PRIMARY KEY, Tags VARCHAR)", "`Tags` is of type VARCHAR, not VARCHAR[]"),
        ("CREATE TABLE decisions (id VARCHAR PRIMARY KEY, team VARCHAR NOT NULL)", "column `team` must not be empty"),
        ("CREATE TABLE decisions (id VARCHAR PRIMARY KEY, note VARCHAR NOT NULL)", "column `note` must not be empty"),
        ("CREATE VIEW decisions AS SELECT 'a' AS id", "it has a view called decisions"),
    ],
)
def test_a_duckdb_table_that_would_change_or_refuse_decisions_is_told_before(
    made: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.duckdb"
    execute_duckdb(path, made)
    assert said in str(can_hold(path))
    with pytest.raises(OSError, match=said.replace("[", r"\[")) as raised:
        upsert_duckdb(path, iter([frame({"id": "1"})]))
    assert raised.value.filename == str(path)


@both
def test_a_scale_that_meets_a_column_of_another_kind_is_said(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    kind.execute(path, "CREATE TABLE decisions (id VARCHAR PRIMARY KEY, mood INTEGER);")
    assert can_hold(path) is None
    with pytest.raises(OSError, match="column `mood` is of type INTEGER"):
        kind.upsert(path, iter([frame({"id": "1", "mood": "bad"}, mood=pl.String())]))
    assert kind is DUCKDB or ids(path, SQLITE) == set()


HOLDS = """
if path.suffix == ".duckdb":
    import duckdb
    db = duckdb.connect(str(path))
else:
    import sqlite3
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(600)
"""


@both
def test_a_database_that_another_program_writes_is_told_before(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.batch.sqlite._WAIT", 0.1)
    path = tmp_path / f"out{kind.ending}"
    kind.upsert(path, iter([frame({"id": "1"})]))
    with subprocess.Popen([*program(HOLDS), path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert "another program" in str(can_hold(path))
        with pytest.raises(OSError, match="another program"):
            kind.upsert(path, iter([frame({"id": "2"})]))
        child.send_signal(signal.SIGKILL)
    assert can_hold(path) is None
    assert ids(path, kind) == {"1"}


def test_without_duckdb_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = tmp_path / "out.duckdb"
    assert can_hold(path) == "DuckDB is not installed: pip install 'hikeshi[duckdb]'"
    with pytest.raises(OSError, match="pip install 'hikeshi") as raised:
        upsert_duckdb(path, iter([frame({"id": "1"})]))
    assert "\n" not in str(raised.value.strerror)
    assert can_hold(tmp_path / "out.sqlite") is None


def test_a_folder_that_is_not_there_or_a_folder_of_the_name_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    assert "cannot be written" in str(can_hold(tmp_path / "folder.db"))
    for path in (tmp_path / "folder.db", tmp_path / "none" / "out.db", tmp_path / "none" / "out.duckdb"):
        with pytest.raises(OSError):  # noqa: PT011  whatever the system says
            (upsert_duckdb if path.suffix == ".duckdb" else upsert_sqlite)(path, iter([frame({"id": "1"})]))
