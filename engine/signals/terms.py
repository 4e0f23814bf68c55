"""Term lists: one pass over a batch of texts finds every term of every list.

A term matches the folded text; its `'` also stands for `’`. At an end that is a letter or digit of a script with word
spaces, or a mark on one, it must stand alone: nothing of that kind may be its neighbour; a `*` at its end lifts that
there. At an end in Japanese, Chinese, Thai or another script without word spaces, and in Korean, whose particles cling
to words, it matches as a part. Overlapping terms all count, each once a message.

Cost grows with the bytes of the texts and with the number of matches, hardly with the number of terms.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from engine.language.syntax import Pattern, Phrase
from engine.signals.folding import fold, hazards, in_a_word

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

DFA_UP_TO = 6000
"""Patterns (terms and hazards together) up to which the larger but quicker automaton is built. Measured: beyond it the
smaller one is level or ahead, since it stays in the processor's cache."""


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
    return Term(text, in_a_word(text[:1]), not opened and in_a_word(text[-1:]))


def _apostrophes(text: str) -> list[str]:
    """A term with each of its `'` as `'` or as `’`: folding leaves them apart. Beyond four, all are alike."""
    pieces = text.split("'")
    if len(pieces) > 5:
        return [text, text.replace("'", "’")]
    found = [pieces[0]]
    for piece in pieces[1:]:
        found = [before + mark + piece for before in found for mark in "'’"]
    return found


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
            for text in _apostrophes(one.text):
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


def _word_before(buffer: Bytes, start: Ints, floor: Ints) -> Bools:
    """Whether something that belongs in a word with spaces around it stands right before `start`."""
    last = np.where(start > floor, buffer[np.maximum(start - 1, 0)], 0)
    found: Bools = _ASCII_WORD[last]
    far = np.flatnonzero(last >= 0x80)
    if len(far):
        lead = start[far] - 1
        for _ in range(3):
            lead -= (buffer[lead] & 0xC0) == 0x80
        found[far] = _in_words(_code_points(buffer, lead))
    return found


def _word_after(buffer: Bytes, end: Ints, ceiling: Ints) -> Bools:
    """Whether something that belongs in a word with spaces around it stands right at `end`."""
    first = np.where(end < ceiling, buffer[np.minimum(end, max(len(buffer) - 1, 0))], 0)
    found: Bools = _ASCII_WORD[first]
    far = np.flatnonzero(first >= 0x80)
    if len(far):
        found[far] = _in_words(_code_points(buffer, end[far]))
    return found


def _code_points(buffer: Bytes, lead: Ints) -> Ints:
    """The code points of more than one byte that begin at `lead`; those past the table are given its last place."""
    one, two, three, four = (buffer[np.minimum(lead + i, len(buffer) - 1)].astype(np.int64) & 0x3F for i in range(4))
    byte = buffer[lead]
    short = (one & 0x1F) << 6 | two
    middle = (one & 0x0F) << 12 | two << 6 | three
    long = (one & 0x07) << 18 | two << 12 | three << 6 | four
    code = np.where(byte < 0xE0, short, np.where(byte < 0xF0, middle, long))
    return np.minimum(code, PAST_LETTERS)


PAST_LETTERS = 0x20000
"""From here on there are only scripts without word spaces, and no letters."""
_OPEN = -1
_KNOWN = np.full(PAST_LETTERS + 1, _OPEN, np.int8)
_KNOWN[PAST_LETTERS] = False


def _in_words(codes: Ints) -> Bools:
    """Whether each code point belongs in a word; one is looked at when a text first needs it, and then known."""
    for code in np.unique(codes[_KNOWN[codes] == _OPEN]).tolist():
        _KNOWN[code] = in_a_word(chr(code))
    found: Bools = _KNOWN[codes] == 1
    return found
