"""What an inbox is and what it can say: for `hikeshi inbox`; and the inbox in Hikeshi's own JSONL."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import polars as pl

from engine.inbox.formats import pieces, read
from engine.inbox.lines import piece_bytes
from engine.inbox.objects import either
from engine.inbox.objects import extras as extras_of
from engine.inbox.piece import DTYPES, Batch, Inbox, Piece, Quarantined
from engine.inbox.quarantine import Atomic, field_of, kind_of
from engine.message import FIELD, Kind

_FIRST = 5
_TIME = "%Y-%m-%dT%H:%M:%S%.fZ"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """How many rows have a field, how many do not, and how many were quarantined for what stood there."""

    name: str
    known: int
    unknown: int
    invalid: int


@dataclass(slots=True)
class Coverage:
    """What an inbox is. `why` says how its format was recognised; `first_rows` has at most five messages, all fields."""

    format: str
    why: str
    inbound: int = 0
    outbound: int = 0
    first: datetime | None = None
    last: datetime | None = None
    fields: list[FieldCoverage] = field(default_factory=list)
    quarantined: dict[str, int] = field(default_factory=dict)
    first_rows: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def messages(self) -> int:
        """How many messages could be read."""
        return self.inbound + self.outbound


def available(inbox: Inbox, limit: int | None = None) -> dict[str, Kind]:
    """The fields that an inbox may supply, and their kinds; JSONL is read through for its extras.

    Args:
        inbox: from `open_inbox`.
        limit: look at this many bytes only.
    """
    if inbox.rows == "jsonl" and not inbox.columns.columns:
        own = {name: one.kind for name, one in FIELD.items() if not one.derived}
        extras: dict[str, Kind] = {}
        for piece in pieces(inbox):
            for name, kind in extras_of(piece_bytes(inbox, piece)).items():
                extras[name] = either(extras.get(name, kind), kind)
            if limit is not None and piece.end >= limit:
                break
        return own | extras
    columns = [one.field for one in inbox.columns.columns]
    return {name: FIELD[name].kind if name in FIELD else Kind.TEXT for name in columns} | {"direction": Kind.CATEGORY}


def batches(inbox: Inbox, fields: Mapping[str, Kind]) -> Iterator[tuple[Piece, Batch]]:
    """Every piece, read; lines and quarantined rows counted from the beginning of the file."""
    before = 0
    for piece in pieces(inbox):
        batch = read(inbox, piece, list(fields), fields)
        lines = batch.lines
        bad = [Quarantined(one.line + before, one.reason, one.raw) for one in batch.quarantined]
        yield piece, Batch(batch.messages.with_columns(pl.col("line") + before), bad, lines)
        before += lines


def coverage(inbox: Inbox, limit: int | None = None) -> Coverage:
    """Read an inbox and count what it has.

    Args:
        inbox: from `open_inbox`.
        limit: stop after about this many messages (whole pieces are read).
    """
    found = Coverage(inbox.format, inbox.why)
    fields = available(inbox)
    known: Counter[str] = Counter()
    invalid: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for _, batch in batches(inbox, fields):
        frame = batch.messages
        outbound = int((frame["direction"] == "outbound").sum())
        found.outbound += outbound
        found.inbound += frame.height - outbound
        known.update({name: frame.height - frame[name].null_count() for name in fields})
        reasons.update(kind_of(one.reason) for one in batch.quarantined)
        invalid.update(name for one in batch.quarantined if (name := field_of(one.reason)) is not None)
        if "posted_at" in fields and frame["posted_at"].null_count() < frame.height:
            low, high = cast("datetime", frame["posted_at"].min()), cast("datetime", frame["posted_at"].max())
            found.first = low if found.first is None else min(found.first, low)
            found.last = high if found.last is None else max(found.last, high)
        if found.first_rows.height < _FIRST:
            more = frame.head(_FIRST - found.first_rows.height)
            found.first_rows = more if found.first_rows.is_empty() else pl.concat([found.first_rows, more])
        if limit is not None and found.messages >= limit:
            break
    mapped = {one.field for one in inbox.columns.columns}
    found.fields = [
        FieldCoverage(name, known[name], found.messages - known[name], invalid[name])
        for name in fields
        if known[name] or invalid[name] or name in mapped
    ]
    found.quarantined = dict(reasons.most_common())
    return found


def to_jsonl(inbox: Inbox, out: str | os.PathLike[str]) -> tuple[int, list[Quarantined]]:
    """Write an inbox in Hikeshi's own JSONL: flat dotted names, unknown left out, times in UTC.

    The file appears only when all of it was written.

    Returns:
        How many messages were written, and the rows that could not be read.
    """
    fields = available(inbox)
    count = 0
    bad: list[Quarantined] = []
    with Atomic(out) as file:
        for _, batch in batches(inbox, fields):
            bad += batch.quarantined
            count += batch.messages.height
            times = [name for name, kind in fields.items() if DTYPES[kind] == DTYPES[Kind.TIME]]
            shown = batch.messages.drop("line").with_columns(pl.col(times).dt.strftime(_TIME))
            for row in shown.iter_rows(named=True):
                message = {name: value for name, value in row.items() if value is not None}
                file.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")
    return count, bad
