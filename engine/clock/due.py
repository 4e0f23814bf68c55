"""Deadlines and who is told: what an ending promises, counted from the message.

What is due after the year 9999 is not due.

The clock of a promise starts at the oldest message of the conversation that we have not answered, so that who asks again
does not wait longer; `follow up` and ladders start at the message itself. A message without a time has no deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.clock.hours import SECOND, Calendar, Micros
from engine.evaluate.columns import Decided
from engine.plan import Deadline, Ending, OpenHours, Plan

CLOCK_COLUMNS = {
    "acknowledge_by": "acknowledge",
    "reply_by": "reply",
    "resolve_by": "resolve",
    "follow_up_at": "follow up",
}
"""The columns of a record, each with the modifier that fills it."""

WAITING = "waiting.since"
"""The column with the time of the oldest unanswered message, where the import tells it."""

_TIME = pl.Datetime("us", "UTC")
NOTIFY = pl.List(pl.Struct({"who": pl.String, "at": _TIME}))


def due(plan: Plan, messages: pl.DataFrame, decided: Decided) -> dict[str, pl.Series]:
    """The deadlines of a batch and who is told when, one row a message.

    Returns:
        `CLOCK_COLUMNS` (Datetime us UTC, null where there is none), and `notify` (List of Struct who, at).
    """
    posted = messages["posted_at"].cast(_TIME)
    waiting = _waiting(messages, posted)
    columns = {name: np.zeros(messages.height, np.int64) for name in CLOCK_COLUMNS}
    known = {name: np.zeros(messages.height, bool) for name in CLOCK_COLUMNS}
    timed = posted.is_not_null().to_numpy()
    begins = {name: series.dt.epoch("us").fill_null(0).to_numpy() for name, series in (("w", waiting), ("p", posted))}
    ending_of = np.array([way[-1].outcome if way and way[-1].outcome is not None else -1 for way, _ in decided.ways])
    endings = ending_of[decided.code] if len(ending_of) else np.zeros(0, np.int64)
    told: list[pl.DataFrame] = []
    for number, ending in enumerate(plan.endings):
        if not ending.deadlines and not ending.rungs:
            continue
        rows = np.flatnonzero((endings == number) & timed)
        if not len(rows):
            continue
        for name, deadline in _by_column(ending).items():
            start = begins["p" if name == "follow_up_at" else "w"][rows]
            columns[name][rows], known[name][rows] = _due(plan, deadline, start)
        if ending.rungs:
            rows = rows[_later(begins["p"][rows], _last_rung(ending))[1]]
            told.append(_rungs(ending, rows, begins["p"][rows]))
    found = {
        name: pl.Series(name, columns[name]).cast(_TIME).set(pl.Series(~known[name]), None) for name in CLOCK_COLUMNS
    }
    nobody = pl.Series("notify", [[]], dtype=NOTIFY).new_from_index(0, messages.height)
    if told:
        everyone = pl.DataFrame({"row": np.arange(messages.height)})
        people = everyone.join(pl.concat(told), on="row", how="left", maintain_order="left")["notify"]
        nobody = pl.select(pl.coalesce(people, nobody).alias("notify")).to_series()
    found["notify"] = nobody
    return found


def _rungs(ending: Ending, rows: Micros, posted: Micros) -> pl.DataFrame:
    """Who is told of these messages, and when."""
    each = [
        pl.struct(pl.lit(who).alias("who"), (pl.col("posted") + round(after * SECOND)).cast(_TIME).alias("at"))
        for after, who in ending.rungs
    ]
    frame = pl.DataFrame({"row": rows, "posted": posted})
    return frame.select(pl.col("row").cast(pl.Int64), pl.concat_list(each).cast(NOTIFY).alias("notify"))


def due_one(plan: Plan, ending: Ending, message: Mapping[str, Any]) -> dict[str, datetime | None]:
    """The deadlines of one message, by the columns of a record."""
    found: dict[str, datetime | None] = dict.fromkeys(CLOCK_COLUMNS)
    posted = message.get("posted_at")
    if posted is None:
        return found
    for name, deadline in _by_column(ending).items():
        start = posted if name == "follow_up_at" else message.get(WAITING) or posted
        value, known = _due(plan, deadline, np.array([_micros(start)]))
        found[name] = _moment(int(value[0])) if known[0] else None
    return found


def notify_one(ending: Ending, message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who is told of one message, and when."""
    posted = message.get("posted_at")
    if posted is None or not ending.rungs or not _later(np.array([_micros(posted)]), _last_rung(ending))[1][0]:
        return []
    return _told(ending, _micros(posted))


def _last_rung(ending: Ending) -> float:
    return max(after for after, _ in ending.rungs)


def _told(ending: Ending, posted: int) -> list[dict[str, Any]]:
    return [{"who": who, "at": _moment(posted + round(after * SECOND))} for after, who in ending.rungs]


def _by_column(ending: Ending) -> dict[str, Deadline]:
    kinds = {one.kind: one for one in ending.deadlines}
    return {name: kinds[kind] for name, kind in CLOCK_COLUMNS.items() if kind in kinds}


def _due(plan: Plan, deadline: Deadline, start: Micros) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """When a promise is due that begins at these moments, and whether it ever is."""
    if deadline.hours is None:
        return _later(start, deadline.within)
    calendar = _calendar(plan.hours[deadline.hours])
    value, known = calendar.after(start, round(min(deadline.within, _LONGEST) * SECOND))
    if deadline.otherwise is None:
        return value, known
    inside = calendar.is_open(start)
    other, there = _later(start, deadline.otherwise)
    return np.where(inside, value, other), np.where(inside, known, there)


_LAST = 253_402_300_799 * SECOND
"""The end of the year 9999, the last that a date can have."""
_LONGEST = 1e10
"""Seconds, some three hundred years: nothing longer can be reached within the calendar."""


def _later(start: Micros, seconds: float) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """So long after these moments, and whether that is a date."""
    value = start + round(min(seconds, 1e12) * SECOND)
    return np.minimum(value, _LAST), value <= _LAST


@lru_cache(maxsize=64)
def _calendar(hours: OpenHours) -> Calendar:
    return Calendar(hours)


def _waiting(messages: pl.DataFrame, posted: pl.Series) -> pl.Series:
    if WAITING not in messages.columns:
        return posted
    return pl.select(pl.coalesce(messages[WAITING].cast(_TIME), posted)).to_series()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
