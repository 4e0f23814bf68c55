"""Parts to one output, in order, which appears under its final name only when it is complete."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import polars as pl

from engine.clock import NOTIFY

ENDINGS = (".jsonl", ".csv", ".parquet")
_BLOCK = 1 << 20
_SAVE_AFTER = 1 << 26
"""Bytes after which the disk is asked to keep what it has, so that it need not be asked for all of it in the end."""


class Output(Protocol):
    """Something that parts are appended to. `complete` gives it its name; `close` leaves nothing else behind."""

    table: bool

    def share(self) -> Path | None:
        """A file that workers may write together, each part at its place; None where parts must come as files."""

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:
        """Add a part: at `place` in the shared file, else JSON lines, or Parquet when `table`, in a file of its own."""

    def save(self) -> None:
        """Everything was appended: make sure that it is on the disk."""

    def complete(self) -> None:
        """Everything was saved."""

    def close(self) -> None:
        """Nothing more will come."""


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

    def share(self) -> Path | None:
        return None

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:  # noqa: ARG002
        with part.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer, _BLOCK)
        sys.stdout.buffer.flush()
        part.unlink()

    def save(self) -> None:
        """It went where it goes."""

    def complete(self) -> None:
        """It has no name to be given."""

    def close(self) -> None:
        """Nothing to name."""


class _Named:
    """A file written beside its final name first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")

    def share(self) -> Path | None:
        return None

    def complete(self) -> None:
        self.unfinished.replace(self.path)

    def close(self) -> None:
        self.unfinished.unlink(missing_ok=True)


class _Lines(_Named):
    """JSON lines. Workers write them where they belong; only when a part had to be decided again are they put together."""

    table = False

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.file = self.unfinished.open("w+b", buffering=0)
        self.shared = False
        self.parts: list[tuple[int, int] | Path] = []
        """What workers share, in order: places in the shared file, or files. They may be still written to."""
        self.unsaved = 0
        self.saver = ThreadPoolExecutor(1)
        self.saving: Future[None] | None = None

    def share(self) -> Path | None:
        self.shared = True
        return self.unfinished

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:
        if self.shared:
            self.parts.append(place or part)
            self.unsaved += place[1] if place else 0
            if self.unsaved > _SAVE_AFTER and (self.saving is None or self.saving.done()):
                if self.saving is not None:
                    self.saving.result()  # an error is told once only
                self.unsaved = 0
                self.saving = self.saver.submit(os.fsync, self.file.fileno())
        else:
            _move(part, self.file)

    def save(self) -> None:
        if self.saving is not None:
            self.saving.result()
        if any(isinstance(part, Path) for part in self.parts):
            self._put_together()
        os.fsync(self.file.fileno())

    def _put_together(self) -> None:
        together = (self.unfinished.parent / f"{self.unfinished.name}.together").open("w+b", buffering=0)
        try:
            for part in self.parts:
                if isinstance(part, Path):
                    _move(part, together)
                else:
                    _copy(self.file, *part, together)
            Path(together.name).replace(self.unfinished)
        except BaseException:
            together.close()
            Path(together.name).unlink(missing_ok=True)
            raise
        self.file.close()
        self.file = together

    def close(self) -> None:
        self.saver.shutdown()
        self.file.close()
        super().close()


def _move(part: Path, target: BinaryIO) -> None:
    """A part's bytes to the end of another file."""
    with part.open("rb", buffering=0) as file:
        _copy(file, 0, part.stat().st_size, target)
    part.unlink()


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
        part.unlink()

    def save(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def close(self) -> None:
        self.file.close()
        super().close()


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists as text with ` | ` between, and no cell that a spreadsheet would execute."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.List(pl.String):
            columns.append(_harmless(column.list.join(" | ")).alias(name))
        elif kind == NOTIFY:
            who, at = (pl.element().struct.field(one) for one in ("who", "at"))
            each = column.list.eval(pl.concat_str(who, pl.lit(" "), at.dt.strftime("%Y-%m-%dT%H:%M:%SZ")))
            columns.append(_harmless(each.list.join(" | ")).alias(name))
        elif kind == pl.String:
            columns.append(_harmless(column).alias(name))
        else:
            columns.append(column)
    return frame.select(columns)


def _harmless(column: pl.Expr) -> pl.Expr:
    """A text that a spreadsheet does not take for a formula."""
    risky = column.str.contains(r"^[=+@\t\r-]") & ~column.str.contains(r"^-?[0-9.]+$")
    return pl.when(risky).then(pl.lit("'") + column).otherwise(column)


class _Parquet(_Named):
    table = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writer: Any = None

    def append(self, part: Path, place: tuple[int, int] | None = None) -> None:  # noqa: ARG002
        arrow = pl.read_parquet(part).to_arrow(compat_level=pl.CompatLevel.oldest())
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = pq.ParquetWriter(self.unfinished, arrow.schema, compression="zstd")
        self.writer.write_table(arrow)
        part.unlink()

    def save(self) -> None:
        self.writer.close()
        with self.unfinished.open("rb") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        super().close()
