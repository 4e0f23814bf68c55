"""A statement begins with a word that begins no statement.

Every statement begins with a word of its own: `playbook`, `use`, `hours`, `brand`, `terms`, `field`, `define`, `scale`,
`score`, `watch`, `step`, `matrix`, `outcome`, `ladder`, `reply`, `guarantee`, `extend`, `replace`.

Wrong:
    term anger "worst", "scam"

Right:
    terms anger "worst", "scam"
"""

from __future__ import annotations

from engine.language.checks.around import STATEMENT_WORDS, begins_line, begins_statement, rest_of_line, whole
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import STATEMENTS, Trouble

CODE = "HK102"
SEVERITY = Severity.ERROR

_OTHER_COMMENTS = ("//", "--", "/*", "<!--")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    word = whole(trouble)
    if not trouble.found or not begins_statement(trouble) or not begins_line(word):
        return None
    inner = trouble.expected - STATEMENT_WORDS - {"the end of the file"}
    if inner and word.column > 1:
        return None
    return finding(
        CODE,
        SEVERITY,
        f"no statement begins with `{word.text}`",
        word,
        "a statement should begin here",
        help=_help(trouble, word.text),
    )


def _help(trouble: Trouble, word: str) -> str | None:
    if rest_of_line(trouble).startswith(_OTHER_COMMENTS):
        return "a comment begins with `#`"
    return unknown_name(word, STATEMENTS)
