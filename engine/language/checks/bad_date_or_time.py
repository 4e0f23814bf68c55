"""A date or a time of day does not exist.

Dates are days of the calendar, year-month-day. Times run from `00:00` to `23:59`; `24:00` may end a day, never begin
one.

Wrong:
    hours care in "Asia/Tokyo"
      mon-fri 09:00-25:00
      closed 2026-02-30

Right:
    hours care in "Asia/Tokyo"
      mon-fri 09:00-24:00
      closed 2026-02-28
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK121"
SEVERITY = Severity.ERROR

MIDNIGHT = 24 * 60


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every time and date that is none."""
    for hours in playbook.hours.values():
        for line in hours.lines:
            if isinstance(line, s.Closed):
                yield from (_no_day(day) for day in line.days if not _is_day(day))
                continue
            for opening in line.openings:
                if not is_time(opening.opens, closing=False):
                    yield _no_time(opening.opens)
                if not is_time(opening.closes, closing=True):
                    yield _no_time(opening.closes)


def is_time(time: s.TimeOfDay, *, closing: bool) -> bool:
    """Whether a clock can show it; `24:00` only where something closes."""
    if closing and time.minute == MIDNIGHT:
        return time.written.endswith(":00")
    return time.minute < MIDNIGHT and int(time.written.split(":")[1]) < 60


def _is_day(day: s.Day) -> bool:
    try:
        date(*map(int, day.written.split("-")))
    except ValueError:
        return False
    return True


def _no_day(day: s.Day) -> Diagnostic:
    return finding(CODE, SEVERITY, f"there is no day {day.written}", day.span, "not in the calendar")


def _no_time(time: s.TimeOfDay) -> Diagnostic:
    if time.minute == MIDNIGHT:
        return finding(CODE, SEVERITY, "24:00 can only end a day", time.span, help="a day begins at `00:00`")
    return finding(CODE, SEVERITY, f"there is no time {time.written}", time.span, "not on the clock")
