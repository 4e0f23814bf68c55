"""Business hours as intervals of time: when a desk is open, and when so much open time has gone by.

A moment is open when the wall clock of the zone stands within a shift of a day that is not closed. So a shift into which the
clocks jump begins when they have jumped, and what the clocks show twice is open twice. Days are those of the zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from engine.plan import OpenHours

Micros = npt.NDArray[np.int64]
"""Microseconds since 1970 UTC."""

SECOND = 1_000_000
DAY = 86_400 * SECOND
_MINUTE = 60 * SECOND
_THURSDAY = 3
"""The weekday of 1970-01-01, Monday being 0."""
_AHEAD = 60 * DAY
_FARTHEST = 40 * 366 * DAY
"""A desk that opens for too little in forty years never gets there."""
_FROM, _UNTIL = 0, 7_258_118_400 * SECOND
"""1970 and 2200: nobody knows the hours of a desk before or after, and a message of the year 1 has a broken time."""


@dataclass(slots=True)
class Calendar:
    """The open intervals of some hours, as far as they were needed so far.

    Cost grows with the days between the first and the last moment asked for.
    """

    hours: OpenHours
    first: int = 0
    last: int = 0
    opens: Micros = field(default_factory=lambda: np.zeros(0, np.int64))
    closes: Micros = field(default_factory=lambda: np.zeros(0, np.int64))
    before: Micros = field(default_factory=lambda: np.zeros(1, np.int64))
    """Open time before each interval, and in all of them at the end."""

    def is_open(self, moments: Micros) -> npt.NDArray[np.bool_]:
        """Whether each moment is open; the moment of closing is not, and no moment is before 1970 or after 2200."""
        moments = np.where((moments >= _FROM) & (moments < _UNTIL), moments, _FROM - 1)
        self._cover(moments)
        at = np.searchsorted(self.opens, moments, "right") - 1
        inside = np.maximum(at, 0)
        return (at >= 0) & (moments < self.closes[inside]) if len(self.opens) else np.zeros(len(moments), bool)

    def after(self, moments: Micros, length: int) -> tuple[Micros, npt.NDArray[np.bool_]]:
        """When so many microseconds of open time have gone by since each moment, and whether they ever do.

        What is due when a shift ends is due then, not when the next one begins. Before 1970 and after 2200 nothing is due.
        """
        known = (moments >= _FROM) & (moments < _UNTIL)
        if not known.any():
            return moments, known
        moments = np.where(known, moments, moments[known][0])
        self._cover(moments)
        start = self._open_before(moments)
        end = int(moments.max())
        ahead = _AHEAD
        while int(start.max()) + length > int(self.before[-1]) and ahead < _FARTHEST:
            ahead *= 2
            self._extend(self.first, end + ahead)
            start = self._open_before(moments)
        target = start + length
        at = np.searchsorted(self.before[1:], target, "left")
        there = at < len(self.opens)
        at = np.minimum(at, max(len(self.opens) - 1, 0))
        if not len(self.opens):
            return moments, np.zeros(len(moments), bool)
        return self.opens[at] + target - self.before[at], there & known

    def _open_before(self, moments: Micros) -> Micros:
        """How much open time there was from the beginning up to each moment."""
        if not len(self.opens):
            return np.zeros(len(moments), np.int64)
        at = np.searchsorted(self.opens, moments, "right") - 1
        inside = np.maximum(at, 0)
        passed = np.clip(moments - self.opens[inside], 0, self.closes[inside] - self.opens[inside])
        return np.where(at >= 0, self.before[inside] + passed, 0)

    def _cover(self, moments: Micros) -> None:
        inside = moments[moments >= _FROM]
        if len(inside):
            low, high = int(inside.min()), int(inside.max())
            if self.first == self.last:
                self._extend(low - DAY, high + _AHEAD)
            elif low < self.first or high > self.last:
                self._extend(min(low - DAY, self.first), max(high + _AHEAD, self.last))

    def _extend(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.opens, self.closes = _intervals(self.hours, first, last)
        self.before = np.concatenate([[0], np.cumsum(self.closes - self.opens)]).astype(np.int64)


def _intervals(hours: OpenHours, first: int, last: int) -> tuple[Micros, Micros]:
    """The open intervals between two moments, in order, those that touch joined."""
    opens: list[Micros] = []
    closes: list[Micros] = []
    for start, end, offset in _offsets(ZoneInfo(hours.zone), first, last):
        days = np.arange((start + offset) // DAY, (end + offset - 1) // DAY + 1)
        days = days[~np.isin(days, hours.closed)]
        weekdays = (days + _THURSDAY) % 7
        for weekday, shifts in enumerate(hours.weekly):
            here = days[weekdays == weekday] * DAY - offset
            for opening, closing in shifts:
                opens.append(np.clip(here + opening * _MINUTE, start, end))
                closes.append(np.clip(here + closing * _MINUTE, start, end))
    if not opens:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begin, finish = np.concatenate(opens), np.concatenate(closes)
    some = finish > begin
    order = np.lexsort((finish[some], begin[some]))
    begin, finish = begin[some][order], finish[some][order]
    if not len(begin):
        return begin, finish
    latest = np.maximum.accumulate(finish)
    apart = np.concatenate([[True], begin[1:] > latest[:-1]])
    ends = np.concatenate([np.flatnonzero(apart)[1:] - 1, [len(begin) - 1]])
    return begin[apart], latest[ends]


def _offsets(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int, int]]:
    """The stretches between two moments in which the zone is as far from UTC, each with how far."""
    moments = [*range(first, last, DAY // 2), last]
    stretches: list[tuple[int, int, int]] = []
    start, offset = first, _offset(zone, first)
    for before, after in pairwise(moments):
        if _offset(zone, after) == offset:
            continue
        low, high = before, after
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            if middle <= low:
                break
            if _offset(zone, middle) == offset:
                low = middle
            else:
                high = middle
        high = -(-high // SECOND) * SECOND if high % SECOND else high
        stretches.append((start, high, offset))
        start, offset = high, _offset(zone, high)
    stretches.append((start, last, offset))
    return stretches


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _offset(zone: ZoneInfo, moment: int) -> int:
    """How far the zone is from UTC at a moment, in microseconds."""
    try:
        there = (_EPOCH + timedelta(microseconds=moment)).astimezone(zone).utcoffset()
    except OverflowError:
        return 0
    return (there or timedelta(0)) // timedelta(microseconds=1)
