"""Hikeshi itself, as `hikeshi run` does it: load the playbook, start the workers, decide, put the output together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import engine


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records."""
    playbook, _ = engine.load(Path(workload["playbook"]))
    workers = int(os.environ.get("BENCHMARK_WORKERS", "0")) or None
    engine.run(engine.compile_plan(playbook), [engine.open_inbox(str(inbox))], str(out), None, workers=workers)
