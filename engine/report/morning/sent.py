"""Our own messages: how many, and how far they reached."""

from __future__ import annotations

import polars as pl

from engine.report.morning.asking import Asked, different, rows
from engine.report.morning.sheet import Sheet

_MET = ("reach", "views", "likes", "shares", "replies")
_ENGAGED = ("likes", "shares", "replies")
_SHOWN = 10
_CLIP = 200


def sent(sheet: Sheet) -> Asked:
    """Reach and engagement of sent messages per channel, and the furthest; a sum is null where nothing is known.

    `engagement` is likes, shares and replies together, of the messages of which at least one of the three is known.
    """
    if not sheet.outbound:
        _ = yield {}
        return {"known": False, "needs": ["message.direction"]}
    numbers = {name: pl.col(f"message.{name}") for name in _MET}
    engaged = pl.sum_horizontal(numbers[name] for name in _ENGAGED)
    some = pl.any_horizontal(numbers[name].is_not_null() for name in _ENGAGED)
    ours = sheet.sent.with_columns(engagement=pl.when(some).then(engaged))
    measures = [
        pl.len().alias("sent"),
        different("thread").alias("conversations"),
        *(pl.when(one.count() > 0).then(one.sum()).alias(name) for name, one in numbers.items()),
        pl.when(pl.col("engagement").count() > 0).then(pl.col("engagement").sum()).alias("engagement"),
        pl.col("engagement").median().alias("engagement_median"),
        pl.col("engagement").count().alias("engagement_known"),
        numbers["reach"].count().alias("reach_known"),
    ]
    far = pl.max_horizontal(numbers["reach"], numbers["views"], "engagement")
    found = yield {
        "all": ours.select(measures),
        "of": ours.group_by("channel").agg(measures),
        "furthest": ours.with_columns(far=far)
        .filter(pl.col("far") > 0)
        .sort("far", "row", descending=[True, False])
        .head(_SHOWN)
        .select(
            "id",
            "channel",
            "posted_at",
            pl.col("message.text").str.slice(0, _CLIP).alias("text"),
            *(one.alias(name) for name, one in numbers.items()),
            "engagement",
        ),
    }
    return {
        "known": True,
        **rows(found["all"])[0],
        "of": rows(found["of"].sort("sent", "channel", descending=[True, False])),
        "furthest": rows(found["furthest"]),
    }
