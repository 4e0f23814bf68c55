r"""A text in quotes does not end on its line.

A text begins and ends with `"` on the same line. To write a quotation mark inside, write `\"`.

Wrong:
    terms anger "worst, "scam"

Right:
    terms anger "worst", "scam"
"""

from __future__ import annotations

import re

from engine.language.checks.around import QUOTED, is_word, previous, rest_of_line
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK101"
SEVERITY = Severity.ERROR

_ENDED_SOMEHOW = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_CURLY = re.compile("[“”„‟〝〞＂「」『』]")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    message = "this text has no closing quotation mark"
    rest = rest_of_line(trouble)
    if trouble.found == '"' and not _ENDED_SOMEHOW.match(rest):
        span = trouble.span
        curly = _CURLY.search(rest)
        help_ = f'end it with the plain mark `"` instead of `{curly.group()}`' if curly else None
        return finding(
            CODE, SEVERITY, message, Span(span.source, span.start, span.start + 1), "opened here", help=help_
        )
    before = previous(trouble)
    if before and before.end == trouble.span.start and is_word(trouble.found) and QUOTED.fullmatch(before.text):
        return finding(CODE, SEVERITY, message, before, "it ends only where the next text should begin")
    return None
