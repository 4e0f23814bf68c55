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
from engine.language.checks.expectations import decision_begun, in_words
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import STATEMENTS, Trouble
from engine.language.source import Span

CODE = "HK109"
SEVERITY = Severity.ERROR

_BEGINNINGS = frozenset({*STATEMENTS, "when", "otherwise"})


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    before = previous(trouble)
    if trouble.statement == "matrix" and trouble.expected == {"a name"} and trouble.found in {"", "|"} and before:
        left = before.source.text.rfind("|", 0, before.start if not trouble.found else before.end)
        cell = Span(before.source, max(left, 0), max(before.end, trouble.span.end))
        return finding(CODE, SEVERITY, "a cell of this matrix is empty", cell, "every cell needs an outcome")
    ends = not trouble.found and not trouble.span.source.text[trouble.span.start :][:1].strip()
    if not ends and not (trouble.found in _BEGINNINGS and begins_line(whole(trouble))):
        return None
    if before is None:
        return None
    place = Span(before.source, before.end, before.end)
    expected = in_words(trouble)
    phrase = decision_begun(trouble)
    return finding(
        CODE,
        SEVERITY,
        f"this `{trouble.statement}` is not finished: {expected} should follow",
        place if phrase is None else before,
        "more is needed here",
        help=f"write `{phrase}`" if phrase else None,
    )
