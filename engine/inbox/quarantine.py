"""The quarantine file: every row that could not be read, with its place, the reason and its bytes, as JSONL.

It is an inbox too: rows that were corrected in it are read again.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Self

from engine.inbox.compressed import own_folder
from engine.inbox.objects import object_of
from engine.inbox.piece import Columns, Inbox, Quarantined
from engine.inbox.places import Places, place_of
from engine.inbox.rows import tokens

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
        """Rename it when the disk has it, or remove it when something went wrong."""
        assert self.file is not None
        try:
            with self.file:
                if kind is None:
                    self.file.flush()
                    os.fsync(self.file.fileno())
            if kind is None:
                Path(self.temporary).chmod(0o666 & ~_umask())
                Path(self.temporary).replace(self.path)
        finally:
            Path(self.temporary).unlink(missing_ok=True)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


def write(path: str | os.PathLike[str], rows: Iterable[tuple[Inbox, Quarantined]]) -> int:
    """Write a quarantine file; returns how many rows it has. Lines are as given: make them absolute before."""
    count = 0
    with Atomic(path) as out:
        for inbox, one in rows:
            out.write(line_of(inbox, one))
            count += 1
    return count


def line_of(inbox: Inbox, row: Quarantined) -> bytes:
    r"""A row as it stands in a quarantine file.

    It has `inbox`, `line`, `reason` and `raw`, the row as text, in which a byte that is no UTF-8 is written `\xNN`; such a
    row's own bytes are in `bytes` (base64). What is needed to read it again follows: `format` and `header` of a table,
    `message` where a format made the message of what stands in a document.
    """
    place = place_of(inbox.path, inbox.sources, row.line)
    said = dict(place.said) if place is not None else {}
    if "raw" in said:  # a row of a quarantine that is as unreadable as before
        return _dumped({**said, "reason": said["reason"]})
    raw = row.raw if place is None or place.raw is None else place.raw
    name = inbox.name if place is None else inbox.sources[place.source][1]
    kept: dict[str, Any] = {
        "inbox": text_of(os.fsencode(name)),
        "line": row.line if place is None else place.line,
        "reason": said.get("reason", row.reason),
        "raw": text_of(raw),
    }
    if not _is_utf8(raw):
        kept["bytes"] = base64.b64encode(raw).decode()
    if inbox.rows != "jsonl":
        kept["format"] = inbox.format
    if inbox.rows == "delimited":
        kept["header"] = _header(inbox.columns)
    if place is not None and place.raw is not None and "reason" not in said and inbox.format != "json":
        kept["message"] = json.loads(row.raw)
    return _dumped(kept)


def _dumped(kept: dict[str, Any]) -> bytes:
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _header(columns: Columns) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=columns.delimiter, lineterminator="").writerow(columns.header)
    return line.getvalue()


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
            first = file.read(_HEAD)
    except FileNotFoundError:
        return True
    return not first or is_begun(first)


def is_begun(head: bytes) -> bool:
    """Whether a file begins as a quarantine does."""
    return head.startswith(b'{"inbox": ') and b', "line": ' in head[:_HEAD]


CELLS, COLUMNS, LINES, MESSAGES, AS_IT_IS = "cells", "columns", "lines", "messages", "as it is"
"""What a quarantine's rows can be: rows of cells, rows of Parquet, JSON lines, messages made of documents, no rows."""


def reread(path: str, name: str, opened: Callable[[str, str, str | None], Inbox]) -> list[Inbox]:
    """The inboxes that the rows of a quarantine make, after somebody corrected them there (in `raw`, or in `message`).

    Rows of one table are put under its header again. A row that is no row yet is kept as it is, and quarantined again.

    Args:
        path: the quarantine.
        name: what people call it.
        opened: makes an inbox of a file with rows of one kind, given its path, the kind, and the table's format.

    Raises:
        InboxError: as `opened` does.
    """
    groups: dict[tuple[str, str | None, str | None], list[dict[str, Any]]] = {}
    for number, line in enumerate(Path(path).read_bytes().split(b"\n"), 1):
        if line.strip():
            row = _row(name, number, line)
            groups.setdefault(_group(row), []).append(row)
    return [_inbox(path, name, group, rows, opened) for group, rows in groups.items()]


def _inbox(
    path: str,
    name: str,
    group: tuple[str, str | None, str | None],
    rows: list[dict[str, Any]],
    opened: Callable[[str, str, str | None], Inbox],
) -> Inbox:
    kind, format_, header = group
    file = own_folder() / "rows"
    names = list(dict.fromkeys(str(row["inbox"]) for row in rows))
    places, at = Places(), 1
    with file.open("wb") as out:
        if header is not None:
            out.write(header.encode() + b"\n")
            at += header.count("\n") + 1
        for row in rows:
            raw = _again(row, kind)
            places.rows.append((at, names.index(str(row["inbox"])), row["line"], 0, 0, 0))
            if kind == AS_IT_IS:
                places.said[str(at)] = row
            out.write(raw + b"\n")
            at += raw.count(b"\n") + 1
    places.save(file)
    return replace(opened(str(file), kind, format_), name=name, sources=tuple((path, one) for one in names))


def _row(name: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if isinstance(row, dict) and isinstance(row.get("raw"), str) and isinstance(row.get("line"), int):
        return {"inbox": name, "reason": "", **row}
    reason = "It is no row of a quarantine: not JSON with `inbox`, `line`, `reason` and `raw`."
    return {"inbox": name, "line": number, "reason": reason, "raw": text_of(line), "format": AS_IT_IS}


def _group(row: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """What a row is read with: its kind, and the format and the header of its table."""
    raw, header, format_ = _bytes(row), row.get("header"), row.get("format")
    if isinstance(row.get("message"), dict):
        return MESSAGES, None, None
    if isinstance(header, str) and isinstance(format_, str):
        cells = list(tokens(raw, _delimiter(header)))
        return (CELLS, format_, header) if len(cells) == 1 and cells[0].reason is None else (AS_IT_IS, None, None)
    if format_ == AS_IT_IS or (b"\n" in raw and isinstance(object_of(raw), str)):
        return AS_IT_IS, None, None
    return (COLUMNS if format_ == "parquet" else LINES), None, None


def _again(row: dict[str, Any], kind: str) -> bytes:
    """The row as a line, or several where a cell has line ends."""
    if kind == AS_IT_IS:
        return b"null"
    raw = _bytes(row)
    found = row["message"] if kind == MESSAGES else object_of(raw) if kind != CELLS and b"\n" in raw else None
    return raw if found is None else json.dumps(found).encode()


def _bytes(row: dict[str, Any]) -> bytes:
    """The row's own bytes; those of `raw`, when somebody changed it."""
    raw = str(row["raw"])
    if isinstance(row.get("bytes"), str):
        try:
            own = base64.b64decode(row["bytes"], validate=True)
        except ValueError:
            own = b""
        if text_of(own) == raw:
            return own
    return raw.encode("utf-8", "surrogatepass")


def _delimiter(header: str) -> str:
    return max(",\t;", key=header.count)
