"""Decisions into databases: which file is which, and whether it can take them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import polars as pl

from engine.batch import duck, sqlite
from engine.batch.duck import upsert_duckdb
from engine.batch.sqlite import upsert_sqlite

__all__ = ["DUCKDB", "SQLITE", "can_hold", "read_decisions", "upsert", "upsert_duckdb", "upsert_sqlite"]

SQLITE = (".sqlite",)
DUCKDB = (".duckdb",)
"""How the names of databases end."""


def can_hold(path: Path) -> str | None:
    """Why decisions cannot go into a database, to be said after its name and a colon; None when they can.

    The file need not be there. One that is there must be a database of the kind that its name says, with no table
    `decisions` or one whose key is `id` and whose columns can take ours, and no other program may be writing it.

    >>> can_hold(Path("new.sqlite")) is None
    True
    """
    if path.suffix.lower() in DUCKDB:
        return duck.cannot_hold(path)
    return sqlite.cannot_hold(path) if path.exists() else None


def upsert(path: Path, frames: Iterator[pl.DataFrame], folder: Path) -> None:
    """Write decisions into the table of a database, by the ending of its name; a new one is built in the run's own folder.

    Raises:
        OSError: it cannot be written, with the reason.
    """
    (upsert_duckdb if path.suffix.lower() in DUCKDB else upsert_sqlite)(path, frames, folder)


def read_decisions(path: Path) -> pl.DataFrame:
    """The table `decisions` of a database, in the order of its ids.

    Raises:
        ValueError: there is none, or the file is no such database.
    """
    if path.suffix.lower() in DUCKDB:
        return duck.read(path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = db.execute("SELECT * FROM decisions ORDER BY id")
            names = [column[0] for column in found.description]
            return pl.DataFrame(found.fetchall(), schema=names, orient="row", infer_schema_length=None)
    except sqlite3.Error as error:
        raise ValueError(str(error)) from None
