"""A name is a word of the language.

Where a statement could begin, its word cannot be a name: a level called `reply` reads as the beginning of a reply.
After `is`, the word `one` reads as the beginning of `one of`. Choose another name.

Wrong:
    scale need: wait < look < reply
      look  when sentiment is negative
      reply when text asks a question
      wait  otherwise

Right:
    scale need: wait < look < answer
      look   when sentiment is negative
      answer when text asks a question
      wait   otherwise
"""

from __future__ import annotations

import re

from engine.language.checks.around import previous
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import STATEMENTS, Trouble
from engine.language.source import Span

CODE = "HK106"
SEVERITY = Severity.ERROR

_LEVEL_LINE = re.compile(rf"\s*({'|'.join(STATEMENTS)})\s+(?:when|otherwise)\b")
_ONE = re.compile(r"\bis\s+(?:not\s+)?one$")


def recognise(trouble: Trouble) -> Diagnostic | None:
    """Explain a syntax trouble, if it is one of these."""
    source, span = trouble.span.source, trouble.span
    line_start = span.start - span.column + 1
    word: Span | None = None
    level = _LEVEL_LINE.match(source.line(span.line))
    if level and trouble.statement in {"scale", "replace"}:
        word = Span(source, line_start + level.start(1), line_start + level.end(1))
    elif trouble.expected == {"`of`"}:
        before = previous(trouble)
        if before and _ONE.search(source.text[max(0, before.end - 200) : before.end]):
            word = before
    if word is None:
        return None
    return finding(
        CODE,
        SEVERITY,
        f"`{word.text}` is a word of the language and cannot be a name here",
        word,
        "choose another name",
    )
