"""Spikes on the time line: pieces of time with far more messages than the same series had before.

Assumption: a piece is a spike when it has at least `LEAST` messages and more than the median of the pieces before it
(two weeks of them at the most, six hours of them at the least) plus four times the distance from that median to their
ninth decile, a distance of at least a third of the median, of its square root and of one message. The square root is what chance alone
gives to counts; medians and deciles are not moved by the spikes before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from engine.report.morning.asking import jsonable
from engine.report.morning.sheet import Sheet

LEAST = 8
FAR = 4.0
MOST_SHOWN = 20
_DAY = timedelta(days=1)
_MOST_PIECES = 200_000
_WINDOWS = {"1h": (336, 6), "10m": (144, 6)}
"""How many pieces before a piece are looked at, and how many it takes to know what is usual."""


@dataclass(frozen=True, slots=True)
class Interval:
    """When a watch of the playbook was open; `closed` None: it still is. `key` is what the watch counts by, if it does."""

    watch: str
    key: str | None
    opened: datetime
    closed: datetime | None


def series(sheet: Sheet) -> tuple[str, pl.DataFrame]:
    """Messages to us in equal pieces of time: `from` (UTC), `messages`; and the length of a piece."""
    is_short = sheet.first is None or sheet.last is None or sheet.last - sheet.first < _DAY
    every = "10m" if is_short else "1h"
    start = pl.col("posted_at").dt.truncate(every).alias("from")
    counted = sheet.asked.filter(pl.col("posted_at").is_not_null()).group_by(start).agg(pl.len().alias("messages"))
    found = counted.collect().sort("from")
    if found.height < 2:
        return every, found
    first, last = found["from"][0], found["from"][-1]
    if (last - first) / (timedelta(hours=1) if every == "1h" else timedelta(minutes=10)) > _MOST_PIECES:
        return every, found
    whole = pl.DataFrame({"from": pl.datetime_range(first, last, every, time_zone="UTC", eager=True)})
    return every, whole.join(found, on="from", how="left").with_columns(pl.col("messages").fill_null(0)).sort("from")


def by_rule(every: str, counts: pl.DataFrame) -> list[dict[str, Any]]:
    """The spikes of a series, each `from`, `to`, `messages`, the `peak` of a piece and what was `usual`; in order of time."""
    window, least = _WINDOWS[every]
    before = pl.col("messages").cast(pl.Float64).shift(1)
    middle = before.rolling_median(window, min_samples=least)
    high = before.rolling_quantile(0.9, "linear", window, min_samples=least)
    away = pl.max_horizontal(high - middle, middle / 3, middle.sqrt(), pl.lit(1.0))
    marked = counts.with_columns(usual=middle, limit=middle + FAR * away).with_columns(
        spike=(pl.col("messages") >= LEAST) & (pl.col("messages") > pl.col("limit")).fill_null(value=False)
    )
    length = timedelta(hours=1) if every == "1h" else timedelta(minutes=10)
    found: list[dict[str, Any]] = []
    for one in marked.filter("spike").iter_rows(named=True):
        start = one["from"]
        if found and start - found[-1]["to"] <= length:
            last = found[-1]
            last["to"] = start + length
            last["messages"] += one["messages"]
            last["peak"] = max(last["peak"], one["messages"])
        else:
            found.append(
                {
                    "from": start,
                    "to": start + length,
                    "messages": one["messages"],
                    "peak": one["messages"],
                    "usual": one["usual"],
                    "watch": None,
                    "key": None,
                }
            )
    return found


def from_watches(
    watches: Sequence[Interval], every: str, counts: pl.DataFrame, end: datetime | None
) -> list[dict[str, Any]]:
    """The intervals of the playbook's watches as spikes, with what came in them."""
    found = []
    length = timedelta(hours=1) if every == "1h" else timedelta(minutes=10)
    for one in sorted(watches, key=lambda it: (it.opened, it.watch, it.key or "")):
        opened = one.opened.astimezone(UTC)
        last = one.closed.astimezone(UTC) if one.closed else end or opened
        inside = counts.filter((pl.col("from") > opened - length) & (pl.col("from") <= last))
        found.append(
            {
                "from": opened,
                "to": last,
                "is_open": one.closed is None,
                "messages": int(inside["messages"].sum()) if inside.height else 0,
                "peak": inside["messages"].max() if inside.height else 0,
                "usual": counts.filter(pl.col("from") < opened)["messages"].median(),
                "watch": one.watch,
                "key": one.key,
            }
        )
    return found


def spikes(sheet: Sheet, watches: Sequence[Interval] | None) -> dict[str, Any]:
    """The figure. `of` holds the strongest, in order of time; `line` the series, for the chart."""
    every, counts = series(sheet)
    found = by_rule(every, counts) if watches is None else from_watches(watches, every, counts, sheet.as_of)
    strongest = sorted(found, key=lambda one: (-one["peak"], one["from"]))[:MOST_SHOWN]
    strongest.sort(key=lambda one: (one["from"], one["to"]))
    return {
        "known": counts.height > 0,
        "watched": watches is not None,
        "every": every,
        "found": len(found),
        "of": jsonable(strongest),
        "line": _drawn(counts, sheet.zone),
    }


def _drawn(counts: pl.DataFrame, zone: str) -> list[dict[str, Any]]:
    """At most so many pieces as a chart can show, in UTC; of joined pieces the highest stands, so that no spike is lost."""
    most = 400
    if counts.height <= most:
        return [{"from": jsonable(moment), "messages": n} for moment, n in counts.iter_rows()]
    for longer in ("6h", "1d", "1w", "1mo", "1y"):
        start = pl.col("from").dt.convert_time_zone(zone).dt.truncate(longer)
        joined = counts.group_by(start).agg(pl.col("messages").max()).sort("from")
        if joined.height <= most or longer == "1y":
            break
    return [{"from": jsonable(moment), "messages": n} for moment, n in joined.iter_rows()]
