"""Exports that are documents -> one file of messages, a JSON line each, that can be read in pieces.

Done once, when an inbox is opened, message by message: the one place where an import costs Python a message. The file
lies in a folder of its own, which goes when the process does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from engine.inbox.compressed import own_folder
from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.lines import count_newlines
from engine.inbox.piece import Inbox
from engine.inbox.places import Places


class DocumentFormat(Protocol):
    """A format whose files are JSON documents: one module each."""

    NAME: str
    ABOUT: str

    def looks_like(self, name: str, head: str) -> bool:
        """Whether a file is of this format, by its path within the export and the beginning of its text."""

    def messages(self, documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
        """The messages of an export."""


class ArchiveFormat(DocumentFormat, Protocol):
    """A document format whose exports are several files in a folder or a ZIP archive."""

    def wanted(self, name: str) -> bool:
        """Whether a file of this name, within the export, holds messages or what they are read with."""


def converted(
    format: str,  # noqa: A002 - the word that its callers use
    name: str,
    found: Iterable[Found | Broken | Dropped],
    sources: Sequence[tuple[str, str]],
    *,
    in_bytes: bool = False,
) -> Inbox:
    """Write what was found into a file for the occasion.

    Args:
        format: the format's name.
        name: what people call the export.
        found: the messages, in order; their documents are those of `sources`.
        sources: the export's files, path and name.
        in_bytes: places count bytes rather than characters.

    Raises:
        OSError: there is no room for it.
    """
    path = own_folder() / "messages.jsonl"
    number = {source: at for at, (source, _) in enumerate(sources)}
    lines = _Lines(in_bytes=in_bytes)
    places = Places()
    dropped: Counter[str] = Counter()
    count = 0
    with path.open("wb") as file:
        for one in found:
            if isinstance(one, Dropped):
                dropped[one.what] += 1
                continue
            count += 1
            line = lines.of(one.document, one.start)
            places.rows.append((count, number[one.document.path], line, one.start, one.end, int(in_bytes)))
            if isinstance(one, Broken):
                places.said[str(count)] = {"reason": one.reason}
                file.write(b"null\n")
            else:
                file.write(_line(one))
    places.save(path)
    return Inbox(str(path), name, format, sources=tuple(sources), dropped=tuple(sorted(dropped.items())))


def _line(found: Found) -> bytes:
    fields = {name: value for name, value in found.fields.items() if value is not None}
    try:
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, which the reader of lines knows how to take
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


class _Lines:
    """Lines of places that mostly come in order, counted from the place before."""

    def __init__(self, *, in_bytes: bool) -> None:
        self.in_bytes = in_bytes
        self.path = ""
        self.at, self.line = 0, 1

    def of(self, document: Document, at: int) -> int:
        if document.path != self.path or at < self.at:
            self.path, self.at, self.line = document.path, 0, 1
        if self.in_bytes:
            with Path(self.path).open("rb") as file:
                file.seek(self.at)
                self.line += count_newlines(file.read(at - self.at))
        else:
            self.line += document.text.count("\n", self.at, at)
        self.at = at
        return self.line


def plain_messages(documents: Sequence[Document]) -> Iterator[Found | Broken | Dropped]:
    """JSON in Hikeshi's own names, or in those of a column map, that is not one object a line."""
    for document in documents:
        for one in walk(document, ""):
            if isinstance(one, Element) and isinstance(one.value, dict):
                yield Found(one.value, document, one.start, one.end)
            elif isinstance(one, Element):
                yield Broken(document, one.start, one.end, "It is JSON, but no object.")
            else:
                yield one
