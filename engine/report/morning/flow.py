"""What came and what was decided: decisions, the time line, severity by exposure, per day, requests per channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from engine.report.morning.asking import Asked, different, rows
from engine.report.morning.sheet import SOCIAL, Sheet

_DAYS = ("1h", "1d")
_MOST_DAYS = 120


def decisions(sheet: Sheet) -> Asked:
    """How often each decision was taken, the most frequent first."""
    found = yield {"of": sheet.asked.group_by("decision", "team").agg(pl.len().alias("messages"))}
    ordered = found["of"].sort("messages", "decision", "team", descending=[True, False, False])
    return {"known": True, "messages": sheet.inbound, "of": rows(ordered)}


def timeline(sheet: Sheet) -> Asked:
    """Decisions over time; `from` is the beginning of each piece, in UTC, and `every` its length."""
    parts = sheet.asked.filter(pl.col("bucket").is_not_null())
    found = yield {"of": parts.group_by(pl.col("bucket").alias("from"), "decision").agg(pl.len().alias("messages"))}
    ordered = found["of"].sort("from", "decision")
    untimed = sheet.inbound - int(ordered["messages"].sum())
    return {"known": sheet.first is not None, "every": sheet.every, "untimed": untimed, "of": rows(ordered)}


def heat(sheet: Sheet) -> Asked:
    """How many messages each pair of severity and exposure has, and how many of them wait for us."""
    pairs = sheet.asked.filter(pl.col("severity").is_not_null() | pl.col("exposure").is_not_null())
    found = yield {"of": pairs.group_by("severity", "exposure").agg(pl.len().alias("messages"), _waiting(sheet))}
    ordered = found["of"].sort("messages", "severity", "exposure", descending=[True, False, False])
    return {
        "known": ordered.height > 0,
        "severity": list(sheet.scales["severity"]),
        "exposure": list(sheet.scales["exposure"]),
        "of": rows(ordered),
    }


def _waiting(sheet: Sheet) -> pl.Expr:
    """How many wait for an answer; null when the file does not tell of answers."""
    if not sheet.tells("answered_at"):
        return pl.lit(None, pl.UInt32).alias("waiting")
    return (pl.col("wants") & ~pl.col("answered")).sum().alias("waiting")


def per_day(sheet: Sheet) -> Asked:
    """Messages opened, first answered and resolved, per day (per longer piece where there are many days)."""
    every = sheet.every if sheet.every not in _DAYS else "1d"

    def by(name: str, rows_of: pl.LazyFrame, moment: str) -> pl.LazyFrame:
        day = pl.col(moment).dt.convert_time_zone(sheet.zone).dt.truncate(every).alias("from")
        return rows_of.filter(pl.col(moment).is_not_null()).group_by(day).agg(pl.len().alias(name))

    asked = {"opened": by("opened", sheet.asked, "posted_at")}
    if sheet.tells("answered_at"):
        asked["answered"] = by("answered", sheet.asked.filter("answered"), "message.answered_at")
    if sheet.tells("resolved_at"):
        asked["resolved"] = by("resolved", sheet.asked.filter("solved"), "message.resolved_at")
    found = yield asked
    days = pl.concat([one.select("from") for one in found.values()]).unique()
    for counted in found.values():
        days = days.join(counted, on="from", how="left")
    told = rows(days.sort("from").fill_null(0))
    for one in told:
        one |= {name: None for name in ("answered", "resolved") if name not in one}
    counts = [one["opened"] for one in told]
    middle = pl.Series(counts, dtype=pl.Int64).median()
    return {
        "known": bool(told),
        "every": every,
        "median_opened": middle,
        "answered_known": sheet.tells("answered_at"),
        "resolved_known": sheet.tells("resolved_at"),
        "of": told,
    }


def requests(sheet: Sheet) -> Asked:
    """Number and complexity of requests per channel; `turns` are the messages of a conversation, ours included."""
    asked = {
        "of": sheet.asked.group_by("channel").agg(
            pl.len().alias("messages"),
            pl.col("wants").sum().alias("want_answer"),
            different("thread").alias("conversations"),
        )
    }
    if sheet.tells("thread.turns"):
        of_thread = sheet.frame.filter(pl.col("thread").is_not_null() & pl.col("channel").is_not_null())
        turns = of_thread.group_by("channel", "thread").agg(
            pl.col("message.thread.turns").max().alias("turns"), (~pl.col("ours")).any().alias("asked")
        )
        asked["turns"] = (
            turns.filter("asked")
            .group_by("channel")
            .agg(
                pl.col("turns").median().alias("turns_median"),
                pl.col("turns").quantile(0.9, "linear").alias("turns_p90"),
                (pl.col("turns") > 5).sum().alias("long"),
            )
        )
    found = yield asked
    table = found["of"]
    if "turns" in found:
        table = table.join(found["turns"], on="channel", how="left")
    else:
        nothing = pl.lit(None, pl.Float64)
        table = table.with_columns(nothing.alias("turns_median"), nothing.alias("turns_p90"), nothing.alias("long"))
    table = table.with_columns(pl.col("channel").is_in(SOCIAL).alias("social"))
    return {
        "known": True,
        "turns_known": "turns" in found,
        "of": rows(table.sort("messages", "channel", descending=[True, False])),
    }


def spans(every: str) -> timedelta:
    """About how long a piece of the time line is.

    >>> spans("1d").days
    1
    """
    days = {"1h": 1 / 24, "1d": 1, "1w": 7, "1mo": 30.4, "1q": 91.3, "1y": 365.25, "10m": 1 / 144}
    return timedelta(days=days[every])


def empty() -> dict[str, Any]:
    """A figure without anything in it.

    >>> empty()["known"]
    False
    """
    return {"known": False, "of": []}
