"""Decisions that were written before, as a table: from JSON lines, CSV, Parquet, SQLite or DuckDB."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from engine.batch.databases import DUCKDB, SQLITE, read_decisions
from engine.batch.output import ENDINGS
from engine.batch.record import schema_of
from engine.clock import NOTIFY

_NEEDED = ("id", "decision", "rule")
_MANY = " | "


class DecisionsError(Exception):
    """A file holds no decisions that can be read; the message says why, for people."""


def load_decisions(path: Path) -> pl.DataFrame:
    """The decisions of a file, one row each, with the columns of `engine.batch.record.as_frame` that it has.

    Raises:
        DecisionsError: it is not there, no file of decisions, or damaged.
    """
    if not path.is_file():
        raise DecisionsError(f"there is no file {path}")
    try:
        match path.suffix.lower():
            case ".jsonl":
                found = _lines(path)
            case ".csv":
                found = pl.read_csv(path, infer_schema=False)
            case ".parquet":
                found = pl.read_parquet(path)
            case suffix if suffix in SQLITE + DUCKDB:
                found = read_decisions(path)
            case _:
                raise DecisionsError(f"{path}: decisions are in a file that ends in {', '.join(ENDINGS)}")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError, ValueError) as error:
        raise DecisionsError(f"{path} cannot be read as decisions: {str(error).splitlines()[0]}") from None
    missing = [name for name in _NEEDED if name not in found.columns]
    if missing:
        raise DecisionsError(f"{path} holds no decisions: it has no {' and no '.join(missing)}")
    return _typed(found)


def _lines(path: Path) -> pl.DataFrame:
    with path.open("rb") as file:
        first = file.readline()
    if not first.strip():
        return pl.DataFrame(schema=dict.fromkeys(_NEEDED, pl.String))
    keys = json.loads(first)
    schema: dict[str, Any] = dict.fromkeys(keys, pl.String())
    known = schema_of()
    for name in keys:
        kind = known.get(name)
        if name == "notify":
            schema[name] = pl.List(pl.Struct({"who": pl.String, "at": pl.String}))
        elif name == "why":
            del schema[name]
        elif kind is not None and not isinstance(kind, pl.Datetime):
            schema[name] = kind
    return pl.read_ndjson(path, schema=schema)


def _typed(found: pl.DataFrame) -> pl.DataFrame:
    """Columns that came as text, in their own types."""
    known = schema_of()
    columns = []
    for name, dtype in found.schema.items():
        kind = known.get(name)
        column = pl.col(name)
        if kind is None or dtype == kind:
            columns.append(column)
        elif isinstance(kind, pl.Datetime):
            columns.append(column.cast(kind) if isinstance(dtype, pl.Datetime) else _time(column).alias(name))
        elif name == "notify":
            columns.append(_notify(column, dtype).alias(name))
        elif kind == pl.List(pl.String):
            columns.append(_words(column).alias(name))
        elif kind == pl.Boolean:
            said = column.cast(pl.String).str.to_lowercase()
            columns.append(said.is_in(["true", "1"]).alias(name))
        else:
            columns.append(column.cast(kind, strict=False))
    return found.select(columns)


def _time(column: pl.Expr) -> pl.Expr:
    return column.replace("", None).str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)


def _words(column: pl.Expr) -> pl.Expr:
    """A list that was written as a JSON array, or with ` | ` between its words as CSV has it."""
    array = column.str.starts_with("[") & column.str.ends_with("]")
    decoded = pl.when(array).then(column).otherwise(pl.lit("[]")).str.json_decode(pl.List(pl.String))
    split = (
        pl.when(column.fill_null("") == "")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(column.str.split(_MANY))
    )
    return pl.when(array).then(decoded).otherwise(split)


def _notify(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Who is told and when: a list of both, the same as JSON, or `who time` between ` | `."""
    if isinstance(dtype, pl.List):
        at = pl.element().struct.field("at")
        at = (
            at
            if dtype.inner == NOTIFY.inner
            else at.cast(pl.String).str.to_datetime("%+", time_unit="us", time_zone="UTC")
        )
        return column.list.eval(pl.struct(pl.element().struct.field("who"), at.alias("at")))
    array = column.str.starts_with("[")
    told = pl.List(pl.Struct({"who": pl.String, "at": pl.String}))
    decoded = pl.when(array).then(column).otherwise(pl.lit("[]")).str.json_decode(told)
    parts = pl.element().str.extract_groups(r"^(?<who>.*) (?<at>[^ ]+)$")
    split = column.replace("", None).str.split(_MANY).list.eval(parts).fill_null([])
    both = pl.when(array).then(decoded).otherwise(split.cast(told))
    return both.list.eval(
        pl.struct(
            pl.element().struct.field("who"),
            pl.element().struct.field("at").str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False),
        )
    )


def joined(decisions: pl.DataFrame, batches: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Decisions with what their messages were, and the messages from us: a sheet (see `engine.batch.sheet`).

    Args:
        decisions: from `load_decisions`.
        batches: messages of the inbox that they were made of, in its order, with `direction` and `thread`.
    """
    messages = pl.concat(batches, how="diagonal_relaxed").unique("id", keep="first", maintain_order=True)
    named = messages.rename({name: f"message.{name}" for name in messages.columns})
    known = decisions.join(named, left_on="id", right_on="message.id", how="left", maintain_order="left")
    known = known.with_columns(
        pl.col("id").alias("message.id"), pl.coalesce("thread", "message.thread").alias("thread")
    )
    ours = messages.filter(pl.col("direction") == "outbound")
    rest = ours.select("id", "thread", "posted_at", "channel", "lang").hstack(
        ours.rename({name: f"message.{name}" for name in ours.columns})
    )
    return pl.concat([known, rest], how="diagonal_relaxed")
