"""No step is called `start`.

Every message begins at the step or matrix called `start`. A file that only declares words for others needs none.

Wrong:
    playbook "Acme"
    step begin
      otherwise -> no reply needed

Right:
    playbook "Acme"
    step start
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK401"
SEVERITY = Severity.ERROR

START = "start"


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """The first step of a playbook that begins nowhere."""
    if START in playbook.steps or START in playbook.matrices or START in playbook.broken:
        return
    every: tuple[s.Step | s.Matrix, ...] = (*playbook.steps.values(), *playbook.matrices.values())
    nodes = [one for one in every if playbook.is_main(one.name.span)]
    if nodes:
        first = min(nodes, key=lambda node: node.span.start)
        near = "call the first step `start`"
        yield finding(
            CODE, SEVERITY, "no step is called `start`", first.name.span, "where does a message begin?", help=near
        )
