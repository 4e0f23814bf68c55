"""Texts made fit for a drawing: cleaned, measured, wrapped, cut."""

from __future__ import annotations

import re
import unicodedata

from engine.language.source import cells

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the reading direction: a guard must not look like another one."""

_MOST_MARKS = 3
"""Assumption: no script that people write puts more combining marks on one character."""

_CONNECTIVE = re.compile(r" (?=(?:and|or) )")


def clean(text: str) -> str:
    r"""One line without what XML forbids or what would turn, hide or pile up the text around it.

    >>> clean("a\n b\x00\u202ec")
    'a b��c'
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > _MOST_MARKS:
            continue
        bad = category in {"Cc", "Cs"} or character in _TURNS or ord(character) & 0xFFFE == 0xFFFE
        kept.append(REPLACEMENT if bad else character)
    return "".join(kept)


def pixels(text: str, size: float) -> float:
    """The width of a cleaned text at a font size, measured on the wide side, as the reader's font is not known.

    Assumption: em widths of Noto Sans, rounded up.
    """
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    narrow = cells(character)
    if narrow != 1:
        return narrow / 2
    if character in " .,:;'|!()[]iljtf":
        return 0.36
    return 0.76 if character.isupper() or character in "mw@%_<>=+" else 0.58


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells, its end replaced by an ellipsis where it is longer.

    >>> clip("smoke on board", 9), clip("発火しました", 7)
    ('smoke on…', '発火し…')
    """
    if cells(text) <= width:
        return text
    head, _ = _split(text, width - 1)
    return head.rstrip() + ELLIPSIS


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in at most `lines` lines of `width` cells, broken before `and` and `or` where there is room for that.

    >>> wrap("severity is critical or safety_wave is open", 34, 3)
    ['severity is critical', 'or safety_wave is open']
    """
    text, _ = _split(text, (width + 1) * (lines + 1))
    by_clause = _fill(_CONNECTIVE.split(text), width)
    broken = by_clause if len(by_clause) <= lines else _fill([text], width)
    if len(broken) <= lines:
        return broken
    return [*broken[: lines - 1], clip(" ".join(broken[lines - 1 : lines + 1]), width)]


def _fill(clauses: list[str], width: int) -> list[str]:
    lines: list[str] = []
    for clause in clauses:
        words = [clause] if cells(clause) <= width else clause.split(" ")
        fresh = len(words) > 1
        for word in words:
            joined = f"{lines[-1]} {word}" if lines and not fresh else word
            fresh = False
            if lines and joined != word and cells(joined) <= width:
                lines[-1] = joined
                continue
            rest = word
            while cells(rest) > width:
                head, rest = _split(rest, width)
                lines.append(head)
            lines.append(rest)
    return lines or [""]


def _split(text: str, width: int) -> tuple[str, str]:
    """The longest beginning of at most `width` cells, and the rest; never an empty beginning."""
    used = 0
    for index, character in enumerate(text):
        used += cells(character)
        if used > width and index:
            return text[:index], text[index:]
    return text, ""
