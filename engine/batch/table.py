"""The table `decisions` of a database, whichever it is: its columns and their names, and how a new file gets its name."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine.batch.record import MESSAGE_COLUMNS
from engine.clock import CLOCK_COLUMNS, NOTIFY
from engine.message import SIGNALS

TABLE = "decisions"
KEY = "id"

_TEXT, _LIST, _TIME = pl.String(), pl.List(pl.String), pl.Datetime("us", "UTC")
COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(MESSAGE_COLUMNS, _TEXT),
    "posted_at": _TIME,
    **dict.fromkeys(("decision", "team", "severity", "exposure"), _TEXT),
    **dict.fromkeys((one.name for one in SIGNALS), pl.Float64()),
    "rule": _TEXT,
    "path": _LIST,
    "because": _TEXT,
    "unknown": _LIST,
    **dict.fromkeys(CLOCK_COLUMNS, _TIME),
    "notify": NOTIFY,
    "tags": _LIST,
    **dict.fromkeys(("priority", "assign", "reply"), _TEXT),
    "pause_publishing": pl.Boolean(),
    **dict.fromkeys(("playbook", "playbook_version", "engine_version"), _TEXT),
}
"""The columns of every playbook's decisions. Beside them stand the levels of its further scales, and `why`."""

KNOWN = COLUMNS | {"why": _TEXT}


@dataclass(frozen=True, slots=True)
class Fit:
    """How a frame's columns lie in the table: `places` by their names there, `missing` those to be added, with types."""

    places: dict[str, str]
    missing: dict[str, pl.DataType]


def fit(schema: Mapping[str, pl.DataType], present: Collection[str]) -> Fit:
    """Find each column of a frame in a table that has the columns `present`.

    Databases take `Mood` and `mood` for one name, playbooks do not. Of two scales the one that came first has the name,
    the other is called `mood (2)`, in this run and in all later ones; no scale can have a bracket in its name.

    >>> fit({"id": pl.String(), "Mood": pl.String(), "mood": pl.String()}, ["ID"]).places
    {'id': 'ID', 'Mood': 'Mood', 'mood': 'mood (2)'}
    """
    taken = {name.casefold(): name for name in present}
    wanted = {name: kind for name, kind in KNOWN.items() if name in COLUMNS or name in schema}
    ordered = [*wanted, *(name for name in schema if name not in wanted)]
    places: dict[str, str] = {}
    for name in ordered:
        tries = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
        place = next(one for one in tries if name in KNOWN or _is_free(one, taken))
        places[name] = taken.setdefault(place.casefold(), place)
    in_order = [*schema, *(name for name in wanted if name not in schema)]
    kinds = {**schema, **wanted}
    missing = {places[name]: kinds[name] for name in in_order if places[name] not in present}
    return Fit({name: places[name] for name in schema}, missing)


def _is_free(name: str, taken: Mapping[str, str]) -> bool:
    """Whether a scale can have this name: no other column's, nor one that every decision has."""
    return name.casefold() not in KNOWN and taken.get(name.casefold(), name) == name


@contextlib.contextmanager
def unfinished(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """Where a new file is built: it gets its name in the end, and is gone when something went wrong.

    Args:
        path: its place.
        folder: where it is built, on the same file system, by nobody else; None for beside its place, where a process
            that is killed leaves it.

    Raises:
        FileExistsError: somebody else made a file of this name meanwhile. It stays.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.unfinished") if folder is None else folder / "database"
    left = [new.with_name(new.name + ending) for ending in ("", "-journal", ".wal")]
    for file in left:  # of a process that was killed
        file.unlink(missing_ok=True)
    try:
        yield new
        with new.open("r+b") as opened:
            os.fsync(opened.fileno())
        _name(new, path)
    finally:
        for file in left:
            file.unlink(missing_ok=True)


def _name(new: Path, path: Path) -> None:
    """Give a file its name, never another file's."""
    try:
        path.hardlink_to(new)
    except FileExistsError:
        raise
    except OSError:  # a file system without second names
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        new.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
