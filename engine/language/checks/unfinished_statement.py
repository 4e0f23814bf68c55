"""A statement ends before it is complete.

The file ends, or the next statement or rule begins, where more was expected: a rule without its `->`, a step without
rules, a matrix with an empty cell.

Wrong:
    playbook "Acme"
    step start
      when text asks a question
      otherwise -> no reply needed

Right:
    playbook "Acme"
    step start
      when text asks a question -> respond publicly
      otherwise -> no reply needed
"""

from __future__ import annotations

from engine.language.checks.around import begins_line, previous, whole
from engine.language.checks.expectations import in_words
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import STATEMENTS, Trouble
from engine.language.source import Span

CODE = "HK109"
SEVERITY = Severity.ERROR

_BEGINNINGS = frozenset({*STATEMENTS, "when", "otherwise"})
_WHOLE = {
    "respond": "respond publicly",
    "take": "take private",
    "hand": "hand off to",
    "ignore": "ignore as troll",
    "no": "no reply needed",
}


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    before = previous(trouble)
    if trouble.statement == "matrix" and trouble.expected == {"a name"} and trouble.found in {"", "|"} and before:
        cell = before.to(trouble.span) if trouble.found else before
        return finding(CODE, SEVERITY, "a cell of this matrix is empty", cell, "every cell needs an outcome")
    ends = not trouble.found and not trouble.span.source.text[trouble.span.start :][:1].strip()
    if not ends and not (trouble.found in _BEGINNINGS and begins_line(whole(trouble))):
        return None
    if before is None:
        return None
    place = Span(before.source, before.end, before.end)
    expected = in_words(trouble)
    phrase = _WHOLE.get(before.text)
    return finding(
        CODE,
        SEVERITY,
        f"this `{trouble.statement}` is not finished: {expected} should follow",
        place if phrase is None else before,
        "more is needed here",
        help=f"write `{phrase}`" if phrase and f"`{phrase.split()[1]}`" in trouble.expected else None,
    )
