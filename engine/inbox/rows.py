"""Rows of delimited text: where they begin and end, and how many cells they have.

A cell may be quoted; a quote in it is doubled; line ends and delimiters in it are its own. A quote that does not open
a cell is a letter. A carriage return at the end of a cell that is not quoted is dropped. A quote that opens a cell
and is not properly closed spoils its line, and reading goes on at the next line, so that one broken row does not
swallow those after it.

`scan` is vectorised and answers only where every quote is plainly an opening or a closing one; `tokens` is exact and
slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

QUOTE = ord('"')
CR = ord("\r")
LF = ord("\n")
UNCLOSED = "A quoted cell is not closed properly."
LONGEST = 16 * 1024 * 1024
"""Bytes of a row with line ends in it; a quote that stays open for longer was a mistake."""

Positions = npt.NDArray[np.int64]
_NONE: Positions = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a piece. `starts` and `ends` are bytes (line end left out), `cells` their number, `lines` from 1."""

    starts: Positions
    ends: Positions
    cells: Positions
    lines: Positions
    whole: int
    """Where the last row that has a line end ends, after its line end."""


def scan(data: bytes, delimiter: str, *, partial: bool = False) -> Rows | None:
    r"""All rows at once, or None when a quote is not plain or the last quoted cell stays open.

    With `partial` the bytes may end anywhere, in a quoted cell too; only `whole` is then filled in.

    >>> scan(b'a,"b\nc"\nd,e\n', ",").cells.tolist()
    [2, 2]
    """
    every = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(every == LF)
    cuts = _NONE if partial else np.flatnonzero(every == ord(delimiter))
    quotes = np.flatnonzero(every == QUOTE)
    newlines = breaks
    if len(quotes):
        if (len(quotes) % 2 and not partial) or not _plain(every, quotes, ord(delimiter)):
            return None
        breaks, cuts = _outside(breaks, quotes), _outside(cuts, quotes)
    whole = int(breaks[-1]) + 1 if len(breaks) else 0
    if partial:
        return Rows(_NONE, _NONE, _NONE, _NONE, whole)
    starts = np.concatenate([np.zeros(1, np.int64), breaks + 1])
    ends = np.concatenate([breaks, np.array([len(data)], np.int64)])
    if starts[-1] == ends[-1]:
        starts, ends = starts[:-1], ends[:-1]
    cells = np.searchsorted(cuts, ends) - np.searchsorted(cuts, starts) + 1
    lines = np.searchsorted(newlines, starts) + 1
    ends = ends - ((ends > starts) & (every[np.maximum(ends - 1, 0)] == CR)) if len(ends) else ends
    return Rows(starts, ends, cells, lines, whole)


def _plain(every: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether each odd quote opens a cell (or is the second of a doubled one) and each even quote closes one."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, every[opening - 1], LF)
    after = np.where(closing + 1 < len(every), every[np.minimum(closing + 1, len(every) - 1)], LF)
    doubled = np.zeros(len(opening), bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    opens = (before == delimiter) | (before == LF) | doubled
    beyond = np.where(closing + 2 < len(every), every[np.minimum(closing + 2, len(every) - 1)], LF)
    closes = (after == delimiter) | (after == LF) | ((after == CR) & (beyond == LF)) | (after == QUOTE)
    return bool(opens.all() and closes.all())


def _outside(positions: Positions, quotes: Positions) -> Positions:
    inside = np.searchsorted(quotes, positions) % 2
    return np.asarray(positions[inside == 0], np.int64)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read exactly. `cells` is empty when `reason` says why it cannot be read. `whole`: it has its line end.

    `open`: its last quoted cell may close in what follows these bytes.
    """

    start: int
    end: int
    line: int
    cells: tuple[bytes, ...]
    reason: str | None = None
    whole: bool = True
    open: bool = False


def tokens(data: bytes, delimiter: str) -> Iterator[Row]:
    r"""Every row, one by one; blank lines too, with one empty cell.

    >>> [(row.cells, row.reason) for row in tokens(b'1,"a""b"\n2,"c\n3,5" wide\n', ",")]
    [((b'1', b'a"b'), None), ((), 'A quoted cell is not closed properly.'), ((b'3', b'5" wide'), None)]
    """
    at, line, mark = 0, 1, delimiter.encode()
    while at < len(data):
        row = _row(data, at, line, mark)
        yield row
        at = row.end + 1
        line += data.count(b"\n", row.start, at)


def _row(data: bytes, start: int, line: int, mark: bytes) -> Row:
    cells: list[bytes] = []
    first_end = data.find(b"\n", start)
    first_end = len(data) if first_end < 0 else first_end
    line_end, at = first_end, start
    while True:
        if data[at : at + 1] == b'"':
            close = _close(data, at, min(len(data), start + LONGEST))
            after = data[close + 1 : close + 2]
            if close < 0 or (after not in (mark, b"\n", b"") and data[close + 1 : close + 3] not in (b"\r\n", b"\r")):
                more = close < 0 and len(data) < start + LONGEST
                return Row(start, first_end, line, (), UNCLOSED, whole=first_end < len(data), open=more)
            cells.append(data[at + 1 : close].replace(b'""', b'"'))
            if after == mark:
                at = close + 2
                continue
            end = close + 1 + (after == b"\r")
            return Row(start, end, line, tuple(cells), whole=end < len(data))
        if line_end < at:
            line_end = data.find(b"\n", at)
            line_end = len(data) if line_end < 0 else line_end
        next_cell = data.find(mark, at, line_end)
        if next_cell < 0:
            cell = data[at:line_end]
            cells.append(cell.removesuffix(b"\r").removesuffix(b"\r"))
            return Row(start, line_end, line, tuple(cells), whole=line_end < len(data))
        cells.append(data[at:next_cell].removesuffix(b"\r"))
        at = next_cell + 1


def _close(data: bytes, at: int, limit: int) -> int:
    """Where the quoted cell that opens at `at` closes; -1 when it does not."""
    close = data.find(b'"', at + 1, limit)
    while close >= 0 and data[close + 1 : close + 2] == b'"':
        close = data.find(b'"', close + 2, limit)
    return close


def last_row_end(data: bytes, delimiter: str) -> int:
    r"""Where the last row that surely ends in these bytes ends, after its line end; 0 when none does.

    >>> last_row_end(b'1,a\n2,"b', ",")
    4
    """
    found = scan(data, delimiter, partial=True)
    if found is not None and (found.whole or len(data) < LONGEST):
        return found.whole
    end = 0
    for row in tokens(data, delimiter):
        if row.open:
            break
        if row.whole:
            end = row.end + 1
    return end
