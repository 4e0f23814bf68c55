"""What a column map makes of the words in its columns: which of several counts, what part of it, which word it becomes.

A fixed number of passes over whole columns. Only single odd cells are looked at one by one: HTML entities, percent signs
that stand for more than one byte, and rows without an id, whose name is made of their cells.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import polars as pl

from engine.inbox.pick import made_id
from engine.inbox.piece import Column
from engine.inbox.times import in_styles

Cells = Callable[[str], pl.Series]
"""The cells of a column of the source, by its name."""

_ESCAPES = {f"%{at:{form}}": chr(at) for at in range(0x20, 0x7F) for form in ("02X", "02x")}
_MANY_BYTES = "%[89a-fA-F][0-9a-fA-F]"


def supplied(column: Column, cells: Cells, height: int) -> pl.Series:
    """The words that a map makes one field of; null is unknown.

    Args:
        column: what the map says.
        cells: gives the cells of any of `column.sources`.
        height: how many rows there are.

    >>> cells = {"X": pl.Series(["5", "", None]), "Facebook": pl.Series(["", "7", ""])}
    >>> supplied(Column("likes", "X", places=(("X",), ("Facebook",))), cells.get, 3).to_list()
    ['5', '7', None]
    """
    if column.constant is not None:
        return pl.Series([column.constant], dtype=pl.String).new_from_index(0, height)
    places = [_joined([cells(one) for one in place]) for place in column.looked]
    found = _chosen(column, places) if places else pl.Series([None], dtype=pl.String).new_from_index(0, height)
    if found.dtype == pl.String:
        if column.entities:
            found = unescaped(found)
        if column.split is not None:
            found = found.str.replace_all(column.split, ";", literal=True)
        if column.times:
            found = in_styles(found, column.times)
    if column.where is not None:
        name, words = column.where
        found = found.set(~_calm(cells(name)).is_in(list(words)).fill_null(value=False), None)
    return _named(found, [cells(one) for one in column.made_of]) if column.made_of else found


def translated(raw: pl.Series, column: Column) -> pl.Series:
    """Like `supplied`, where the words of the one column are at hand; null stays unknown unless the map has a constant.

    >>> translated(pl.Series(["In", "bot"]), Column("direction", "Kind", None, (("in", "inbound"),))).to_list()
    ['inbound', 'bot']
    """
    return supplied(replace(column, places=(), where=None, made_of=()), lambda _: raw, raw.len())


def _joined(cells: list[pl.Series]) -> pl.Series:
    """Cells side by side with a space between those that have something."""
    first, *rest = cells
    for other in rest:
        both = pl.select(pl.concat_str(first.cast(pl.String), other.cast(pl.String), separator=" ", ignore_nulls=True))
        first = both.to_series().str.strip_chars()
    return first


def _chosen(column: Column, places: list[pl.Series]) -> pl.Series:
    """What counts of the places, in the map's words."""
    plain = not (column.values or column.pattern or column.decoded or column.largest)
    if len(places) == 1 and plain and column.otherwise is None:
        return places[0]
    if len(places) == 1 and places[0].dtype != pl.String:
        return places[0]
    listed, rest = zip(*(_told(column, one.cast(pl.String)) for one in places), strict=True)
    if column.largest:
        found = _largest([_first([ours, theirs]) for ours, theirs in zip(listed, rest, strict=True)])
    else:
        other = _first(list(rest))
        if column.otherwise is not None:
            other = other.set(other.is_not_null(), column.otherwise)
        found = _first([*listed, other])
    if column.field == "text" and column.pattern is None:
        found = _first([found, places[-1]])  # a text may be empty
    return found


def _told(column: Column, raw: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Of each cell the map's word for it, and where the map has none its own; null where there is nothing."""
    if column.pattern is not None:
        raw = raw.str.extract(column.pattern, 1)
    if column.decoded:
        raw = percent_decoded(raw)
    calm = _calm(raw)
    nothing = (calm == "").fill_null(value=False)
    if not column.values:
        return pl.Series([None], dtype=pl.String).new_from_index(0, raw.len()), raw.set(nothing, None)
    words = {source.strip().lower(): word for source, word in column.values}
    ours = calm.replace_strict(words, default=None, return_dtype=pl.String)
    if "" in words.values():
        unknown = (ours == "").fill_null(value=False)
        ours, nothing = ours.set(unknown, None), nothing | unknown
    return ours, raw.set(nothing, None)


def _calm(raw: pl.Series) -> pl.Series:
    return raw.cast(pl.String).str.strip_chars().str.to_lowercase()


def _first(words: list[pl.Series]) -> pl.Series:
    found = words[0]
    for other in words[1:]:
        if not found.null_count():
            break
        found = found.zip_with(found.is_not_null(), other)
    return found


def _largest(words: list[pl.Series]) -> pl.Series:
    """The words with the largest number; where no word is a number, the first word, so that it is seen what it is."""
    found, most = words[0], _number(words[0])
    for other in words[1:]:
        number = _number(other)
        better = (number > most).fill_null(value=False) | (most.is_null() & (number.is_not_null() | found.is_null()))
        found, most = other.zip_with(better, found), number.zip_with(better, most)
    return found


def _number(words: pl.Series) -> pl.Series:
    number = words.cast(pl.Float64, strict=False)
    if number.null_count() == words.null_count():
        return number
    return words.str.replace_all(",", "", literal=True).str.strip_chars().cast(pl.Float64, strict=False)


def _named(found: pl.Series, cells: list[pl.Series]) -> pl.Series:
    """A name for each row that has none, made of its cells; a row whose cells are all empty stays without."""
    found = found.cast(pl.String)
    rows = (found.is_null() | (found.str.strip_chars() == "")).arg_true()
    if not rows.len():
        return found
    told = zip(*(one.gather(rows).cast(pl.String).fill_null("").to_list() for one in cells), strict=True)
    names = [made_id(*one) if any(cell.strip() for cell in one) else None for one in told]
    return found.scatter(rows, pl.Series(names, dtype=pl.String))


def unescaped(raw: pl.Series) -> pl.Series:
    """HTML entities as the characters that they stand for; only words with `&` are touched.

    >>> unescaped(pl.Series(["a &amp; b", None])).to_list()
    ['a & b', None]
    """
    rows = raw.str.contains("&", literal=True).fill_null(value=False).arg_true()
    if not rows.len():
        return raw
    return raw.scatter(rows, pl.Series([html.unescape(one) for one in raw.gather(rows).to_list()], dtype=pl.String))


def percent_decoded(raw: pl.Series) -> pl.Series:
    """What is written as in an address, `%3A` for a colon, as what it stands for.

    >>> percent_decoded(pl.Series(["gp%3AAOq%2B", "caf%C3%A9", "100%", None])).to_list()
    ['gp:AOq+', 'café', '100%', None]
    """
    rows = raw.str.contains(_MANY_BYTES).fill_null(value=False).arg_true()
    done = raw.str.replace_many(_ESCAPES)
    if not rows.len():
        return done
    return done.scatter(rows, pl.Series([unquote(one) for one in raw.gather(rows).to_list()], dtype=pl.String))
