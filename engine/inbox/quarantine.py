"""The quarantine file: every row that could not be read, with its place, the reason and its bytes, as JSONL."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from engine.inbox.piece import Quarantined

_HEAD = 4096


class Atomic:
    """A file that appears under its name only when all of it was written: a temporary one beside it, then a rename."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Nothing is touched before `with`."""
        self.path = Path(path)
        self.temporary = ""
        self.file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Open the temporary file."""
        handle, self.temporary = tempfile.mkstemp(prefix=f".{self.path.name}.", suffix=".part", dir=self.path.parent)
        self.file = os.fdopen(handle, "wb")
        return self

    def write(self, data: bytes) -> None:
        """Write bytes."""
        if self.file is None:
            msg = "write only inside `with`"
            raise ValueError(msg)
        self.file.write(data)

    def __exit__(self, kind: object, *rest: object) -> None:
        """Rename it, or remove it when something went wrong."""
        if self.file is not None:
            self.file.close()
        if kind is None:
            Path(self.temporary).chmod(0o666 & ~_umask())
            Path(self.temporary).replace(self.path)
        else:
            with suppress(FileNotFoundError):
                Path(self.temporary).unlink()


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


def write(path: str | os.PathLike[str], rows: Iterable[tuple[str, Quarantined]]) -> int:
    r"""Write a quarantine file; returns how many rows it has.

    Each line has `inbox`, `line` (as given: make it absolute before), `reason` and `raw`, the row as text, in which a
    byte that is no UTF-8 is written `\xNN`.
    """
    count = 0
    with Atomic(path) as out:
        for name, one in rows:
            shown = {
                "inbox": text_of(os.fsencode(name)),
                "line": one.line,
                "reason": one.reason,
                "raw": text_of(one.raw),
            }
            out.write(json.dumps(shown, ensure_ascii=False).encode("utf-8") + b"\n")
            count += 1
    return count


def text_of(raw: bytes) -> str:
    r"""Bytes as text; undecodable ones as `\xNN`.

    >>> text_of(b"a\xff")
    'a\\xff'
    """
    return raw.decode("utf-8", "backslashreplace")


def kind_of(reason: str) -> str:
    """A reason without what is particular to the row, for counting.

    >>> kind_of("`likes` is no whole number: 12k"), kind_of("It is not valid JSON (expecting value at character 1).")
    ('`likes` is no whole number', 'It is not valid JSON')
    """
    return reason.partition(": ")[0].partition(" (")[0].rstrip(".")


def field_of(reason: str) -> str | None:
    """The field that a reason is about, or None when it is about the whole row.

    >>> field_of("`likes` is no whole number: 12k"), field_of("It has no `id`.")
    ('likes', 'id')
    """
    parts = reason.split("`", 2)
    return parts[1] if len(parts) == 3 else None


def is_quarantine(path: Path) -> bool:
    """Whether a file may become a quarantine: it is one already, it is empty, or it is not there."""
    try:
        with path.open("rb") as file:
            first = file.readline(_HEAD)
    except FileNotFoundError:
        return True
    return not first or (first.startswith(b'{"inbox": ') and b', "line": ' in first)
