"""The rungs of a ladder are not in order.

A ladder is climbed from top to bottom: `at once` first, then each rung later than the one before.

Wrong:
    ladder pr
      after 2h notify "ceo"
      after 30m notify "head of comms"

Right:
    ladder pr
      after 30m notify "head of comms"
      after 2h notify "ceo"
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.source import Span

CODE = "HK312"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every rung that is not later than the one before it."""
    for ladder in playbook.ladders.values():
        for earlier, rung in pairwise(ladder.rungs):
            if _seconds(rung) <= _seconds(earlier):
                also = [(_place(earlier), "the rung before")]
                message = "each rung of a ladder comes later than the one before"
                yield finding(CODE, SEVERITY, message, _place(rung), "not later", also=also)


def _seconds(rung: s.Rung) -> float:
    return rung.after.seconds if rung.after else 0


def _place(rung: s.Rung) -> Span:
    return rung.after.span if rung.after else rung.span
