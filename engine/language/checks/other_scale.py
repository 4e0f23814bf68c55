"""A scale is compared with a level of another scale.

Each scale has its own levels, and a level of one says nothing about another.

Wrong:
    scale severity: low < high
      high when text asks a question
      low  otherwise
    scale reach_class: few < many
      many when severity is many
      few  otherwise

Right:
    scale severity: low < high
      high when text asks a question
      low  otherwise
    scale reach_class: few < many
      many when severity is high
      few  otherwise
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.comparing import compared_levels, listed, owner_of_level
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK302"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every level that belongs to another scale or signal."""
    for comparison, value in compared_levels(playbook):
        name, levels = comparison.name.text, comparison.type.levels
        owner = None if value.text in levels else owner_of_level(playbook, value.text, but=name)
        if owner is not None:
            yield finding(
                CODE,
                SEVERITY,
                f"`{value.text}` is a level of `{owner}`, not of `{name}`",
                value.span,
                f"`{name}` is {listed(levels)}",
            )
