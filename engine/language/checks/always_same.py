"""A comparison is always true, or never.

`shares >= 0` holds for every message whose shares are known, and `author.followers < 0` for none. To ask whether a
number is known, write `is known`.

Wrong:
    define shared: shares >= 0

Right:
    define shared: shares >= 1
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import Comparison, comparisons, size
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import Role

CODE = "HK505"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every comparison of the playbook's own file that decides nothing."""
    for comparison in comparisons(playbook):
        if not playbook.is_main(comparison.condition.span):
            continue
        outcome = _always(comparison)
        if outcome is not None:
            word = "always" if outcome else "never"
            message = f"this is {word} true, whenever `{comparison.name.text}` is known"
            yield finding(CODE, SEVERITY, message, comparison.condition.span, _why(comparison))


def _bounds(comparison: Comparison, value: s.Value) -> tuple[float | None, float | None]:
    type_ = comparison.type
    if not isinstance(value, s.Name):
        return type_.low, type_.high
    return (0, len(type_.levels) - 1) if type_.levels else (None, None)


def _always(comparison: Comparison) -> bool | None:
    """True or False when the comparison always is; None when it depends."""
    condition = comparison.condition
    match condition:
        case s.Compare(operator=operator, value=value):
            number = size(value, comparison.type)
            low, high = _bounds(comparison, value)
            if number is None:
                return None
            if operator in {">=", "<"} and low is not None and number == low:
                return operator == ">="
            return operator == "<=" if operator in {"<=", ">"} and high is not None and number == high else None
        case s.Between(low=first, high=last) if type(first) is type(last):
            low, high = _bounds(comparison, first)
            ends = size(first, comparison.type), size(last, comparison.type)
            return True if None not in ends and ends == (low, high) else None
        case _:
            return None


def _why(comparison: Comparison) -> str:
    type_ = comparison.type
    if type_.role is Role.SCALE or any(isinstance(value, s.Name) for value in comparison.values):
        return f"it lies between `{type_.levels[0]}` and `{type_.levels[-1]}`"
    if type_.high is None:
        return f"it is never below {type_.low:g}"
    return f"it lies between {type_.low:g} and {type_.high:g}"
