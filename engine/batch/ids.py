"""Ids seen so far, to find the second of a pair: 16 bytes a message, and no two ids taken for one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]


def hashes(ids: pl.Series) -> Hashes:
    """Two independent 64-bit hashes of each id, shape (messages, 2)."""
    return np.stack([ids.hash(seed=1).to_numpy(), ids.hash(seed=2).to_numpy()], axis=1)


class Seen:
    """All ids so far, as runs of growing size sorted by their first hash; adding a piece costs about n log n.

    Sorting one column of numbers is some ten times as fast as sorting pairs, and pairs hardly ever share one hash.
    """

    def __init__(self) -> None:
        self.runs: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] = []

    def repeats(self, piece: Hashes) -> npt.NDArray[np.intp]:
        """Add a piece; the rows in it whose id was there before, in the piece or before it."""
        order = np.argsort(piece[:, 0])
        first = piece[order, 0]
        if (first[1:] == first[:-1]).any():
            order = np.lexsort((np.arange(len(piece)), piece[:, 1], piece[:, 0]))
        first, second = piece[order, 0], piece[order, 1]
        again = np.zeros(len(piece), dtype=bool)
        again[1:] = (first[1:] == first[:-1]) & (second[1:] == second[:-1])
        for known, rest in self.runs:
            at = np.minimum(np.searchsorted(known, first), len(known) - 1)
            hit = np.flatnonzero(known[at] == first)
            again[hit[rest[at[hit]] == second[hit]]] = True
        self._add(first[~again], second[~again])
        return np.sort(order[again])

    def _add(self, first: npt.NDArray[np.uint64], second: npt.NDArray[np.uint64]) -> None:
        while self.runs and len(self.runs[-1][0]) <= len(first):
            before, its = self.runs.pop()
            first, second = np.concatenate([before, first]), np.concatenate([its, second])
            order = np.argsort(first, kind="stable")  # two sorted runs: merged in one pass
            first, second = first[order], second[order]
        if len(first):
            self.runs.append((first, second))
