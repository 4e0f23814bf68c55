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
    """All ids so far, as sorted runs of growing size; adding n messages one piece at a time costs about n log n."""

    def __init__(self) -> None:
        self.runs: list[Hashes] = []

    def repeats(self, piece: Hashes) -> npt.NDArray[np.intp]:
        """Add a piece; the rows in it whose id was there before, in the piece or before it."""
        order = np.lexsort((np.arange(len(piece)), piece[:, 1], piece[:, 0]))
        ranked = piece[order]
        again = np.zeros(len(piece), dtype=bool)
        again[1:] = (ranked[1:] == ranked[:-1]).all(axis=1)
        for run in self.runs:
            at = np.minimum(np.searchsorted(run[:, 0], ranked[:, 0]), len(run) - 1)
            again |= (run[at] == ranked).all(axis=1)
        self._add(ranked[~again])
        return np.sort(order[again])

    def _add(self, run: Hashes) -> None:
        if not len(run):
            return
        while self.runs and len(self.runs[-1]) <= len(run):
            both = np.concatenate([self.runs.pop(), run])
            run = both[np.lexsort((both[:, 1], both[:, 0]))]
        self.runs.append(run)
