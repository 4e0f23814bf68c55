"""A scale or signal has no such level.

A level is one of the words that the scale declares, or one of those that a signal has: `negative`, `neutral`,
`positive` for `sentiment`; `unlikely`, `possible`, `likely` for `troll`.

Wrong:
    define bully: troll is likly

Right:
    define bully: troll is likely
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.comparing import compared_levels, listed, owner_of_level
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK205"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every level that nothing has."""
    for comparison, value in compared_levels(playbook):
        name, levels = comparison.name.text, comparison.type.levels
        if value.text in levels or owner_of_level(playbook, value.text, but=name):
            continue
        yield finding(
            CODE,
            SEVERITY,
            f"`{name}` has no level `{value.text}`",
            value.span,
            f"it is {listed(levels)}",
            help=unknown_name(value.text, levels),
        )
