"""No step or matrix has this name.

`-> step care` and a matrix cell `step care` lead to a step or a matrix of this playbook or of a file that it uses.

Wrong:
    playbook "Acme"
    step start
      otherwise -> step caer
    step care
      otherwise -> respond publicly

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
from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import targets
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK203"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every way on that leads nowhere."""
    for target in targets(playbook):
        if not isinstance(target, s.GoTo):
            continue
        name = target.name
        if name.text in playbook.steps or name.text in playbook.matrices or name.text in playbook.broken:
            continue
        yield finding(
            CODE,
            SEVERITY,
            f"no step or matrix is called `{name.text}`",
            name.span,
            "not declared here or in a used file",
            help=_help(playbook, name.text),
        )


def _help(playbook: Playbook, name: str) -> str | None:
    if name in playbook.outcomes:
        return f"`{name}` is an outcome: write it without `step`"
    return unknown_name(name, [*playbook.steps, *playbook.matrices])
