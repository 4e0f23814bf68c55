"""A number is not written as numbers are written here.

A count is written in digits: `1000`, `1.5`, or short as `10k`, `2M`, `20%`. A duration is digits and one letter: `30s`,
`15m`, `1h`, `3d`, `2w`. No space stands between the two, no comma between thousands. Points carry a sign, `+10`, and a
time of day is written `09:00`.

Wrong:
    define loud: author.followers >= 10,000

Right:
    define loud: author.followers >= 10k
"""

from __future__ import annotations

import re

from engine.language.checks.around import previous, rest_of_line
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK103"
SEVERITY = Severity.ERROR

_NUMBER = "a number"
_DURATION = "a duration such as 30m"
_POINTS = "points such as +10"
_TIME = "a time such as 09:00"
_DATE = "a date such as 2026-12-31"
_LIKE_A_NUMBER = re.compile(r"[+-]?\d+(?:[.,:]\w+)*(?:-\d[\d-]*)?\w*%?")
_THOUSANDS = re.compile(r"(?:,\d{3})+(?!\d)")
_DIGITS = re.compile(r"[\d.]+")
_UNIT = re.compile(
    r"(?:k|m|thousand|million|s|sec|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?|percent)(?!\w)|[千万億秒分日週%％]|時間",
    re.IGNORECASE,
)
_HOW = (
    (_POINTS, "points need a sign, such as `+10` or `-5`"),
    (_TIME, "a time of day is written such as `09:00`"),
    (_DATE, "a date is written such as `2026-12-31`"),
)


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    source, start = trouble.span.source, trouble.span.start
    rest, before = rest_of_line(trouble), previous(trouble)
    if before and _DIGITS.fullmatch(before.text):
        thousands = _THOUSANDS.match(rest) if before.end == start else None
        if thousands:
            span = Span(source, before.start, start + thousands.end())
            return _diagnostic("a number has no commas in it", span, f"write `{span.text.replace(',', '')}`")
        unit = _UNIT.match(rest)
        if unit and before.line == trouble.span.line:
            return _diagnostic(
                "a number and its unit are one word", Span(source, before.start, start + unit.end()), None
            )
    found = _LIKE_A_NUMBER.match(rest)
    if found is None or not _wants_a_number(trouble):
        return None
    span = Span(source, start, start + found.end())
    for kind, how in _HOW:
        if kind in trouble.expected and _NUMBER not in trouble.expected:
            return finding(CODE, SEVERITY, how, span, "not written so")
    if trouble.expected >= {_NUMBER, _DURATION}:
        return _diagnostic(f"`{span.text}` is not a number as they are written here", span, None)
    if _DURATION in trouble.expected:
        return finding(CODE, SEVERITY, "a length of time needs its unit", span, "how long?", help=_units(time=True))
    return finding(CODE, SEVERITY, f"a plain number belongs here, not `{span.text}`", span, help=None)


def _wants_a_number(trouble: Trouble) -> bool:
    return bool(trouble.expected & {_NUMBER, _DURATION, _POINTS, _TIME, _DATE})


def _diagnostic(message: str, span: Span, label: str | None) -> Diagnostic:
    return finding(CODE, SEVERITY, message, span, label or "", help=_units(time=False))


def _units(*, time: bool) -> str:
    durations = "`30s`, `15m`, `1h`, `3d`, `2w`"
    return (
        f"lengths of time are {durations}"
        if time
        else f"amounts are `1000`, `10k`, `2M`, `20%`; lengths of time {durations}"
    )
