"""What a file is: its format, how sure that is, encoding, columns, and whether its times have a zone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.inbox import delimited, excel, mail, parquet, times
from engine.inbox.compressed import own_folder
from engine.inbox.encoding import encoding_of, head_of, utf8
from engine.inbox.formats import DOCUMENTS, ROWS
from engine.inbox.mapping import Map, applied, built_in, listed, load_map, recognised, with_us
from engine.inbox.names import detected
from engine.inbox.piece import Column, Columns, Inbox, InboxError
from engine.language.suggest import nearest
from engine.message import FIELD, Kind

PLAIN = ("jsonl", "json", "csv", "tsv", "parquet", "excel")
_ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet"}
_LOOK = 200
_SAMPLE = 1 << 18
_SURE_FROM = 4
"""Fields whose columns must be known by their names for a table of no known export to be likely."""
_JSON = re.compile(rb"\s*(?:(?:window\s*\.\s*)?[\w.]+\s*=\s*)?[\[{]")


def names() -> tuple[str, ...]:
    """Every format that can be asked for."""
    return (*PLAIN, *(one.NAME for one in DOCUMENTS), mail.NAME, *(one.name for one in built_in()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said about the files: a format, a column map, the zone of times without one, our own accounts."""

    format: str | None
    map: Map | None
    zone: str | None
    us: frozenset[str]

    @classmethod
    def of(cls, format: str | None, map_file: str | None, tz: str | None, us: Iterable[str]) -> Asked:  # noqa: A002 - the option's name
        """The options as they were written.

        Raises:
            InboxError: there is no such format or zone, or the map cannot be read.
        """
        chosen = load_map(Path(map_file), map_file) if map_file is not None else None
        if format is not None and format not in names():
            near = nearest(format, names())
            hint = f"; did you mean `{near}`?" if near else ""
            raise InboxError(f"There is no format {format!r}{hint}. Known: {', '.join(names())}.")
        zone = _zone(tz if tz is not None else chosen.zone if chosen else None)
        ours = frozenset(one.strip().removeprefix("@").casefold() for one in us)
        return cls(format or (chosen.format if chosen else None), chosen, zone, ours)


def standard_input(asked: Asked) -> Inbox:
    """JSONL that arrives line by line.

    Raises:
        InboxError: another format was asked for.
    """
    if asked.format not in (None, "jsonl"):
        raise InboxError(f"Standard input is read as JSONL, line by line; it cannot be {asked.format}.")
    columns = with_us(asked.map.columns if asked.map else (), asked.us)
    return Inbox("-", "-", "jsonl", Columns(columns=columns, zone=asked.zone), "standard input")


def opened(path: str, name: str, inner: str, head: bytes, asked: Asked, *, encoding: str | None = None) -> Inbox:
    """An inbox that is read as it lies there: JSONL, rows of cells, Parquet.

    Args:
        path: where the file lies.
        name: what people call it.
        inner: what it is called where it was packed; else its name.
        head: its first bytes.
        asked: what the user said.
        encoding: where it is known.

    Raises:
        InboxError: it cannot be read at all, for a reason that the message says.
    """
    wanted, why, sure = _guessed(inner, head) if asked.format is None else (asked.format, "as asked", "certain")
    if wanted == "parquet" or head.startswith(parquet.MAGIC):
        if wanted != "parquet":
            raise InboxError(f"{name} is a Parquet file, not {wanted}. Leave out --format, or write --format parquet.")
        inbox = _parquet(path, name, why, asked)
    else:
        encoding, start = (encoding, 0) if encoding is not None else encoding_of(path, name, head)
        text = utf8(head[start:], encoding)
        columns = Columns(encoding=encoding, start=start, zone=asked.zone)
        inbox = Inbox(path, name, wanted, columns, why, sure)
        inbox = _jsonl(inbox, text, asked) if wanted == "jsonl" else _delimited(inbox, text, asked)
    _times_have_a_zone(inbox)
    return inbox


def workbook(path: str, name: str, asked: Asked) -> Inbox:
    """The first sheet of an Excel workbook that is not empty, as rows of cells.

    Raises:
        InboxError: it cannot be read, or has no sheet with messages.
    """
    table = own_folder() / "sheet.csv"
    excel.to_csv(Path(path), name, table)
    head = head_of(str(table), name)
    sheet = replace(asked, format=None) if asked.format == "excel" else asked
    inbox = opened(str(table), name, "sheet.csv", head, sheet)
    plain = inbox.format == "csv"
    return replace(
        inbox,
        format="excel" if plain else inbox.format,
        why=f"it is a workbook; {inbox.why}" if not plain else "it is a workbook with rows of cells under a header",
        sources=((path, name),),
    )


def lines_with_columns(path: str, name: str, head: bytes, asked: Asked) -> Inbox:
    """Rows of a table that were written down as JSON objects, all with the same keys: its columns' names."""
    header = tuple(json.loads(head.split(b"\n", 1)[0]))
    inbox = Inbox(path, name, "jsonl", Columns(zone=asked.zone))
    inbox = replace(inbox, columns=replace(inbox.columns, columns=_columns(inbox, header, asked.map, asked)))
    _times_have_a_zone(inbox)
    return inbox


def described(inbox: Inbox, about: str | None, asked: Asked) -> Inbox:
    """An inbox that was made of documents, with how it is known, its zone, and the columns of a map.

    Args:
        inbox: made of them.
        about: what their format is; None for JSON of no known format, which a map may be for.
        asked: what the user said.

    Raises:
        InboxError: no time in it has a zone and none was given.
    """
    columns = with_us(asked.map.columns if asked.map else (), asked.us) if about is None else ()
    why = "as asked" if asked.format else f"it holds {about}" if about else "it is JSON, but not one object a line"
    sure = "certain" if about or asked.format else "likely"
    inbox = replace(inbox, why=why, sure=sure, columns=Columns(columns=columns, zone=asked.zone))
    _times_have_a_zone(inbox)
    return inbox


def begins_as_json(head: bytes) -> bool:
    """Whether a file's first bytes may be JSON, or a script that holds it.

    >>> begins_as_json(b"window.YTD.tweets.part0 = [ {"), begins_as_json(b"id,text")
    (True, False)
    """
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")
    return _JSON.match(text) is not None


def is_lines(text: str, *, whole: bool) -> bool:
    r"""Whether a text that begins as JSON has an object on each line, as most of its first lines show.

    >>> is_lines('{"id": 1}\n{"id": 2}\n', whole=True), is_lines('[\n{"id": 1}\n]', whole=True)
    (True, False)
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and not whole:
        lines.pop()
    good = sum(_is_object(line) for line in lines[:_LOOK])
    cut = len(lines) == 1 and not whole and lines[0].lstrip().startswith("{")
    return cut or good * 2 > len(lines[:_LOOK]) or (good > 0 and not text.lstrip().startswith("["))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _zone(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise InboxError(
            f"There is no time zone {name!r}. Use an IANA name such as Asia/Tokyo, Europe/Berlin or UTC."
        ) from None
    return name


def _guessed(name: str, head: bytes) -> tuple[str, str, str]:
    ending = Path(name).suffix.lower()
    if head.startswith(parquet.MAGIC):
        return "parquet", "it begins as Parquet does", "certain"
    first = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")[:1]
    if ending in _ENDINGS:
        return _ENDINGS[ending], f"its name ends in {ending}", "likely"
    if first in (b"{", b"["):
        return "jsonl", "its first line is a JSON object", "likely"
    return "csv", "it has rows of cells under a header", "a guess"


def _jsonl(inbox: Inbox, text: bytes, asked: Asked) -> Inbox:
    lines = [line for line in text.split(b"\n")[:_LOOK] if line.strip()]
    if lines and not any(line.lstrip().startswith(b"{") for line in lines):
        raise InboxError(
            f"{inbox.name} does not look like JSONL: no line among its first {len(lines)} is a JSON object. "
            "Name its format with --format, or its columns with --map."
        )
    columns = asked.map.columns if asked.map else ()
    if columns and not {"id", "text"} <= {one.field for one in columns}:
        raise InboxError(f"The column map for {inbox.name} must say where `id` and `text` come from.")
    own = sum(b'"id"' in line and b'"text"' in line for line in lines) * 2 > len(lines)
    sure = "certain" if columns or own or asked.format else "a guess"
    return replace(inbox, columns=replace(inbox.columns, columns=with_us(columns, asked.us)), sure=sure)


def _delimited(inbox: Inbox, text: bytes, asked: Asked) -> Inbox:
    chosen = asked.map
    named = next((one for one in built_in() if one.name == inbox.format), None)
    needed = chosen.sources if chosen else named.needs if named else ()
    mark = "\t" if inbox.format == "tsv" else None
    found = delimited.header_of(inbox.name, text, inbox.columns.encoding, inbox.columns.start, mark, needed)
    found = replace(found, zone=inbox.columns.zone)
    format_, why, sure = inbox.format, inbox.why, inbox.sure
    if named is not None and chosen is None:
        chosen = named
    elif chosen is None and asked.format is None and (known := recognised(found.header)) is not None:
        chosen, why = known
        format_, sure = chosen.name, "certain"
    elif found.delimiter == "\t" and format_ == "csv":
        format_ = "tsv"
    columns = _columns(inbox, found.header, chosen, asked)
    if chosen is None and asked.format is None:
        sure = _how_sure(columns)
    zone = found.zone or (_zone(chosen.zone) if chosen else None)
    return replace(
        inbox, format=format_, why=why, sure=sure, rows="delimited", columns=replace(found, columns=columns, zone=zone)
    )


def _how_sure(columns: tuple[Column, ...]) -> str:
    """A table of no known export: how sure its columns are told by their names."""
    own = {one.field for one in columns if one.field == one.source}
    if {"id", "text"} <= own:
        return "certain"
    return "likely" if sum(one.field in FIELD for one in columns) >= _SURE_FROM else "a guess"


def _parquet(path: str, name: str, why: str, asked: Asked) -> Inbox:
    header = parquet.header_of(path, name)
    inbox = Inbox(path, name, "parquet", Columns(header=header, zone=asked.zone), why, rows="parquet")
    columns = _columns(inbox, header, asked.map, asked)
    return replace(inbox, columns=replace(inbox.columns, columns=columns))


def _columns(inbox: Inbox, header: tuple[str, ...], chosen: Map | None, asked: Asked) -> tuple[Column, ...]:
    columns = with_us(applied(chosen, header, inbox.name) if chosen else detected(header), asked.us)
    fields = {one.field for one in columns}
    for field, what in (("text", "the text of a message"), ("id", "the id of a message")):
        if field not in fields:
            raise InboxError(
                f"{inbox.name} has no column that could be {what}. {listed(header)} "
                f"Say which one is `{field}` in a column map: --map FILE.yaml."
            )
    return columns


def _times_have_a_zone(inbox: Inbox) -> None:
    """Refuse a file in which no sampled time has a zone when none was given."""
    if inbox.columns.zone is not None:
        return
    zones = [one for one in (times.has_zone(word) for word in _sampled_times(inbox)) if one is not None]
    if zones and not any(zones):
        column = inbox.columns.of("posted_at")
        source = f" (`{column.source}`)" if column is not None and column.source not in (None, "posted_at") else ""
        raise InboxError(
            f"The times in {inbox.name}{source} have no zone, so they cannot be told apart from local time. "
            "Say which zone they are in: --tz UTC, --tz Asia/Tokyo, --tz Europe/Berlin."
        )


def _sampled_times(inbox: Inbox) -> list[str]:
    """The words of `posted_at` at the file's beginning, before they are read as times."""
    if inbox.rows == "jsonl" and not inbox.columns.columns:
        column: Column | None = Column("posted_at", "posted_at")
    else:
        column = inbox.columns.of("posted_at")
    if column is None or not column.sources:
        return []
    sample = replace(column, field="extra.sample")
    probe = replace(inbox, columns=replace(inbox.columns, columns=(sample,)))
    member = ROWS[inbox.rows]
    for piece in member.pieces(probe, _SAMPLE):
        words = member.read(probe, piece, [sample.field], {sample.field: Kind.TEXT}).messages[sample.field]
        if words.null_count() < words.len():
            return [str(one) for one in words.drop_nulls().unique(maintain_order=True)[:_LOOK].to_list()]
        if piece.number:
            break
    return []
