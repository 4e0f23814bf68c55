"""A rule stands after `otherwise`.

Rules are tried from top to bottom, and `otherwise` takes every message that comes to it. What stands below is never
reached.

Wrong:
    playbook "Acme"
    step start
      otherwise -> no reply needed
      when text asks a question -> respond publicly

Right:
    playbook "Acme"
    step start
      when text asks a question -> respond publicly
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK403"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """The first rule of a step that no message reaches."""
    for step in playbook.steps.values():
        last = next((number for number, rule in enumerate(step.rules) if rule.condition is None), None)
        if last is not None and last + 1 < len(step.rules):
            yield finding(
                CODE,
                SEVERITY,
                "no message ever reaches this rule",
                step.rules[last + 1].span,
                "it stands after `otherwise`",
                also=[(step.rules[last].span, "takes every message")],
            )
