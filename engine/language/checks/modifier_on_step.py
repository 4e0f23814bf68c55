"""A rule that leads to another step carries what only a decision can carry.

A step only sends the message on; what is tagged, said or due belongs to the decision at the end. Here it would be lost.

Wrong:
    playbook "Acme"

    step start
      when shares >= 20
        -> step loud
           tag "loud"
      otherwise
        -> no reply needed
    step loud
      otherwise
        -> respond publicly

Right:
    playbook "Acme"

    step start
      when shares >= 20
        -> step loud
      otherwise
        -> no reply needed
    step loud
      otherwise
        -> respond publicly
           tag "loud"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import rules
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK412"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Everything that stands behind `-> step NAME`."""
    for rule in rules(playbook):
        if isinstance(rule.target, s.GoTo):
            for modifier in rule.modifiers:
                message = f"`{modifier.kind}` belongs to a decision, not to the way to another step"
                label = "would be lost here"
                help_ = f"write it behind the decisions of `{rule.target.name.text}`"
                yield finding(CODE, SEVERITY, message, modifier.span, label, help=help_)
