"""A mark is not the plain one that the language uses.

Word processors and Japanese keyboards write `：`, `＞`, `“ ”`, `→`, `（` where the language has `:`, `>`, `"`, `->`,
`(`. Inside quotes every mark is welcome; outside only the plain ones have a meaning.

Wrong:
    terms anger “worst”

Right:
    terms anger "worst"
"""

from __future__ import annotations

import unicodedata

from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK104"
SEVERITY = Severity.ERROR

_PLAIN = {
    **dict.fromkeys("“”„‟〝〞「」『』«»‘’", '"'),
    **dict.fromkeys("→⇒➔➜⟶", "->"),
    **dict.fromkeys("–—−‐‑ー", "-"),
    **dict.fromkeys("、，", ","),
    "≥": ">=",
    "≧": ">=",
    "≤": "<=",
    "≦": "<=",
    "≠": "is not",
    "¬": "not",
    "∧": "and",
    "∨": "or",
    "【": "(",
    "】": ")",
}


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    source, start = trouble.span.source, trouble.span.start
    mark = source.text[start : start + 1]
    if not mark or mark.isalnum() or (mark.isascii() and mark.isprintable()) or mark in "\n\t ":
        return None
    span = Span(source, start, start + 1)
    if not mark.isprintable():
        what = "an invisible character" if unicodedata.category(mark) != "Zs" else "an unusual space"
        return finding(CODE, SEVERITY, f"{what} stands here", span, f"U+{ord(mark):04X}", help="delete it")
    plain = _PLAIN.get(mark) or unicodedata.normalize("NFKC", mark)
    known = plain.isascii() and plain != mark
    return finding(
        CODE,
        SEVERITY,
        f"`{mark}` means nothing outside quotes",
        span,
        "not a mark of the language",
        help=f"write `{plain}`" if known else None,
    )
