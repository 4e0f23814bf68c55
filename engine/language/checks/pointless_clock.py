"""A deadline or a reply stands where nobody will answer.

`no reply needed` and `ignore as troll` end the matter, so a deadline for an answer, or a draft of one, contradicts
them.

Wrong:
    outcome quiet
      no reply needed
      reply within 1h

Right:
    outcome quiet
      no reply needed
      because "nothing was asked"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision import IGNORE_AS_TROLL, NO_REPLY_NEEDED, PLAIN_OUTCOMES
from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import decided
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK411"
SEVERITY = Severity.ERROR

_SILENT = frozenset({IGNORE_AS_TROLL, NO_REPLY_NEEDED})
_POINTLESS = {"reply": "deadline", "acknowledge": "deadline", "say": "reply"}


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every deadline and every draft for an answer that will not come."""
    for target, several in decided(playbook):
        decision = _decision(playbook, target)
        if decision not in _SILENT:
            continue
        for modifier in several:
            if modifier.kind in _POINTLESS:
                message = f"`{decision}` needs no {_POINTLESS[modifier.kind]}"
                yield finding(CODE, SEVERITY, message, modifier.span, "nobody will answer")


def _decision(playbook: Playbook, target: s.Target) -> str | None:
    match target:
        case s.Verdict(decision=decision):
            return decision
        case s.OutcomeName(name=name) if name.text in playbook.outcomes:
            return playbook.outcomes[name.text].verdict.decision
        case s.OutcomeName(name=name):
            return PLAIN_OUTCOMES.get(name.text)
        case _:
            return None
