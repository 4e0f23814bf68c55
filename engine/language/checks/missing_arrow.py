"""A rule has no `->` before what is to be done.

A rule of a step reads `when CONDITION -> TARGET` or `otherwise -> TARGET`. The arrow is written `->`, with a hyphen.

Wrong:
    playbook "Acme"
    step start
      otherwise no reply needed

Right:
    playbook "Acme"
    step start
      otherwise -> no reply needed
"""

from __future__ import annotations

from engine.language.checks.around import begins_line, is_word, rest_of_line
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble
from engine.language.source import Span

CODE = "HK105"
SEVERITY = Severity.ERROR

_OTHER_ARROWS = ("=>", "-->", "==>", ">>", "then", ":", "-")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    rest, span = rest_of_line(trouble), trouble.span
    if "`->`" not in trouble.expected or trouble.statement not in {"step", "replace"} or rest.startswith("->"):
        return None
    other = next((mark for mark in _OTHER_ARROWS if rest.startswith(mark)), None)
    if other is not None:
        place = Span(span.source, span.start, span.start + len(other))
        return finding(CODE, SEVERITY, f"what is to be done follows `->`, not `{other}`", place, help="write `->`")
    if not is_word(rest) or "->" in rest or (begins_line(span) and trouble.found in {"when", "otherwise"}):
        return None
    return finding(CODE, SEVERITY, "a `->` is missing before what is to be done", span, "write `->` before this")
