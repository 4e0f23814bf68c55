"""Runs that are killed at random moments and gone on with: does each end with the bytes of one that was let alone?

    python benchmarks/kill.py --inbox FILE --runs 200

A run is killed (SIGKILL, with its workers) after a random time, some of them again and again, and resumed until it ends.
Then its output and its quarantine are compared with those of a run that nobody disturbed. Kinds of output, numbers of
workers and the playbook's needs are drawn too. Exits with 1 when anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def command(playbook: Path, inbox: Path, out: Path, workers: int, *more: str) -> list[str]:
    """One run, as somebody types it."""
    return [
        sys.executable, "-m", "cli", "run", str(playbook), str(inbox), "-o", str(out), "--workers", str(workers), *more,
    ]  # fmt: skip


def bytes_of(out: Path) -> tuple[object, bytes]:
    """What a run wrote: the file, of a database its rows, and the quarantine."""
    bad = out.with_suffix(".quarantine.jsonl")
    kept = bad.read_bytes() if bad.exists() else b""
    if out.suffix == ".sqlite":
        with sqlite3.connect(out) as database:
            return database.execute("SELECT * FROM decisions ORDER BY id").fetchall(), kept
    return out.read_bytes(), kept


def run_killed(order: list[str], longest: float, drawn: random.Random) -> int:
    """Start a run, kill it after a random time, go on, until one ends by itself; how often it was killed."""
    killed = 0
    while True:
        resume = ["--resume"] if killed else []
        process = subprocess.Popen(
            [*order, *resume], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        try:
            _, said = process.communicate(timeout=drawn.uniform(0.1, longest))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            killed += 1
            longest *= 1.15  # so that the last one ends
            continue
        if process.returncode:
            sys.exit(f"exit code {process.returncode}: {said.decode()}")
        return killed


def main() -> None:
    """Measure and print; see the module's docstring."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--inbox", type=Path, required=True)
    asked.add_argument("--playbook", type=Path, default=ROOT / "playbooks" / "airline.playbook")
    asked.add_argument("--runs", type=int, default=200)
    asked.add_argument("--seed", type=int, default=0)
    given = asked.parse_args()
    drawn = random.Random(given.seed)
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-kill-"))
    alone: dict[str, tuple[object, bytes]] = {}
    seconds: dict[str, float] = {}
    for suffix in (".jsonl", ".csv", ".parquet", ".sqlite"):
        out = folder / f"alone{suffix}"
        began = time.monotonic()
        subprocess.run(command(given.playbook, given.inbox, out, 2), cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        seconds[suffix] = time.monotonic() - began
        alone[suffix] = bytes_of(out)
    killed = wrong = 0
    for number in range(given.runs):
        suffix = drawn.choice([".jsonl", ".jsonl", ".csv", ".parquet", ".sqlite"])
        out = folder / f"run{suffix}"
        order = command(given.playbook, given.inbox, out, drawn.choice([1, 2, 2]))
        times = run_killed(order, seconds[suffix] * 1.3, drawn)
        killed += times
        same = bytes_of(out) == alone[suffix]
        left = [one.name for one in folder.iterdir() if one.name.startswith(".")]
        if not same or left:
            wrong += 1
            print(f"run {number} ({suffix}, killed {times} times): {'left behind ' + str(left) if same else 'differs'}")
        for one in folder.glob("run*"):
            one.unlink()
    shutil.rmtree(folder)
    print(f"{given.runs} runs, killed {killed} times and gone on with: {given.runs - wrong} ended as one let alone")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
