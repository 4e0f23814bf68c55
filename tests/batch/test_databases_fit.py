"""Which databases can take decisions: what is wrong with one is said before anything is decided."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from engine.batch.databases import can_hold, upsert_duckdb, upsert_sqlite
from tests.batch.databases import (
    DUCKDB,
    ROOT,
    SQLITE,
    Kind,
    both,
    execute_duckdb,
    execute_sqlite,
    frame,
    ids,
    program,
)


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
