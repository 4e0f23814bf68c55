"""NFKC and case folding, exactly, without folding every text.

Texts are scanned as raw UTF-8 in lower-case ASCII. That can differ from scanning the folded text only where a text
holds a *hazard*: a code point that folding turns into something the terms care about, or that may combine with its
neighbour. `hazards` computes them once from the terms; the few messages that contain one are folded exactly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")

_RANGES = ((0x80, 0x3400), (0xA000, 0xAC00), (0xF900, 0x11000), (0x11000, 0x20000), (0x2F800, 0x2FA20))
"""Where folding changes anything, or marks combine: all of Unicode but CJK ideographs and Hangul syllables, which fold to
themselves, and planes without such characters. A test walks the rest."""

_NO_WORD_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001b000-\U0001b2ff\U00020000-\U0010ffff]"
)
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)

_HANGUL_VOWELS_AND_TAILS = frozenset(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))


def fold(text: str) -> str:
    """NFKC, then case folding: what terms and texts are compared in.

    >>> fold("ＦＩＲＥ ｱｸﾒ Straße")
    'fire アクメ strasse'
    """
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def in_a_word(character: str) -> bool:
    """Whether it is a letter, a digit, a mark on one or the low line, of a script with word spaces.

    >>> in_a_word("é"), in_a_word("発"), in_a_word("!"), in_a_word("")
    (True, False, False, False)
    """
    if not character or _NO_WORD_SPACES.match(character) or ord(character) in _VARIATION_SELECTORS:
        return False
    return character.isalnum() or character == "_" or unicodedata.category(character) in {"Mn", "Mc"}


@lru_cache(maxsize=1)
def _changes() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Code points that folding changes, with what it makes of them; and two more sets of them.

    The first can combine with the one before; the second are let into a word, or out of one, by folding.
    """
    changed: dict[str, str] = {}
    turned: set[str] = set()
    seconds = set(_HANGUL_VOWELS_AND_TAILS)
    for start, end in _RANGES:
        for character in map(chr, range(start, end)):
            folded = fold(character)
            if folded != character:
                changed[character] = folded
                if not in_a_word(character) == in_a_word(folded[:1]) == in_a_word(folded[-1:]):
                    turned.add(character)
            decomposed = unicodedata.decomposition(character)
            if decomposed and decomposed[0] != "<" and " " in decomposed:
                seconds.add(chr(int(decomposed.split()[1], 16)))
    return changed, frozenset(seconds), frozenset(turned)


def hazards(terms: Iterable[str]) -> list[str]:
    """The code points whose presence may change what matches, for these folded terms, in code point order."""
    changed, seconds, turned = _changes()
    care = set().union(WORD_CHARACTERS, seconds, *map(set, terms))
    marks = {c for c in care if unicodedata.combining(c)}
    return sorted({c for c, folded in changed.items() if not care.isdisjoint(folded)} | seconds | turned | marks)
