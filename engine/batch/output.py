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

    def append(self, part: Path) -> None:
        """Add a part: JSON lines, or Parquet when `table`."""

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

    def append(self, part: Path) -> None:
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
    table = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.file = self.unfinished.open("wb", buffering=0)

    def append(self, part: Path) -> None:
        with part.open("rb") as file:
            _copy(file, self.file)

    def close(self, *, complete: bool) -> None:
        if complete:
            os.fsync(self.file.fileno())
        self.file.close()
        self.finish(complete=complete)


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    """All of `source` to the end of `target`; inside the kernel where it can."""
    left = os.fstat(source.fileno()).st_size
    if hasattr(os, "copy_file_range"):
        with contextlib.suppress(OSError):  # file systems without it, or across two of them
            while left > 0:
                left -= os.copy_file_range(source.fileno(), target.fileno(), left)
    shutil.copyfileobj(source, target, _BLOCK)


class _Csv(_Named):
    table = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.file = self.unfinished.open("wb")
        self.first = True

    def append(self, part: Path) -> None:
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

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writer: Any = None

    def append(self, part: Path) -> None:
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
