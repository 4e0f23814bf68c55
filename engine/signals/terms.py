"""Term lists: one pass over a batch of texts finds every term of every list.

A term matches the folded text; its `'` also stands for `’`. At an end that is a letter or digit of a script with word spaces it must stand alone:
no such letter or digit may be its neighbour; a `*` at its end lifts that there. At an end in Japanese, Chinese, Thai or
another script without word spaces, and in Korean, whose particles cling to words, it matches as a part. Overlapping
terms all count, each once a message.

Cost grows with the bytes of the texts and with the number of matches, hardly with the number of terms.
"""

from __future__ import annotations

import gc
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from engine.language.syntax import Pattern, Phrase
from engine.signals.folding import fold, hazards

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

DFA_UP_TO = 6000
"""Patterns (terms and hazards together) up to which the larger but quicker automaton is built. Measured: beyond it the
smaller one is level or ahead, since it stays in the processor's cache."""

_NO_WORD_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is looked for: folded, and whether it must stand alone at its ends."""

    text: str
    alone_before: bool
    alone_after: bool


def term(written: str) -> Term:
    """What a term means, from what its author wrote.

    >>> term("Burn*")
    Term(text='burn', alone_before=True, alone_after=False)
    >>> term("発火")
    Term(text='発火', alone_before=False, alone_after=False)
    """
    opened = written.endswith("*")
    text = fold(written[:-1] if opened else written).strip().replace("’", "'")
    return Term(text, _needs_edge(text[:1]), not opened and _needs_edge(text[-1:]))


def _needs_edge(character: str) -> bool:
    return (character.isalnum() or character == "_") and not _NO_WORD_SPACES.match(character)


@dataclass(frozen=True, slots=True)
class Matches:
    """Every match in a batch. One row a match, ordered by where it ends, refolded messages last.

    `message` is the row of the text, `term` the term's number; `start` and `end` are byte positions which may be
    compared with each other within a message.
    """

    message: Ints
    term: Ints
    start: Ints
    end: Ints
    height: int


class Scanner:
    """All lists of a playbook and of the signals that it needs, as one automaton."""

    def __init__(self, lists: Mapping[str, Sequence[Phrase | str]]) -> None:
        self.names = list(lists)
        numbers: dict[Term, int] = {}
        pairs: list[tuple[int, int]] = []
        self.patterns: dict[str, list[str]] = {}
        for place, (name, phrases) in enumerate(lists.items()):
            for phrase in phrases:
                if isinstance(phrase, Pattern):
                    self.patterns.setdefault(name, []).append(phrase.text)
                    continue
                one = term(phrase if isinstance(phrase, str) else phrase.text)
                if one.text:
                    pairs.append((numbers.setdefault(one, len(numbers)), place))
        self.terms = list(numbers)
        distinct = sorted(set(pairs))
        self.list_of = np.array([place for _, place in distinct], dtype=np.int64)
        owners = (
            np.bincount([number for number, _ in distinct], minlength=len(self.terms)) if distinct else np.zeros(0, int)
        )
        self.lists_from = np.concatenate([[0], np.cumsum(owners)]).astype(np.int64)
        self.alone_before = np.array([one.alone_before for one in self.terms], dtype=bool)
        self.alone_after = np.array([one.alone_after for one in self.terms], dtype=bool)
        self._build()

    def _build(self) -> None:
        by_bytes: dict[bytes, list[int]] = {}
        for number, one in enumerate(self.terms):
            # People type "don't" with either apostrophe; folding leaves them apart.
            for text in {one.text: None, one.text.replace("'", "’"): None}:
                by_bytes.setdefault(text.encode("utf-8", "surrogatepass"), []).append(number)
        dangers = [c.encode() for c in hazards(one.text for one in self.terms)] if by_bytes else []
        self.danger_from = len(by_bytes)
        # A term may itself be a hazard (a lone ligature); the pass over raw text then only needs to see the hazard.
        needles = [*by_bytes, *(d for d in dangers if d not in by_bytes)]
        dangerous = set(dangers)
        self.also_danger = np.array([needle in dangerous for needle in by_bytes], dtype=bool)
        self.term_of = np.array([n for group in by_bytes.values() for n in group], dtype=np.int64)
        self.terms_from = np.concatenate([[0], np.cumsum([len(g) for g in by_bytes.values()])]).astype(np.int64)
        kind = ahocorasick_rs.Implementation
        self.automaton = (
            ahocorasick_rs.BytesAhoCorasick(
                needles,
                matchkind=ahocorasick_rs.MatchKind.Standard,
                implementation=kind.DFA if len(needles) <= DFA_UP_TO else kind.ContiguousNFA,
            )
            if by_bytes
            else None
        )

    def scan(self, texts: pl.Series) -> Matches:
        """Every match in `texts` (String; null is read as empty)."""
        height = len(texts)
        if self.automaton is None or not height:
            empty = np.zeros(0, dtype=np.int64)
            return Matches(empty, empty, empty, empty, height)
        data, offsets = _buffer(texts)
        lowered = data.tobytes().lower()
        message, needle, start, end = self._find(lowered, offsets)
        danger = (needle >= self.danger_from) | self.also_danger[np.minimum(needle, self.danger_from - 1)]
        refold = np.unique(message[danger])
        if not len(refold):
            return self._as_terms(lowered, offsets, message, needle, start, end, height)
        again = np.zeros(height, dtype=bool)
        again[refold] = True
        keep = ~again[message]
        first = self._as_terms(lowered, offsets, message[keep], needle[keep], start[keep], end[keep], height)
        folded = [fold(data[offsets[i] : offsets[i + 1]].tobytes().decode()).encode() for i in refold.tolist()]
        bounds = np.concatenate([[0], np.cumsum([len(one) for one in folded])]).astype(np.int64)
        joined = b"".join(folded)
        message, needle, start, end = self._find(joined, bounds)
        keep = needle < self.danger_from
        second = self._as_terms(joined, bounds, message[keep], needle[keep], start[keep], end[keep], height)
        shift = len(lowered)
        return Matches(
            np.concatenate([first.message, refold[second.message]]),
            np.concatenate([first.term, second.term]),
            np.concatenate([first.start, second.start + shift]),
            np.concatenate([first.end, second.end + shift]),
            height,
        )

    def _find(self, data: bytes, offsets: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Needles inside one message each: message, needle, start, end."""
        assert self.automaton is not None
        with _no_collection():
            found = self.automaton.find_matches_as_indexes(data, overlapping=True)
            flat = np.fromiter(itertools.chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
            del found
        needle, start, end = flat[0::3], flat[1::3], flat[2::3]
        message = np.searchsorted(offsets, start, side="right") - 1
        inside = end <= offsets[message + 1]
        return message[inside], needle[inside], start[inside], end[inside]

    def _as_terms(
        self, data: bytes, offsets: Ints, message: Ints, needle: Ints, start: Ints, end: Ints, height: int
    ) -> Matches:
        """Needles as the terms they stand for, where these may stand."""
        counts = self.terms_from[needle + 1] - self.terms_from[needle]
        row = np.repeat(np.arange(len(needle)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        number = self.term_of[self.terms_from[needle[row]] + within]
        message, start, end = message[row], start[row], end[row]
        buffer = np.frombuffer(data, dtype=np.uint8)
        ok = ~(self.alone_before[number] & _word_before(buffer, start, offsets[message]))
        ok &= ~(self.alone_after[number] & _word_after(buffer, end, offsets[message + 1]))
        return Matches(message[ok], number[ok], start[ok], end[ok], height)

    def counts(self, matches: Matches, texts: pl.Series, names: Sequence[str]) -> dict[str, pl.Series]:
        """How many distinct terms of each named list each text mentions (UInt16)."""
        pairs = np.unique(matches.message * max(len(self.terms), 1) + matches.term)
        message, number = np.divmod(pairs, max(len(self.terms), 1))
        owned = self.lists_from[number + 1] - self.lists_from[number]
        row = np.repeat(np.arange(len(number)), owned)
        within = np.arange(len(row)) - np.repeat(np.cumsum(owned) - owned, owned)
        place = self.list_of[self.lists_from[number[row]] + within]
        by_place = np.argsort(place, kind="stable")
        message = message[row][by_place]
        bounds = np.searchsorted(place[by_place], np.arange(len(self.names) + 1))
        found: dict[str, pl.Series] = {}
        for name in names:
            at = self.names.index(name)
            mine = message[bounds[at] : bounds[at + 1]]
            found[name] = pl.Series(np.bincount(mine, minlength=matches.height).astype(np.uint16))
        if any(name in self.patterns for name in names):
            plain = texts.fill_null("").str.normalize("NFKC")
            for name in names:
                for pattern in self.patterns.get(name, ()):
                    found[name] = found[name] + plain.str.contains(f"(?i){pattern}").cast(pl.UInt16)
        return found

    def in_list(self, name: str) -> npt.NDArray[np.bool_]:
        """For each term number, whether the list has it."""
        place = self.names.index(name)
        member = np.zeros(len(self.terms), dtype=bool)
        owner = np.repeat(np.arange(len(self.terms)), np.diff(self.lists_from))
        member[owner[self.list_of == place]] = True
        return member


def _buffer(texts: pl.Series) -> tuple[Bytes, Ints]:
    """The texts' UTF-8 bytes on end, and where each begins (one more than there are texts)."""
    array = texts.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest())
    if isinstance(array, pa.ChunkedArray):  # pragma: no cover  a rechunked series gives one array
        array = array.combine_chunks()
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    raw = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    return raw[bounds[0] : bounds[-1]], bounds - bounds[0]


class _no_collection:  # noqa: N801  used like a keyword
    """Matches come as millions of tuples, none of which can be part of a cycle: collecting among them only costs."""

    def __enter__(self) -> None:
        self.was = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self.was:
            gc.enable()


_ASCII_WORD = np.zeros(256, dtype=bool)
_ASCII_WORD[list(b"abcdefghijklmnopqrstuvwxyz0123456789_")] = True
_ASCII_WORD[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = True


def _word_before(buffer: Bytes, start: Ints, floor: Ints) -> npt.NDArray[np.bool_]:
    """Whether a letter or digit of a script with word spaces stands right before `start`."""
    first = np.where(start > floor, buffer[np.maximum(start - 1, 0)], 0)
    second = np.where(start - 1 > floor, buffer[np.maximum(start - 2, 0)], 0)
    third = np.where(start - 2 > floor, buffer[np.maximum(start - 3, 0)], 0)
    tail = (first >= 0x80) & (first < 0xC0)
    found = _ASCII_WORD[first] | (tail & _letter_lead(second, first)) | (tail & (third == 0xE1) & _latin_more(second))
    return np.asarray(found, dtype=np.bool_)


def _word_after(buffer: Bytes, end: Ints, ceiling: Ints) -> npt.NDArray[np.bool_]:
    """Whether a letter or digit of a script with word spaces stands right at `end`."""
    last = max(len(buffer) - 1, 0)
    first = np.where(end < ceiling, buffer[np.minimum(end, last)], 0)
    second = np.where(end + 1 < ceiling, buffer[np.minimum(end + 1, last)], 0)
    found = _ASCII_WORD[first] | _letter_lead(first, second) | ((first == 0xE1) & _latin_more(second))
    return np.asarray(found, dtype=np.bool_)


def _letter_lead(lead: Bytes, tail: Bytes) -> npt.NDArray[np.bool_]:
    """U+00C0 to U+07FF: Latin with marks, Greek, Cyrillic, Armenian, Hebrew, Arabic; not the signs × and ÷."""
    sign = (lead == 0xC3) & ((tail == 0x97) | (tail == 0xB7))
    return np.asarray((lead >= 0xC3) & (lead <= 0xDF) & ~sign, dtype=np.bool_)


def _latin_more(second: Bytes) -> npt.NDArray[np.bool_]:
    """U+1E00 to U+1EFF (after the lead byte E1): more Latin letters with marks, as in Vietnamese."""
    return np.asarray((second >= 0xB8) & (second <= 0xBB), dtype=np.bool_)
