"""What needs a person now: overdue, critical, hand-offs, tasks, follow-ups; and the trolls that were set aside."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from engine.decision import HAND_OFF, IGNORE_AS_TROLL
from engine.report.morning.asking import Asked, different, jsonable, rows
from engine.report.morning.sheet import Sheet

SOON = timedelta(hours=24)
_TIME = pl.Datetime("us", "UTC")


def now(sheet: Sheet) -> Asked:
    """Counts of what waits. Where the file does not tell of answers, `overdue` is null and `due_passed` counts."""
    top = sheet.scales["severity"][-1] if sheet.scales["severity"] else None
    waits = pl.col("wants") & ~pl.col("answered")
    critical = pl.col("severity") == pl.lit(top, pl.String)
    handed = pl.col("decision") == HAND_OFF
    moment = pl.lit(sheet.as_of, _TIME)
    passed = (pl.col("wants") & (pl.col("due") < moment)).fill_null(value=False)
    told = sheet.tells("answered_at")

    def waiting(what: pl.Expr) -> pl.Expr:
        return (waits & what).sum() if told else pl.lit(None, pl.UInt32)

    found = yield {
        "all": sheet.asked.select(
            waiting=waiting(pl.lit(value=True)),
            overdue=pl.col("late").sum() if told else pl.lit(None, pl.UInt32),
            answer_overdue=waiting(passed),
            due_passed=passed.sum(),
            due_soon=(
                pl.col("wants")
                & ~passed
                & (pl.col("due") <= moment + SOON)
                & ~pl.col("answered").fill_null(value=False)
            )
            .fill_null(value=False)
            .sum(),
            critical=critical.sum(),
            critical_waiting=waiting(critical),
            handed_off=handed.sum(),
            handed_off_waiting=waiting(handed),
            pause_publishing=pl.col("pause_publishing").fill_null(value=False).sum(),
        ),
        "teams": sheet.asked.filter(handed)
        .group_by("team")
        .agg(
            pl.len().alias("messages"),
            waiting(pl.lit(value=True)).alias("waiting"),
            critical.sum().alias("critical"),
            (pl.col("late").sum() if told else pl.lit(None, pl.UInt32)).alias("overdue"),
        ),
    }
    return {
        "known": True,
        "as_of": jsonable(sheet.as_of),
        "answers_known": told,
        "resolutions_known": sheet.tells("resolved_at"),
        "top_severity": top,
        **rows(found["all"])[0],
        "hand_offs": rows(found["teams"].sort("messages", "team", descending=[True, False])),
    }


def tasks(sheet: Sheet) -> Asked:
    """Task use and completion: hand-offs and assignments made, answered, resolved; per team or desk."""
    given = sheet.asked.filter((pl.col("decision") == HAND_OFF) | pl.col("assign").is_not_null())
    nothing = pl.lit(None, pl.UInt32)
    measures = [
        pl.len().alias("made"),
        (pl.col("answered").sum() if sheet.tells("answered_at") else nothing).alias("answered"),
        (pl.col("solved").sum() if sheet.tells("resolved_at") else nothing).alias("resolved"),
    ]
    found = yield {"all": given.select(measures), "of": given.group_by(pl.col("desk").alias("team")).agg(measures)}
    return {
        "known": True,
        "messages": sheet.inbound,
        "answered_known": sheet.tells("answered_at"),
        "resolved_known": sheet.tells("resolved_at"),
        **rows(found["all"])[0],
        "of": rows(found["of"].sort("made", "team", descending=[True, False])),
    }


def follow_ups(sheet: Sheet) -> Asked:
    """How many follow-ups are due at the moment that is spoken of, in the day after it, and later; per severity."""
    promised = sheet.asked.filter(pl.col("follow_up_at").is_not_null())
    moment = pl.lit(sheet.as_of, _TIME)
    at = pl.col("follow_up_at")
    measures = [
        (at <= moment).sum().alias("due"),
        ((at > moment) & (at <= moment + SOON)).sum().alias("next_day"),
        (at > moment + SOON).sum().alias("later"),
    ]
    found = yield {"all": promised.select(measures), "of": promised.group_by("severity").agg(measures)}
    ordered = found["of"].sort("due", "next_day", "severity", descending=[True, True, False])
    return {"known": sheet.as_of is not None, **rows(found["all"])[0], "by_severity": rows(ordered)}


def trolls(sheet: Sheet) -> Asked:
    """Messages set aside as trolls, with the reasons, and how sure the signal was."""
    aside = sheet.asked.filter(pl.col("decision") == IGNORE_AS_TROLL)
    found = yield {
        "of": aside.group_by("because").agg(pl.len().alias("messages"), pl.col("troll").median().alias("troll_median")),
        "all": aside.select(
            pl.len().alias("messages"),
            different("message.author.id").alias("authors"),
        ),
    }
    told = rows(found["all"])[0]
    ordered = found["of"].sort("messages", "because", descending=[True, False])
    return {"known": True, **told, "of": rows(ordered)}
