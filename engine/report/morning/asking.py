"""Figures ask for frames, and all of them are answered in one reading of the sheet.

A figure is a generator: it yields the lazy frames that it needs, by name, gets them collected, and returns a `dict` that
JSON can hold.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl

from engine.message import time_text

Asked = Generator[dict[str, pl.LazyFrame], dict[str, pl.DataFrame], dict[str, Any]]


def answers(asking: Mapping[str, Asked]) -> dict[str, dict[str, Any]]:
    """Run generators side by side, collecting what they ask for together."""
    wanted = {name: next(one) for name, one in asking.items()}
    places = [(name, key) for name, frames in wanted.items() for key in frames]
    collected = pl.collect_all([wanted[name][key] for name, key in places])
    given: dict[str, dict[str, pl.DataFrame]] = {name: {} for name in asking}
    for (name, key), frame in zip(places, collected, strict=True):
        given[name][key] = frame
    found: dict[str, dict[str, Any]] = {}
    for name, one in asking.items():
        try:
            one.send(given[name])
        except StopIteration as done:
            found[name] = done.value
        else:
            msg = f"`{name}` asked twice"
            raise AssertionError(msg)
    return found


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A small frame's rows as JSON can hold them: times in UTC as texts, numbers that are none as null."""
    return [{name: jsonable(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def jsonable(value: Any) -> Any:
    """A value as JSON can hold it.

    >>> jsonable(datetime(2026, 3, 9, 7, 41, tzinfo=UTC)), jsonable(float("nan"))
    ('2026-03-09T07:41:00Z', None)
    """
    match value:
        case datetime():
            return time_text(value.astimezone(UTC))
        case float() if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  is no number
            return None
        case float():
            return round(value, 4)
        case list():
            return [jsonable(one) for one in value]
        case dict():
            return {name: jsonable(one) for name, one in value.items()}
        case _:
            return value


def different(name: str) -> pl.Expr:
    """How many different values a column has; null where none is known, as unknown is not zero."""
    column = pl.col(name)
    return pl.when(column.count() > 0).then(column.drop_nulls().n_unique())
