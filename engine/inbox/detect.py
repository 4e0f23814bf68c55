"""What a file is: its format, encoding, columns, and whether its times have a zone. The only place that decides."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.inbox import delimited, jsonl, parquet, times, twitter_support
from engine.inbox.compressed import unpacked
from engine.inbox.encoding import encoding_of, head_of, utf8
from engine.inbox.mapping import Map, applied, listed, load_map
from engine.inbox.names import detected
from engine.inbox.piece import Column, Columns, Inbox, InboxError
from engine.language.suggest import nearest
from engine.message import Kind

NAMES = ("jsonl", "csv", "tsv", "parquet", "twitter-support")
_ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet"}
_LOOK = 200
_SAMPLE = 1 << 18
STANDARD_INPUT = "-"


def open_inbox(name: str, *, format: str | None = None, map_file: str | None = None, tz: str | None = None) -> Inbox:  # noqa: A002 - the option's name
    """Find out what a file is, from its first bytes.

    Args:
        name: the file as the user wrote it; `-` is JSONL on standard input and is not looked at.
        format: one of `NAMES`, or None to find out.
        map_file: a column map (see `engine.inbox.mapping`).
        tz: the zone of times without one, by its IANA name; goes before the map's.

    Raises:
        InboxError: the file cannot be read at all, for a reason that the message says.
    """
    chosen = load_map(Path(map_file), map_file) if map_file is not None else None
    zone = _zone(tz if tz is not None else chosen.zone if chosen else None)
    if format is not None and format not in NAMES:
        near = nearest(format, NAMES)
        raise InboxError(
            f"There is no format {format!r}{f'; did you mean `{near}`?' if near else ''}. Known: {', '.join(NAMES)}."
        )
    wanted = format or (chosen.format if chosen else None)
    if name == STANDARD_INPUT:
        if wanted not in (None, "jsonl"):
            raise InboxError(f"Standard input is read as JSONL, line by line; it cannot be {wanted}.")
        return Inbox(
            name, name, "jsonl", Columns(columns=chosen.columns if chosen else (), zone=zone), "standard input"
        )
    head = head_of(name, name)
    path, inner = os.path.realpath(name), name
    packed = unpacked(name, head)
    if packed is not None:
        path, inner = packed.path, packed.inner
        head = head_of(path, name)
    why = "as asked" if wanted else ""
    if wanted is None:
        wanted, why = _guessed(inner, head)
    if wanted == "parquet" or head.startswith(parquet.MAGIC):
        if wanted != "parquet":
            raise InboxError(f"{name} is a Parquet file, not {wanted}. Leave out --format, or write --format parquet.")
        inbox = _parquet(path, name, chosen, zone, why)
    else:
        encoding, start = encoding_of(path, name, head)
        text = utf8(head[start:], encoding)
        inbox = Inbox(path, name, wanted, Columns(encoding=encoding, start=start, zone=zone), why)
        inbox = _jsonl(inbox, text, chosen) if wanted == "jsonl" else _delimited(inbox, text, chosen)
    _times_have_a_zone(inbox)
    return inbox


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


def _guessed(name: str, head: bytes) -> tuple[str, str]:
    ending = Path(name).suffix.lower()
    if head.startswith(parquet.MAGIC):
        return "parquet", "it begins as Parquet does"
    first = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")[:1]
    if ending in _ENDINGS:
        return _ENDINGS[ending], f"its name ends in {ending}"
    if first in (b"{", b"["):
        return "jsonl", "its first line is a JSON object"
    return "csv", "it has rows of cells under a header"


def _jsonl(inbox: Inbox, text: bytes, chosen: Map | None) -> Inbox:
    lines = [line for line in text.split(b"\n")[:_LOOK] if line.strip()]
    first = lines[0].lstrip()[:1] if lines else b""
    if first == b"[":
        raise InboxError(
            f"{inbox.name} is one JSON array. Hikeshi reads JSON with one object a line; "
            f"`jq -c '.[]' {inbox.name}` writes it like that."
        )
    if lines and not any(line.lstrip().startswith(b"{") for line in lines):
        raise InboxError(
            f"{inbox.name} does not look like JSONL: no line among its first {len(lines)} is a JSON object. "
            "Name its format with --format, or its columns with --map."
        )
    columns = chosen.columns if chosen else ()
    if columns and not {"id", "text"} <= {one.field for one in columns}:
        raise InboxError(f"The column map for {inbox.name} must say where `id` and `text` come from.")
    return replace(inbox, columns=replace(inbox.columns, columns=columns))


def _delimited(inbox: Inbox, text: bytes, chosen: Map | None) -> Inbox:
    needed = [one.source for one in chosen.columns if one.source is not None] if chosen else []
    mark = "\t" if inbox.format == "tsv" else None
    found = delimited.header_of(inbox.name, text, inbox.columns.encoding, inbox.columns.start, mark, needed)
    found = replace(found, zone=inbox.columns.zone)
    if chosen is None and inbox.format in ("csv", "twitter-support") and twitter_support.looks_like(found.header):
        inbox = replace(inbox, format="twitter-support", why="it has the columns of Customer Support on Twitter")
        chosen = twitter_support.column_map()
    elif inbox.format == "twitter-support":
        missing = sorted(twitter_support.COLUMNS - set(found.header))
        raise InboxError(
            f"{inbox.name} is not Customer Support on Twitter: it lacks {', '.join(missing)}. {listed(found.header)}"
        )
    elif found.delimiter == "\t" and inbox.format == "csv":
        inbox = replace(inbox, format="tsv")
    return replace(inbox, columns=replace(found, columns=_columns(inbox, found.header, chosen)))


def _parquet(path: str, name: str, chosen: Map | None, zone: str | None, why: str) -> Inbox:
    header = parquet.header_of(path, name)
    inbox = Inbox(path, name, "parquet", Columns(header=header, zone=zone), why)
    return replace(inbox, columns=replace(inbox.columns, columns=_columns(inbox, header, chosen)))


def _columns(inbox: Inbox, header: tuple[str, ...], chosen: Map | None) -> tuple[Column, ...]:
    columns = applied(chosen, header, inbox.name) if chosen else detected(header)
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
    if inbox.format == "jsonl" and not inbox.columns.columns:
        column: Column | None = Column("posted_at", "posted_at")
    else:
        column = inbox.columns.of("posted_at")
    if column is None or column.source is None:
        return []
    sample = Column("extra.sample", column.source)
    probe = replace(inbox, columns=replace(inbox.columns, columns=(sample,)))
    members = {"jsonl": jsonl, "parquet": parquet}
    member = members.get(inbox.format, delimited)
    for piece in member.pieces(probe, _SAMPLE):
        words = member.read(probe, piece, [sample.field], {sample.field: Kind.TEXT}).messages[sample.field]
        if words.null_count() < words.len():
            return [str(one) for one in words.drop_nulls().unique(maintain_order=True)[:_LOOK].to_list()]
        if piece.number:
            break
    return []
