"""Where Hikeshi's time goes on one core: nanoseconds a message by stage, of processor time and so without waiting."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import engine
from engine.batch.disk import Disk
from engine.batch.record import json_lines
from engine.batch.run import PIECE_SIZE
from engine.batch.work import fields_of
from engine.evaluate.columns import decide
from engine.inbox import pieces, read
from engine.signals.facts import FactReader, with_language

ROUNDS = 3


class Stages:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count what happens inside for `name`."""
        began = time.process_time()
        yield
        self.spent[name] += time.process_time() - began


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """Write nanoseconds a message by stage, the best round of each, as JSON."""
    playbook, _ = engine.load(Path(workload["playbook"]))
    plan = engine.compile_plan(playbook)
    reader = FactReader(plan)
    fields, declared = fields_of(plan)
    opened = engine.open_inbox(str(inbox))
    part = out.with_suffix(".part")
    part.touch()
    disk = Disk(part)
    rounds = []
    for _ in range(ROUNDS):
        stage, messages = Stages(), 0
        for piece in pieces(opened, PIECE_SIZE):
            with stage("read"):
                batch = with_language(read(opened, piece, fields, declared).messages)
            with stage("facts: scan"):
                matches = reader.scanner.scan(batch["text"])
            with stage("facts: counts"):
                reader.scanner.counts(matches, batch["text"], reader.counted)
            with stage("facts: all"):
                facts = reader.read(batch)
            with stage("decide"):
                decided = decide(plan, facts)
            with stage("render"):
                lines = json_lines(plan, batch, decided)
            with stage("write"):
                disk.write(lines, 0)
            messages += batch.height
        rounds.append({name: seconds / messages * 1e9 for name, seconds in stage.spent.items()})
    best = {name: min(one[name] for one in rounds) for name in rounds[0]}
    # `facts: all` scans and counts once more; what is left of it are the fields.
    best["facts: fields"] = max(best["facts: all"] - best["facts: scan"] - best["facts: counts"], 0.0)
    order = ("read", "facts: scan", "facts: counts", "facts: fields", "decide", "render", "write")
    out.write_text(json.dumps({name: best[name] for name in order}))
    part.unlink()
