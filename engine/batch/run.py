"""A run: inboxes through a playbook, piece by piece, on all cores, in order, every row accounted for.

Pieces are decided by worker processes and put together here in order, so memory stays the same however long the
inbox is, but for 16 bytes an id, by which the second of two equal ids is found. What is done is noted in a journal, from
which a run goes on that was stopped.
"""

from __future__ import annotations

import errno
import itertools
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from engine.batch.ids import Hashes, Seen
from engine.batch.journal import Entry, Journal, fingerprint, sync_folder
from engine.batch.output import Output, output
from engine.batch.pool import Pool, pool
from engine.batch.whole import PIECE_SIZE, tasks_of, thread_frames
from engine.batch.work import Job, Part, Task, part_path, sheet_path, thread_facts_of
from engine.inbox import Inbox
from engine.inbox.quarantine import Atomic, kind_of, line_of
from engine.plan import Plan

_UNKEPT = 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(slots=True)
class Summary:
    """What a run did. `decisions` counts by decision and team, `unknown` the messages in which a fact was missed.

    `superseded` are rows of which a newer update was decided, `dropped` what in the exports was no message. `unkept` are
    the first rows that could not be read, with the names of their inboxes, when no quarantine keeps them. `resumed` is how
    many messages an unfinished run had decided already, None when this run began anew; `left_over` says that there was one.
    """

    messages: int = 0
    decided: int = 0
    quarantined: int = 0
    superseded: int = 0
    decisions: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    severity: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    unkept: list[tuple[str, int, str]] = field(default_factory=list)
    seconds: float = 0.0
    not_evaluated: tuple[str, ...] = ()
    resumed: int | None = None
    left_over: bool = False

    @property
    def outbound(self) -> int:
        """Messages from us: they tell about threads and are not decided."""
        return self.messages - self.decided


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a finished run, in order (see `engine.batch.sheet`), and what else a report needs to know of it."""

    paths: tuple[Path, ...]
    summary: Summary
    quarantine: Path | None


def run(
    plan: Plan,
    inboxes: list[Inbox],
    out: str,
    quarantine: Path | None,
    *,
    why: bool = False,
    workers: int | None = None,
    piece_size: int = PIECE_SIZE,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    resume: bool = False,
    then: Callable[[Sheets], None] | None = None,
) -> Summary:
    """Decide every message of the inboxes.

    Writes the decisions to `out` (by its ending; `-` is standard output) and the rows that could not be read to
    `quarantine`, which is not written when there are none. What is done is kept beside `out` while the run lasts; a run
    that ended in the middle goes on from there with `resume`, and writes the same bytes in the end.

    Args:
        plan: what decides.
        inboxes: from `open_inboxes`.
        out: the output's name.
        quarantine: where rows go that could not be read; None to keep none.
        why: add the explanation to every record.
        workers: how many processes.
        piece_size: bytes a piece.
        progress: told bytes done and bytes in all.
        resume: go on where an unfinished run was.
        then: called with the sheets of the run when the output has its name; they are made only for it.

    Raises:
        ResumeError: the unfinished run was another one, or is still running.
        OSError: something could not be written. Nothing is left under the final name.
    """
    began = time.monotonic()
    try:
        with ExitStack() as stack:
            if out == "-":
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hikeshi-")))
                journal = None
            else:
                kept = {"sheet": then is not None, "quarantine": quarantine is not None}
                options = {"why": why, "piece": piece_size, "out": Path(out).suffix} | kept
                told = fingerprint(plan, inboxes, **options)
                journal = stack.enter_context(Journal(Path(out), told, resume=resume))
                folder = journal.folder
            target = output(out if out == "-" else str(Path(out).resolve()), folder)
            stack.callback(target.close)
            job = Job(plan, folder, target.table, why, thread_facts_of(plan), sheet=then is not None)
            summary = _Run(job, inboxes, target, journal, quarantine).all(workers, piece_size, progress)
            if then is not None:
                paths = tuple(sheet_path(folder, number) for number in range(len(list(folder.glob("sheet-*")))))
                then(Sheets(paths, summary, quarantine if summary.quarantined else None))
    except BrokenProcessPool:
        raise OSError(
            "a worker process was stopped from outside, perhaps because memory ran out; try fewer --workers"
        ) from None
    except OSError as error:
        if error.errno in _NO_ROOM:  # said of the output by its own name, not of what it is made from
            raise OSError(error.errno, error.strerror, out) from None
        raise
    summary.seconds = time.monotonic() - began
    return summary


class _Run:
    """One run, from what is done already to the names of what it made."""

    def __init__(
        self, job: Job, inboxes: list[Inbox], target: Output, journal: Journal | None, quarantine: Path | None
    ) -> None:
        self.job, self.inboxes, self.target, self.journal, self.quarantine = job, inboxes, target, journal, quarantine
        self.summary = Summary(not_evaluated=job.plan.not_evaluated)
        for inbox in inboxes:
            self.summary.dropped.update(dict(inbox.dropped))
        self.entries: list[Entry] = list(journal.done) if journal is not None else []
        self.workers: list[int] = []
        """Who wrote the parts that the journal does not have yet."""
        self.lines: Counter[int] = Counter()
        if journal is not None:
            self.summary.left_over = journal.left_over
            if self.entries or journal.finished:
                self.summary.resumed = sum(entry.decided for entry in self.entries)

    def all(self, workers: int | None, piece_size: int, progress: Callable[[int, int], None]) -> Summary:
        """Everything that is still to be done."""
        for entry in self.entries:
            self._take_in(entry)
        if self.journal is None or not self.journal.finished:
            self._decide(workers, piece_size, progress)
            self.target.save()
            self._keep(everything=True)
            if self.journal is not None:
                self.journal.finish()
        if self.quarantine is not None:
            self._name_quarantine(self.quarantine, self.job.folder / "quarantine")
        self.target.complete([part_path(self.job.folder, entry.number) for entry in self.entries])
        if self.journal is not None:
            sync_folder(self.journal.folder.parent)
        return self.summary

    def _name_quarantine(self, name: Path, bad: Path) -> None:
        if not self.summary.quarantined:
            name.unlink(missing_ok=True)
        elif bad.exists():  # else it was done when the run before was stopped
            try:
                bad.replace(name)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                with Atomic(name) as file, bad.open("rb") as rows:
                    shutil.copyfileobj(rows, file)

    def _decide(self, workers: int | None, piece_size: int, progress: Callable[[int, int], None]) -> None:
        total = sum(Path(inbox.path).stat().st_size for inbox in self.inboxes)
        done = sum(entry.bytes for entry in self.entries)
        folder = self.job.folder
        places = [entry.place or part_path(folder, entry.number) for entry in self.entries]
        end = max((entry.end for entry in self.entries), default=0)
        self.target.begin(places, end)
        seen = Seen()
        for ids in self.journal.hashes() if self.journal is not None else ():
            seen.repeats(ids)
        with ExitStack() as stack:
            workers_ = pool(self.job, workers, total, self.target, stack, len(self.entries), end)
            tasks = tasks_of(self.inboxes, piece_size, workers_.ask)
            if self.job.facts:
                tasks = self._with_threads(list(tasks), workers_)
            try:
                for task, part in workers_.in_order(itertools.islice(tasks, len(self.entries), None)):
                    place = part.place
                    repeats = seen.repeats(part.ids)
                    if len(repeats):
                        again = workers_.work(replace(task, without=tuple(repeats.tolist()))).result()
                        self._append(task, again, place)
                    else:
                        self._append(task, part, place)
                    workers_.stop_if_failed()
                    if self.journal is not None and self.journal.due():
                        self._keep()
                    done += task.piece.end - task.piece.start
                    progress(min(done, total), total)
                workers_.settle()
            except (KeyboardInterrupt, OSError, BrokenProcessPool):
                with suppress(OSError):  # whatever can be kept of it
                    workers_.stop_if_failed()
                    self._keep()
                raise
        if not self.entries:
            _append_nothing(self.job, self.target)
            self._note(Entry.nothing(), np.zeros((0, 2), np.uint64), b"", 0)

    def _with_threads(self, tasks: list[Task], workers: Pool) -> Iterator[Task]:
        """The tasks, when what the whole import tells lies beside them."""
        for task, frame in zip(tasks, thread_frames(tasks, self.job.facts, workers.ask), strict=True):
            if task.number >= len(self.entries):
                frame.write_ipc(self.job.folder / f"threads-{task.number}")
        return iter(tasks)

    def _append(self, task: Task, part: Part, first_place: tuple[int, int] | None) -> None:
        """Take in a part. `first_place` is where it was written before a second id was found in it, or where it is."""
        place = self.target.append(part.path, part.place)
        end = sum(first_place or place or (0, 0))
        before = self.lines[task.place]
        bad = [replace(row, line=row.line + before) for row in part.quarantined]
        entry = Entry(
            number=part.number,
            inbox=task.place,
            place=place,
            end=max(end, self.entries[-1].end if self.entries else 0),
            lines=part.lines,
            bytes=task.piece.end - task.piece.start,
            messages=part.messages,
            decided=part.decided,
            quarantined=len(bad),
            superseded=part.superseded,
            ids=len(part.ids),
            counts=[(*key, amount) for key, amount in part.counts.items()],
            severity=part.severity,
            unknown=part.unknown,
            reasons=dict(Counter(kind_of(row.reason) for row in bad)),
        )
        if self.quarantine is None:
            room = _UNKEPT - len(self.summary.unkept)
            self.summary.unkept += [(task.inbox.name, row.line, row.reason) for row in bad[:room]]
        kept = b"".join(line_of(task.inbox, row) for row in bad) if self.quarantine is not None else b""
        self._note(entry, part.ids, kept, part.worker)
        self._take_in(entry)

    def _note(self, entry: Entry, ids: Hashes, bad: bytes, worker: int) -> None:
        self.entries.append(entry)
        self.workers.append(worker)
        if self.journal is not None:
            self.journal.note(entry, ids, bad)
        elif bad:
            with (self.job.folder / "quarantine").open("ab") as file:
                file.write(bad)

    def _keep(self, *, everything: bool = False) -> None:
        """Have the journal keep what is written: of each worker all but its last part, which it may still be writing."""
        if self.journal is None:
            return
        waiting = self.entries[len(self.entries) - len(self.workers) :]
        last = {worker: entry.number for entry, worker in zip(waiting, self.workers, strict=True)}
        written = [
            everything or entry.place is None or not self.shared or entry.number < last[worker]
            for entry, worker in zip(waiting, self.workers, strict=True)
        ]
        parts = written.index(False) if False in written else len(written)
        files = []
        for entry in waiting[:parts]:
            if entry.place is None:
                files.append(part_path(self.job.folder, entry.number))
            if self.job.sheet:
                files.append(sheet_path(self.job.folder, entry.number))
        if not self.job.table:
            files.append(self.job.folder / "output")
        self.journal.keep(parts, [file for file in files if file.exists()])
        del self.workers[:parts]

    @property
    def shared(self) -> bool:
        """Whether workers write the output themselves."""
        return getattr(self.target, "shared", False)

    def _take_in(self, entry: Entry) -> None:
        summary = self.summary
        self.lines[entry.inbox] += entry.lines
        summary.messages += entry.messages
        summary.decided += entry.decided
        summary.quarantined += entry.quarantined
        summary.superseded += entry.superseded
        for decision, team, amount in entry.counts:
            summary.decisions[decision, team] += amount
        summary.severity.update(entry.severity)
        summary.unknown.update(entry.unknown)
        summary.reasons.update(entry.reasons)


def _append_nothing(job: Job, target: Output) -> None:
    """Nothing to decide still gives an output with its columns."""
    from engine.batch.record import as_frame
    from engine.batch.work import fields_of
    from engine.evaluate.columns import decide
    from engine.inbox.piece import DTYPES, kinds
    from engine.signals.facts import FactReader

    path = part_path(job.folder, 0)
    if not target.table:
        path.write_bytes(b"")
        target.append(path)
        return
    names, declared = fields_of(job.plan)
    empty = pl.DataFrame(schema={name: DTYPES[kind] for name, kind in kinds(names, declared).items()})
    frame = as_frame(job.plan, empty, decide(job.plan, FactReader(job.plan).read(empty)))
    if job.why:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("why"))
    frame.write_parquet(path)
    target.append(path)
