"""JSONL: one message a line, in Hikeshi's own names.

Keys are flat (`"author.followers": 3`), nested (`{"author": {"followers": 3}}`) or both; a key that is no field of a
message is `extra.KEY`. Numbers may be strings, ids may be integers. When a line has a key twice, the first counts; a
flat key counts before a nested one.

A piece is first parsed at once and strictly, asking only for the columns that are needed. When that raises, or when it
could have lost something, the piece is halved again and again until the lines that resist stand alone; those are read
exactly, by `exact_rows`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import polars as pl

from engine.inbox.encoding import utf8
from engine.inbox.lines import count_lines, line_pieces, piece_bytes
from engine.inbox.objects import BLANK, dig, object_of, word_of
from engine.inbox.odd import Odd, odd
from engine.inbox.piece import DTYPES, EXTRA, PIECE_SIZE, Batch, Column, Inbox, Piece, Quarantined, kinds
from engine.inbox.translate import supplied, translated
from engine.inbox.typed import NAMES, Reasons, typed
from engine.message import FIELD, Kind

NAME = "jsonl"
ABOUT = "JSON, one object a line, in Hikeshi's own field names"

_PARTS = 8
_FEW = 32
_LOOK = 4096
_BEGINNINGS = frozenset({b"{", b"\n", b"\r", b" ", b"\t"})
_AS_TEXT = frozenset({Kind.TEXT, Kind.CATEGORY, Kind.TIME})


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    """Cut at line ends, reading only near the cuts."""
    return line_pieces(inbox, size)


def read(inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read one piece; see `engine.inbox.read`."""
    data = utf8(piece_bytes(inbox, piece), inbox.columns.encoding)
    return read_bytes(inbox, data, kinds(fields, declared or {}))


def raw_rows(inbox: Inbox, piece: Piece, lines: Sequence[int]) -> list[bytes]:
    """See `engine.inbox.raw_rows`."""
    every = utf8(piece_bytes(inbox, piece), inbox.columns.encoding).split(b"\n")
    return [every[line - 1].rstrip(b"\r") for line in lines]


def read_bytes(inbox: Inbox, data: bytes, wanted: Mapping[str, Kind]) -> Batch:
    """Read lines that lie in memory (UTF-8)."""
    return _batch(inbox, _parts(inbox, data, wanted), wanted)


Part = tuple[pl.DataFrame, list[Quarantined], int]


def _batch(inbox: Inbox, parts: Iterable[Part], wanted: Mapping[str, Kind]) -> Batch:
    frames: list[pl.DataFrame] = []
    quarantined: list[Quarantined] = []
    before = 0
    for frame, bad, lines in parts:
        frames.append(frame.with_columns(pl.col("line") + before) if before else frame)
        quarantined += [Quarantined(one.line + before, one.reason, one.raw) for one in bad] if before else bad
        before += lines
    if not frames:
        frames = [_exact(inbox, b"", wanted)[0]]
    return Batch(frames[0] if len(frames) == 1 else pl.concat(frames), quarantined, before)


def _parts(inbox: Inbox, data: bytes, wanted: Mapping[str, Kind], *, objects: bool = False) -> Iterator[Part]:
    """Parts of the data, in order; `objects` says that every line is known to be an object."""
    if not data:
        return
    fast = _fast(inbox, data, wanted)
    if fast is not None:
        yield fast
        return
    cuts = _cuts(data)
    if len(cuts) <= 2:
        yield _exact(inbox, data, wanted)
        return
    good, numbers, bad = (b"", [], []) if objects else _only_objects(data)
    if bad:
        batch = _batch(inbox, _parts(inbox, good, wanted, objects=True), wanted)
        at = pl.Series(numbers, dtype=pl.UInt32)
        frame = batch.messages.with_columns(at.gather(batch.messages["line"] - 1).alias("line"))
        bad += [Quarantined(numbers[one.line - 1], one.reason, one.raw) for one in batch.quarantined]
        yield frame, sorted(bad, key=lambda one: one.line), count_lines(data)
        return
    for start, end in pairwise(cuts):
        yield from _parts(inbox, data[start:end], wanted, objects=True)


def _only_objects(data: bytes) -> tuple[bytes, list[int], list[Quarantined]]:
    """The lines that are objects, their numbers, and those that are none: some broken lines must not slow all down."""
    good: list[bytes] = []
    numbers: list[int] = []
    bad: list[Quarantined] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            if not isinstance(json.loads(line), dict):
                raise ValueError  # noqa: TRY301, TRY004 - `object_of` tells why
        except (ValueError, RecursionError):
            if not line.strip(BLANK):
                continue
            reason = object_of(line)
            if isinstance(reason, str):
                bad.append(Quarantined(number, reason, line.rstrip(b"\r")))
                continue
        good.append(line)
        numbers.append(number)
    return b"\n".join(good) + b"\n", numbers, bad


def _cuts(data: bytes) -> list[int]:
    """Where to cut lines into about equal parts; no cut when there are few lines."""
    cuts = [0]
    if count_lines(data) > _FEW:
        for part in range(1, _PARTS):
            at = data.find(b"\n", max(len(data) * part // _PARTS, cuts[-1])) + 1
            if cuts[-1] < at < len(data):
                cuts.append(at)
    return [*cuts, len(data)]


def _sources(inbox: Inbox, name: str) -> list[str]:
    """The keys that supply a field, the most telling first."""
    if inbox.columns.columns:
        column = inbox.columns.of(name)
        return [*column.sources] if column is not None else []
    bare = name.removeprefix(EXTRA)
    return [name] if bare == name or bare in FIELD else [name, bare]


def _prefixes(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _fast(inbox: Inbox, data: bytes, wanted: Mapping[str, Kind]) -> Part | None:
    """All lines at once, or None when that cannot be trusted: Polars would unpack what begins like a compressed file."""
    if data[:1] not in _BEGINNINGS:
        return None
    mapped = [column for name in wanted if (column := inbox.columns.of(name)) is not None]
    if any(len(column.sources) > 1 or column.made_of for column in mapped):
        return None
    schema: dict[str, pl.DataType] = {}
    sources = {name: _sources(inbox, name) for name in wanted}
    for name, kind in wanted.items():
        column = inbox.columns.of(name)
        as_word = kind in _AS_TEXT or (column is not None and bool(column.values or column.pattern))
        for key in sources[name]:
            dtype = pl.String() if as_word else DTYPES[kind]
            if schema.setdefault(key, dtype) != dtype:
                return None
    frame = _parsed(data, schema, sources)
    if frame is None:
        return None
    times = {key for name, keys in sources.items() if wanted[name] is Kind.TIME for key in keys}
    words = [key for key, dtype in schema.items() if dtype == pl.String and key not in times and key in frame.columns]
    seen = {key: odd(frame[key], plus=key in NAMES) for key in words}
    if any(_lossy(frame[key], data, seen[key]) for key in words):
        return None
    lines = count_lines(data)
    if frame.height == lines:
        numbers = pl.int_range(1, lines + 1, dtype=pl.UInt32, eager=True).alias("line")
    else:
        full = [number for number, line in enumerate(data.split(b"\n"), 1) if line.strip(BLANK)]
        if len(full) != frame.height:
            return None
        numbers = pl.Series("line", full, pl.UInt32)
    columns = {name: _supplied(frame, sources[name], inbox.columns.of(name), kind) for name, kind in wanted.items()}
    found, reasons = typed(columns, wanted, inbox.columns.zone, {} if inbox.columns.columns else seen)
    return _sifted(found.with_columns(numbers), reasons, data, lines)


def _parsed(data: bytes, schema: dict[str, pl.DataType], sources: Mapping[str, list[str]]) -> pl.DataFrame | None:
    """The keys of all lines, or None when a line resists or when a value lies in an object.

    Every key that is asked for costs time, and most files have a field under one name in every line. So a second name of
    an extra, and objects that a dotted name could lie in, are asked for only where the field is not always there.
    """
    start = data[: data.find(b"\n", _LOOK) + 1] or data
    lines = start.count(b"\n")
    steady = {key for key, *_ in filter(None, sources.values()) if start.count(json.dumps(key).encode()) >= lines > 0}
    ways = {
        keys[0]: {*keys[1:], *(hint for key in keys for hint in _prefixes(key))} for keys in sources.values() if keys
    }
    others = {way for key, more in ways.items() if key not in steady for way in more}
    hints = {hint for keys in sources.values() for key in keys for hint in _prefixes(key)} - schema.keys()

    def parsed(keys: Iterable[str]) -> pl.DataFrame:
        return pl.read_ndjson(data, schema={key: schema.get(key, pl.String()) for key in keys})

    try:
        frame = parsed(sorted({*ways, *others}))
        gaps = {way for key in steady if frame[key].null_count() for way in ways[key]} - set(frame.columns)
        if gaps:
            frame = frame.hstack(parsed(sorted(gaps)))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return None if any(hint in frame.columns and frame[hint].null_count() < frame.height for hint in hints) else frame


def _supplied(frame: pl.DataFrame, keys: list[str], column: Column | None, kind: Kind) -> pl.Series:
    if not keys:
        empty = pl.Series([None] * frame.height, dtype=DTYPES[kind])
        return empty if column is None else translated(pl.Series([None] * frame.height, dtype=pl.String), column)
    found = frame[keys[0]]
    for key in keys[1:]:
        if key in frame.columns and frame[key].null_count() < frame.height:
            found = found.zip_with(found.is_not_null(), frame[key])
    return found if column is None else translated(found, column)


def _lossy(words: pl.Series, data: bytes, seen: Odd) -> bool:
    """Whether a text column may hold what was no text: an object, a number with lost digits, half a character."""
    key = words.name
    if seen.nul:
        return True
    if seen.opened and any(map(_is_json, _opened(words))) and _written(data, key, rb"[\[{]"):
        return True
    return key in NAMES and _long_number(words) and _written(data, key, rb"-?[0-9]+[.eE]")


def _opened(words: pl.Series) -> list[str]:
    return words.filter(words.str.contains(r"^[\[{]").fill_null(value=False)).to_list()


def _is_json(word: str) -> bool:
    try:
        json.loads(word, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _long_number(words: pl.Series) -> bool:
    """Whether a word could be what is left of a number too long to be exact: 2**53 has 16 digits."""
    longest = words.str.len_bytes().max()
    return isinstance(longest, int) and longest >= 16 and bool(words.str.contains(r"^-?[0-9]{16,}$").any())


def _written(data: bytes, key: str, value: bytes) -> bool:
    quoted = re.escape(json.dumps(key).encode())
    return re.search(quoted + rb"[ \t\r]*:[ \t\r]*" + value, data) is not None


def _sifted(frame: pl.DataFrame, reasons: Reasons, data: bytes, lines: int) -> Part:
    """Take the rows with a reason out of the frame."""
    if not reasons:
        return frame, [], lines
    rows = sorted(reasons)
    raw = data.split(b"\n")
    numbers = frame["line"].gather(rows).to_list()
    bad = [
        Quarantined(line, reasons[row], raw[line - 1].rstrip(b"\r")) for row, line in zip(rows, numbers, strict=True)
    ]
    keep = pl.Series([True]).new_from_index(0, frame.height).scatter(rows, values=False)
    return frame.filter(keep), bad, lines


def _exact(inbox: Inbox, data: bytes, wanted: Mapping[str, Kind]) -> Part:
    """Line by line: slow, and the specification of the fast way."""
    mapped = {name: column for name in wanted if (column := inbox.columns.of(name)) is not None}
    rows: dict[str, list[str | None]] = {name: [] for name in wanted if name not in mapped}
    cells: dict[tuple[str, str], list[str | None]] = {
        (name, source): [] for name, column in mapped.items() for source in column.sources
    }
    numbers: list[int] = []
    reasons: Reasons = {}
    bad: list[Quarantined] = []
    sources = {name: _sources(inbox, name) for name in wanted}
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip(BLANK):
            continue
        message = object_of(line)
        if isinstance(message, str):
            bad.append(Quarantined(number, message, line.rstrip(b"\r")))
            continue
        places = [(words, name, sources[name]) for name, words in rows.items()]
        places += [(words, name, [source]) for (name, source), words in cells.items()]
        for words, name, keys in places:
            word, reason = word_of(_dig_any(message, keys), name, wanted[name])
            words.append(word)
            if reason is not None:
                reasons.setdefault(len(numbers), reason)
        numbers.append(number)
    columns = {name: pl.Series(words, dtype=pl.String) for name, words in rows.items()}
    for name, column in mapped.items():
        its = {source: pl.Series(cells[name, source], dtype=pl.String) for source in column.sources}
        columns[name] = supplied(column, its.__getitem__, len(numbers))
    found, more = typed(columns, wanted, inbox.columns.zone)
    frame = found.with_columns(pl.Series("line", numbers, pl.UInt32))
    frame, rest, lines = _sifted(frame, more | reasons, data, count_lines(data))
    return frame, sorted(bad + rest, key=lambda one: one.line), lines


def _dig_any(message: dict[str, object], keys: list[str]) -> object:
    for key in keys:
        found = dig(message, key)
        if found is not None:
            return found
    return None
