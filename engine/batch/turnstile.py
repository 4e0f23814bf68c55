"""Places in one file, handed out in the order of pieces: so workers write their parts straight into the output.

A worker writes while it already works at its next piece; `settle` waits for what is still under way.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.context import BaseContext
from pathlib import Path

from engine.batch.disk import Disk
from engine.batch.lines import Lines

_LOOK_AFTER, _BETWEEN = 1.0, 0.005
"""Seconds after which one looks whether the workers are still there, and between two looks at what is written."""


class Turnstile:
    """Shared by the processes of a run. Piece `n` waits until the sizes of all pieces before it are known."""

    def __init__(self, context: BaseContext, path: Path, first: int = 0, end: int = 0) -> None:
        """Pieces from number `first` on, behind byte `end`."""
        self.path = path
        self.turned = context.Condition()
        self.next = context.Value("q", first, lock=False)
        self.end = context.Value("q", end, lock=False)
        self.written = context.Value("q", end, lock=False)
        self.failed = context.Value("i", 0, lock=False)
        self.writer: _Writer | None = None  # each process has its own

    def write(self, number: int, lines: Lines) -> tuple[int, int]:
        """Have a piece's part written at its place; where it begins, and its size.

        Raises:
            OSError: some part could not be written.
        """
        size = lines.size
        start = self._place(number, size)
        self.stop_if_failed()
        if self.writer is None:
            self.writer = _Writer(self.path)
        self.writer.write(lines, start, lambda failed: self._written(size, failed))
        return start, size

    def skip(self, number: int) -> None:
        """Let the next piece through when this one failed, so that nobody waits for it."""
        with self.turned:
            done = self.next.value > number
        if not done:
            self._place(number, 0)

    def close(self) -> None:
        """Let go of the file, when this process has written its last part."""
        if self.writer is not None:
            self.writer.close()

    def settle(self, look: Callable[[], object]) -> None:
        """Wait until everything that has a place is written; `look` raises when no worker is left to do it.

        Raises:
            OSError: some part could not be written.
        """
        looked = time.monotonic()
        while not self._all_written():  # without the lock, which a worker that was killed may have taken with it
            time.sleep(_BETWEEN)
            if time.monotonic() - looked > _LOOK_AFTER:
                look()
                looked = time.monotonic()
        self.stop_if_failed()

    def _all_written(self) -> bool:
        return bool(self.failed.value) or self.written.value == self.end.value

    def stop_if_failed(self) -> None:
        """Raise what a part could not be written for, if there was one."""
        if self.failed.value:
            raise OSError(self.failed.value, os.strerror(self.failed.value), str(self.path))

    def _written(self, size: int, failed: int) -> None:
        with self.turned:
            self.failed.value = self.failed.value or failed  # before the size, at which `settle` looks without the lock
            self.written.value += size

    def _place(self, number: int, size: int) -> int:
        with self.turned:
            self.turned.wait_for(lambda: self.next.value == number)
            start = int(self.end.value)
            self.end.value += size
            self.next.value += 1
            self.turned.notify_all()
        return start


class _Writer:
    """A process's thread that writes, one part after the other."""

    def __init__(self, path: Path) -> None:
        self.disk = Disk(path)
        self.thread = ThreadPoolExecutor(1)
        self.under_way: Future[None] | None = None

    def write(self, lines: Lines, start: int, done: Callable[[int], None]) -> None:
        """Begin to write when the part before is written; `done` is told the error's number, or 0."""
        if self.under_way is not None:
            self.under_way.result()
        self.under_way = self.thread.submit(self._write, lines, start, done)

    def close(self) -> None:
        """Finish what is under way, and no more."""
        self.thread.shutdown()
        self.disk.close()

    def _write(self, lines: Lines, start: int, done: Callable[[int], None]) -> None:
        failed = errno.EIO
        try:
            self.disk.write(lines, start)
            failed = 0
        except OSError as error:
            failed = error.errno or errno.EIO
        finally:
            done(failed)
