"""A decision says the same thing twice.

A decision has one reason, one reply, one deadline of each kind, one ladder, one priority and one assignee. Only tags
may be several.

Wrong:
    outcome soon
      respond publicly
      reply within 1h
      reply within 2h

Right:
    outcome soon
      respond publicly
      acknowledge within 1h
      reply within 2h
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import decided
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK410"
SEVERITY = Severity.ERROR

_ANY_NUMBER = frozenset({"tag"})


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every second saying of what a decision says once."""
    for _, several in decided(playbook):
        seen: dict[str, s.Modifier] = {}
        for modifier in several:
            earlier = seen.setdefault(modifier.kind, modifier)
            if earlier is not modifier and modifier.kind not in _ANY_NUMBER:
                also = [(earlier.span, "first here")]
                message = f"a decision has only one `{modifier.kind}`"
                yield finding(CODE, SEVERITY, message, modifier.span, "a second one", also=also)
