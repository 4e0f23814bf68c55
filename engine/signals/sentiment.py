"""Sentiment: how pleased the writer is, from -1 to 1.

Sums the valence of the expressions found, each turned by a negation near it (before it in English, after it in
Japanese), strengthened or weakened by its neighbour, and counted more after a contrast ("but", "けど") than before it.
An expression inside a longer one counts as part of the longer. The sum x becomes x / sqrt(x^2 + 0.6).

Assumption: the factors and reaches below are first estimates, set by ear. A message without any such expression is 0;
one without a word to read is unknown.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.signals import lexicon
from engine.signals.terms import Ints, Matches, Scanner

NAME = "sentiment"

NEGATED = -0.6
"""Denying praise blames less than blame does."""
BOOSTED, DAMPENED = 1.35, 0.6
BEFORE_CONTRAST, AFTER_CONTRAST = 0.6, 1.4
SATURATION = 0.6
EN_REACH = 18
"""Bytes between an English negation and what it denies: about three words."""
JA_REACH = 12
"""Bytes between a Japanese expression and the negation after it: four characters."""
BESIDE = 3

KINDS = ("negators", "boosters", "dampeners", "contrast")


def lists() -> dict[str, tuple[str, ...]]:
    """The lists that the scan must find."""
    found = {f"{lang}.valence": tuple(lexicon.valence(lang)) for lang in lexicon.VALENCED}
    for kind in KINDS:
        found |= lexicon.lists(kind)
    return found


def values_of(scanner: Scanner) -> npt.NDArray[np.float64]:
    """Each term number's valence; 0 for terms that have none."""
    known = {term: value for lang in lexicon.VALENCED for term, value in _terms(lang).items()}
    return np.array([known.get(one, 0.0) for one in scanner.terms], dtype=np.float64)


def _terms(lang: str) -> dict[object, float]:
    from engine.signals.terms import term

    return {term(written): value for written, value in lexicon.valence(lang).items()}


def measure(
    matches: Matches, values: npt.NDArray[np.float64], member: dict[str, npt.NDArray[np.bool_]]
) -> npt.NDArray[np.float64]:
    """Sentiment of each message of the batch; `member` says for each list which term numbers it has."""
    order = np.lexsort((-matches.end, matches.start))
    message, number = matches.message[order], matches.term[order]
    start, end = matches.start[order], matches.end[order]
    carries = values[number] != 0
    m, n, s, e = message[carries], number[carries], start[carries], end[carries]
    reached = np.concatenate([[-1], np.maximum.accumulate(e)[:-1]]) if len(e) else e
    outer = e > reached
    m, n, s, e = m[outer], n[outer], s[outer], e[outer]
    weight = values[n].copy()

    def of(kind: str, lang: str) -> tuple[Ints, Ints, Ints]:
        chosen = member[f"{lang}.{kind}"][number]
        return message[chosen], start[chosen], end[chosen]

    japanese = member["ja.valence"][n] & ~member["en.valence"][n]
    denied = ~japanese & _before(m, s, *of("negators", "en"), EN_REACH)
    denied |= japanese & _after(m, e, *of("negators", "ja"), JA_REACH)
    weight[denied] *= NEGATED
    for kind, factor in (("boosters", BOOSTED), ("dampeners", DAMPENED)):
        beside = _before(m, s, *of(kind, "en"), BESIDE) | _before(m, s, *of(kind, "ja"), BESIDE)
        weight[beside] *= factor
    for lang in lexicon.LANGUAGES:
        where, _, ends = of("contrast", lang)
        last = np.full(matches.height, -1, dtype=np.int64)
        np.maximum.at(last, where, ends)
        turned = last[m] >= 0
        weight *= np.where(turned, np.where(s >= last[m], AFTER_CONTRAST, BEFORE_CONTRAST), 1.0)
    total = np.bincount(m, weights=weight, minlength=matches.height)
    return np.asarray(total / np.sqrt(total**2 + SATURATION), dtype=np.float64)


def _before(m: Ints, s: Ints, message: Ints, _start: Ints, end: Ints, reach: int) -> npt.NDArray[np.bool_]:
    """Whether one of the others ends at most `reach` bytes before `s`, in the same message."""
    if not len(end):
        return np.zeros(len(s), dtype=bool)
    order = np.argsort(end, kind="stable")
    end, message = end[order], message[order]
    at = np.searchsorted(end, s, side="right") - 1
    near = np.maximum(at, 0)
    return np.asarray((at >= 0) & (s - end[near] <= reach) & (message[near] == m), dtype=np.bool_)


def _after(m: Ints, e: Ints, message: Ints, start: Ints, _end: Ints, reach: int) -> npt.NDArray[np.bool_]:
    """Whether one of the others begins at most `reach` bytes after `e`, in the same message."""
    if not len(start):
        return np.zeros(len(e), dtype=bool)
    at = np.searchsorted(start, e, side="left")
    near = np.minimum(at, len(start) - 1)
    return np.asarray((at < len(start)) & (start[near] - e <= reach) & (message[near] == m), dtype=np.bool_)
