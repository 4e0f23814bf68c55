"""An inbox, its pieces, and what reading a piece gives: the words that every format and every caller share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from engine.message import FIELD, Kind

PIECE_SIZE = 16 * 1024 * 1024
"""Bytes of a piece of a text format, and about the bytes of text in a piece of Parquet."""

EXTRA = "extra."


class InboxError(Exception):
    """The file cannot be read at all. The message is one clear paragraph for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where one message field comes from: a column of the source, several, or the same value in every row.

    `places` are where to look, in order, when that is more than `source`, which then is the first column named; a place
    of several columns is their cells with a space between. Of a cell, `pattern` (a regular expression with one group)
    takes a part, `decoded` its percent-decoded form; then `values` translates words (compared without case and outer
    spaces; `""` is unknown), and a word that is not in it is kept, or becomes `otherwise`. The first place that has
    something counts, one whose word is in `values` before all others; with `largest` the one with the largest number.

    `entities` says that the source wrote `&amp;` for `&`, `times` are the source's own styles of times, `split` stands
    between the words of a list. `where` names a column and the words (calm) that it must have for this one to count.
    `made_of` are columns whose cells make a name for a row that has none.
    """

    field: str
    source: str | None = None
    constant: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    entities: bool = False
    places: tuple[tuple[str, ...], ...] = ()
    largest: bool = False
    otherwise: str | None = None
    pattern: str | None = None
    decoded: bool = False
    times: tuple[str, ...] = ()
    split: str | None = None
    where: tuple[str, tuple[str, ...]] | None = None
    made_of: tuple[str, ...] = ()

    @property
    def looked(self) -> tuple[tuple[str, ...], ...]:
        """Where to look, in order; nowhere for a constant."""
        return self.places or (() if self.source is None else ((self.source,),))

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column that must be read for it, each once."""
        named = [one for place in self.looked for one in place]
        return tuple(dict.fromkeys([*named, *((self.where[0],) if self.where else ()), *self.made_of]))


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
    """One import that can be read: a file, or an export of several files. Picklable: it goes to worker processes.

    Attributes:
        path: the file that is read; one made for the occasion where the export's own cannot be read in pieces.
        name: what people call it.
        format: the format's name.
        columns: how to read it.
        why: how the format was recognised, for people.
        sure: how sure that is; one of `SURE`.
        rows: how the file at `path` is made: `jsonl`, `delimited` or `parquet`.
        sources: the export's own files, path and name, where `path` is not one of them.
        dropped: what in the export is no message, and how often it is there.
    """

    path: str
    name: str
    format: str
    columns: Columns = field(default_factory=Columns)
    why: str = ""
    sure: str = "certain"
    rows: str = "jsonl"
    sources: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, int], ...] = ()


SURE = ("certain", "likely", "a guess")


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
