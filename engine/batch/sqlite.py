"""Decisions into SQLite. Nothing but the standard library, and one row a message through it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.batch.cells import time_text
from engine.batch.table import COLUMNS, KEY, KNOWN, TABLE, fit, unfinished
from engine.clock import NOTIFY

_WAIT = 10.0
"""Seconds for another program to finish what it writes."""
_CACHE = 65_536
"""KiB of the file kept in memory: ids come in any order, and so do the pages of their index."""
_LEVEL = "TEXT LEVEL"
"""The type of a column that a scale of a playbook brought: TEXT to SQLite, and known again as ours. What other programs
added stays when a row is replaced."""
_INDEXES = {"decisions_by_decision": ("decision", "team"), "decisions_by_reply_by": ("reply_by",)}
_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
}


def upsert_sqlite(path: Path, frames: Iterator[pl.DataFrame], folder: Path | None = None) -> None:
    """Write decisions into the table `decisions`; a row with the id of an earlier one takes its place.

    One transaction: a file that is there holds all or nothing of it, whatever happens (SQLite's journal beside the file
    undoes the rest when it is next opened). A new file is built under another name.

    Args:
        path: the database; made when there is none.
        frames: columns as of `as_frame`, and `why` where asked for. The transaction is open while they are made.
        folder: where a new file is built, see `unfinished`.

    Raises:
        OSError: it cannot be written, with the reason; on a full disk with ENOSPC.
    """
    path = path.resolve()
    with _errors(path):
        if path.exists():
            with _opened(path, wait=_WAIT) as db:
                _write(db, frames, path)
            return
        with unfinished(path, folder) as new, _opened(new, "rwc") as db:
            for pragma in (
                "journal_mode = OFF",
                "synchronous = OFF",
                "locking_mode = EXCLUSIVE",
            ):  # nobody else sees it
                db.execute(f"PRAGMA {pragma}")
            _write(db, frames, path)


def cannot_hold(path: Path) -> str | None:
    """Why a file cannot take decisions, to be said after its name and a colon; None when it can."""
    try:
        with _opened(path.resolve()) as db:
            db.execute("BEGIN IMMEDIATE")
            return _unfit(db, KNOWN)
    except sqlite3.Error as error:
        return _reason(error)


@contextmanager
def _opened(path: Path, mode: str = "rw", wait: float = 0) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode={mode}", wait, isolation_level=None, uri=True)) as db:
        db.execute(f"PRAGMA cache_size = -{_CACHE}")
        try:
            yield db
        finally:
            if db.in_transaction:
                with contextlib.suppress(sqlite3.Error):  # then whoever opens it next undoes it
                    db.execute("ROLLBACK")


def _write(db: sqlite3.Connection, frames: Iterator[pl.DataFrame], path: Path) -> None:
    db.execute("BEGIN IMMEDIATE")
    is_new = not _columns(db)
    before: pl.Schema | None = None
    statement = ""
    for frame in frames:
        if frame.schema != before:
            before, statement = frame.schema, _prepare(db, frame.schema, path)
        db.executemany(statement, zip(*(_plain(column).to_list() for column in frame.get_columns()), strict=True))
    if before is None:
        _prepare(db, pl.Schema(COLUMNS), path)
    if is_new:
        for name, columns in _INDEXES.items():
            db.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {TABLE} ({', '.join(columns)})")
    db.execute("COMMIT")


def _prepare(db: sqlite3.Connection, schema: Mapping[str, pl.DataType], path: Path) -> str:
    """Make the table fit for a frame; the statement that writes its rows."""
    there = _columns(db)
    found = fit(schema, there)
    reason = _unfit(db, {found.places[name]: kind for name, kind in schema.items()})
    if reason is not None:
        raise OSError(errno.EINVAL, reason, str(path))
    made = {name: f"{_quoted(name)} {_type(name, kind)}" for name, kind in found.missing.items()}
    if not there:
        db.execute(f"CREATE TABLE {TABLE} ({', '.join(made.values())})")
    else:
        for column in made.values():
            db.execute(f"ALTER TABLE {TABLE} ADD COLUMN {column}")
    columns = [_quoted(name) for name in found.places.values()]
    ours = [one.name for one in _columns(db).values() if one.name.casefold() in KNOWN or one.type == _LEVEL]
    values = [f"{name} = excluded.{name}" for name in columns if name != _quoted(found.places[KEY])]
    values += [f"{_quoted(name)} = NULL" for name in ours if name not in found.places.values()]
    return (
        f"INSERT INTO {TABLE} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  quoted
        f" ON CONFLICT ({_quoted(found.places[KEY])}) DO UPDATE SET {', '.join(values)}"
    )


def _type(name: str, kind: pl.DataType) -> str:
    if name == KEY:
        return "TEXT NOT NULL PRIMARY KEY"
    if name not in KNOWN and kind == pl.String:
        return _LEVEL
    return "REAL" if kind.is_numeric() else "INTEGER" if kind == pl.Boolean else "TEXT"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---- values as SQLite has them


def _plain(column: pl.Series) -> pl.Series:
    """A column of texts, numbers or nulls: times as in the JSON lines, lists as JSON, yes and no as 1 and 0."""
    kind = column.dtype
    if kind == pl.Datetime:
        return _times(column)
    if kind == NOTIFY:
        who = _in_json(pl.element().struct.field("who"), column.explode().struct.field("who"))
        at = time_text(pl.element().struct.field("at"))
        return _json_lists(column, pl.concat_str(pl.lit('{"who":'), who, pl.lit(',"at":"'), at, pl.lit('"}')))
    if kind == pl.List(pl.String):
        return _json_lists(column, _in_json(pl.element(), column.explode()))
    return column.cast(pl.Int8) if kind == pl.Boolean else column


def _times(column: pl.Series) -> pl.Series:
    if (column.dt.epoch("us") % 1_000_000 == 0).all():
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return pl.select(time_text(pl.lit(column))).to_series()


def _in_json(text: pl.Expr, texts: pl.Series) -> pl.Expr:
    """Texts as JSON strings. They are few in many rows: what a playbook says."""
    written = {one: json.dumps(one, ensure_ascii=False) for one in texts.unique().drop_nulls()}
    return text.replace_strict(written, return_dtype=pl.String)


def _json_lists(lists: pl.Series, each: pl.Expr) -> pl.Series:
    return pl.select(pl.lit("[") + lists.list.eval(each).list.join(",") + pl.lit("]")).to_series()


# ---- whether a table can take them


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    type: str
    required: bool
    default: str | None
    key: int
    computed: bool


def _columns(db: sqlite3.Connection) -> dict[str, _Column]:
    """The columns of the table, none when there is no table."""
    rows = db.execute(f"PRAGMA table_xinfo({TABLE})").fetchall()
    return {
        name: _Column(name, kind.upper(), bool(required), default, key, bool(hidden))
        for _, name, kind, required, default, key, hidden in rows
    }


def _unfit(db: sqlite3.Connection, wanted: Mapping[str, pl.DataType]) -> str | None:
    """Why the table, if there is one, cannot take these columns."""
    kinds = [kind for (kind,) in db.execute("SELECT type FROM sqlite_master WHERE lower(name) = ?", (TABLE,))]
    if not kinds:
        return None
    if kinds != ["table"]:
        return f"it has a {kinds[0]} called {TABLE}"
    there = {one.name.casefold(): one for one in _columns(db).values()}
    key = there.get(KEY)
    if key is None or [one.name for one in there.values() if one.key] != [key.name]:
        return f"it has a table {TABLE} whose primary key is not `{KEY}`"
    for name, kind in wanted.items():
        one = there.get(name.casefold())
        if one is not None and (one.computed or not _takes(one.type, kind)):
            said = "computed" if one.computed else f"of type {one.type}"
            return f"it has a table {TABLE} whose column `{one.name}` is {said}"
    for one in there.values():
        if one.required and one.default is None and one is not key:
            return f"it has a table {TABLE} whose column `{one.name}` must not be empty"
    if not _told_apart(db):
        return f"it has a table {TABLE} that takes different ids for one"
    return None


def _takes(declared: str, kind: pl.DataType) -> bool:
    """Whether a column keeps values as they are. `007` in a column of numbers would be 7.

    Source: SQLite, Datatypes In SQLite, 3.1 Determination Of Column Affinity, https://www.sqlite.org/datatype3.html.
    """
    is_text = "INT" not in declared and any(word in declared for word in ("CHAR", "CLOB", "TEXT"))
    as_given = "INT" not in declared and ("BLOB" in declared or not declared)
    if kind == pl.String:
        return is_text or as_given
    return not is_text if kind.is_numeric() or kind == pl.Boolean else True


def _told_apart(db: sqlite3.Connection) -> bool:
    """Whether ids are compared letter by letter."""
    for _, index, _, origin, _ in db.execute(f"PRAGMA index_list({TABLE})").fetchall():
        if origin == "pk":
            return all(row[4] == "BINARY" for row in db.execute(f"PRAGMA index_xinfo({_quoted(index)})") if row[5])
    return True


# ---- what went wrong


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        number = _ERRNO.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, errno.EINVAL)
        said = os.strerror(number) if number == errno.ENOSPC else _reason(error)
        raise OSError(number, said, str(path)) from error


def _reason(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_NOTADB:
            return "it is no SQLite database"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "another program is writing it"
        case _:
            return f"it cannot be written: {error}"
