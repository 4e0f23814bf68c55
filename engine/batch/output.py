"""Parts to one output, in order, which appears under its final name only when it is complete."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import polars as pl

ENDINGS = (".jsonl", ".csv", ".parquet")
_BLOCK = 1 << 20


class Output(Protocol):
    """Something that parts are appended to."""

    table: bool
    shared: Path | None
    """A file that workers may write together, each part at its place."""

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:
        """Add a part: JSON lines, or Parquet when `table`; at `place` in the shared file, or else in a file of its own."""

    def close(self, *, complete: bool) -> None:
        """Give the output its name, or leave nothing behind."""


def output(name: str) -> Output:
    """The output for a name, by its ending; `-` is standard output as JSON lines.

    Raises:
        ValueError: the ending is none that can be written.
    """
    if name == "-":
        return _StandardOutput()
    path = Path(name)
    match path.suffix.lower():
        case ".jsonl":
            return _Lines(path)
        case ".csv":
            return _Csv(path)
        case ".parquet":
            return _Parquet(path)
        case _:
            msg = f"cannot tell from its ending how to write {name}: it should end in {', '.join(ENDINGS)}, or be -"
            raise ValueError(msg)


class _StandardOutput:
    table = False
    shared: Path | None = None

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:  # noqa: ARG002
        with part.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer, _BLOCK)
        sys.stdout.buffer.flush()

    def close(self, *, complete: bool) -> None:
        """Nothing to name."""


class _Named:
    """A file written beside its final name first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")

    def finish(self, *, complete: bool) -> None:
        if complete:
            self.unfinished.replace(self.path)
        else:
            self.unfinished.unlink(missing_ok=True)


class _Lines(_Named):
    """JSON lines. Workers write them where they belong; only when a part had to be decided again is the rest moved."""

    table = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.shared: Path | None = self.unfinished
        self.file = self.unfinished.open("w+b", buffering=0)
        self.end = 0
        self.moved: BinaryIO | None = None

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:
        if place is None:
            if self.shared_up_to() > self.end and self.moved is None:
                self._move()
            with part.open("rb") as file:
                _copy(file, 0, os.fstat(file.fileno()).st_size, self.moved or self.file, self.end)
                self.end += os.fstat(file.fileno()).st_size
            return
        start, size = place
        if self.moved is not None:
            _copy(self.file, start, size, self.moved, self.end)
        self.end += size

    def shared_up_to(self) -> int:
        """How far workers have written."""
        return os.fstat(self.file.fileno()).st_size

    def _move(self) -> None:
        """Begin again beside the shared file, with what of it stays."""
        self.moved = self.unfinished.with_suffix(".moved").open("w+b", buffering=0)
        _copy(self.file, 0, self.end, self.moved, 0)

    def close(self, *, complete: bool) -> None:
        if self.moved is not None:
            self.moved.close()
            moved = self.unfinished.with_suffix(".moved")
            if complete:
                moved.replace(self.unfinished)
            else:
                moved.unlink(missing_ok=True)
        self.file.close()
        if complete:
            with self.unfinished.open("r+b") as file:
                os.fsync(file.fileno())
        self.finish(complete=complete)


def _copy(source: BinaryIO, start: int, size: int, target: BinaryIO, at: int) -> None:
    """`size` bytes from `start` of one file to `at` in another; inside the kernel where it can."""
    if hasattr(os, "copy_file_range"):
        with contextlib.suppress(OSError):  # file systems without it, or across two of them
            while size > 0:
                done = os.copy_file_range(source.fileno(), target.fileno(), size, start, at)
                if not done:
                    break
                start, at, size = start + done, at + done, size - done
    while size > 0:
        data = os.pread(source.fileno(), min(size, _BLOCK), start)
        os.pwrite(target.fileno(), data, at)
        start, at, size = start + len(data), at + len(data), size - len(data)


class _Csv(_Named):
    table = True
    shared: Path | None = None

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.file = self.unfinished.open("wb")
        self.first = True

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:  # noqa: ARG002
        frame = pl.read_parquet(part)
        self.file.write(
            _flat(frame).write_csv(include_header=self.first, datetime_format="%Y-%m-%dT%H:%M:%S%.fZ").encode()
        )
        self.first = False

    def close(self, *, complete: bool) -> None:
        self.file.close()
        self.finish(complete=complete)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text with ` | ` between, and no cell that a spreadsheet would execute."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.List(pl.String):
            columns.append(column.list.join(" | ").alias(name))
        elif isinstance(kind, pl.List):
            columns.append(pl.lit("").alias(name))
        elif kind == pl.String:
            risky = column.str.contains(r"^[=+@\t\r-]") & ~column.str.contains(r"^-?[0-9.]+$")
            columns.append(pl.when(risky).then(pl.lit("'") + column).otherwise(column).alias(name))
        else:
            columns.append(column)
    return frame.select(columns)


class _Parquet(_Named):
    table = True
    shared: Path | None = None

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writer: Any = None

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:  # noqa: ARG002
        arrow = pl.read_parquet(part).to_arrow(compat_level=pl.CompatLevel.oldest())
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = pq.ParquetWriter(self.unfinished, arrow.schema, compression="zstd")
        self.writer.write_table(arrow)

    def close(self, *, complete: bool) -> None:
        if self.writer is not None:
            self.writer.close()
        self.finish(complete=complete)


def discard(path: Path) -> None:
    """Remove a part that is no longer needed."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
