"""Workbooks: one sheet as a table, every kind of cell, rows that keep their number, and files that are none."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from engine.inbox import InboxError, excel, open_inbox, quarantine

Cell = str | bool | int | float | datetime | time | tuple[str, str] | None
"""A tuple is a cell as XML has it: its type and what is in it, like `("e", "#N/A")`."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DATE, _MOMENT, _TIME = 1, 2, 3


def xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook with these sheets; a midnight is formatted as a date alone."""
    numbered = list(enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"{_HIDDEN if name in hidden else ""}/>'
            for at, name in numbered
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{at}": ("worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered}
            | {"rIdStyles": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="22"/><xf numFmtId="21"/></cellXfs></styleSheet>',
    }
    for at, name in numbered:
        rows = "".join(f'<row r="{number}">{_row(number, row)}</row>' for number, row in enumerate(sheets[name], 1))
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped({part: f'<?xml version="1.0" encoding="UTF-8"?>{text}' for part, text in parts.items()})


def ods(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument spreadsheet with one sheet of texts."""
    uri = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(one)}</text:p></table:table-cell>'
            for one in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{uri}:office:1.0" '
        f'xmlns:table="{uri}:table:1.0" xmlns:text="{uri}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="{escape(name)}">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{uri}:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def locked() -> bytes:
    """What a workbook with a password is: a compound file whose streams are called `EncryptedPackage` and so on.

    Source: [MS-CFB] 2.2 and 2.6, [MS-OFFCRYPTO] 2.3.4.
    """
    free, end, table, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )  # fmt: skip
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    allocation = struct.pack("<II", table, end) + struct.pack("<I", free) * 126

    def entry(name: str, kind: int, child: int = none, right: int = none) -> bytes:
        words = (name + "\0").encode("utf-16-le")
        return struct.pack("<64sHBBIII", words, len(words), kind, 1, none, right, child) + struct.pack("<36xIQ", end, 0)

    folder = (
        entry("Root Entry", 5, 1) + entry("EncryptionInfo", 2, right=2) + entry("EncryptedPackage", 2) + entry("", 0)
    )
    return header + allocation + folder


def zipped(parts: Mapping[str, str]) -> bytes:
    """A ZIP archive of texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


_HIDDEN = ' state="hidden"'


def _relations(some: Mapping[str, tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in some.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _row(number: int, row: Sequence[Cell]) -> str:
    return "".join(_cell(f"{_letters(at)}{number}", cell) for at, cell in enumerate(row) if cell is not None)


def _letters(at: int) -> str:
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def _cell(place: str, cell: Cell) -> str:
    match cell:
        case bool():
            return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        case tuple():
            return f'<c r="{place}" t="{cell[0]}"><v>{escape(cell[1])}</v></c>'
        case datetime():
            days = (cell - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001
            return f'<c r="{place}" s="{_DATE if cell.time() == time() else _MOMENT}"><v>{days!r}</v></c>'
        case time():
            return f'<c r="{place}" s="{_TIME}"><v>{(cell.hour * 60 + cell.minute) / 1440!r}</v></c>'
        case _:
            return f'<c r="{place}"><v>{cell!r}</v></c>'


@pytest.fixture
def csv_of(write, tmp_path):
    """`csv_of(workbook)` -> the table that is made of it."""

    def maker(data: bytes, sheet: str | None = None, name: str = "a.xlsx") -> str:
        excel.to_csv(Path(write(name, data)), name, tmp_path / "sheet.csv", sheet)
        return (tmp_path / "sheet.csv").read_text("utf-8")

    return maker


def test_every_kind_of_cell_is_a_word(csv_of) -> None:
    moment = datetime(2026, 2, 6, 15, 3, 30)  # noqa: DTZ001 - a spreadsheet's times have no zone
    cells = [
        "日本 😀", 'a "b", c', 7, 7.0, 2.5, -0.25, 1e-7, True, False, moment, datetime(2026, 2, 6), time(15, 3),  # noqa: DTZ001
        ("e", "#N/A"), ("e", "#DIV/0!"), None, ("str", "of a formula"), 1770370200000.0,
    ]  # fmt: skip
    assert csv_of(xlsx({"A": [cells]})) == (
        '日本 😀,"a ""b"", c",7,7,2.5,-0.25,1e-07,true,false,2026-02-06T15:03:30,2026-02-06,15:03:00,,,,of a formula,1770370200000\n'
    )


def test_the_first_sheet_that_people_see_and_that_has_something_is_read(csv_of, write) -> None:
    data = xlsx({"Cover": [], "Lists": [["x"]], "Messages": [["id", "text"]], "More": [["y"]]}, hidden=["Lists"])
    assert csv_of(data) == "id,text\n"
    assert csv_of(data, "More") == "y\n"
    assert csv_of(data, "Lists") == "x\n"
    assert csv_of(xlsx({"Cover": [], "Lists": [["x"]]}, hidden=["Lists"])) == "x\n"
    assert excel.sheets(Path(write("a.xlsx", data))) == ["Cover", "Lists", "Messages", "More"]


def test_a_sheet_that_is_not_there_or_has_nothing(csv_of) -> None:
    data = xlsx({"Messages": [["id"]], "More": []})
    with pytest.raises(
        InboxError, match=r"a\.xlsx has no sheet 'Mesages'; did you mean `Messages`\? It has the sheets"
    ):
        csv_of(data, "Mesages")
    with pytest.raises(InboxError, match="nothing in the sheet `More`"):
        csv_of(data, "More")
    with pytest.raises(InboxError, match="nothing in the sheets `A`, `B`"):
        csv_of(xlsx({"A": [], "B": []}))


def test_what_is_left_of_a_long_id_is_refused(write, everything) -> None:
    rows = [
        ["id", "text", "likes"],
        [1618523107320565760, "lost", 1],
        ["1618523107320565760", "kept", 2],
        [12, "short", 3],
    ]
    found = everything(write("a.xlsx", xlsx({"A": rows})), ("id", "likes"))
    assert found.column("id") == ["1618523107320565760", "12"]
    assert found.reasons == [(2, "`id` has lost digits (1.618523107320566E+18): export it as text.")]


def test_a_sixteenth_digit_that_a_spreadsheet_made_0_everywhere_is_lost(csv_of) -> None:
    rows = [[1234567890123450, 1234567890123450, 123456789012340], [1234567890123460, 1234567890123461, 5]]
    assert csv_of(xlsx({"A": rows})) == (
        "1.234567890123450E+15,1234567890123450,123456789012340\n1.234567890123460E+15,1234567890123461,5\n"
    )


def test_a_row_has_the_number_that_the_sheet_shows(write, everything, tmp_path) -> None:
    rows = [
        ["Report\nof\nFebruary"], [], ["id", "text", "the\nlikes", "likes"], ["1", "a\nb\nc", None, 1], [],
        ["2", "d", None, "many"], ["3", "e\nf", None, 3], [None, "no id"],
    ]  # fmt: skip
    found = everything(write("messages.xlsx", xlsx({"A": rows})), ("id", "text", "likes"))
    assert found.column("id") == ["1", "3"]
    assert found.column("text") == ["a\nb\nc", "e\nf"]
    out = tmp_path / "q.jsonl"
    quarantine.write(out, [(found.inbox, one) for one in found.quarantined])
    shown = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(one["line"], one["reason"]) for one in shown] == [
        (6, "`likes` is no whole number: many"),
        (8, "It has no `id`."),
    ]
    assert {one["inbox"] for one in shown} == {found.inbox.name}


def test_lines_are_rows_where_no_cell_has_line_ends(write, everything) -> None:
    rows = [[], ["Report"], ["id", "text"], ["1", "a"], [], [None, "no id"]]
    assert everything(write("a.xlsx", xlsx({"A": rows})), ("id",)).reasons == [(6, "It has no `id`.")]


def test_a_products_export_in_a_workbook_is_recognised(write, everything) -> None:
    header = [
        "url",
        "published",
        "title",
        "content",
        "lang",
        "source_type",
        "sentiment",
        "extra_author_attributes.name",
    ]
    moment = datetime(2026, 2, 3, 10, 30)  # noqa: DTZ001
    rows = [
        ["Talkwalker export"], [], header,
        ["https://x.com/a/status/1", moment, None, "煙が出た", "ja", "SOCIALMEDIA_TWITTER", -5, "Aiko"],
        ["https://blog.example/1", "03/02/2026 11:30", "Kettles", None, "en", "BLOG", 0, "Ben"],
        ["https://blog.example/2", datetime(2026, 2, 3), None, "x", "en", "BLOG", 5, "Ben"],  # noqa: DTZ001
    ]  # fmt: skip
    fields = ("id", "text", "posted_at", "channel", "sentiment", "author.name")
    found = everything(write("export.xlsx", xlsx({"Results": rows})), fields, tz="UTC")
    assert (found.inbox.format, found.quarantined) == ("talkwalker-csv", [])
    assert found.messages.drop("line").rows() == [
        ("https://x.com/a/status/1", "煙が出た", datetime(2026, 2, 3, 10, 30, tzinfo=UTC), "x", -1, "Aiko"),
        ("https://blog.example/1", "Kettles", datetime(2026, 2, 3, 11, 30, tzinfo=UTC), "web", 0, "Ben"),
        ("https://blog.example/2", "x", datetime(2026, 2, 3, tzinfo=UTC), "web", 1, "Ben"),
    ]


def test_a_map_reads_a_workbook_with_day_and_hour_apart(write, everything) -> None:
    rows = [
        ["Nr", "Words", "Day", "Hour"],
        [1, "a", datetime(2026, 2, 6), time(15, 3)],  # noqa: DTZ001
        [2, "b", "06.02.2026", "15:04"],
    ]
    said = "columns: {id: Nr, text: Words, posted_at: {column: [[Day, Hour]], times: '%d.%m.%Y %H:%M'}}"
    found = everything(
        write("a.xlsx", xlsx({"A": rows})), ("id", "posted_at"), tz="UTC", map_file=write("m.yaml", said)
    )
    assert found.messages.drop("line").rows() == [
        ("1", datetime(2026, 2, 6, 15, 3, tzinfo=UTC)),
        ("2", datetime(2026, 2, 6, 15, 4, tzinfo=UTC)),
    ]


def test_an_open_document_is_read_too(csv_of, write, everything) -> None:
    data = ods("Nachrichten", [["id", "text"], ["1", 'größer, "als"'], ["2", "猫"]])
    assert csv_of(data, name="a.ods") == 'id,text\n1,"größer, ""als"""\n2,猫\n'
    assert everything(write("b.ods", data)).column("text") == ['größer, "als"', "猫"]


def test_a_workbook_is_known_by_how_it_begins() -> None:
    assert excel.is_workbook(xlsx({"A": [["x"]]}))
    assert excel.is_workbook(ods("A", [["x"]]))
    assert excel.is_workbook(locked())
    assert not excel.is_workbook(zipped({"export.csv": "id,text\n"}))
    assert not excel.is_workbook(b"id,text\n1,xl/workbook.xml\n")


def test_a_workbook_with_a_password_says_so(write) -> None:
    with pytest.raises(InboxError, match=r"is locked with a password\. Save it without one"):
        open_inbox(write("a.xlsx", locked()))


DAMAGED = {
    "cut": xlsx({"A": [["id", "text"]] * 50})[:700],
    "without its sheets": zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}),
    "another document": zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
    "an old one": b"\xd0\xcf\x11\xe0" + bytes(2000),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_workbook_says_so(write, tmp_path, what: str) -> None:
    path = Path(write("a.xlsx", DAMAGED[what]))
    with pytest.raises(InboxError) as error:
        excel.to_csv(path, "a.xlsx", tmp_path / "sheet.csv")
    said = str(error.value)
    assert said.startswith("a.xlsx ")
    assert "\n" not in said
    with pytest.raises(InboxError):
        excel.sheets(path, "a.xlsx")
