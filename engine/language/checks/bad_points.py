"""A line of a score cannot be counted.

`+1 per 1k author.followers` needs something with an amount, and an amount above zero; `at most` needs a number that is
not negative.

Wrong:
    score risk
      +1 per product

Right:
    score risk
      +1 per shares
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import Type, type_of
from engine.message import Kind

CODE = "HK309"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every line of points that cannot be worked out."""
    for score in playbook.scores.values():
        for line in score.lines:
            if isinstance(line, s.PointsEach) and line.at_most is not None and line.at_most.value < 0:
                yield finding(CODE, SEVERITY, "`at most` cannot be negative", line.at_most.span)
            if isinstance(line, s.PointsPer):
                yield from _wrong_per(playbook, line)


def _wrong_per(playbook: Playbook, line: s.PointsPer) -> Iterator[Diagnostic]:
    type_, name = type_of(playbook, line.left.text), line.left.text
    if type_ is not None and not _has_amount(type_):
        message = f"`{name}` is {type_.in_words}, which has no amount to give points for"
        yield finding(CODE, SEVERITY, message, line.left.span, "a count, a number or a length of time belongs here")
        return
    amount = line.unit.value if isinstance(line.unit, s.Number) else line.unit.seconds if line.unit else 1
    if line.unit is not None and amount <= 0:
        message = f"points cannot be given for every {line.unit.written}"
        yield finding(CODE, SEVERITY, message, line.unit.span, "an amount above zero belongs here")
    elif line.unit is None and type_ is not None and type_.kind is Kind.DURATION:
        message = f"`{name}` is a length of time: say for how much of it the points are"
        yield finding(CODE, SEVERITY, message, line.left.span, help=f"write `per 1h {name}`")


def _has_amount(type_: Type) -> bool:
    return type_.is_number or type_.kind is Kind.DURATION
