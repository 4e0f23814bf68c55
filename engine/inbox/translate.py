"""What a column map does to a column's words: constants, other words, HTML entities."""

from __future__ import annotations

import html

import polars as pl

from engine.inbox.piece import Column


def translated(raw: pl.Series, column: Column) -> pl.Series:
    """The column's words as the map wants them; null stays unknown, unless the map has a constant.

    >>> translated(pl.Series(["In", "bot"]), Column("direction", "Kind", None, (("in", "inbound"),))).to_list()
    ['inbound', 'bot']
    """
    if column.constant is not None:
        return pl.Series([column.constant], dtype=pl.String).new_from_index(0, raw.len())
    if raw.dtype == pl.String and column.values:
        words = {source.strip().casefold(): word for source, word in column.values}
        calm = raw.str.strip_chars().str.to_lowercase()
        raw = calm.replace_strict(words, default=raw, return_dtype=pl.String)
    if raw.dtype == pl.String and column.entities:
        raw = unescaped(raw)
    return raw


def unescaped(raw: pl.Series) -> pl.Series:
    """HTML entities as the characters that they stand for; only words with `&` are touched.

    >>> unescaped(pl.Series(["a &amp; b", None])).to_list()
    ['a & b', None]
    """
    rows = raw.str.contains("&", literal=True).fill_null(value=False).arg_true()
    if not rows.len():
        return raw
    return raw.scatter(rows, pl.Series([html.unescape(one) for one in raw.gather(rows).to_list()], dtype=pl.String))
