"""Open hours against a calendar that is asked minute by minute, in zones where clocks jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine.clock.hours import SECOND, Calendar
from engine.plan import OpenHours

ZONES = ("UTC", "Asia/Tokyo", "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia")  # fmt: skip
JUMPS = (
    "2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2024-02-29", "2026-12-31", "2011-12-30", "2026-03-22",
)  # fmt: skip
CALENDARS = 400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def drawn(random: Random) -> OpenHours:
    weekly: list[tuple[tuple[int, int], ...]] = []
    for _ in range(7):
        marks = sorted(random.sample(range(0, 1441, random.choice((1, 15, 30))), random.choice((0, 2, 2, 4))))
        weekly.append(tuple(zip(marks[::2], marks[1::2], strict=True)))
    if not any(weekly):
        weekly[random.randrange(7)] = ((0, 1440),)
    jump = (date.fromisoformat(random.choice(JUMPS)) - date(1970, 1, 1)).days
    closed = tuple(sorted({jump + random.randint(-3, 3) for _ in range(random.randint(0, 3))}))
    return OpenHours("care", random.choice(ZONES), tuple(weekly), closed)


def is_open(hours: OpenHours, moment: datetime) -> bool:
    """By the wall clock, and nothing else."""
    there = moment.astimezone(ZoneInfo(hours.zone))
    if (there.date() - date(1970, 1, 1)).days in hours.closed:
        return False
    minute = there.hour * 60 + there.minute
    return any(opens <= minute < closes for opens, closes in hours.weekly[there.weekday()])


def by_minutes(hours: OpenHours, start: datetime, minutes: int) -> datetime | None:
    """When so many open minutes have gone by, counted one after the other; None when that takes more than sixty days."""
    moment, left = start, minutes
    for _ in range(60 * 1440):
        if is_open(hours, moment):
            left -= 1
        moment += timedelta(minutes=1)
        if not left:
            return moment
    return None


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def test_open_time_is_counted_as_minute_by_minute() -> None:
    random = Random(29)
    compared = 0
    for _ in range(CALENDARS):
        hours = drawn(random)
        middle = datetime.fromisoformat(random.choice(JUMPS)).replace(tzinfo=UTC)
        starts = [middle + timedelta(minutes=random.randint(-4 * 1440, 2 * 1440)) for _ in range(3)]
        minutes = random.choice((1, 15, 60, 480, random.randint(1, 1500)))
        due, known = Calendar(hours).after(np.array([micros(one) for one in starts]), minutes * 60 * SECOND)
        opened = Calendar(hours).is_open(np.array([micros(one) for one in starts]))
        for start, at, there, now in zip(starts, due.tolist(), known.tolist(), opened.tolist(), strict=True):
            assert now == is_open(hours, start), (hours, start)
            expected = by_minutes(hours, start, minutes)
            if expected is not None:
                assert there
                assert at == micros(expected), (hours, start, minutes, EPOCH + timedelta(microseconds=at), expected)
                compared += 1
    assert compared > CALENDARS * 2


def test_a_desk_that_never_opens_is_never_due() -> None:
    never = OpenHours("never", "UTC", ((),) * 7, ())
    due, known = Calendar(never).after(np.array([0, 10**15]), SECOND)
    assert not known.any()
    assert not Calendar(never).is_open(np.array([0])).any()
    assert len(due) == 2


def test_a_rare_desk_is_waited_for() -> None:
    rare = OpenHours("rare", "UTC", (((0, 1),), *((),) * 6), ())
    due, known = Calendar(rare).after(np.array([0]), 200 * 60 * SECOND)
    assert known.all()
    weeks = (EPOCH + timedelta(microseconds=int(due[0])) - EPOCH).days / 7
    assert 199 <= weeks <= 201


@pytest.mark.parametrize("moment", [-62_135_596_800 * SECOND, 253_402_300_799 * SECOND])
def test_the_ends_of_time_have_no_open_hours(moment: int) -> None:
    always = OpenHours("always", "Asia/Tokyo", (((0, 1440),),) * 7, ())
    due, known = Calendar(always).after(np.array([moment, 10**15]), 60 * SECOND)
    assert known.tolist() == [False, True]
    assert due[1] == 10**15 + 60 * SECOND
    assert Calendar(always).is_open(np.array([moment, 10**15])).tolist() == [False, True]
