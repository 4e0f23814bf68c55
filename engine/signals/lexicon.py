"""The signals' word lists, from `lexicons/*.yaml`: ours, written for customers' messages, in English and Japanese.

A list is named `LANG.KIND`: `en.insults`, `ja.negators`; `valence` lists hold how pleased (1) or displeased (-1) a word is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from engine import resources

LANGUAGES = ("en", "ja")
VALENCED = ("en", "ja", "emoji")


@lru_cache(maxsize=8)
def _file(name: str) -> dict[str, Any]:
    path = resources.lexicons() / f"{name}.yaml"
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def words(kind: str, lang: str) -> tuple[str, ...]:
    """A list's expressions; `*` opens a word as in a playbook.

    >>> "idiot" in words("insults", "en")
    True
    """
    return tuple(str(one) for one in _file(lang).get(kind, ()))


def valence(lang: str) -> dict[str, float]:
    """How pleased each expression is, from -1 to 1; `lang` may be `emoji`."""
    return {str(one): float(value) for value, several in _file(lang)["valence"].items() for one in several}


def lists(kind: str) -> dict[str, tuple[str, ...]]:
    """The lists of a kind in all languages, by name."""
    return {f"{lang}.{kind}": words(kind, lang) for lang in LANGUAGES}


def stop_words() -> dict[str, tuple[str, ...]]:
    """Small words by which a language in Latin script is known."""
    return {lang: tuple(str(one) for one in several) for lang, several in _file("languages").items()}
