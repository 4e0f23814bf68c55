"""The processes of a run as functions to call: this one alone for a small inbox, else one a core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from engine.batch.crew import context as crew_context
from engine.batch.crew import end_with_the_parent, get_ready, workers_for
from engine.batch.output import Output
from engine.batch.turnstile import Turnstile
from engine.batch.whole import Ask, here
from engine.batch.work import Job, Part, Task, Worker


def _nothing() -> None:
    """What there is to wait for in one process."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who does the work: `work` decides a piece, `ask` calls any function; `ahead` tasks are under way at a time.

    `stop_if_failed` raises what a part could not be written for, `settle` waits until all parts are written.
    """

    work: Callable[[Task], Future[Part]]
    ask: Ask
    ahead: int
    stop_if_failed: Callable[[], None] = _nothing
    settle: Callable[[], None] = _nothing

    def in_order(self, tasks: Iterator[Task]) -> Iterator[tuple[Task, Part]]:
        """Finished parts in the order of their tasks, with a few tasks under way at a time."""
        waiting: deque[tuple[Task, Future[Part]]] = deque()
        for task in tasks:
            waiting.append((task, self.work(task)))
            if len(waiting) >= self.ahead:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def pool(job: Job, workers: int | None, total: int, target: Output, stack: ExitStack, first: int, end: int) -> Pool:
    """The processes for an import.

    Args:
        job: what they do.
        workers: how many; None for as many as it is worth.
        total: bytes of the import.
        target: where parts go.
        stack: what ends them.
        first: the first task that will come.
        end: where the output ends that is there already.
    """
    count = workers_for(total, workers)
    if count == 1:
        worker = Worker(job)
        return Pool(lambda task: here(worker.work, task), here, 1)
    get_ready(stack)
    context = crew_context()
    shared = target.share()
    turnstile = Turnstile(context, shared, first, end) if shared is not None else None
    made = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(job, turnstile))
    stack.callback(made.shutdown, wait=True, cancel_futures=True)
    if turnstile is None:
        return Pool(lambda task: made.submit(_work, task), made.submit, count + 2)
    return Pool(
        lambda task: made.submit(_work, task),
        made.submit,
        count + 2,
        turnstile.stop_if_failed,
        lambda: turnstile.settle(lambda: made.submit(_nothing).result()),
    )


_worker: Worker | None = None
"""A worker process's own."""


def _begin(job: Job, turnstile: Turnstile | None) -> None:
    global _worker  # noqa: PLW0603  set once, when the process starts
    end_with_the_parent()
    _worker = Worker(job, turnstile)


def _work(task: Task) -> Part:
    assert _worker is not None
    return _worker.work(task)
