"""Parts of an output, written straight to the disk, past the system's cache of files.

An output of gigabytes would fill that cache with what nobody reads back: memory that has to be found for every page, and
written to the disk in the end all the same, when the run waits for it. Only whole blocks can go straight; the ends of a
part share their block with its neighbours and take the usual way.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.batch.lines import Lines

BLOCK = max(4096, mmap.PAGESIZE)
"""Bytes. Source: open(2), O_DIRECT: a multiple of the logical block size; 512 and 4096 are the sizes in use. Not less than
a page, of which the usual way writes the whole."""
_ROOM = 1 << 20


class Disk:
    """One file that several processes write, each at places of its own. The file must be there."""

    def __init__(self, path: Path) -> None:
        self.plain: BinaryIO = path.open("r+b", buffering=0)
        self.straight = _straight(path)
        self.memory = mmap.mmap(-1, _ROOM)  # begins at a block, as straight writes need it

    def write(self, lines: Lines, start: int) -> None:
        """Write lines at a place.

        Raises:
            OSError: they could not be written, all or in part.
        """
        if not lines.size:
            return
        first = start % BLOCK  # in memory a byte lies in its block as it does in the file
        end = first + lines.size
        if end > len(self.memory):
            self.memory.close()
            self.memory = mmap.mmap(-1, -(-end // _ROOM) * _ROOM)
        lines.fill(np.frombuffer(self.memory, np.uint8, lines.size, first))
        with memoryview(self.memory) as memory:
            base = start - first
            head = min(-(-first // BLOCK) * BLOCK, end)
            self._plainly(memory[first:head], start)
            at = self._straightly(memory[head : end - end % BLOCK], base + head) + head if head < end else head
            self._plainly(memory[at:end], base + at)

    def _plainly(self, data: memoryview, start: int) -> None:
        self.plain.seek(start)
        written = 0
        while written < len(data):
            written += self.plain.write(data[written:])

    def _straightly(self, blocks: memoryview, start: int) -> int:
        """Write whole blocks; how many bytes of them, fewer where this place of the disk cannot be written so."""
        written = 0
        while written < len(blocks) and self.straight is not None:
            try:
                more = os.pwrite(self.straight, blocks[written:], start + written)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                more = 0
            written += more - more % BLOCK
            if not more or more % BLOCK:
                os.close(self.straight)
                self.straight = None
        return written

    def close(self) -> None:
        """Let go of the file."""
        self.plain.close()
        self.memory.close()
        if self.straight is not None:
            os.close(self.straight)


def _straight(path: Path) -> int | None:
    """A descriptor past the cache; None where the system or the file's place has no such thing."""
    if hasattr(os, "O_DIRECT"):
        with contextlib.suppress(OSError):
            return os.open(path, os.O_WRONLY | os.O_DIRECT)
    return None
