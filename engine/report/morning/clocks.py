"""First answers and resolutions against what was promised: per channel, team, account, and the whole.

Only messages that want an answer count. What a fellow customer answered is counted apart: it keeps no promise of ours
and breaks none. A promise that is not due yet is `open`.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from engine.report.morning.asking import Asked, rows
from engine.report.morning.sheet import Sheet

HOUR = 3600.0

KEYS = {"channel": "channel", "team": "desk", "account": "message.account", "severity": "severity"}
"""By what the clocks are told, and the column that says it."""


def first_answers(sheet: Sheet) -> Asked:
    """Seconds to our first answer, and how often it came in time. `team` null is the desk that reads everything."""
    if not sheet.tells("answered_at"):
        _ = yield {}
        return sheet.lacks("answered_at")
    wanting = sheet.asked.filter("wants")
    measures = [*_answered(), *_kept(sheet, "acknowledge_by", "acknowledge"), *_kept(sheet, "reply_by", "reply")]
    found = yield _parts(wanting, measures)
    return _told(found)


def resolutions(sheet: Sheet) -> Asked:
    """Seconds until a matter was closed, and how often that was in time."""
    if not sheet.tells("resolved_at"):
        _ = yield {}
        return sheet.lacks("resolved_at")
    wanting = sheet.asked.filter("wants")
    measures = [
        pl.len().alias("want_answer"),
        pl.col("solved").sum().alias("resolved"),
        (~pl.col("solved")).sum().alias("not_resolved"),
        pl.col("took").median().alias("median"),
        pl.col("took").quantile(0.9, "linear").alias("p90"),
        *_kept(sheet, "resolve_by", "resolve", "message.resolved_at", "solved"),
    ]
    found = yield _parts(wanting, measures)
    return _told(found)


def _parts(wanting: pl.LazyFrame, measures: list[pl.Expr]) -> dict[str, pl.LazyFrame]:
    grouped = {name: wanting.group_by(pl.col(column).alias(name)).agg(measures) for name, column in KEYS.items()}
    return {"all": wanting.select(measures), **grouped}


def _told(found: dict[str, pl.DataFrame]) -> dict[str, Any]:
    told: dict[str, Any] = {"known": True, "all": rows(found["all"])[0]}
    for name in KEYS:
        ordered = found[name].sort("want_answer", name, descending=[True, False])
        told[f"by_{name}"] = rows(ordered)
    return told


def _answered() -> list[pl.Expr]:
    ours = pl.col("answered") & ~pl.col("peer")
    return [
        pl.len().alias("want_answer"),
        ours.sum().alias("answered"),
        pl.col("peer").sum().alias("answered_by_peers"),
        (~pl.col("answered")).sum().alias("no_answer_known"),
        pl.col("waited").median().alias("median"),
        pl.col("waited").quantile(0.9, "linear").alias("p90"),
        (pl.col("waited") <= HOUR).sum().alias("within_1_hour"),
        (pl.col("waited") <= 24 * HOUR).sum().alias("within_24_hours"),
    ]


def _kept(
    sheet: Sheet, due: str, name: str, done: str = "message.answered_at", is_done: str = "answered"
) -> list[pl.Expr]:
    """How many promises were kept, broken, and are not due yet."""
    by, at = pl.col(due), pl.col(done)
    promised = by.is_not_null() & ~pl.col("peer") if is_done == "answered" else by.is_not_null()
    was = pl.col(is_done)
    passed = (by < pl.lit(sheet.as_of, pl.Datetime("us", "UTC"))).fill_null(value=False)
    return [
        (promised & was & (at <= by)).sum().alias(f"{name}_kept"),
        (promised & ((was & (at > by)) | (~was & passed))).sum().alias(f"{name}_broken"),
        (promised & ~was & ~passed).sum().alias(f"{name}_open"),
    ]
