"""A number can never be reached.

`sentiment` lies between -1 and 1, the other signals between 0 and 1, a rating between 1 and 5, and counts are never
negative. A comparison with a number outside is a slip.

Wrong:
    define furious: sentiment <= -3

Right:
    define furious: sentiment <= -0.8
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import comparisons
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import Type

CODE = "HK303"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every number outside its name's bounds."""
    for comparison in comparisons(playbook):
        type_ = comparison.type
        for value in comparison.values:
            if isinstance(value, s.Number) and type_.is_number and _outside(value.value, type_):
                yield finding(
                    CODE,
                    SEVERITY,
                    f"`{comparison.name.text}` can never be {value.written}",
                    value.span,
                    _bounds(type_),
                )


def _outside(value: float, type_: Type) -> bool:
    return (type_.low is not None and value < type_.low) or (type_.high is not None and value > type_.high)


def _bounds(type_: Type) -> str:
    if type_.low is not None and type_.high is not None:
        return f"it lies between {type_.low:g} and {type_.high:g}"
    return "it is never negative"
