"""A text stands without its quotes.

What people write or read is a text, and a text stands in quotes: terms, reasons, tags, titles, names of people. Names
that you give to steps, scales or lists stand without.

Wrong:
    terms anger worst, scam

Right:
    terms anger "worst", "scam"
"""

from __future__ import annotations

import re

from engine.language.checks.around import is_word, previous, rest_of_line, whole
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK107"
SEVERITY = Severity.ERROR

_PATH = re.compile(r"[^\s\"#]+")
_SENTENCE = re.compile(r"[^\s\"#]+(?:[ \t]+[^\s\"#]+)*")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    if "a text in quotes" not in trouble.expected or "a name" in trouble.expected or not is_word(trouble.found):
        return None
    word, before = whole(trouble), previous(trouble)
    runs_on = (
        _SENTENCE if before and before.text in {"because", "owner"} else _PATH if trouble.statement == "use" else None
    )
    text = runs_on.match(rest_of_line(trouble)) if runs_on else None
    if text:
        word = Span(word.source, word.start, trouble.span.start + text.end())
    return finding(
        CODE, SEVERITY, "a text must stand in quotes", word, "a text belongs here", help=f'write `"{word.text}"`'
    )
