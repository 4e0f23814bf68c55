"""What one process does with one piece of an inbox: read it, decide it, write its part."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from engine.batch.ids import Hashes, hashes
from engine.batch.record import as_frame, json_lines
from engine.batch.turnstile import Turnstile
from engine.batch.why import explanations, why_in_lines
from engine.clock import WAITING
from engine.evaluate.columns import Decided, decide
from engine.inbox import THREAD_FACTS, Inbox, Piece, Quarantined, read
from engine.message import FIELD, Kind
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language

ALWAYS = ("id", "text", "posted_at", "channel", "thread", "direction", "lang")
DERIVED = frozenset(one.name for one in FIELD.values() if one.derived) | {"author.known"}


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for every piece of a run.

    `table` says that parts are Parquet rather than JSON lines, `threads` what must be known of the whole import.
    """

    plan: Plan
    folder: Path
    table: bool
    why: bool
    threads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One piece; `number` counts over all inboxes of the run, `without` are rows to leave out as second of their id.

    `place` is that of the inbox among those of the run.
    """

    number: int
    place: int
    inbox: Inbox
    piece: Piece
    without: tuple[int, ...] = ()


@dataclass(slots=True)
class Part:
    """What came of a task. `ids` are the hashes of all readable messages; `counts` the decisions by way and levels.

    The part is at `place` (start and size) in the output where workers share it, else in the file at `path`.
    """

    number: int
    path: Path
    place: tuple[int, int] | None
    ids: Hashes
    lines: int
    messages: int
    decided: int
    quarantined: list[Quarantined]
    counts: dict[tuple[str, str | None], int] = field(default_factory=dict)
    severity: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def fields_of(plan: Plan) -> tuple[list[str], dict[str, Kind]]:
    """The fields to read for a plan, and the declared kinds among them."""
    derived = DERIVED - {"author.known"}
    wanted = [*ALWAYS, *(name for name in plan.fields if name not in derived)]
    if "sentiment" in plan.signals:
        wanted.append("sentiment")
    return list(dict.fromkeys(wanted)), dict(plan.declared)


def thread_facts_of(plan: Plan) -> tuple[str, ...]:
    """What the plan looks at and only the whole import can tell; with it comes each message's thread."""
    facts = tuple(name for name in THREAD_FACTS if name in plan.fields)
    facts += (WAITING,) if any(ending.deadlines for ending in plan.endings) else ()
    return tuple(dict.fromkeys(("thread", *facts))) if facts and facts != ("thread",) else ()


class Worker:
    """A process's own automaton and plan, built once."""

    def __init__(self, job: Job, turnstile: Turnstile | None = None) -> None:
        self.job = job
        self.turnstile = turnstile
        self.facts = FactReader(job.plan)
        self.fields, self.declared = fields_of(job.plan)

    def work(self, task: Task) -> Part:
        """Read, decide and write one piece."""
        if self.turnstile is None or task.without:
            return self._work(task, None)
        try:
            return self._work(task, self.turnstile)
        finally:
            self.turnstile.skip(task.number)

    def _work(self, task: Task, turnstile: Turnstile | None) -> Part:
        batch = read(task.inbox, task.piece, self.fields, self.declared)
        messages = batch.messages
        ids = hashes(messages["id"])
        total = messages.height
        quarantined = list(batch.quarantined)
        if task.without:
            quarantined += [repeated(messages.row(row, named=True)) for row in task.without]
            quarantined.sort(key=lambda one: one.line)
            keep = np.ones(total, dtype=bool)
            keep[list(task.without)] = False
            messages = messages.filter(pl.Series(keep))
        if self.job.threads:
            known = pl.read_ipc(self.job.folder / f"threads-{task.number}")
            messages = join_threads(messages, known)
        ours = (messages["direction"] == "outbound").fill_null(value=False)
        inbound = messages.filter(~ours) if ours.any() else messages
        inbound = with_language(inbound)
        decided = decide(self.job.plan, self.facts.read(inbound))
        part = Part(
            task.number,
            self.job.folder / f"part-{task.number}",
            None,
            ids,
            batch.lines,
            messages.height,
            inbound.height,
            quarantined,
        )
        if self.job.table:
            frame = as_frame(self.job.plan, inbound, decided)
            if self.job.why:
                frame = frame.with_columns(explanations(self.job.plan, self.facts, inbound["text"], decided.facts))
            frame.write_parquet(part.path)
        else:
            lines = json_lines(self.job.plan, inbound, decided)
            if self.job.why:
                lines = why_in_lines(self.job.plan, self.facts, inbound["text"], lines, decided)
            if turnstile is None:
                part.path.write_bytes(lines.together())
            else:
                part.place = turnstile.write(task.number, lines)
        count(self.job.plan, decided, part.counts, part.severity, part.unknown)
        return part


def repeated(row: dict[str, Any]) -> Quarantined:
    """A message whose id another one had before it, with what was read of it."""
    read_of_it = {name: value for name, value in row.items() if value is not None and name != "line"}
    raw = json.dumps(read_of_it, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Quarantined.of(row["line"], f"Its id was there before ({row['id']}).", raw)


def join_threads(messages: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The messages with what the whole import told about each."""
    joined = messages.drop("thread").join(known, on="line", how="left", maintain_order="left", suffix=".derived")
    if "author.known.derived" in joined.columns:
        joined = joined.with_columns(pl.coalesce("author.known", "author.known.derived").alias("author.known"))
    return joined


def count(
    plan: Plan,
    decided: Decided,
    decisions: dict[tuple[str, str | None], int],
    severity: dict[str, int],
    unknown: dict[str, int],
) -> None:
    """Add a batch's decisions to the counts by decision and team, by severity, and by unknown fact that mattered."""
    amounts = np.bincount(decided.code, minlength=len(decided.ways)).tolist()
    for (way, facts), amount in zip(decided.ways, amounts, strict=True):
        if not amount:
            continue
        outcome = way[-1].outcome
        assert outcome is not None
        ending = plan.endings[outcome]
        key = (ending.decision, ending.team)
        decisions[key] = decisions.get(key, 0) + amount
        for fact in facts:
            unknown[fact] = unknown.get(fact, 0) + amount
    for scale in plan.scales:
        if scale.name == "severity":
            levels = np.bincount(decided.facts["severity"].to_numpy(), minlength=len(scale.levels)).tolist()
            for level, amount in zip(scale.levels, levels, strict=True):
                severity[level] = severity.get(level, 0) + amount
