"""A step does not say what happens otherwise.

The last rule of a step is `otherwise -> ...`, so that every message is decided, also one that nobody thought of.

Wrong:
    playbook "Acme"
    step start
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

CODE = "HK402"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every step without its last rule."""
    for step in playbook.steps.values():
        if all(rule.condition is not None for rule in step.rules):
            yield finding(
                CODE,
                SEVERITY,
                f"the step `{step.name.text}` does not say what happens otherwise",
                step.name.span,
                "a message that fits no rule would stay undecided",
                help="end it with a rule such as `otherwise -> no reply needed`",
            )
