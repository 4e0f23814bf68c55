"""JSON objects one by one: a line as an object, its values under dotted names, a value as the word a cell would have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import cast

import polars as pl

from engine.inbox.piece import EXTRA
from engine.inbox.typed import NAMES
from engine.message import FIELD, Kind

BLANK = b" \t\r\n"
"""What a blank line is made of."""


def object_of(line: bytes) -> dict[str, object] | str:
    """The JSON object on a line, or the reason why there is none.

    >>> object_of(b'{"id": 1, "id": 2}'), object_of(b"[1]")
    ({'id': 1}, 'It is JSON, but no object.')
    """
    try:
        found = json.loads(line.decode("utf-8"), object_pairs_hook=_first_wins)
    except UnicodeDecodeError as error:
        return f"It is not valid UTF-8 (byte {error.start + 1})."
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        return f"It is not valid JSON ({what[:1].lower()}{what[1:]} at character {error.pos + 1})."
    except (ValueError, RecursionError):
        return "It is not valid JSON that can be read (nested too deeply, or a number too long)."
    return found if isinstance(found, dict) else "It is JSON, but no object."


def _first_wins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return dict(reversed(pairs))


def dig(message: dict[str, object], name: str) -> object:
    """The value of a dotted name, flat or nested in any way; None when there is none.

    >>> dig({"author": {"a.b": 3}}, "author.a.b")
    3
    """
    found = message.get(name)
    at = -1
    while found is None and (at := name.find(".", at + 1)) >= 0:
        inner = message.get(name[:at])
        if isinstance(inner, dict):
            found = dig(inner, name[at + 1 :])
    return found


def word_of(value: object, name: str, kind: Kind) -> tuple[str | None, str | None]:
    """A JSON value as the word that a text format would have, and the reason when it cannot be one.

    Half a character (an unpaired surrogate, left where somebody cut a text in the middle of an emoji) becomes U+FFFD.

    >>> word_of(1.6e18, "id", Kind.TEXT)
    (None, '`id` has lost digits (1.6e+18): export it as text.')
    """
    match value:
        case None:
            return None, None
        case str():
            return (value if value.isascii() else _whole(value)), None
        case bool():
            return ("true" if value else "false"), None
        case int():
            return str(value), None
        case float():
            if name in NAMES and abs(value) >= 2**53:
                return None, f"`{name}` has lost digits ({value}): export it as text."
            if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
                return None, None
            return format(Decimal(repr(value)), "f").removesuffix(".0"), None
        case list() if kind is Kind.LIST and not any(isinstance(one, dict | list) for one in value):
            return _whole(json.dumps(value, ensure_ascii=False)), None
        case _:
            return None, f"`{name}` is {'an object' if isinstance(value, dict) else 'a list'}, not {_A[kind]}."


_A = {
    Kind.TEXT: "text", Kind.CATEGORY: "a word", Kind.NUMBER: "a number", Kind.COUNT: "a whole number",
    Kind.YES_NO: "yes or no", Kind.TIME: "a time", Kind.DURATION: "a number of seconds", Kind.LIST: "a list of words",
}  # fmt: skip


def extras(data: bytes) -> dict[str, Kind]:
    """The keys that are no fields of a message, as `extra.NAME`, and the kind that all their values have.

    >>> extras(b'{"id": "1", "plan": "team", "extra": {"seats": 3}}')
    {'extra.plan': <Kind.TEXT: 'text'>, 'extra.seats': <Kind.COUNT: 'count'>}
    """
    found: dict[str, Kind] = {}
    try:
        leaves = _schema_leaves("", pl.read_ndjson(data, infer_schema_length=None).schema)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        leaves = _object_leaves(data)
    for name, kind in leaves:
        bare = name.removeprefix(EXTRA)
        if bare and (name not in FIELD) and (bare == name or bare not in FIELD or name.startswith(EXTRA)):
            found[EXTRA + bare] = either(found.get(EXTRA + bare, kind), kind)
    return found


def either(one: Kind, other: Kind) -> Kind:
    """The kind that holds both: text, unless they are alike or both numbers."""
    if one is other:
        return one
    return Kind.NUMBER if {one, other} == {Kind.COUNT, Kind.NUMBER} else Kind.TEXT


def _schema_leaves(before: str, fields: Mapping[str, pl.DataType]) -> Iterator[tuple[str, Kind]]:
    for name, dtype in fields.items():
        if isinstance(dtype, pl.Struct):
            yield from _schema_leaves(f"{before}{name}.", cast("dict[str, pl.DataType]", dtype.to_schema()))
        elif dtype != pl.Null and not (isinstance(dtype, pl.List) and dtype.inner.is_nested()):
            yield before + name, _kind_of(dtype)


def _kind_of(dtype: pl.DataType) -> Kind:
    if dtype == pl.Boolean:
        return Kind.YES_NO
    if dtype.is_integer():
        return Kind.COUNT
    if dtype.is_float():
        return Kind.NUMBER
    return Kind.LIST if isinstance(dtype, pl.List) else Kind.TEXT


def _object_leaves(data: bytes) -> Iterator[tuple[str, Kind]]:
    for line in data.split(b"\n"):
        message = object_of(line) if line.strip(BLANK) else None
        if isinstance(message, dict):
            yield from _leaves("", message)


def _leaves(before: str, message: dict[str, object]) -> Iterator[tuple[str, Kind]]:
    for name, value in message.items():
        match value:
            case dict():
                yield from _leaves(f"{before}{name}.", value)
            case bool():
                yield before + name, Kind.YES_NO
            case int():
                yield before + name, Kind.COUNT
            case float():
                yield before + name, Kind.NUMBER
            case str():
                yield before + name, Kind.TEXT
            case list() if not any(isinstance(one, dict | list) for one in value):
                yield before + name, Kind.LIST
            case _:
                pass


def _whole(word: str) -> str:
    return word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
