"""An import as a whole: its pieces in order, and what only all of them together tell.

Two things cannot be seen in one piece: which of several rows with one id is the newest, and what a message's thread and
author had done before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import polars as pl

from engine.batch.updates import ids_of, may_have_updates, replaced
from engine.batch.work import Task, join_threads, newest
from engine.inbox import Batch, Inbox, Piece, first_rows, pieces, read, structure_of, thread_facts
from engine.message import Kind

PIECE_SIZE = 12 * 1024 * 1024
"""Bytes a piece: large enough that what is done once a piece costs little, small enough that a worker needs some 200 MB."""

T = TypeVar("T")
Ask = Callable[..., Future[pl.DataFrame]]
"""Has a function called with some arguments, here or in another process."""


def here(function: Callable[..., T], *arguments: object) -> Future[T]:
    """Call a function in this process.

    >>> here(len, "abc").result()
    3
    """
    future: Future[T] = Future()
    future.set_result(function(*arguments))
    return future


def tasks_of(inboxes: Sequence[Inbox], size: int = PIECE_SIZE, ask: Ask = here) -> Iterator[Task]:
    """The pieces of an import in order, each with the lines that a newer update replaces.

    Reads the ids of the whole import first where there can be updates; else reads nothing but where to cut.
    """
    numbers = itertools.count()
    tasks = (
        Task(next(numbers), place, inbox, piece) for place, inbox in enumerate(inboxes) for piece in pieces(inbox, size)
    )
    if not may_have_updates(inboxes):
        return tasks
    whole = list(tasks)

    def look(inbox: Inbox, piece: Piece) -> Callable[[], pl.DataFrame]:
        return ask(ids_of, inbox, piece).result

    lines = replaced(((task.place, task.inbox, task.piece) for task in whole), look)
    return iter([replace(task, replaced=tuple(its.tolist())) for task, its in zip(whole, lines, strict=True)])


def thread_frames(tasks: Sequence[Task], facts: Collection[str], ask: Ask = here) -> list[pl.DataFrame]:
    """What only the whole import tells about each message: a frame a task, to be joined there by line."""
    looked = [ask(structure_of, task.inbox, task.piece, facts) for task in tasks]
    frames = [newest(task, future.result()) for task, future in zip(tasks, looked, strict=True)]
    numbered = [frame.with_columns(pl.lit(number, pl.UInt32).alias("piece")) for number, frame in enumerate(frames)]
    whole = pl.concat(numbered, how="diagonal_relaxed")
    first = first_rows(whole)
    once = whole if first.all() else whole.filter(pl.Series(first))
    known = pl.concat([once.select("line"), thread_facts(once, facts)], how="horizontal")
    bounds = np.searchsorted(once["piece"].to_numpy(), np.arange(len(frames) + 1)).tolist()
    return [known.slice(start, end - start) for start, end in pairwise(bounds)]


def read_whole(
    inboxes: Sequence[Inbox],
    fields: Sequence[str],
    declared: Mapping[str, Kind],
    facts: Collection[str],
    size: int = PIECE_SIZE,
) -> Iterator[Batch]:
    """Each piece of an import: its newest messages with what their threads tell, and the rows that cannot be read.

    Args:
        inboxes: from `open_inboxes`.
        fields: the fields to read.
        declared: the kinds of extras.
        facts: some of `engine.inbox.THREAD_FACTS`; none to work out no threads.
        size: bytes a piece.
    """
    tasks = list(tasks_of(inboxes, size))
    frames = thread_frames(tasks, facts) if facts and tasks else None
    for task in tasks:
        batch = read(task.inbox, task.piece, fields, declared)
        messages = newest(task, batch.messages)
        if frames is not None:
            messages = join_threads(messages, frames[task.number])
        yield Batch(messages, batch.quarantined, batch.lines)
