"""Parts to one output, in order, which appears under its final name only when it is complete.

Until then it lies in the folder of the run's journal, from which an unfinished run goes on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import polars as pl

from engine.batch import databases
from engine.batch.cells import harmless
from engine.clock import NOTIFY

ENDINGS = (".jsonl", ".csv", ".parquet", *databases.SQLITE, *databases.DUCKDB)
_BLOCK = 1 << 20
_SAVE_AFTER = 1 << 26
"""Bytes after which the disk is asked to keep what it has, so that it need not be asked for all of it in the end."""

Place = tuple[int, int]
"""Where a part begins in a file, and its size."""


class Output(Protocol):
    """Something that parts are appended to. `complete` gives it its name; `close` leaves nothing else behind."""

    table: bool

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:
        """Start with the parts that an unfinished run left; what is behind `end` in the output is nothing."""

    def share(self) -> Path | None:
        """A file that workers may write together, each part at its place; None where parts must come as files."""

    def append(self, part: Path, place: Place | None = None) -> Place | None:
        """Add a part: at `place` in the shared file, else JSON lines, or Parquet when `table`, in a file of its own.

        Returns:
            Where it lies in the output; None when its file is still needed.
        """

    def save(self) -> None:
        """Everything was appended: make sure that it is on the disk."""

    def complete(self, parts: Sequence[Path]) -> None:
        """Everything was saved, now or by the run before; `parts` are the files of all parts, where they are files."""

    def close(self) -> None:
        """Nothing more will come."""


def output(name: str, folder: Path) -> Output:
    """The output for a name, by its ending; `-` is standard output as JSON lines.

    Args:
        name: the final name.
        folder: where it lies until it is complete, on the same file system.

    Raises:
        ValueError: the ending is none that can be written.
    """
    if name == "-":
        return _StandardOutput()
    path = Path(name)
    match path.suffix.lower():
        case ".jsonl":
            return _Lines(path, folder)
        case ".csv":
            return _Csv(path, folder)
        case ".parquet":
            return _Parquet(path, folder)
        case suffix if suffix in databases.SQLITE + databases.DUCKDB:
            return _Database(path, folder)
        case _:
            msg = f"cannot tell from its ending how to write {name}: it should end in {', '.join(ENDINGS)}, or be -"
            raise ValueError(msg)


class _StandardOutput:
    table = False

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:
        """What was printed is gone: there is nothing to go on with."""

    def share(self) -> Path | None:
        return None

    def append(self, part: Path, place: Place | None = None) -> Place | None:  # noqa: ARG002  all outputs are asked alike
        with part.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer, _BLOCK)
        sys.stdout.buffer.flush()
        part.unlink()
        return None

    def save(self) -> None:
        """It went where it goes."""

    def complete(self, parts: Sequence[Path]) -> None:
        """It has no name to be given."""

    def close(self) -> None:
        """Nothing to name."""


class _Named:
    """A file written in the journal's folder first."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.unfinished = folder / "output"

    def share(self) -> Path | None:
        return None

    def complete(self, parts: Sequence[Path]) -> None:  # noqa: ARG002  all outputs are asked alike
        if self.unfinished.exists():  # else it was done when the run before was stopped
            self.unfinished.replace(self.path)


class _Lines(_Named):
    """JSON lines. Workers write them where they belong; only when a part had to be decided again are they put together."""

    table = False

    def __init__(self, path: Path, folder: Path) -> None:
        super().__init__(path, folder)
        self.together = folder / "together"
        self.file: BinaryIO | None = None
        self.shared = False
        self.parts: list[Path | Place] = []
        """In order: places in the file, or files. They may be still written to."""
        self.unsaved = 0
        self.saver = ThreadPoolExecutor(1)
        self.saving: Future[None] | None = None

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:
        self.together.unlink(missing_ok=True)
        self.unfinished.touch()
        self.file = self.unfinished.open("r+b", buffering=0)
        self.file.truncate(end)
        self.parts = list(parts)

    def share(self) -> Path | None:
        self.shared = True
        return self.unfinished

    def append(self, part: Path, place: Place | None = None) -> Place | None:
        assert self.file is not None
        if place is None and not self.shared:
            place = (self.file.seek(0, os.SEEK_END), part.stat().st_size)
            _copy_all(part, self.file)
            part.unlink()
        self.parts.append(part if place is None else place)
        self.unsaved += place[1] if place else 0
        if self.unsaved > _SAVE_AFTER and (self.saving is None or self.saving.done()):
            if self.saving is not None:
                self.saving.result()  # an error is told once only
            self.unsaved = 0
            self.saving = self.saver.submit(os.fsync, self.file.fileno())
        return place

    def save(self) -> None:
        if self.saving is not None:
            self.saving.result()
        assert self.file is not None
        if not self._in_order():
            self._put_together(self.file)
        os.fsync(self.file.fileno())

    def complete(self, parts: Sequence[Path]) -> None:
        if self.together.exists():
            self.unfinished.unlink(missing_ok=True)  # first: alone it would be taken for the output, if this is stopped
            self.together.replace(self.path)
        else:
            super().complete(parts)

    def _in_order(self) -> bool:
        """Whether the file is the parts one after the other and nothing else."""
        end = 0
        for part in self.parts:
            if isinstance(part, Path) or part[0] != end:
                return False
            end += part[1]
        return True

    def _put_together(self, apart: BinaryIO) -> None:
        """Into a file of its own: where the parts lie in the first is what the journal says."""
        with self.together.open("w+b", buffering=0) as together:
            for part in self.parts:
                if isinstance(part, Path):
                    _copy_all(part, together)
                else:
                    _copy(apart, *part, together)
            os.fsync(together.fileno())

    def close(self) -> None:
        self.saver.shutdown()
        if self.file is not None:
            self.file.close()


def _copy_all(part: Path, target: BinaryIO) -> None:
    """A part's bytes to the end of another file."""
    with part.open("rb", buffering=0) as file:
        _copy(file, 0, part.stat().st_size, target)


def _copy(source: BinaryIO, start: int, size: int, target: BinaryIO) -> None:
    """`size` bytes from `start` of one file to the end of another; inside the kernel where it can."""
    if hasattr(os, "copy_file_range"):
        with contextlib.suppress(OSError):  # file systems without it, or across two of them
            while size > 0:
                done = os.copy_file_range(source.fileno(), target.fileno(), size, start)
                if not done:
                    break
                start, size = start + done, size - done
    source.seek(start)
    while size > 0:
        data = source.read(min(size, _BLOCK))
        written = 0
        while written < len(data):
            written += target.write(data[written:])
        size -= len(data)


class _Csv(_Named):
    table = True

    def __init__(self, path: Path, folder: Path) -> None:
        super().__init__(path, folder)
        self.file: BinaryIO | None = None
        self.first = True

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:  # noqa: ARG002  all outputs are asked alike
        self.file = self.unfinished.open("wb")
        for part in parts:
            assert isinstance(part, Path)
            self.append(part)

    def append(self, part: Path, place: Place | None = None) -> None:  # noqa: ARG002  all outputs are asked alike
        assert self.file is not None
        times = "%Y-%m-%dT%H:%M:%S%.fZ"
        cells = _flat(pl.read_parquet(part)).write_csv(include_header=self.first, datetime_format=times)
        self.file.write(cells.encode())
        self.first = False

    def save(self) -> None:
        assert self.file is not None
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        if self.file is not None:
            with contextlib.suppress(OSError):  # what is not written is not needed now
                self.file.close()


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text with ` | ` between, and no cell that a spreadsheet would execute."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.List(pl.String):
            columns.append(harmless(column.list.join(" | ")).alias(name))
        elif kind == NOTIFY:
            who, at = (pl.element().struct.field(one) for one in ("who", "at"))
            each = column.list.eval(pl.concat_str(who, pl.lit(" "), at.dt.strftime("%Y-%m-%dT%H:%M:%SZ")))
            columns.append(harmless(each.list.join(" | ")).alias(name))
        elif kind == pl.String:
            columns.append(harmless(column).alias(name))
        else:
            columns.append(column)
    return frame.select(columns)


class _Parquet(_Named):
    table = True

    def __init__(self, path: Path, folder: Path) -> None:
        super().__init__(path, folder)
        self.writer: Any = None

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:  # noqa: ARG002  all outputs are asked alike
        for part in parts:
            assert isinstance(part, Path)
            self.append(part)

    def append(self, part: Path, place: Place | None = None) -> None:  # noqa: ARG002  all outputs are asked alike
        arrow = pl.read_parquet(part).to_arrow(compat_level=pl.CompatLevel.oldest())
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = pq.ParquetWriter(self.unfinished, arrow.schema, compression="zstd")
        self.writer.write_table(arrow)

    def save(self) -> None:
        self.writer.close()
        with self.unfinished.open("rb") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        if self.writer is not None:
            with contextlib.suppress(OSError):  # what is not written is not needed now
                self.writer.close()


class _Database:
    """A table that is there already, or is made: parts go into it all at once, when all are there."""

    table = True

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def begin(self, parts: Sequence[Path | Place], end: int) -> None:
        """Nothing is written before everything is there."""

    def share(self) -> Path | None:
        return None

    def append(self, part: Path, place: Place | None = None) -> None:
        """The part stays where it is."""

    def save(self) -> None:
        """The parts are files."""

    def complete(self, parts: Sequence[Path]) -> None:
        databases.upsert(self.path, (pl.read_parquet(part) for part in parts), self.folder)

    def close(self) -> None:
        """Nothing is open."""
