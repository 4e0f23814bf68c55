"""Places in one file, handed out in the order of pieces: so workers write their parts straight into the output."""

from __future__ import annotations

import os
from multiprocessing.context import BaseContext
from pathlib import Path


class Turnstile:
    """Shared by the processes of a run. Piece `n` waits until the sizes of all pieces before it are known."""

    def __init__(self, context: BaseContext, path: Path) -> None:
        self.path = path
        self.turned = context.Condition()
        self.next = context.Value("q", 0, lock=False)
        self.end = context.Value("q", 0, lock=False)

    def write(self, number: int, data: memoryview) -> tuple[int, int]:
        """Write a piece's part at its place; where it begins, and its size."""
        start = self._place(number, len(data))
        with self.path.open("r+b", buffering=0) as file:
            written = 0
            while written < len(data):
                written += os.pwrite(file.fileno(), data[written:], start + written)
        return start, len(data)

    def skip(self, number: int) -> None:
        """Let the next piece through when this one failed, so that nobody waits for it."""
        with self.turned:
            done = self.next.value > number
        if not done:
            self._place(number, 0)

    def _place(self, number: int, size: int) -> int:
        with self.turned:
            self.turned.wait_for(lambda: self.next.value == number)
            start = int(self.end.value)
            self.end.value += size
            self.next.value += 1
            self.turned.notify_all()
        return start
