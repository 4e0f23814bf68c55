"""What one process does with one piece of an inbox: read it, decide it, write its part."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from engine.batch.ids import Hashes, hashes
from engine.batch.record import as_frame, json_lines
from engine.batch.sheet import FACTS as SHEET_FACTS
from engine.batch.sheet import sheet
from engine.batch.turnstile import Turnstile
from engine.batch.why import explanations, why_in_lines
from engine.clock import WAITING
from engine.evaluate.columns import Decided, decide
from engine.inbox import THREAD_FACTS, Inbox, Piece, Quarantined, raw_rows, read
from engine.message import FIELD, Kind
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language

ALWAYS = ("id", "text", "posted_at", "channel", "thread", "direction", "lang")
DERIVED = frozenset(one.name for one in FIELD.values() if one.derived) | {"author.known"}


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for every piece of a run.

    `table` says that parts are Parquet rather than JSON lines, `threads` what the plan must know of the whole import;
    `sheet` that a part has a sheet too (see `engine.batch.sheet`).
    """

    plan: Plan
    folder: Path
    table: bool
    why: bool
    threads: tuple[str, ...]
    sheet: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """What is worked out over the whole import: for the plan, and for the sheet."""
        more = SHEET_FACTS if self.sheet else ()
        return tuple(dict.fromkeys((*self.threads, *more)))


@dataclass(frozen=True, slots=True)
class Task:
    """One piece; `number` counts over all inboxes of the run.

    `place` is that of the inbox among those of the run. `without` are rows to leave out as second of their id, `replaced`
    lines of which a newer update is elsewhere in the import.
    """

    number: int
    place: int
    inbox: Inbox
    piece: Piece
    without: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()


@dataclass(slots=True)
class Part:
    """What came of a task. `ids` are the hashes of all readable messages; `counts` the decisions by way and levels.

    The part is at `place` (start and size) in the output where workers share it, else in the file at `path`. `worker` is
    the process that wrote it, which may still do so until it gives the next part.
    """

    number: int
    path: Path
    place: tuple[int, int] | None
    ids: Hashes
    lines: int
    messages: int
    decided: int
    superseded: int
    worker: int
    quarantined: list[Quarantined]
    counts: dict[tuple[str, str | None], int] = field(default_factory=dict)
    severity: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    @property
    def sheet(self) -> Path:
        """Where its sheet is, if there is one."""
        return sheet_path(self.path.parent, self.number)


def part_path(folder: Path, number: int) -> Path:
    """Where a part lies that is a file of its own."""
    return folder / f"part-{number}"


def sheet_path(folder: Path, number: int) -> Path:
    """Where the sheet of a part lies."""
    return folder / f"sheet-{number}.parquet"


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
        messages = newest(task, batch.messages)
        superseded = batch.messages.height - messages.height
        ids = hashes(messages["id"])
        total = messages.height
        quarantined = list(batch.quarantined)
        if task.without:
            again = messages[list(task.without)]
            raw = raw_rows(task.inbox, task.piece, again["line"].to_list())
            quarantined += [
                Quarantined(line, f"Its id was there before ({id_}).", row)
                for line, id_, row in zip(again["line"], again["id"], raw, strict=True)
            ]
            quarantined.sort(key=lambda one: one.line)
            keep = np.ones(total, dtype=bool)
            keep[list(task.without)] = False
            messages = messages.filter(pl.Series(keep))
        known = pl.read_ipc(self.job.folder / f"threads-{task.number}") if self.job.facts else pl.DataFrame()
        if self.job.threads:
            messages = join_threads(messages, known.select("line", *self.job.threads))
        ours = (messages["direction"] == "outbound").fill_null(value=False)
        inbound = messages.filter(~ours) if ours.any() else messages
        inbound = with_language(inbound)
        decided = decide(self.job.plan, self.facts.read(inbound))
        part = Part(
            task.number,
            part_path(self.job.folder, task.number),
            None,
            ids,
            batch.lines,
            messages.height,
            inbound.height,
            superseded,
            os.getpid(),
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
        if self.job.sheet:
            task_ = (task.inbox, task.piece)
            sheet(self.job.plan, task_, messages, inbound, decided, known).write_parquet(part.sheet)
        count(self.job.plan, decided, part.counts, part.severity, part.unknown)
        return part


def repeated(row: dict[str, Any]) -> Quarantined:
    """A message whose id another one had before it, with what was read of it."""
    read_of_it = {name: value for name, value in row.items() if value is not None and name != "line"}
    raw = json.dumps(read_of_it, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Quarantined(row["line"], f"Its id was there before ({row['id']}).", raw)


def newest(task: Task, messages: pl.DataFrame) -> pl.DataFrame:
    """The messages of a task of which no newer update is elsewhere."""
    if not task.replaced:
        return messages
    return messages.filter(~pl.col("line").is_in(pl.Series(task.replaced, dtype=pl.UInt32).implode()))


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
