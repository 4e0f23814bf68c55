"""Hikeshi itself, as `hikeshi run` does it: load the playbook, start the workers, decide, put the output together."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import engine
from engine.batch.crew import get_ready, workers_for


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records."""
    workers = int(os.environ.get("BENCHMARK_WORKERS", "0")) or None
    with ExitStack() as stack:
        if workers_for(inbox.stat().st_size, workers) > 1:
            get_ready(stack)
        playbook, _ = engine.load(Path(workload["playbook"]))
        engine.run(engine.compile_plan(playbook), [engine.open_inbox(str(inbox))], str(out), None, workers=workers)
