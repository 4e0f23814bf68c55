"""Ids seen so far, to find the second of a pair: 16 bytes a message, and no two ids taken for one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]

_SHELVES = 16
_BOUNDS = np.arange(1, _SHELVES, dtype=np.uint64) * np.uint64(2**64 // _SHELVES)


def hashes(ids: pl.Series) -> Hashes:
    """Two independent 64-bit hashes of each id, shape (messages, 2)."""
    return np.stack([ids.hash(seed=1).to_numpy(), ids.hash(seed=2).to_numpy()], axis=1)


class Seen:
    """All ids so far, by the first bits of their first hash, so that no step needs memory for all of them once more."""

    def __init__(self) -> None:
        self.shelves = [_Shelf() for _ in range(_SHELVES)]

    def repeats(self, piece: Hashes) -> npt.NDArray[np.intp]:
        """Add a piece; the rows in it whose id was there before, in the piece or before it."""
        order = np.argsort(piece[:, 0])
        first = piece[order, 0]
        if (first[1:] == first[:-1]).any():
            order = np.lexsort((np.arange(len(piece)), piece[:, 1], piece[:, 0]))
        first, second = piece[order, 0], piece[order, 1]
        again = np.zeros(len(piece), dtype=bool)
        again[1:] = (first[1:] == first[:-1]) & (second[1:] == second[:-1])
        bounds = [0, *np.searchsorted(first, _BOUNDS).tolist(), len(first)]
        for shelf, (start, end) in zip(self.shelves, pairwise(bounds), strict=True):
            if start < end:
                shelf.add(first[start:end], second[start:end], again[start:end])
        return np.sort(order[again])


class _Shelf:
    """Ids as runs of growing size sorted by their first hash; adding to it costs about n log n.

    Sorting one column of numbers is some ten times as fast as sorting pairs, and pairs hardly ever share one hash.
    """

    def __init__(self) -> None:
        self.runs: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] = []

    def add(self, first: npt.NDArray[np.uint64], second: npt.NDArray[np.uint64], again: npt.NDArray[np.bool_]) -> None:
        """Add sorted ids, and mark in `again` those that are here already."""
        for known, rest in self.runs:
            at = np.minimum(np.searchsorted(known, first), len(known) - 1)
            hit = np.flatnonzero(known[at] == first)
            again[hit[rest[at[hit]] == second[hit]]] = True
        if again.any():
            first, second = first[~again], second[~again]
        while self.runs and len(self.runs[-1][0]) <= len(first):
            before, its = self.runs.pop()
            first, second = np.concatenate([before, first]), np.concatenate([its, second])
            order = np.argsort(first, kind="stable")  # two sorted runs: merged in one pass
            first, second = first[order], second[order]
        if len(first):
            self.runs.append((first, second))
