"""A number has the wrong unit.

Counts are plain numbers, such as `10k`; lengths of time carry their unit, such as `1h`; `%` suits signals and ratios,
never a count.

Wrong:
    define old: thread.age >= 3

Right:
    define old: thread.age >= 3d
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import comparisons
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import Type, type_of
from engine.message import Kind

CODE = "HK304"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every number or length of time whose unit does not suit its name."""
    for comparison in comparisons(playbook):
        for value in comparison.values:
            yield from _wrong(comparison.name, comparison.type, value)
    for score in playbook.scores.values():
        for line in score.lines:
            type_ = type_of(playbook, line.left.text) if isinstance(line, s.PointsPer) else None
            if isinstance(line, s.PointsPer) and line.unit is not None and type_ is not None:
                yield from _wrong(line.left, type_, line.unit)


def _wrong(name: s.Name, type_: Type, value: s.Value) -> Iterator[Diagnostic]:
    match value:
        case s.Duration() if type_.is_number:
            message = f"`{name.text}` is {type_.in_words}, not a length of time"
            yield finding(CODE, SEVERITY, message, value.span, "a plain number belongs here")
        case s.Number() if type_.kind is Kind.DURATION:
            message = f"`{name.text}` is a length of time and needs a unit"
            help_ = f"write `{value.written}m`, `{value.written}h` or `{value.written}d`" if _plain(value) else None
            yield finding(CODE, SEVERITY, message, value.span, "minutes, hours, days?", help=help_)
        case s.Number(written=written) if type_.kind is Kind.COUNT and written.endswith("%"):
            message = f"`{name.text}` is a count, not a share of something"
            yield finding(CODE, SEVERITY, message, value.span, "a plain number belongs here")
        case _:
            pass


def _plain(value: s.Number) -> bool:
    return value.written.replace(".", "", 1).isdigit()
