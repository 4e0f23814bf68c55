"""A sign of another language stands where Hikeshi has a word.

Conditions are read aloud: `is`, `is not`, `and`, `or`, `not`. Only `>=`, `<=`, `>` and `<` are signs.

Wrong:
    define private: visibility == private

Right:
    define private: visibility is private
"""

from __future__ import annotations

import re

from engine.language.checks.around import previous, rest_of_line
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK108"
SEVERITY = Severity.ERROR

_WORDS = {
    "===": "is",
    "!==": "is not",
    "==": "is",
    "!=": "is not",
    "<>": "is not",
    "&&": "and",
    "||": "or",
    "=": "is",
    "!": "not",
    "&": "and",
    "|": "or",
    "~": "not",
}
_TURNED = {"=>": ">=", "=<": "<="}
_TURNED_SIGN = re.compile(r"=[<>]\s*[\d\"]")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    if trouble.statement == "matrix":
        return None
    source, start, rest = trouble.span.source, trouble.span.start, rest_of_line(trouble)
    if rest.startswith(tuple(_TURNED)) and trouble.statement != "replace":
        if trouble.statement == "step" and not _TURNED_SIGN.match(rest):
            return None
        return _diagnostic(Span(source, start, start + 2), _TURNED[rest[:2]])
    before = previous(trouble)
    if rest.startswith(">") and before and before.text == "<" and before.end == start:
        return _diagnostic(before.to(trouble.span), _WORDS["<>"])
    sign = next((one for one in _WORDS if rest.startswith(one)), None)
    return _diagnostic(Span(source, start, start + len(sign)), _WORDS[sign]) if sign else None


def _diagnostic(span: Span, word: str) -> Diagnostic:
    return finding(CODE, SEVERITY, f"`{span.text}` is not a sign of the language", span, help=f"write `{word}`")
