"""What stands around the place where a statement stopped making sense."""

from __future__ import annotations

import re

from engine.language.parse import STATEMENTS, Trouble
from engine.language.source import Span

STATEMENT_WORDS = frozenset(f"`{word}`" for word in STATEMENTS)
"""As `Trouble.expected` holds them."""

QUOTED = re.compile(r'"(?:[^"\\\n]|\\["\\])*"')
_WHOLE = re.compile(rf"{QUOTED.pattern}|->|[=!<>&|]{{1,3}}|[+-]?\d[\w.:%]*|\w+(?:\.\w+)*|\S")
_TOKEN = re.compile(rf"{QUOTED.pattern}|#[^\n]*|->|\w+(?:\.\w+)*|\S")
_LOOK_BACK = 5000
"""Assumption: no comment between two words of one statement is longer, in characters."""


def rest_of_line(trouble: Trouble) -> str:
    """The text from the place to the end of its line."""
    text, start = trouble.span.source.text, trouble.span.start
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def whole(trouble: Trouble) -> Span:
    """The whole word, mark, number or quoted text that stands at the place, of which `found` may be a piece."""
    source, start = trouble.span.source, trouble.span.start
    while start > 0 and _is_letter(source.text[start - 1]) and _is_letter(source.text[start : start + 1]):
        start -= 1
    found = _WHOLE.match(source.text, start)
    return Span(source, start, found.end() if found else start)


def previous(trouble: Trouble) -> Span | None:
    """The last word or mark before the place; comments are passed over."""
    source, start = trouble.span.source, trouble.span.start
    begin = source.text.rfind("\n", 0, max(0, start - _LOOK_BACK)) + 1
    last = None
    for found in _TOKEN.finditer(source.text, begin, start):
        if not found.group().startswith("#"):
            last = found
    return Span(source, last.start(), last.end()) if last else None


def begins_line(span: Span) -> bool:
    """Whether only spaces stand before it on its line."""
    return not span.source.line(span.line)[: span.column - 1].strip()


def begins_statement(trouble: Trouble) -> bool:
    """Whether a new statement could have begun at the place."""
    return trouble.expected >= STATEMENT_WORDS


def is_word(text: str) -> bool:
    """Whether it begins like a name."""
    return text[:1].isalpha() or text[:1] == "_"


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def line_before(trouble: Trouble) -> str:
    """What stands before the place on its line."""
    span = trouble.span
    return span.source.line(span.line)[: span.column - 1]
