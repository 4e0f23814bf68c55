"""No business hours have this name.

A deadline such as `reply within 1h in care hours` counts only the time in which those hours are open.

Wrong:
    outcome soon
      respond publicly reply within 1h in care hours

Right:
    hours care in "Asia/Tokyo"
      mon-fri 09:00-18:00
    outcome soon
      respond publicly reply within 1h in care hours
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import clocks
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK209"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every deadline in hours that are not declared."""
    for clock in clocks(playbook):
        name = clock.hours
        if name is None or name.text in playbook.hours or name.text in playbook.broken:
            continue
        yield finding(
            CODE,
            SEVERITY,
            f"no hours are called `{name.text}`",
            name.span,
            "not declared here or in a used file",
            help=unknown_name(name.text, playbook.hours),
        )
