"""Both kinds of databases, as tests of decisions in them look at them."""

from __future__ import annotations

import json
import sqlite3
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from engine.batch.databases import upsert_duckdb, upsert_sqlite
from engine.batch.table import COLUMNS
from engine.clock import CLOCK_COLUMNS

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
