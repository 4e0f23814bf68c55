"""Standard input as it arrives: each message is decided as soon as its line is there, knowing what came before it.

Lines are taken in the order in which they arrive; what a thread tells (turns, our replies) is what has arrived so far,
which equals a batch over the same lines when they arrive in order of time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

import polars as pl

from engine.batch.record import json_lines
from engine.batch.run import Summary
from engine.batch.why import why_in_lines
from engine.batch.work import count, fields_of, repeated
from engine.clock import WAITING
from engine.evaluate.columns import decide
from engine.inbox import Inbox, Quarantined
from engine.inbox.jsonl import read_bytes
from engine.inbox.piece import DTYPES, kinds
from engine.inbox.quarantine import kind_of
from engine.message import FIELD, Kind
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language

AT_ONCE = 1 << 20
THREAD_FIELDS = (
    "thread.turns", "thread.our_replies", "thread.age", "author.messages", "since.our_reply", "author.known",
)  # fmt: skip


@dataclass(slots=True)
class _Thread:
    turns: int = 0
    ours: int = 0
    began: datetime | None = None
    our_last: datetime | None = None
    waiting: datetime | None = None


@dataclass(slots=True)
class Conversations:
    """What the messages so far tell about threads and authors."""

    ids: set[str] = field(default_factory=set)
    root: dict[str, str] = field(default_factory=dict)
    threads: dict[str, _Thread] = field(default_factory=dict)
    authors: dict[str, int] = field(default_factory=dict)

    def note(self, message: dict[str, Any]) -> dict[str, Any]:
        """Take a message in; what is known about it from what came before."""
        parent = message.get("in_reply_to")
        name: str = message.get("thread") or (self.root.get(parent, parent) if parent else message["id"])
        self.root[message["id"]] = name
        thread = self.threads.setdefault(name, _Thread())
        at, author = message.get("posted_at"), message.get("author.id")
        earlier = self.authors.get(author, 0) if author else None
        thread.turns += 1
        if at is not None and thread.began is None:
            thread.began = at
        known = {
            "thread": name,
            "thread.turns": thread.turns,
            "thread.our_replies": thread.ours,
            "thread.age": (at - thread.began).total_seconds() if at and thread.began else None,
            "author.messages": earlier,
            "since.our_reply": (at - thread.our_last).total_seconds() if at and thread.our_last else None,
            "author.known": message.get("author.known") or (True if earlier else None),
        }
        if author:
            self.authors[author] = (earlier or 0) + 1
        if message.get("direction") == "outbound":
            thread.ours += 1
            thread.our_last = at or thread.our_last
            thread.waiting = None
        else:
            thread.waiting = thread.waiting or at
        known[WAITING] = thread.waiting
        return known


def stream(
    plan: Plan, inbox: Inbox, source: BinaryIO, target: BinaryIO, summary: Summary, *, why: bool = False
) -> Iterator[Quarantined]:
    """Decide JSON lines from `source` as they arrive and write records to `target`, flushed each time.

    `inbox` says how to read them: columns, and the zone of times without one. Yields the lines that could not be read.
    """
    reader = FactReader(plan)
    names, declared = fields_of(plan)
    wanted = kinds(list(dict.fromkeys([*names, "in_reply_to", "author.id"])), declared)
    conversations = Conversations()
    lines = 0
    for data in _whole_lines(source):
        batch = read_bytes(inbox, data, wanted)
        bad = [Quarantined(row.line + lines, row.reason, row.raw) for row in batch.quarantined]
        lines += batch.lines
        rows: list[dict[str, Any]] = []
        for message in batch.messages.iter_rows(named=True):
            if message["id"] in conversations.ids:
                bad.append(repeated(message))
                continue
            conversations.ids.add(message["id"])
            rows.append(message | conversations.note(message))
        summary.messages += len(rows)
        summary.quarantined += len(bad)
        summary.reasons.update(kind_of(row.reason) for row in bad)
        yield from bad
        schema = dict(batch.messages.schema) | {
            name: pl.Boolean if name == "author.known" else pl.Float64 if name in _SECONDS else pl.Int64
            for name in THREAD_FIELDS
        }
        schema[WAITING] = DTYPES[Kind.TIME]
        messages = pl.DataFrame(rows, schema=schema).filter(pl.col("direction").ne_missing("outbound"))
        if messages.height:
            messages = with_language(messages)
            decided = decide(plan, reader.read(messages))
            written = json_lines(plan, messages, decided)
            if why:
                written = why_in_lines(plan, reader, messages["text"], written, decided)
            target.write(written.together())
            target.flush()
            summary.decided += messages.height
            count(plan, decided, summary.decisions, summary.severity, summary.unknown)


_SECONDS = frozenset(name for name in THREAD_FIELDS if FIELD[name].kind.value == "duration")


def _whole_lines(source: BinaryIO) -> Iterator[bytes]:
    """What has arrived, cut at the last line end; waits for no more than there is."""
    left = b""
    read = getattr(source, "read1", source.read)
    while data := read(AT_ONCE):
        left += data
        cut = left.rfind(b"\n") + 1
        if cut:
            yield left[:cut]
            left = left[cut:]
    if left.strip():
        yield left
