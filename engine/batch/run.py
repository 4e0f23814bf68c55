"""A run: inboxes through a playbook, piece by piece, on all cores, in order, every row accounted for.

Pieces are decided by worker processes and put together here in order, so memory stays the same however long the
inbox is, but for 16 bytes an id, by which the second of two equal ids is found.
"""

from __future__ import annotations

import errno
import itertools
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from engine.batch.crew import context as crew_context
from engine.batch.crew import end_with_the_parent, get_ready, workers_for
from engine.batch.ids import Seen
from engine.batch.output import Output, output
from engine.batch.turnstile import Turnstile
from engine.batch.work import Job, Part, Task, Worker, thread_facts_of
from engine.inbox import Inbox, Piece, Quarantined, first_rows, pieces, structure_of, thread_facts
from engine.inbox.quarantine import kind_of
from engine.inbox.quarantine import write as write_quarantine
from engine.plan import Plan

PIECE_SIZE = 12 * 1024 * 1024
"""Bytes a piece: large enough that what is done once a piece costs little, small enough that a worker needs some 200 MB."""

_UNKEPT = 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(slots=True)
class Summary:
    """What a run did. `decisions` counts by decision and team, `unknown` the messages in which a fact was missed.

    `unkept` are the first rows that could not be read, with the names of their inboxes, when no quarantine keeps them.
    """

    messages: int = 0
    decided: int = 0
    quarantined: int = 0
    decisions: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    severity: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unkept: list[tuple[str, Quarantined]] = field(default_factory=list)
    seconds: float = 0.0
    not_evaluated: tuple[str, ...] = ()

    @property
    def outbound(self) -> int:
        """Messages from us: they tell about threads and are not decided."""
        return self.messages - self.decided


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
) -> Summary:
    """Decide every message of the inboxes.

    Writes the decisions to `out` (by its ending; `-` is standard output) and the rows that could not be read to
    `quarantine`, which is not written when there are none. `progress` is told bytes done and bytes in all.

    Raises:
        OSError: something could not be written. Nothing is left under the final name.
    """
    began = time.monotonic()
    target = output(out)
    summary = Summary(not_evaluated=plan.not_evaluated)
    folder_of_out = None if out == "-" else Path(out).resolve().parent
    try:
        with tempfile.TemporaryDirectory(prefix=".hikeshi-", dir=folder_of_out, ignore_cleanup_errors=True) as folder:
            job = Job(plan, Path(folder), target.table, why, thread_facts_of(plan))
            bad = _run(job, inboxes, target, summary, workers, piece_size, progress)
            if not summary.decided:
                # Nothing to decide still gives an output with its columns.
                _append_nothing(job, target)
            target.save()
            if quarantine is None:
                summary.unkept = bad[:_UNKEPT]
            elif bad:
                write_quarantine(quarantine, bad)
            target.complete()
            if quarantine is not None and not bad:
                quarantine.unlink(missing_ok=True)
    except BrokenProcessPool:
        raise OSError(
            "a worker process was stopped from outside, perhaps because memory ran out; try fewer --workers"
        ) from None
    except OSError as error:
        if error.errno in _NO_ROOM:  # said of the output by its own name, not of what it is made from
            raise OSError(error.errno, error.strerror, out) from None
        raise
    finally:
        target.close()
    summary.seconds = time.monotonic() - began
    return summary


def _append_nothing(job: Job, target: Output) -> None:
    from engine.batch.record import as_frame
    from engine.batch.work import fields_of
    from engine.evaluate.columns import decide
    from engine.inbox.piece import DTYPES, kinds
    from engine.signals.facts import FactReader

    if not target.table:
        return
    names, declared = fields_of(job.plan)
    empty = pl.DataFrame(schema={name: DTYPES[kind] for name, kind in kinds(names, declared).items()})
    path = job.folder / "part-nothing"
    frame = as_frame(job.plan, empty, decide(job.plan, FactReader(job.plan).read(empty)))
    if job.why:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("why"))
    frame.write_parquet(path)
    target.append(path)


def _run(
    job: Job,
    inboxes: list[Inbox],
    target: Output,
    summary: Summary,
    workers: int | None,
    piece_size: int,
    progress: Callable[[int, int], None],
) -> list[tuple[str, Quarantined]]:
    total = sum(Path(inbox.path).stat().st_size for inbox in inboxes)
    seen = Seen()
    bad: list[tuple[str, Quarantined]] = []
    lines_before: Counter[int] = Counter()
    done = 0
    with ExitStack() as stack:
        crew = _crew(job, workers, total, target, stack)
        if job.threads:
            for number, frame in enumerate(thread_frames(inboxes, job.threads, piece_size, crew.look)):
                frame.write_ipc(job.folder / f"threads-{number}")
        for task, part in _in_order(_tasks(inboxes, piece_size), crew.work, crew.ahead):
            repeats = seen.repeats(part.ids)
            if len(repeats):
                part = crew.work(replace(task, without=tuple(repeats.tolist()))).result()  # noqa: PLW2901
            target.append(part.path, part.place)
            first = lines_before[task.place]
            lines_before[task.place] += part.lines
            _take_in(summary, part)
            bad.extend((task.inbox.name, replace(row, line=row.line + first)) for row in part.quarantined)
            done += task.piece.end - task.piece.start
            progress(min(done, total), total)
        crew.settle()
    return bad


def _tasks(inboxes: list[Inbox], size: int) -> Iterator[Task]:
    numbers = itertools.count()
    for place, inbox in enumerate(inboxes):
        for piece in pieces(inbox, size):
            yield Task(next(numbers), place, inbox, piece)


@dataclass(frozen=True, slots=True)
class _Crew:
    """Who does the work: `work` decides a piece, `look` reads what threads are made of; `ahead` tasks at a time.

    `settle` waits until all parts are written.
    """

    work: Callable[[Task], Future[Part]]
    look: Callable[[Inbox, Piece, Collection[str]], Future[pl.DataFrame]]
    ahead: int
    settle: Callable[[], None] = lambda: None


def _crew(job: Job, workers: int | None, total: int, target: Output, stack: ExitStack) -> _Crew:
    """This process alone for a small inbox, else a process a core."""
    count = workers_for(total, workers)
    if count == 1:
        worker = Worker(job)
        return _Crew(lambda task: _done(worker.work(task)), _look_here, 1)
    get_ready(stack)
    context = crew_context()
    shared = target.share()
    turnstile = Turnstile(context, shared) if shared is not None else None
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(job, turnstile))
    stack.callback(pool.shutdown, wait=True, cancel_futures=True)

    def settle() -> None:
        if turnstile is not None:
            turnstile.settle(lambda: pool.submit(_is_there).result())

    return _Crew(
        lambda task: pool.submit(_work, task),
        lambda inbox, piece, facts: pool.submit(structure_of, inbox, piece, facts),
        count + 2,
        settle,
    )


T = TypeVar("T")


def _done(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


def _look_here(inbox: Inbox, piece: Piece, facts: Collection[str]) -> Future[pl.DataFrame]:
    return _done(structure_of(inbox, piece, facts))


def _in_order(tasks: Iterator[Task], work: Callable[[Task], Future[Part]], ahead: int) -> Iterator[tuple[Task, Part]]:
    """Finished parts in the order of their tasks, with a few tasks under way at a time."""
    waiting: deque[tuple[Task, Future[Part]]] = deque()
    for task in tasks:
        waiting.append((task, work(task)))
        if len(waiting) >= ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


_worker: Worker | None = None
"""A worker process's own."""


def _begin(job: Job, turnstile: Turnstile | None) -> None:
    global _worker  # noqa: PLW0603  set once, when the process starts
    end_with_the_parent()
    _worker = Worker(job, turnstile)


def _work(task: Task) -> Part:
    assert _worker is not None
    return _worker.work(task)


def _is_there() -> None:
    """Nothing but an answer."""


def _take_in(summary: Summary, part: Part) -> None:
    summary.messages += part.messages
    summary.decided += part.decided
    summary.quarantined += len(part.quarantined)
    summary.decisions.update(part.counts)
    summary.severity.update(part.severity)
    summary.unknown.update(part.unknown)
    summary.reasons.update(kind_of(row.reason) for row in part.quarantined)


def thread_frames(
    inboxes: list[Inbox],
    facts: Collection[str],
    piece_size: int = PIECE_SIZE,
    look: Callable[[Inbox, Piece, Collection[str]], Future[pl.DataFrame]] = _look_here,
) -> list[pl.DataFrame]:
    """What only the whole import tells about each message: a frame a piece, to be joined there by line."""
    looked = [look(task.inbox, task.piece, facts) for task in _tasks(inboxes, piece_size)]
    frames = [future.result() for future in looked]
    numbered = [frame.with_columns(pl.lit(number, pl.UInt32).alias("piece")) for number, frame in enumerate(frames)]
    whole = pl.concat(numbered, how="diagonal_relaxed")
    first = first_rows(whole)
    once = whole if first.all() else whole.filter(pl.Series(first))
    known = pl.concat([once.select("line"), thread_facts(once, facts)], how="horizontal")
    bounds = np.searchsorted(once["piece"].to_numpy(), np.arange(len(frames) + 1)).tolist()
    return [known.slice(start, end - start) for start, end in pairwise(bounds)]
