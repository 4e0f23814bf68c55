"""NFKC and case folding, exactly, without folding every text.

Texts are scanned as raw UTF-8 in lower-case ASCII. That can differ from scanning the folded text only where a text
holds a *hazard*: a code point that folding turns into something the terms care about, or that may combine with its
neighbour. `hazards` computes them once from the terms; the few messages that contain one are folded exactly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")

_RANGES = ((0x80, 0x3400), (0xA000, 0xAC00), (0xF900, 0x11000), (0x11000, 0x20000), (0x2F800, 0x2FA20))
"""Where folding changes anything, or marks combine: all of Unicode but CJK ideographs and Hangul syllables, which fold to
themselves, and planes without such characters. A test walks the rest."""

_HANGUL_VOWELS_AND_TAILS = frozenset(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))


def fold(text: str) -> str:
    """NFKC, then case folding: what terms and texts are compared in.

    >>> fold("ＦＩＲＥ ｱｸﾒ Straße")
    'fire アクメ strasse'
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _changes() -> tuple[dict[str, str], frozenset[str]]:
    """Code points that folding changes, with what it makes of them; and those that can combine with the one before."""
    changed: dict[str, str] = {}
    seconds = set(_HANGUL_VOWELS_AND_TAILS)
    for start, end in _RANGES:
        for character in map(chr, range(start, end)):
            folded = fold(character)
            if folded != character:
                changed[character] = folded
            decomposed = unicodedata.decomposition(character)
            if decomposed and decomposed[0] != "<" and " " in decomposed:
                seconds.add(chr(int(decomposed.split()[1], 16)))
    return changed, frozenset(seconds)


def hazards(terms: Iterable[str]) -> list[str]:
    """The code points whose presence may change what matches, for these folded terms, in code point order."""
    changed, seconds = _changes()
    care = set().union(WORD_CHARACTERS, seconds, *map(set, terms))
    marks = {c for c in care if unicodedata.combining(c)}
    return sorted({c for c, folded in changed.items() if not care.isdisjoint(folded)} | set(seconds) | marks)
