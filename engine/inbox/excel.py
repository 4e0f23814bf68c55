"""Workbooks (`.xlsx`, `.xlsm`, `.xls`, `.xlsb`, `.ods`): one sheet as rows of cells, written down as CSV once.

The sheet is read cell by cell into memory, as a workbook has to be; after that it is a table like any other. Dates are
written as ISO 8601 without a zone, whole numbers without a point, errors (`#N/A`) as nothing. A spreadsheet keeps 15
digits of a number: what is left of a longer one is written as `1.618E+18`, so that an id of which digits are lost is
refused and joins nothing. A row of the sheet is a line, so that a quarantined row has the number that the sheet shows;
where cells hold line ends, a table beside the file leads each line back to its row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from engine.inbox.piece import InboxError
from engine.inbox.places import Places
from engine.language.suggest import nearest

NAME = "excel"
ABOUT = "a sheet of a workbook (.xlsx, .xls, .xlsb, .ods) with a header and a message a row"

Cell = int | float | str | bool | time | date | datetime | timedelta

_OLD = b"\xd0\xcf\x11\xe0"
_ZIPPED = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/|mimetypeapplication/vnd\.oasis)", re.DOTALL
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_QUOTED = re.compile('[",\r\n]')
_EXACT = 2.0**53
_DIGITS = 1e15
"""A number from here on has more digits than a spreadsheet keeps. Source: Excel specifications and limits, precision."""


def is_workbook(head: bytes) -> bool:
    r"""Whether a file begins as a workbook does; other documents of an office begin so too.

    >>> begins = b"PK\x03\x04" + bytes(26)
    >>> is_workbook(begins + b"xl/workbook.xml"), is_workbook(begins + b"a.csv")
    (True, False)
    """
    return head.startswith(_OLD) or _ZIPPED.search(head) is not None


def sheets(path: Path, name: str | None = None) -> list[str]:
    """The names of a workbook's sheets, in its order.

    Raises:
        InboxError: it cannot be read.
    """
    shown = name or str(path)
    try:
        with path.open("rb") as file:
            return list(_opened(file, path, shown).sheet_names)
    except CalamineError as error:
        raise _damaged(shown, error) from None


def to_csv(path: Path, name: str, target: Path, sheet: str | None = None) -> str:
    """Write a sheet as UTF-8 CSV, a line for each of its rows, blank ones too.

    Args:
        path: the workbook.
        name: what people call it.
        target: the file to write; the table of its rows is written beside it where a line is not a row.
        sheet: the sheet's name; the first one that people see and that is not empty when None.

    Returns:
        The sheet's name.

    Raises:
        InboxError: the workbook is damaged, encrypted or empty, or has no such sheet.
        OSError: there is no room.
    """
    try:
        with path.open("rb") as file:
            found = _sheet(_opened(file, path, name), name, sheet)
    except CalamineError as error:
        raise _damaged(name, error) from None
    lost = _lost(found.iter_rows())
    places, line = Places(), 1
    with target.open("w", encoding="utf-8", errors="surrogatepass", newline="") as out:
        for number, row in enumerate(found.iter_rows(), 1):
            words = [word_of(cell, lost=at in lost) for at, cell in enumerate(row)]
            written = ",".join(map(_quoted, words)) if any(words) else ""
            out.write(written + "\n")
            places.rows.append((line, 0, number, 0, 0, 0))
            line += written.count("\n") + 1
    if line > len(places.rows) + 1:
        places.save(target)
    return found.name


def word_of(cell: Cell, *, lost: bool = False) -> str:
    """A cell as a word of a table.

    Args:
        cell: as the workbook has it.
        lost: whether numbers of 16 digits in its column have lost their last.

    >>> [word_of(one) for one in (3.0, 2.5, True, 1.61852310732057e18, date(2026, 2, 6), datetime(2026, 2, 6, 15, 3))]
    ['3', '2.5', 'true', '1.618523107320570E+18', '2026-02-06', '2026-02-06T15:03:00']
    """
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _number(float(cell), cell, lost=lost)
        case datetime():
            return (cell.date() if cell.time() == time() else cell).isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)


def _number(value: float, cell: float, *, lost: bool) -> str:
    if not math.isfinite(value):
        return ""
    if abs(value) >= _EXACT or (lost and abs(value) >= _DIGITS):
        return f"{value:.15E}"
    return str(int(cell)) if value.is_integer() else repr(value)


def _lost(rows: Iterable[Sequence[Cell]]) -> frozenset[int]:
    """The columns whose numbers of 16 digits all end in 0: a spreadsheet kept 15 of them."""
    seen: dict[int, bool] = {}
    for row in rows:
        for at, cell in enumerate(row):
            if isinstance(cell, float) and _DIGITS <= abs(cell) < _EXACT:
                seen[at] = seen.get(at, True) and cell % 10 == 0
    return frozenset(at for at, ends in seen.items() if ends)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"' if _QUOTED.search(word) else word


def _opened(file: object, path: Path, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(file)  # type: ignore[arg-type]  # any file does, its types say less
    except PasswordError:
        raise _locked(name) from None
    except CalamineError:
        data = path.read_bytes()
        if data.startswith(_OLD) and _ENCRYPTED in data:
            raise _locked(name) from None
        raise


def _locked(name: str) -> InboxError:
    return InboxError(f"{name} is locked with a password. Save it without one, or export the messages as CSV.")


def _damaged(name: str, error: CalamineError) -> InboxError:
    said = " ".join(str(error).split()).rstrip(".")
    return InboxError(
        f"{name} cannot be read as a workbook: it is damaged, or another kind of document ({said}). "
        "Open it in a spreadsheet program and save it again, or as CSV (UTF-8)."
    )


def _sheet(workbook: CalamineWorkbook, name: str, wanted: str | None) -> CalamineSheet:
    names = list(workbook.sheet_names)
    if wanted is not None and wanted not in names:
        near = nearest(wanted, names)
        hint = f"; did you mean `{near}`?" if near else "."
        raise InboxError(f"{name} has no sheet {wanted!r}{hint} It has {_listed(names)}.")
    if wanted is not None:
        names = [wanted]
    else:
        visible = {one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible}
        names.sort(key=lambda one: one not in visible)
    for one in names:
        sheet = workbook.get_sheet_by_name(one)
        if sheet.start is not None:
            return sheet
    raise InboxError(f"{name} has nothing in {_listed(names)}: there is no message in it.")


def _listed(names: Iterable[str]) -> str:
    some = [f"`{one}`" for one in names]
    return f"the sheet {some[0]}" if len(some) == 1 else f"the sheets {', '.join(some)}"
