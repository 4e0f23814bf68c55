"""No outcome has this name.

A rule, a matrix cell or a guarantee may name an outcome that is declared with `outcome`, or one of the plain ones:
`public`, `private`, `ignore`, `none`. A step is named with its word: `step care`.

Wrong:
    playbook "Acme"
    step start
      otherwise -> privat

Right:
    playbook "Acme"
    step start
      otherwise -> private
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision import PLAIN_OUTCOMES
from engine.language import syntax as s
from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import targets
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK204"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every named outcome that is not declared."""
    for target in (*targets(playbook), *(guarantee.promise for guarantee in playbook.guarantees)):
        if not isinstance(target, s.OutcomeName):
            continue
        name = target.name.text
        if name in playbook.outcomes or name in PLAIN_OUTCOMES or name in playbook.broken:
            continue
        yield finding(
            CODE,
            SEVERITY,
            f"no outcome is called `{name}`",
            target.span,
            "not declared here or in a used file",
            help=_help(playbook, name),
        )


def _help(playbook: Playbook, name: str) -> str | None:
    if name in playbook.steps or name in playbook.matrices:
        return f"to go on there, write `step {name}`"
    return unknown_name(name, [*playbook.outcomes, *PLAIN_OUTCOMES])
