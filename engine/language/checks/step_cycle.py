"""Steps lead in a circle.

A message goes from step to step until it is decided. When steps lead back to an earlier one, it might never be.

Wrong:
    playbook "Acme"
    step start
      otherwise -> step care
    step care
      otherwise -> step start

Right:
    playbook "Acme"
    step start
      otherwise -> step care
    step care
      otherwise -> respond publicly
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.circles import circles
from engine.language.checks.finding import finding
from engine.language.checks.parts import ways_on
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK404"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every way on that closes a circle."""
    nodes: dict[str, s.Step | s.Matrix] = {**playbook.matrices, **playbook.steps}
    for name, path in circles({node: list(ways_on(one)) for node, one in nodes.items()}):
        message = f"steps lead in a circle: {' -> '.join(path)}"
        yield finding(CODE, SEVERITY, message, name.span, "this leads back")
