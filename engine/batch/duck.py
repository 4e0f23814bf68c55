"""Decisions into DuckDB, column by column. Needs the package `duckdb`, which is imported when it is needed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from engine.batch.table import COLUMNS, KEY, KNOWN, TABLE, fit, unfinished
from engine.clock import NOTIFY

_MISSING = "DuckDB is not installed: pip install 'hikeshi[duckdb]'"
_PLACE = f"main.{TABLE}"
_LEVEL = "a level of a scale of the playbook"
"""The comment on a column that a scale brought, by which it is known again as ours. What other programs added stays when a
row is replaced."""
_MAGIC = slice(8, 12), b"DUCK"
"""Source: DuckDB, Storage Versions and Format, https://duckdb.org/docs/stable/internals/storage."""
_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


def upsert_duckdb(path: Path, frames: Iterator[pl.DataFrame], folder: Path | None = None) -> None:
    """Write decisions into the table `decisions`; a row with the id of an earlier one takes its place.

    One transaction: a file that is there holds all or nothing of it, whatever happens (DuckDB writes into free blocks,
    which belong to the file from the end of the transaction on). A new file is built under another name.

    Args:
        path: the database; made when there is none.
        frames: columns as of `as_frame`, and `why` where asked for. Nobody else can open the file while they are made.
        folder: where a new file is built, see `unfinished`.

    Raises:
        OSError: it cannot be written, with the reason; on a full disk with ENOSPC. Or `duckdb` is not installed.
    """
    duckdb = _duckdb()
    path = path.resolve()
    with _errors(duckdb, path):
        if path.exists():
            _write(duckdb, path, frames, path)
            return
        with unfinished(path, folder) as new:
            _write(duckdb, new, frames, path)


def cannot_hold(path: Path) -> str | None:
    """Why a file cannot take decisions, to be said after its name and a colon; None when it can."""
    try:
        duckdb = _duckdb()
    except OSError as error:
        return error.strerror
    if not path.exists():
        return None
    try:
        with closing(_connect(duckdb, path.resolve())) as db:
            return _unfit(db, KNOWN)
    except duckdb.Error as error:
        return _reason(error)
    except OSError as error:
        return error.strerror


def _duckdb() -> ModuleType:
    try:
        import duckdb
    except ImportError:
        raise OSError(errno.ENOPKG, _MISSING) from None
    return duckdb


def _connect(duckdb: ModuleType, path: Path) -> Any:
    if path.exists():
        with path.open("rb") as file:
            if file.read(16)[_MAGIC[0]] != _MAGIC[1]:  # SQLite's would be opened with something downloaded
                raise OSError(errno.EINVAL, "it is no DuckDB database", str(path))
    return duckdb.connect(str(path), config={"autoinstall_known_extensions": False})


def _write(duckdb: ModuleType, path: Path, frames: Iterator[pl.DataFrame], name: Path) -> None:
    with closing(_connect(duckdb, path)) as db:
        db.execute("BEGIN")
        before: pl.Schema | None = None
        places: dict[str, str] = {}
        statements: list[str] = []
        for frame in frames:
            if frame.schema != before:
                before = frame.schema
                places, statements = _prepare(db, frame.schema, name)
            once = frame.unique(KEY, keep="last", maintain_order=True).rename(places)
            db.register("hikeshi_frame", once.to_arrow(compat_level=pl.CompatLevel.oldest()))
            for statement in statements:
                db.execute(statement)
            db.unregister("hikeshi_frame")
        if before is None:
            _prepare(db, pl.Schema(COLUMNS), name)
        db.execute("COMMIT")


def _prepare(db: Any, schema: Mapping[str, pl.DataType], path: Path) -> tuple[dict[str, str], list[str]]:
    """Make the table fit for a frame; its names there, and the statements that write the rows of `hikeshi_frame`.

    Rows are deleted and written anew: `ON CONFLICT DO UPDATE` takes ten times as long where there are lists.
    """
    there = _columns(db)
    found = fit(schema, there)
    reason = _unfit(db, {found.places[name]: kind for name, kind in schema.items()})
    if reason is not None:
        raise OSError(errno.EINVAL, reason, str(path))
    if not there:
        # The ids stay as they are on the disk: to find those of deleted rows among packed ones takes much longer.
        kinds = {name: _type(kind) for name, kind in found.missing.items()}
        kinds[KEY] += " PRIMARY KEY USING COMPRESSION uncompressed"
        db.execute(f"CREATE TABLE {_PLACE} ({', '.join(f'{_quoted(name)} {kind}' for name, kind in kinds.items())})")
    for name, kind in found.missing.items():
        if there:
            db.execute(f"ALTER TABLE {_PLACE} ADD COLUMN {_quoted(name)} {_type(kind)}")
        if name not in KNOWN:
            db.execute(f"COMMENT ON COLUMN {_PLACE}.{_quoted(name)} IS '{_LEVEL}'")
    placed = set(found.places.values())
    kept = [
        name for name, (_, note) in there.items() if not (name in placed or name.casefold() in KNOWN or note == _LEVEL)
    ]
    return found.places, _statements(found.places[KEY], list(found.places.values()), kept)


def _statements(key: str, ours: list[str], kept: list[str]) -> list[str]:
    """The rows of `hikeshi_frame` in the place of those with their ids, of which the columns `kept` stay."""
    key = _quoted(key)
    given = ", ".join(map(_quoted, ours))
    of_old = f"FROM {_PLACE} WHERE {key} IN (SELECT {key} FROM hikeshi_frame)"  # noqa: S608  names are quoted
    delete = f"DELETE {of_old}"
    insert = f"INSERT INTO {_PLACE} ({given}) SELECT {given} FROM hikeshi_frame"  # noqa: S608  names are quoted
    if not kept:
        return [delete, insert]
    theirs = ", ".join(map(_quoted, kept))
    keep = f"CREATE OR REPLACE TEMP TABLE hikeshi_kept AS SELECT {key}, {theirs} {of_old}"
    both = f"{given}, {theirs}"
    again = f"INSERT INTO {_PLACE} ({both}) SELECT {both} FROM hikeshi_frame JOIN hikeshi_kept USING ({key})"  # noqa: S608  names are quoted
    return [keep, delete, f"{insert} ANTI JOIN hikeshi_kept USING ({key})", again]


def _type(kind: pl.DataType) -> str:
    if kind == pl.String:
        return "VARCHAR"
    if kind == pl.Datetime:
        return "TIMESTAMP WITH TIME ZONE"
    if kind == NOTIFY:
        return 'STRUCT(who VARCHAR, "at" TIMESTAMP WITH TIME ZONE)[]'
    if kind == pl.List(pl.String):
        return "VARCHAR[]"
    return "BOOLEAN" if kind == pl.Boolean else "DOUBLE"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---- whether a table can take them


def _columns(db: Any) -> dict[str, tuple[str, str | None]]:
    """The columns of the table with their types and comments, none when there is no table."""
    return {name: (kind, note) for name, kind, note in _told(db, "columns", "column_name, data_type, comment")}


def _told(db: Any, of: str, what: str) -> list[tuple[Any, ...]]:
    """What DuckDB says about the table."""
    here = f"database_name = current_database() AND schema_name = 'main' AND lower(table_name) = '{TABLE}'"
    rows: list[tuple[Any, ...]] = db.execute(f"SELECT {what} FROM duckdb_{of}() WHERE {here}").fetchall()  # noqa: S608  constants
    return rows


def _unfit(db: Any, wanted: Mapping[str, pl.DataType]) -> str | None:
    """Why the table, if there is one, cannot take these columns."""
    there = {name.casefold(): (name, kind) for name, (kind, _) in _columns(db).items()}
    if not there:
        return None
    if not _told(db, "tables", "table_name"):
        return f"it has a view called {TABLE}"
    held = _told(db, "constraints", "constraint_type, constraint_column_names")
    if [[name.casefold() for name in names] for kind, names in held if kind == "PRIMARY KEY"] != [[KEY]]:
        return f"it has a table {TABLE} whose primary key is not `{KEY}`"
    for name, wanted_kind in wanted.items():
        own, kind = there.get(name.casefold(), (name, _type(wanted_kind)))
        if kind != _type(wanted_kind):
            return f"it has a table {TABLE} whose column `{own}` is of type {kind}, not {_type(wanted_kind)}"
    for name, may_be_null, default in _told(db, "columns", "column_name, is_nullable, column_default"):
        if not may_be_null and default is None and name.casefold() != KEY:
            return f"it has a table {TABLE} whose column `{name}` must not be empty"
    return None


# ---- what went wrong


@contextmanager
def _errors(duckdb: ModuleType, path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        number = next((one for one in _NUMBERS if os.strerror(one) in str(error)), errno.EIO)
        said = os.strerror(number) if number == errno.ENOSPC else _reason(error)
        raise OSError(number, said, str(path)) from error


def _reason(error: Exception) -> str:
    first = str(error).partition("\n")[0]
    if "Could not set lock" in first:
        return "another program has it open"
    return f"it cannot be written: {first}"


def read(path: Path) -> pl.DataFrame:
    """The table `decisions`, in the order of its ids.

    Raises:
        ValueError: there is none, or the file is no such database.
        OSError: `duckdb` is not installed.
    """
    duckdb = _duckdb()
    try:
        with closing(duckdb.connect(str(path), read_only=True)) as db:
            found = db.sql(f"SELECT * FROM {_PLACE} ORDER BY id").to_arrow_table()  # noqa: S608  a constant
            return pl.DataFrame(pl.from_arrow(found))
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
