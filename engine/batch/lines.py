"""Records as JSON lines, laid out before they are written: each is a head of its own and an ending that many share.

Endings are some five hundred bytes and there are few of them, so they are never copied into a column of their own: each
goes straight to its places in the output, all places of one ending together. So do the heads, by their length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

_STEP = 64
"""Heads are copied in whole steps of so many bytes. What is too much is overwritten by the ending behind it, or cut off."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Records that are not yet in one place. Head `i` is `heads[head_at[i] : head_at[i + 1]]`; `ending` names its ending.

    An ending has at least one byte.
    """

    heads: Bytes
    head_at: Ints
    ending: Ints
    endings: list[bytes]

    @property
    def size(self) -> int:
        """Bytes of all lines."""
        return int(self.head_at[-1] - self.head_at[0] + self._ending_sizes().sum())

    def _ending_sizes(self) -> Ints:
        """Of each line's ending."""
        return np.array([len(one) for one in self.endings], np.int64)[self.ending]

    def fill(self, target: Bytes) -> None:
        """Write the lines into memory of their size.

        >>> lines = Lines(np.frombuffer(b'{"id":1{"id":22', np.uint8), np.array([0, 7, 15]), np.array([0, 0]), [b"}"])
        >>> target = np.empty(lines.size, np.uint8)
        >>> lines.fill(target); target.tobytes()
        b'{"id":1}{"id":22}'
        """
        if not self.size:
            return
        head_sizes, ending_sizes = np.diff(self.head_at), self._ending_sizes()
        starts = np.cumsum(head_sizes + ending_sizes)
        starts = np.concatenate([[0], starts[:-1]])
        steps = -(-head_sizes // _STEP)
        room = np.minimum(len(self.heads) - self.head_at[:-1], len(target) - starts)
        # One by one are copied heads near the end, and those whose ending is too short to cover what a step writes too much.
        for step, rows in _groups(np.where((steps * _STEP > room) | (ending_sizes < _STEP), 0, steps)):
            if step:
                size = int(step) * _STEP
                _windows(target, size)[starts[rows]] = _windows(self.heads, size)[self.head_at[rows]]
            else:
                for row in rows.tolist():
                    head = self.heads[self.head_at[row] : self.head_at[row + 1]]
                    target[starts[row] : starts[row] + len(head)] = head
        for number, rows in _groups(self.ending):
            ending = np.frombuffer(self.endings[int(number)], np.uint8)
            _windows(target, len(ending))[starts[rows] + head_sizes[rows]] = ending.view(f"V{len(ending)}")[0]

    def together(self) -> bytes:
        """The lines in one place."""
        target = np.empty(self.size, np.uint8)
        self.fill(target)
        return target.tobytes()


def _windows(data: Bytes, size: int) -> npt.NDArray[np.void]:
    """Every stretch of so many bytes, as one thing each, so that one is copied at a time rather than one byte."""
    return np.ndarray((len(data) - size + 1,), f"V{size}", buffer=data, strides=(1,))


def _groups(keys: Ints) -> list[tuple[np.int64, Ints]]:
    """The rows of each key, in order."""
    order = np.argsort(keys.astype(np.uint16) if len(keys) and keys.max() < 1 << 16 else keys, kind="stable")
    found, first = np.unique(keys[order], return_index=True)
    return list(zip(found, np.split(order, first[1:]), strict=True))
