"""Two rules of a step have the same condition.

Rules are tried from top to bottom, so the second one never decides anything.

Wrong:
    playbook "Acme"
    step start
      when text asks a question -> respond publicly
      when text asks a question -> take private
      otherwise -> no reply needed

Right:
    playbook "Acme"
    step start
      when text asks a question and text has personal data -> take private
      when text asks a question -> respond publicly
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK506"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every rule of the playbook's own file that repeats the condition of an earlier one."""
    for step in playbook.steps.values():
        if not playbook.is_main(step.name.span):
            continue
        seen: dict[tuple[object, ...], s.Condition] = {}
        for rule in step.rules:
            if rule.condition is None:
                continue
            earlier = seen.setdefault(_flat(rule.condition), rule.condition)
            if earlier is not rule.condition:
                message = "an earlier rule of this step has the same condition, so this one never decides"
                also = [(earlier.span, "first here")]
                yield finding(CODE, SEVERITY, message, rule.condition.span, "again here", also=also)


def _flat(condition: s.Condition) -> tuple[object, ...]:
    """What the condition says, without nesting, so that comparing it needs no recursion."""
    said: list[object] = []
    for one in s.conditions_within(condition):
        match one:
            case s.Or(parts) | s.And(parts):
                said.append((type(one), len(parts)))
            case s.Not():
                said.append(s.Not)
            case _:
                said.append(one)
    return tuple(said)
