"""CSV and TSV: one message a row, under a header.

Cells may be quoted and hold line ends. Lines before the header (a report's name, its dates) are skipped. A row with
too many or too few cells is quarantined alone. An empty cell is unknown, except in `text`, which may be empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.inbox.encoding import invalid, utf8
from engine.inbox.lines import count_lines, piece_bytes
from engine.inbox.mapping import recognised
from engine.inbox.names import calm, detected
from engine.inbox.piece import DTYPES, PIECE_SIZE, Batch, Columns, Inbox, InboxError, Piece, Quarantined, kinds
from engine.inbox.rows import last_row_end, scan, tokens
from engine.inbox.translate import supplied
from engine.inbox.typed import NAMES, Reasons, typed
from engine.message import Kind

NAME = "csv"
ABOUT = "rows of cells under a header; between commas, semicolons or bars, or between tabs (tsv)"

DELIMITERS = (",", "\t", ";", "|")
COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x9c", b"\x78\xda")
"""How gzip, zstd and zlib files begin. Text that begins so is text all the same."""
_LOOK_ROWS = 40
_PREAMBLE = 20
_LONG_NAME = 60
_FLOAT_ID = r"^[0-9]{1,15}\.0$"


def header_of(
    name: str, head: bytes, encoding: str, start: int, delimiter: str | None, needed: Sequence[str]
) -> Columns:
    """Find the delimiter and the header.

    Args:
        name: the file, for people.
        head: the first bytes of the file, as UTF-8, after a byte-order mark.
        encoding: of the file.
        start: the byte of the file where `head` starts.
        delimiter: given, or None to find out.
        needed: columns that the header surely has (a map's).

    Raises:
        InboxError: there is no row that could be a header.
    """
    best: tuple[float, str, int, tuple[str, ...]] | None = None
    for mark in (delimiter,) if delimiter else DELIMITERS:
        seen = []
        for row in tokens(head, mark):
            seen.append(row)
            if len(seen) >= _LOOK_ROWS:
                break
        widths = [len(row.cells) for row in seen if row.reason is None]
        for at, row in enumerate(seen[:_PREAMBLE]):
            cells = tuple(cell.decode("utf-8", "replace") for cell in row.cells)
            if row.reason is not None or not any(one.strip() for one in cells):
                continue
            alike = sum(width == len(cells) for width in widths[at:]) / len(seen) if len(cells) > 1 else 0
            full = sum(bool(one.strip()) for one in cells) / len(cells)  # a spreadsheet pads short rows
            score = _known(cells, needed) * 10 + alike * full + min(len(cells), 50) / 100
            if best is None or score > best[0]:
                best = (score, mark, min(row.end + 1, len(head)), cells)
    if best is None:
        raise InboxError(f"{name} has no header: its first row must name the columns.")
    _, mark, end, cells = best
    return Columns(
        header=cells,
        delimiter=mark,
        encoding=encoding,
        start=start + len(_as_in_file(head[:end], encoding)),
        first_line=1 + head[:end].count(b"\n"),
    )


def _known(cells: tuple[str, ...], needed: Sequence[str]) -> float:
    """How much of a row is names of columns that are known."""
    found = sum(not one.field.startswith("extra.") for one in detected(cells))
    product = recognised(cells)
    words = {calm(one) for one in [*needed, *(product[0].needs if product else ())]} & {calm(one) for one in cells}
    return found + 2 * len(words) - 0.2 * sum(len(one) > _LONG_NAME for one in cells)


def _as_in_file(head: bytes, encoding: str) -> bytes:
    if encoding == "utf-8":
        return head
    if encoding == "cp932":
        return head.decode("utf-8", "surrogateescape").encode("cp932", "surrogateescape")
    return head.decode("utf-8", "surrogatepass").encode(encoding, "surrogatepass")


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    """Cut where a row ends, which no quoted cell may hide: all bytes are looked at once, fast."""
    columns = inbox.columns
    wide = columns.encoding.startswith("utf-16")
    total = Path(inbox.path).stat().st_size
    start, number = columns.start, 0
    with Path(inbox.path).open("rb") as file:
        while start < total:
            length = size + size % 2
            end = total
            while start + length < total:
                file.seek(start)
                block = file.read(length)
                seen = last_row_end(utf8(block, columns.encoding) if wide else block, columns.delimiter)
                if seen:
                    end = start + (
                        len(_as_in_file(utf8(block, columns.encoding)[:seen], columns.encoding)) if wide else seen
                    )
                    break
                length *= 2
            yield Piece(number, start, end)
            start, number = end, number + 1


def read(inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read one piece; see `engine.inbox.read`."""
    data = utf8(piece_bytes(inbox, piece), inbox.columns.encoding)
    wanted = kinds(fields, declared or {})
    columns = [inbox.columns.of(name) for name in wanted]
    sources = sorted({inbox.columns.header.index(source) for one in columns if one for source in one.sources})
    table, numbers, places, bad = _table(data, inbox.columns, sources)
    found = {name: _supplied(inbox, name, kind, table, numbers.len()) for name, kind in wanted.items()}
    messages, reasons = typed(found, wanted, inbox.columns.zone)
    batch = _batch(messages.with_columns(numbers), reasons, bad, places, data)
    return _after_header(batch, inbox.columns.first_line - 1) if piece.start == inbox.columns.start else batch


def raw_rows(inbox: Inbox, piece: Piece, lines: Sequence[int]) -> list[bytes]:
    """See `engine.inbox.raw_rows`."""
    data = utf8(piece_bytes(inbox, piece), inbox.columns.encoding)
    _, numbers, places, _ = _table(data, inbox.columns, [])
    before = inbox.columns.first_line - 1 if piece.start == inbox.columns.start else 0
    place = dict(zip(numbers.to_list(), places, strict=True))
    return [data[slice(*place[line - before])] for line in lines]


def _after_header(batch: Batch, before: int) -> Batch:
    """The first piece's lines count from the file's first line, so that the header's are not forgotten."""
    bad = [Quarantined(one.line + before, one.reason, one.raw) for one in batch.quarantined]
    return Batch(batch.messages.with_columns(pl.col("line") + before), bad, batch.lines + before)


def _supplied(inbox: Inbox, name: str, kind: Kind, table: pl.DataFrame, height: int) -> pl.Series:
    column = inbox.columns.of(name)
    if column is None:
        return pl.Series([None] * height, dtype=DTYPES[kind])

    def cells(source: str) -> pl.Series:
        raw = table[_place(inbox.columns.header.index(source))]
        if name in NAMES and raw.str.ends_with(".0").any():
            raw = raw.zip_with(~raw.str.contains(_FLOAT_ID), raw.str.strip_suffix(".0"))
        return raw

    return supplied(column, cells, height)


Places = Sequence[tuple[int, int]] | npt.NDArray[np.int64]
Table = tuple[pl.DataFrame, pl.Series, Places, list[Quarantined]]


def _table(data: bytes, columns: Columns, sources: list[int]) -> Table:
    """The cells of a piece's good rows as String columns called by their place in the header.

    Returns:
        The columns, each row's line, each row's first and last byte, and the rows that are no rows.
    """
    rows = scan(data, columns.delimiter)
    if rows is None:
        return _exact_table(data, columns, sources)
    width = len(columns.header)
    full = rows.ends > rows.starts
    good = full & (rows.cells == width)
    bad = [
        Quarantined(int(rows.lines[at]), _cells(int(rows.cells[at]), width), data[rows.starts[at] : rows.ends[at]])
        for at in np.flatnonzero(full & ~good)
    ]
    if invalid(data) is not None:
        for at in np.flatnonzero(good):
            raw = data[rows.starts[at] : rows.ends[at]]
            reason = None if raw.isascii() else invalid(raw)
            if reason is not None:
                good[at] = False
                bad.append(Quarantined(int(rows.lines[at]), reason, raw))
    bounds = np.stack([rows.starts[good], rows.ends[good]], axis=1)
    clean = data if good.all() else b"".join(data[start:end] + b"\n" for start, end in bounds)
    if clean[:4].startswith(COMPRESSED):  # Polars would unpack it
        return _exact_table(data, columns, sources)
    schema = {_place(at): pl.String() for at in range(width)}
    try:
        table = pl.read_csv(
            clean, has_header=False, schema=schema, separator=columns.delimiter, empty_string_is_null=False,
            columns=[_place(at) for at in sources or [0]], quote_char='"',
        )  # fmt: skip
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return _exact_table(data, columns, sources)
    if table.height != len(bounds):
        return _exact_table(data, columns, sources)
    numbers = pl.Series("line", rows.lines[good].astype(np.uint32))
    return table, numbers, bounds, bad


def _exact_table(data: bytes, columns: Columns, sources: list[int]) -> Table:
    """Like `_table`, row by row."""
    width = len(columns.header)
    words: dict[int, list[str]] = {at: [] for at in sources}
    numbers: list[int] = []
    bounds: list[tuple[int, int]] = []
    bad: list[Quarantined] = []
    for row in tokens(data, columns.delimiter):
        raw = data[row.start : row.end]
        if not raw.rstrip(b"\r"):
            continue
        reason = row.reason or (_cells(len(row.cells), width) if len(row.cells) != width else invalid(raw))
        if reason is not None:
            bad.append(Quarantined(row.line, reason, raw.rstrip(b"\r")))
            continue
        for at in sources:
            words[at].append(row.cells[at].decode("utf-8"))
        numbers.append(row.line)
        bounds.append((row.start, row.end))
    table = pl.DataFrame({_place(at): pl.Series(cells, dtype=pl.String) for at, cells in words.items()})
    return table, pl.Series("line", numbers, pl.UInt32), bounds, bad


def _cells(cells: int, width: int) -> str:
    return f"It has {cells} cell{'s' if cells != 1 else ''}, the header has {width}."


def _batch(
    messages: pl.DataFrame,
    reasons: Reasons,
    bad: list[Quarantined],
    places: Places,
    data: bytes,
) -> Batch:
    if reasons:
        rows = sorted(reasons)
        for row, line in zip(rows, messages["line"].gather(rows).to_list(), strict=True):
            start, end = places[row]
            bad.append(Quarantined(line, reasons[row], data[start:end]))
        keep = pl.Series([True]).new_from_index(0, messages.height).scatter(rows, values=False)
        messages = messages.filter(keep)
    return Batch(messages, sorted(bad, key=lambda one: one.line), count_lines(data))


def _place(at: int) -> str:
    return f"column_{at + 1}"
