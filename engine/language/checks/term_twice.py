"""A term stands twice in one list.

Terms are compared without regard to capitals and to full-width or half-width letters, so `"Scam"` and `"ｓｃａｍ"` are
the same term. The second adds nothing.

Wrong:
    terms anger "scam", "worst", "Scam"

Right:
    terms anger "scam", "worst"
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK504"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every term of the playbook's own file that its list has already."""
    yield from _twice(playbook, playbook.brand, "the brand's names have")
    for name, terms in playbook.terms.items():
        yield from _twice(playbook, terms.phrases, f"`{name}` has")


def _twice(playbook: Playbook, phrases: tuple[s.Phrase, ...], owner: str) -> Iterator[Diagnostic]:
    seen: dict[tuple[type, str], s.Phrase] = {}
    for phrase in phrases:
        earlier = seen.setdefault((type(phrase), _folded(phrase)), phrase)
        if earlier is not phrase and playbook.is_main(phrase.span):
            message = f"{owner} this term already"
            yield finding(CODE, SEVERITY, message, phrase.span, "again here", also=[(earlier.span, "first here")])


def _folded(phrase: s.Phrase) -> str:
    if isinstance(phrase, s.Pattern):
        return phrase.text
    return unicodedata.normalize("NFKC", phrase.text).casefold().strip()
