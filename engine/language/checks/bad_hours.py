"""Business hours contradict themselves.

A shift ends after it begins; shifts of one day do not overlap; days run forward from `mon` to `sun`. A shift past
midnight is two: `mon 22:00-24:00` and `tue 00:00-06:00`.

Wrong:
    hours care in "Asia/Tokyo"
      mon-fri 18:00-09:00

Right:
    hours care in "Asia/Tokyo"
      mon-fri 09:00-18:00
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.bad_date_or_time import is_time
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK310"
SEVERITY = Severity.ERROR

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every shift, day span and closed day that contradicts itself or another one."""
    for hours in playbook.hours.values():
        shifts = [line for line in hours.lines if isinstance(line, s.Shift)]
        for shift in shifts:
            yield from _backwards(shift)
        yield from _overlapping(shifts)
        yield from _closed_twice(hours)


def _backwards(shift: s.Shift) -> Iterator[Diagnostic]:
    for days in shift.days:
        if DAYS.index(days.first) > DAYS.index(days.last):
            message = f"{days.first} comes after {days.last} in the week"
            help_ = (
                f"write `{days.first}-sun, mon-{days.last}`" if days.last != "mon" else f"write `{days.first}-sun, mon`"
            )
            yield finding(CODE, SEVERITY, message, days.span, "days run from mon to sun", help=help_)
    for opening in shift.openings:
        if _exists(opening) and opening.closes.minute <= opening.opens.minute:
            message = "this shift ends before it begins"
            help_ = "a shift past midnight is written as two: until `24:00`, and from `00:00` on the next day"
            yield finding(CODE, SEVERITY, message, opening.span, help=help_)


def _overlapping(shifts: list[s.Shift]) -> Iterator[Diagnostic]:
    reported: set[int] = set()
    for day in range(len(DAYS)):
        openings = [opening for shift in shifts if _on(shift, day) for opening in shift.openings if _exists(opening)]
        openings.sort(key=lambda one: (one.opens.minute, one.closes.minute, one.span.start))
        longest: s.Opening | None = None
        for one in openings:
            if longest is not None and one.opens.minute < longest.closes.minute:
                early, late = sorted((longest, one), key=lambda o: o.span.start)
                if late.span.start not in reported:
                    reported.add(late.span.start)
                    also = [(early.span, "the other one")]
                    message = f"two shifts overlap on {DAYS[day]}"
                    yield finding(CODE, SEVERITY, message, late.span, "this one", also=also)
            if longest is None or one.closes.minute > longest.closes.minute:
                longest = one


def _closed_twice(hours: s.Hours) -> Iterator[Diagnostic]:
    seen: dict[str, s.Day] = {}
    for line in hours.lines:
        for day in line.days if isinstance(line, s.Closed) else ():
            earlier = seen.setdefault(day.written, day)
            if earlier is not day:
                also = [(earlier.span, "first here")]
                yield finding(CODE, SEVERITY, f"{day.written} is closed twice", day.span, "again here", also=also)


def _on(shift: s.Shift, day: int) -> bool:
    return any(DAYS.index(days.first) <= day <= DAYS.index(days.last) for days in shift.days)


def _exists(opening: s.Opening) -> bool:
    return is_time(opening.opens, closing=False) and is_time(opening.closes, closing=True)
