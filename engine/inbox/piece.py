"""An inbox, its pieces, and what reading a piece gives: the words that every format and every caller share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from engine.message import FIELD, Kind

RAW_CAP = 64 * 1024
"""Bytes of an unreadable row that are kept."""

PIECE_SIZE = 16 * 1024 * 1024
"""Bytes of a piece of a text format, and about the bytes of text in a piece of Parquet."""

EXTRA = "extra."


class InboxError(Exception):
    """The file cannot be read at all. The message is one clear paragraph for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where one message field comes from: a column of the source, or the same value in every row.

    `values` translates the source's words (compared without case and outer spaces); a word that is not in it is kept.
    `entities` says that the source wrote `&amp;` for `&`.
    """

    field: str
    source: str | None = None
    constant: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    entities: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """How to read the file: which column is which field, and how the bytes become rows.

    `columns` is empty for JSONL in Hikeshi's own names, where every key is its own field. `header` holds all columns of
    the source in order (text formats with a header). `start` is the byte where the rows begin, `first_line` the line
    (from 1) that begins there. `zone` is the zone of times without one, None when there is none.
    """

    columns: tuple[Column, ...] = ()
    header: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    start: int = 0
    first_line: int = 1
    zone: str | None = None

    def of(self, name: str) -> Column | None:
        """The column that supplies a message field, or None."""
        return next((one for one in self.columns if one.field == name), None)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One file that can be read. Picklable: it goes to worker processes."""

    path: str
    name: str
    format: str
    columns: Columns = field(default_factory=Columns)
    why: str = ""
    """How the format was recognised, for people."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `start` to `end` of a text format, or row groups `start` to `end` of Parquet (`end` not included)."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One unreadable row. `line` counts from 1, relative to the piece; add the lines of the pieces before it."""

    line: int
    reason: str
    raw: bytes

    @classmethod
    def of(cls, line: int, reason: str, raw: bytes) -> Quarantined:
        """Like the constructor, but keeps at most `RAW_CAP` bytes and says in the reason how many were cut.

        >>> Quarantined.of(3, "Not JSON.", b"x" * 70000).reason
        'Not JSON. (4464 of its 70000 bytes are cut)'
        """
        cut = len(raw) - RAW_CAP
        return cls(line, f"{reason} ({cut} of its {len(raw)} bytes are cut)" if cut > 0 else reason, raw[:RAW_CAP])


@dataclass(slots=True)
class Batch:
    """What reading a piece gives.

    `messages` has exactly the asked fields, typed, in the asked order, then `line` (UInt32, from 1, relative to the
    piece). `lines` is how many source lines the piece has.
    """

    messages: pl.DataFrame
    quarantined: list[Quarantined]
    lines: int


DTYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CATEGORY: pl.String(),
    Kind.COUNT: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.DURATION: pl.Float64(),
    Kind.YES_NO: pl.Boolean(),
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.LIST: pl.List(pl.String()),
}
"""The column type of each kind; a duration is in seconds."""


class Declared(Protocol):
    """A mapping from `extra.NAME` to its kind."""

    def get(self, name: str, default: Kind, /) -> Kind:
        """The declared kind, or the default."""


def kinds(fields: Sequence[str], declared: Declared) -> dict[str, Kind]:
    """The kind of each asked field; an extra that nobody declared is text.

    Raises:
        ValueError: a name is neither a message field nor `extra.NAME` (a mistake of the programmer).
    """
    found: dict[str, Kind] = {}
    for name in fields:
        if name in FIELD:
            found[name] = FIELD[name].kind
        elif name.startswith(EXTRA) and name != EXTRA:
            found[name] = declared.get(name, Kind.TEXT)
        else:
            msg = f"no message field is called {name!r}"
            raise ValueError(msg)
    return found
