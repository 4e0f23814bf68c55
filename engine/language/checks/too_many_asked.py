"""More terms are asked for than the list has.

`text mentions at least 2 of anger` counts different terms of the list. The number is whole, at least 1, and not more
than the list has terms.

Wrong:
    terms anger "worst", "scam"
    define furious: text mentions at least 3 of anger

Right:
    terms anger "worst", "scam"
    define furious: text mentions at least 2 of anger
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK308"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every `at least` that no text could reach, or that every text reaches."""
    for condition in playbook.inner_conditions():
        if not isinstance(condition, s.Mentions) or condition.at_least is None:
            continue
        asked = condition.at_least
        if asked.value < 1 or asked.value != asked.value // 1:
            message = "`at least` needs a whole number from 1"
            yield finding(CODE, SEVERITY, message, asked.span, "terms are counted one by one")
            continue
        known = _how_many(playbook, condition.words)
        if known is not None and asked.value > known:
            message = f"at least {asked.written} are asked for, but there {_are(known)}"
            yield finding(CODE, SEVERITY, message, asked.span, "this could never be true")


def _how_many(playbook: Playbook, words: s.Name | s.Text | None) -> int | None:
    match words:
        case None:
            return len(playbook.brand) or None
        case s.Text():
            return 1
        case s.Name(text=text):
            return len(playbook.terms[text].phrases) if text in playbook.terms and text not in playbook.broken else None


def _are(known: int) -> str:
    return "is only one term" if known == 1 else f"are only {known} terms"
