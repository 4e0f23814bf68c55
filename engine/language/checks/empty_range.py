"""A range begins above its end.

`between` names the lower end first, and both ends belong to it. The other way round nothing lies in it.

Wrong:
    define some: shares between 100 and 10

Right:
    define some: shares between 10 and 100
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import comparisons, size
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK305"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every range in which nothing lies."""
    for comparison in comparisons(playbook):
        condition = comparison.condition
        if not isinstance(condition, s.Between) or type(condition.low) is not type(condition.high):
            continue
        low, high = size(condition.low, comparison.type), size(condition.high, comparison.type)
        if low is not None and high is not None and low > high:
            first, last = condition.low.span.text, condition.high.span.text
            yield finding(
                CODE,
                SEVERITY,
                "nothing lies in this range",
                condition.low.span.to(condition.high.span),
                f"{first} is above {last}",
                help=f"write `between {last} and {first}`",
            )
