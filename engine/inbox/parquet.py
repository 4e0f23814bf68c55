"""Parquet: one message a row; columns as in CSV, or nested (`author` with `followers` in it).

A line is a row. The raw bytes of a quarantined row are its asked columns as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from engine.inbox.piece import DTYPES, PIECE_SIZE, Batch, Column, Inbox, InboxError, Piece, Quarantined, kinds
from engine.inbox.times import UTC_TIME
from engine.inbox.translate import supplied, translated
from engine.inbox.typed import NAMES, Reasons, typed
from engine.message import Kind

NAME = "parquet"
ABOUT = "Parquet, flat or nested"
MAGIC = b"PAR1"

_EXACT_FLOAT = 2**53


def header_of(path: str, name: str) -> tuple[str, ...]:
    """The columns, a nested one as `outer.inner`.

    Raises:
        InboxError: it is no Parquet file that can be read.
    """
    try:
        return tuple(_leaves("", pq.read_schema(path)))
    except (OSError, pa.ArrowException) as error:
        said = str(error).split(".", 1)[0].strip()
        raise InboxError(f"{name} cannot be read as Parquet: {said}. Is the download complete?") from None


def _leaves(before: str, fields: object) -> Iterator[str]:
    for one in cast("Sequence[pa.Field]", fields):
        if pa.types.is_struct(one.type):
            yield from _leaves(f"{before}{one.name}.", [one.type.field(at) for at in range(one.type.num_fields)])
        else:
            yield before + one.name


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    """As many row groups as have about `size` bytes; a row group is never cut."""
    groups = pq.ParquetFile(inbox.path).metadata
    start = number = held = 0
    for at in range(groups.num_row_groups):
        more = groups.row_group(at).total_byte_size
        if held and held + more > size:
            yield Piece(number, start, at)
            start, number, held = at, number + 1, 0
        held += more
    if groups.num_row_groups:
        yield Piece(number, start, groups.num_row_groups)


def read(inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read one piece; see `engine.inbox.read`."""
    wanted = kinds(fields, declared or {})
    file = pq.ParquetFile(inbox.path)
    groups = list(range(piece.start, piece.end))
    height = sum(file.metadata.row_group(at).num_rows for at in groups)
    columns = {name: inbox.columns.of(name) for name in wanted}
    sources = sorted({source for one in columns.values() if one is not None for source in one.sources})
    frame = pl.DataFrame(pl.from_arrow(file.read_row_groups(groups, columns=sources))) if sources else pl.DataFrame()
    reasons: Reasons = {}
    found: dict[str, pl.Series] = {}
    raw: dict[str, pl.Series] = {}
    for name, kind in wanted.items():
        column = columns[name]
        if column is None or not column.sources:
            found[name] = _missing(column, kind, height)
            continue
        words: dict[str, pl.Series] = {}
        one = Kind.TEXT if len(column.sources) > 1 else kind
        for source in column.sources:
            raw[name if source == column.source else source] = leaf = _leaf(frame, source)
            words[source], bad = _words(name, one, leaf)
            for row, reason in bad.items():
                reasons.setdefault(row, reason)
        found[name] = supplied(column, words.__getitem__, height)
    messages, more = typed(found, wanted, inbox.columns.zone)
    reasons = more | reasons
    messages = messages.with_columns(pl.int_range(1, height + 1, dtype=pl.UInt32, eager=True).alias("line"))
    return _batch(messages, reasons, raw)


def raw_rows(inbox: Inbox, piece: Piece, lines: Sequence[int]) -> list[bytes]:
    """See `engine.inbox.raw_rows`; all columns as JSON."""
    frame = pl.DataFrame(pl.from_arrow(pq.ParquetFile(inbox.path).read_row_groups(list(range(piece.start, piece.end)))))
    leaves = {name: _leaf(frame, name) for name in inbox.columns.header}
    return [
        json.dumps({name: column[line - 1] for name, column in leaves.items()}, ensure_ascii=False, default=str).encode(
            "utf-8", "backslashreplace"
        )
        for line in lines
    ]


def _missing(column: Column | None, kind: Kind, height: int) -> pl.Series:
    if column is None:
        return pl.Series([None] * height, dtype=DTYPES[kind])
    return translated(pl.Series([None] * height, dtype=pl.String), column)


def _leaf(frame: pl.DataFrame, source: str) -> pl.Series:
    if source in frame.columns:
        return frame[source]
    for at in (at for at, one in enumerate(source) if one == "."):
        if source[:at] in frame.columns:
            inner = frame[source[:at]].struct.unnest()
            return _leaf(inner, source[at + 1 :])
    raise KeyError(source)


def _words(name: str, kind: Kind, raw: pl.Series) -> tuple[pl.Series, Reasons]:
    """A column as its kind's type where it has it, else as words; and the rows whose value is neither."""
    dtype = raw.dtype
    if dtype in (pl.Categorical, pl.Enum, pl.Null):
        return raw.cast(pl.String), {}
    if dtype == DTYPES[kind] or dtype == pl.String:
        return raw, {}
    if dtype == pl.Binary:
        words = raw.cast(pl.String, strict=False)
        return words, _bad(raw, words, f"`{name}` is not valid UTF-8.")
    if isinstance(dtype, pl.List) and dtype.inner in (pl.Categorical, pl.Enum, pl.String) and kind is Kind.LIST:
        return raw.cast(DTYPES[kind]), {}
    if isinstance(dtype, pl.Datetime):
        return _time(kind, raw, dtype)
    if dtype.is_integer() and kind in (Kind.COUNT, Kind.NUMBER, Kind.DURATION):
        numbers = raw.cast(DTYPES[kind], strict=False)
        return numbers, _bad(raw, numbers, f"`{name}` is too large a number.")
    if dtype.is_float() and kind in (Kind.NUMBER, Kind.DURATION):
        return raw.cast(pl.Float64), {}
    if dtype.is_float():
        return _float_words(name, raw.cast(pl.Float64))
    if dtype.is_nested():
        return pl.Series([None] * raw.len(), dtype=pl.String), _bad(raw, None, f"`{name}` is no single value.")
    return raw.cast(pl.String), {}


def _bad(raw: pl.Series, done: pl.Series | None, reason: str) -> Reasons:
    lost = raw.is_not_null() if done is None else raw.is_not_null() & done.is_null()
    return dict.fromkeys(lost.arg_true().to_list(), reason)


def _float_words(name: str, raw: pl.Series) -> tuple[pl.Series, Reasons]:
    finite = raw.is_finite().fill_null(value=False)
    whole = finite & (raw == raw.floor()) & (raw.abs() < _EXACT_FLOAT)
    words = (
        raw.cast(pl.String).zip_with(~whole, raw.set(~whole, None).cast(pl.Int64).cast(pl.String)).set(~finite, None)
    )
    if name not in NAMES:
        return words, {}
    lost = (finite & (raw.abs() >= _EXACT_FLOAT)).arg_true().to_list()
    return words, {row: f"`{name}` has lost digits ({raw[row]}): export it as text." for row in lost}


def _time(kind: Kind, raw: pl.Series, dtype: pl.Datetime) -> tuple[pl.Series, Reasons]:
    if kind is not Kind.TIME:
        return raw.dt.to_string("iso"), {}
    if dtype.time_zone is not None:
        return raw.dt.convert_time_zone("UTC").cast(UTC_TIME), {}
    return raw.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f"), {}


def _batch(messages: pl.DataFrame, reasons: Reasons, raw: Mapping[str, pl.Series]) -> Batch:
    lines = messages.height
    bad: list[Quarantined] = []
    if reasons:
        rows = sorted(reasons)
        values = {name: column.gather(rows).to_list() for name, column in raw.items()}
        for at, row in enumerate(rows):
            shown = {name: value[at] for name, value in values.items()}
            text = json.dumps(shown, ensure_ascii=False, default=str)
            bad.append(Quarantined(row + 1, reasons[row], text.encode("utf-8", "backslashreplace")))
        keep = pl.Series([True]).new_from_index(0, lines).scatter(rows, values=False)
        messages = messages.filter(keep)
    return Batch(messages, bad, lines)
