"""A number is larger than anything that can be counted.

Numbers go up to a quadrillion (1 followed by 15 zeros); beyond that they would no longer be exact.

Wrong:
    define loud: shares >= 10000000000000000

Right:
    define loud: shares >= 10k
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import amounts
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK122"
SEVERITY = Severity.ERROR

LARGEST = 1e15
"""Whole numbers up to 2**53, about 9e15, are exact as floats (IEEE 754); sums of points need room below that."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every number and length of time beyond all measure."""
    for amount in amounts(playbook):
        size = amount.value if isinstance(amount, s.Number) else amount.seconds
        if not abs(size) <= LARGEST:
            yield finding(CODE, SEVERITY, "this number is too large", amount.span, "more than 1,000,000,000,000,000")
