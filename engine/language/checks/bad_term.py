"""A term could never be found, or would be found everywhere.

A term needs at least one letter, digit or sign. A `*` stands only at the end of a word and opens it: `"smok*"` finds
`smoke` and `smoking`.

Wrong:
    terms smoke "*smoke"

Right:
    terms smoke "smok*"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding, part_of
from engine.language.checks.parts import phrases
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK307"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every term that is empty, all star, or has a star or a control character where none belongs."""
    for phrase in phrases(playbook):
        if isinstance(phrase, s.Text):
            found = _bad(phrase)
            if found is not None:
                yield found


def _bad(phrase: s.Text) -> Diagnostic | None:
    text = phrase.text
    if not text.strip():
        return finding(CODE, SEVERITY, "this term is empty", phrase.span, "nothing to look for")
    if not text.strip("* \u3000"):
        return finding(CODE, SEVERITY, "this term would find everything", phrase.span, "nothing but `*`")
    star = text.find("*")
    if 0 <= star < len(text) - 1:
        place = part_of(phrase, star, star + 1)
        return finding(CODE, SEVERITY, "a `*` can only stand at the end of a term", place, "it opens the last word")
    for number, character in enumerate(text):
        if not character.isprintable() and character != "\u3000" and character < "\u00a0":
            place = part_of(phrase, number, number + 1)
            return finding(
                CODE, SEVERITY, "this term has an invisible character in it", place, f"U+{ord(character):04X}"
            )
    return None
