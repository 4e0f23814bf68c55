"""A priority does not exist.

A decision's priority is `low`, `normal`, `high` or `urgent`.

Wrong:
    outcome soon
      respond publicly priority asap

Right:
    outcome soon
      respond publicly priority urgent
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision import PRIORITIES
from engine.language.checks.comparing import listed
from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import modifier_names
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK213"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every priority that is none."""
    for name in modifier_names(playbook, "priority"):
        if name.text not in PRIORITIES:
            yield finding(
                CODE,
                SEVERITY,
                f"there is no priority `{name.text}`",
                name.span,
                f"it is {listed(PRIORITIES)}",
                help=unknown_name(name.text, PRIORITIES),
            )
