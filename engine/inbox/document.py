"""JSON exports that are documents rather than lines: walked element by element.

Each element keeps its place in the file, so that what cannot be read of it can be quarantined with its own bytes, and a
file that ends in the middle gives all that came before. The text of a file lies in memory once; its elements come and go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.inbox.encoding import encoding_of, head_of, utf8

_BLANK = re.compile(r"[ \t\r\n]*")
_ASSIGNMENT = re.compile(r"\s*(?:window\s*\.\s*)?[\w.]+\s*=\s*(?=[\[{])")
_DECODER, _STRICT = json.JSONDecoder(strict=False), json.JSONDecoder()
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Document:
    """One file of an export: where it lies, what people call it, and its text (a byte that is no UTF-8 is a surrogate)."""

    path: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Element:
    """A value of a document: under which path, in which of its top-level values (`page`), and between which characters."""

    path: str
    page: int
    value: object
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Characters of a document that cannot be read as a message, and why."""

    document: Document = field(repr=False)
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """A message of a document: its fields under the names of `engine.message.FIELD` or `extra.NAME`, as JSON has them.

    Values are the source's own words and numbers, read as times, counts and so on later; None is unknown. `start` and
    `end` are the characters that it was read from.
    """

    fields: Mapping[str, object]
    document: Document = field(repr=False)
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something in an export that is no message, and what it is, in the plural: `automatic replies`, `system lines`."""

    what: str


def read_document(path: str, name: str) -> Document:
    """A file as text.

    Raises:
        InboxError: it cannot be opened, is empty, or is no text.
    """
    head = head_of(path, name)
    encoding, start = encoding_of(path, name, head)
    return Document(path, name, utf8(Path(path).read_bytes()[start:], encoding).decode("utf-8", "surrogateescape"))


def walk(document: Document, *paths: str, start: int = 0, end: int | None = None) -> Iterator[Element | Broken]:
    """The values under some paths, in the order of the file.

    A file may hold one value, several after each other (one a line, say), or an array of them; after `name = ` too, as
    scripts have it. A path is dotted names from a top-level object; an array under it gives its elements. The path ""
    is the top-level value itself. Beside a longer path, a path gives only objects in which the longer one leads nowhere:
    `"", "data"` are the elements of pages, and objects that stand alone. With `start` and `end` what lies between these
    characters is looked at alone.

    >>> document = Document("", "a.json", '{"meta": {}, "data": [{"id": "1"}, {"id": "2"}]}')
    >>> [(one.value["id"], document.text[one.start:one.end]) for one in walk(document, "data")]
    [('1', '{"id": "1"}'), ('2', '{"id": "2"}')]
    >>> both = Document("", "a.json", '{"data": [{"id": "1"}]} {"id": "2"}')
    >>> [one.value["id"] for one in walk(both, "", "data")]
    ['1', '2']
    """
    text = document.text
    found = _ASSIGNMENT.match(text, start)
    at = _skip(text, found.end() if found else start)
    page = 0
    while at < (len(text) if end is None else end):
        try:
            if text[at] == "[":
                at = _skip(text, at + 1)
                while text[at : at + 1] not in ("]", ""):
                    at = yield from _value(document, paths, "", page, at)
                    at, page = _after(text, at, "]"), page + 1
                _must(text, at, "]")
                at += 1
            else:
                at = yield from _value(document, paths, "", page, at)
                page += 1
        except _NotJson as error:
            after = _next(text, at, error.at)
            yield Broken(document, error.start, after, error.reason)
            at = after
        at = _skip(text, at)
        while at < len(text) and text[at] in ",;]":
            at = _skip(text, at + 1)


def _value(
    document: Document, paths: tuple[str, ...], here: str, page: int, at: int
) -> Generator[Element | Broken, None, int]:
    """What is wanted of the value that begins here; returns where it ends."""
    text = document.text
    below = tuple(one for one in paths if (here == "" and one) or one.startswith(f"{here}."))
    array = here != "" and text[at : at + 1] == "["
    if here in paths and not array and not (below and _leads_on(text, at, below, here)):
        value, end = _decoded(text, at)
        yield _whole(document, here, page, value, at, end)
        return end
    if here in paths and array:
        at = _skip(text, at + 1)
        while text[at : at + 1] not in ("]", ""):
            value, end = _decoded(text, at)
            yield _whole(document, here, page, value, at, end)
            at = _after(text, end, "]")
        _must(text, at, "]")
        return at + 1
    if not below or text[at : at + 1] != "{":
        return _decoded(text, at)[1]
    at = _skip(text, at + 1)
    while text[at : at + 1] not in ("}", ""):
        key, at = _decoded(text, at)
        at = _skip(text, at)
        _must(text, at, ":")
        inner = f"{here}.{key}" if here else str(key)
        at = yield from _value(document, below, inner, page, _skip(text, at + 1))
        at = _after(text, at, "}")
    _must(text, at, "}")
    return at + 1


def _leads_on(text: str, at: int, below: tuple[str, ...], here: str) -> bool:
    """Whether the object that begins here has the next key of a longer path; it is read no further than to the first."""
    keys = {one.removeprefix(f"{here}." if here else "").partition(".")[0] for one in below}
    try:
        at = _skip(text, at + 1) if text[at : at + 1] == "{" else len(text)
        while text[at : at + 1] == '"':
            key, at = _decoded(text, at)
            if key in keys:
                return True
            at = _skip(text, at)
            _must(text, at, ":")
            at = _after(text, _decoded(text, _skip(text, at + 1))[1], "}")
    except _NotJson:
        return False
    return False


def _next(text: str, start: int, wrong: int) -> int:
    """Where to go on after a value that is broken at `wrong`: the next line that begins as the value's own line does."""
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start] if text[line:start].isspace() else ""
    found = re.compile(rf"\n{indent}(?=[{{\[])").search(text, max(start, wrong - 1 - len(indent)))
    return found.end() if found else len(text)


def _whole(document: Document, path: str, page: int, value: object, start: int, end: int) -> Element | Broken:
    bad = _ESCAPED.search(document.text, start, end)
    return Broken(document, start, end, "It is not valid UTF-8.") if bad else Element(path, page, value, start, end)


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _after(text: str, at: int, end: str) -> int:
    """Past the comma that follows an element, or at the closing bracket."""
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return _skip(text, at + 1)
    _must(text, at, end)
    return at


class _NotJson(Exception):  # noqa: N818  it never leaves this file
    """The value from `start` is no JSON at `at`."""

    def __init__(self, start: int, at: int, reason: str) -> None:
        super().__init__(reason)
        self.start, self.at, self.reason = start, at, reason


def _decoded(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as loose:
        error = min(loose, _strictly(text, at), key=lambda one: one.pos)
        what = error.msg.removesuffix(" at")
        reason = f"It is not valid JSON ({what[:1].lower()}{what[1:]} at line {error.lineno})."
        raise _NotJson(at, error.pos, reason) from None
    except (ValueError, RecursionError):
        reason = "It is not valid JSON that can be read (nested too deeply, or a number too long)."
        raise _NotJson(at, at, reason) from None


def _strictly(text: str, at: int) -> json.JSONDecodeError:
    """Where a value that is no JSON ends for a strict reader: a quote that never closes ends with its line."""
    try:
        _STRICT.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return error
    raise AssertionError


def _must(text: str, at: int, mark: str) -> None:
    if text[at : at + 1] != mark:
        line = text.count("\n", 0, at) + 1
        raise _NotJson(at, at, f"It is not valid JSON (expecting {mark} at line {line}).")
