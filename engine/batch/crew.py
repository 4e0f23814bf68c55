"""Who does the work of a run: the processes that decide pieces, and how they are started.

Workers come from a server process that has imported what they need, where the system has such servers; they are never
copies of the calling process, whose threads would be missing in them. The server can be started before anything else,
so that it imports while the caller reads the playbook.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import ExitStack
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

ALONE_UP_TO = 40 * 1024 * 1024
"""Bytes of inbox up to which starting other processes costs more than it brings."""

_PRELOAD = ["engine.batch.work"]
_SETTINGS = {
    "PYTHONSAFEPATH": "1",  # a folder called engine where somebody works is not ours
    "POLARS_MAX_THREADS": "1",  # each worker has a core of its own
    # Pieces are much alike: what one piece needed the next will need, so workers keep their memory.
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "MIMALLOC_PURGE_DELAY": "-1",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}


def workers_for(size: int, asked: int | None) -> int:
    """How many processes decide an inbox of `size` bytes."""
    return asked or (1 if size <= ALONE_UP_TO else os.cpu_count() or 1)


def context() -> BaseContext:
    """How worker processes are started here."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(_PRELOAD)
    return made


def get_ready(stack: ExitStack) -> None:
    """Start the server that workers come from, with their settings; harmless when it runs already."""
    for name, value in _SETTINGS.items():
        if name not in os.environ:
            os.environ[name] = value
            stack.callback(os.environ.pop, name, None)
    if context().get_start_method() == "forkserver":
        forkserver.ensure_running()


def end_with_the_parent() -> None:
    """Said in a worker when it starts: Ctrl-C is its parent's to answer, and without a parent there is nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
