"""The standard benchmark: 149 terms, 3 scores, 12 rules, JSON lines to JSON lines, with other engines beside it.

`python benchmarks/standard.py` makes its inbox, holds our decisions against a plain reading of the rules, and measures
throughput, memory, stages and peers. Exit code 1 says that a decision was wrong. `README.md` says what is measured how.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import inbox as inboxes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CHECKED = 200_000
PEER_SECONDS = 10
SIGNALS = ("sentiment", "troll", "specificity", "hostility")
NEEDED_RATE = 500_000
NEEDED_MEGABYTES = 800
SAME_MEMORY = 1.15
"""Peaks of two runs of one size differ by some percent."""


class Spent(NamedTuple):
    """Seconds of a run: on the clock, and of all processors together, which other jobs disturb less."""

    wall: float
    processors: float


def best(runs: list[Spent]) -> Spent:
    """The best of each kind."""
    return Spent(min(one.wall for one in runs), min(one.processors for one in runs))


@dataclass(slots=True)
class Peer:
    """An engine to be held against: its module in `peers`, what to install, and how many times as fast we must be."""

    title: str
    module: str
    package: str | None
    needed: float
    one_core: bool = True
    messages: int = 0
    seconds: list[Spent] = field(default_factory=list)
    different: float = 0.0


def peers() -> list[Peer]:
    """All peers, from the fastest."""
    return [
        Peer("DuckDB SQL", "duckdb_sql", "duckdb", 1, one_core=False),
        Peer("datalogic-py", "datalogic", "datalogic_py", 8),
        Peer("zen-engine, batches", "zen_batch", "zen", 15),
        Peer("plain Python", "plain_python", None, 15),
    ]


class Bench:
    """A folder with the inbox, parts of it, and what the engines write."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.workers = folder, workers
        self.inbox = folder / "inbox.jsonl"
        self.workload = folder / "workload.json"
        self.workload.write_text(json.dumps(workload()), encoding="utf-8")

    def first(self, messages: int) -> Path:
        """The first messages of the inbox as a file of their own."""
        path = self.folder / f"first-{messages}.jsonl"
        if not path.exists():
            with self.inbox.open("rb") as source, path.open("wb") as target:
                target.writelines(islice(source, messages))
        return path

    def start(self, module: str, inbox: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
        """An engine over an inbox in a process of its own."""
        environment = os.environ | {"PYTHONPATH": str(ROOT), "BENCHMARK_WORKERS": str(workers)}
        if workers == 1:
            environment["POLARS_MAX_THREADS"] = "1"
        command = [sys.executable, str(HERE / "peers" / "run_one.py"), module, str(self.workload), str(inbox), str(out)]
        return subprocess.Popen(command, env=environment)

    def seconds(self, module: str, inbox: Path, out: Path | None = None, workers: int | None = None) -> Spent:
        """What a run takes, from starting Python to its end."""
        out = out or self.folder / "out.jsonl"
        out.unlink(missing_ok=True)
        began = time.perf_counter()
        before = sum(os.times()[2:4])
        code = self.start(module, inbox, out, workers or self.workers).wait()
        wall, processors = time.perf_counter() - began, sum(os.times()[2:4]) - before
        if code:
            sys.exit(f"{module} failed")
        return Spent(wall, processors + float(Path(f"{out}.below").read_text(encoding="utf-8")))

    def megabytes(self, inbox: Path) -> float | None:
        """The peak memory of our run, all processes together; None where /proc cannot tell."""
        process = self.start("ours", inbox, self.folder / "out.jsonl", self.workers)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(pss, tree(process.pid))))
            time.sleep(0.05)
        return peak or None


def workload() -> dict[str, Any]:
    """What peers must know: the lists, and the record of each rule, so that all of them write the same."""
    import engine
    from engine.batch.record import constant_part

    playbook, _ = engine.load(inboxes.PLAYBOOK)
    plan = engine.compile_plan(playbook)
    nothing = dict.fromkeys(SIGNALS)
    records = [nothing | constant_part(plan, (arm,), (), {}) for arm in plan.nodes[0].arms]
    return {"playbook": str(inboxes.PLAYBOOK), "lists": inboxes.lists_of(), "records": records}


def tree(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def pss(process: int) -> float:
    """Megabytes of a process, what it shares with others in parts (proportional set size)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


# ---- the parts

Rounds = tuple[list[Spent], list[Spent], list[Spent]]


def check(bench: Bench, messages: int) -> bool:
    """Every record against plain Python's, field by field."""
    part = bench.first(min(messages, CHECKED))
    ours, plain = bench.folder / "ours.jsonl", bench.folder / "plain.jsonl"
    bench.seconds("ours", part, ours)
    bench.seconds("plain_python", part, plain)
    count = wrong = 0
    with ours.open("rb") as mine, plain.open("rb") as theirs:
        for one, other in zip_longest(mine, theirs, fillvalue=b"null"):
            count += 1
            if one != other and json.loads(one) != json.loads(other):
                wrong += 1
                if wrong <= 3:
                    print(f"differs:\n  ours  {one.decode()}  plain {other.decode()}")
    ours.unlink()
    plain.unlink()
    print(f"correctness      {wrong} of {count:,} records differ from plain Python's (required: 0)")
    return not wrong


def throughput(bench: Bench, whole: Path, part: Path, rounds: int) -> Rounds:
    """Seconds of our runs: all cores, a tenth of the messages, one worker."""
    all_cores, tenth, alone = [], [], []
    for _ in range(rounds):
        all_cores.append(bench.seconds("ours", whole))
        tenth.append(bench.seconds("ours", part))
        alone.append(bench.seconds("ours", part, workers=1))
    return all_cores, tenth, alone


def stages(bench: Bench, part: Path) -> None:
    """Where the time of one core goes."""
    out = bench.folder / "stages.json"
    bench.seconds("ours_in_stages", part, out, workers=1)
    found = json.loads(out.read_text())
    total = sum(found.values())
    print("\nstages of one core, processor time:")
    for name, nanoseconds in found.items():
        print(f"  {name:<16}{nanoseconds:7,.0f} ns a message{nanoseconds / total:6.0%}")
    print(f"  {'sum':<16}{total:7,.0f} ns a message, {1e9 / total:,.0f} messages/s")


def size(bench: Bench, peer: Peer, messages: int) -> None:
    """Set how many messages the peer gets: about as many as it decides in ten seconds."""
    few, more = (min(messages, count) for count in (1_000, 11_000))
    spent = bench.seconds(peer.module, bench.first(more)).wall - bench.seconds(peer.module, bench.first(few)).wall
    rate = max(more - few, 1) / max(spent, 1e-3)
    peer.messages = (
        messages if not peer.one_core else min(messages, max(int(rate * PEER_SECONDS) // 1000 * 1000, 1_000))
    )


def different(peer: Peer, ours: Path, theirs: Path) -> float:
    """The share of messages that the peer decides in another way."""
    import polars as pl

    said = {"id": pl.String, "decision": pl.String, "team": pl.String}
    mine = pl.read_ndjson(ours, schema=said, n_rows=peer.messages)
    other = pl.read_ndjson(theirs, schema=said)
    joined = mine.join(other, on="id", how="left")
    same = (joined["decision"] == joined["decision_right"]) & joined["team"].eq_missing(joined["team_right"])
    return 1 - int(same.sum()) / max(mine.height, 1)


def beside(bench: Bench, chosen: list[Peer], whole: Path, messages: int, rounds: int) -> list[Spent]:
    """Run the peers in turn with us; our own seconds in these rounds."""
    present = [peer for peer in chosen if peer.package is None or find_spec(peer.package)]
    for peer in chosen:
        if peer not in present:
            print(f"  {peer.title} is not installed: skipped")
        else:
            size(bench, peer, messages)
    chosen[:] = present
    ours, theirs = bench.folder / "ours.jsonl", bench.folder / "theirs.jsonl"
    spent = []
    for number in range(rounds):
        spent.append(bench.seconds("ours", whole, ours))
        for peer in chosen:
            part = whole if peer.messages == messages else bench.first(peer.messages)
            peer.seconds.append(bench.seconds(peer.module, part, theirs))
            if not number:
                peer.different = different(peer, ours, theirs)
    return spent


# ---- the report


def verdict(*, holds: bool) -> str:
    """A word for a requirement."""
    return "ok" if holds else "MISSED"


def cpu() -> str:
    """The processor, as it names itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def load() -> str:
    """How busy the machine is: with other jobs on it, figures on the clock are too low."""
    if not hasattr(os, "getloadavg"):
        return "load of the machine unknown"
    return f"load of the machine over the last 15 minutes: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores"


def heading(bench: Bench, messages: int, source: str) -> None:
    """What was run on what."""
    from engine.version import VERSION

    length = bench.inbox.stat().st_size / messages
    print(
        f"Hikeshi {VERSION}, Python {platform.python_version()}, {cpu()}, {os.cpu_count()} cores, {bench.workers} workers"
    )
    print(
        f"{messages:,} messages ({source}), {length:.0f} bytes a line; JSON lines to JSON lines, best of several runs\n"
    )


def rates(rounds: Rounds, sizes: tuple[int, int], peaks: tuple[float | None, float | None]) -> tuple[Spent, float]:
    """Print throughput and memory; our best seconds a message, and messages a second of one worker."""
    (messages, tenth), (all_cores, small, alone) = sizes, map(best, rounds)
    rate = messages / all_cores.wall
    print(
        f"\nthroughput       {rate:,.0f} messages/s at {messages:,} (required: {NEEDED_RATE:,}; {verdict(holds=rate >= NEEDED_RATE)})"
    )
    print(f"                 {tenth / small.wall:,.0f} messages/s at {tenth:,}, one worker {tenth / alone.wall:,.0f}")
    print(f"                 {messages / all_cores.processors:,.0f} messages a second of one processor")
    whole, part = peaks
    if whole is None or part is None:
        print("peak memory      not measured: /proc has no smaps_rollup here")
    else:
        holds = whole < NEEDED_MEGABYTES and whole <= part * SAME_MEMORY
        print(
            f"peak memory      {whole:,.0f} MB at {messages:,}, {part:,.0f} MB at {tenth:,} (sum of PSS of all processes; "
            f"required: below {NEEDED_MEGABYTES} MB and the same; {verdict(holds=holds)})"
        )
    return Spent(all_cores.wall / messages, all_cores.processors / messages), tenth / alone.wall


def table(chosen: list[Peer], ours: Spent, alone: float) -> None:
    """Print the peers, and how many times as fast we are: on all cores, with one worker, by processor time."""
    print(f"\n{'':<21}{'':>6}{'':>11}{'':>12}{'we are, on':>12}{'with one':>10}{'by CPU':>8}")
    print(
        f"{'peer':<21}{'cores':>6}{'messages':>11}{'messages/s':>12}{'all cores':>12}{'worker':>10}{'time':>8}  required        differ"
    )
    for peer in chosen:
        spent = best(peer.seconds)
        rate = peer.messages / spent.wall
        ratio = spent.wall / peer.messages / ours.wall
        by_cpu = f"{spent.processors / peer.messages / ours.processors:.1f}x"
        one = f"{alone / rate:.1f}x" if peer.one_core else ""
        needed = f">= {peer.needed:g}x {verdict(holds=ratio >= peer.needed)}"
        print(
            f"{peer.title:<21}{'one' if peer.one_core else 'all':>6}{peer.messages:>11,}{rate:>12,.0f}"
            f"{f'{ratio:.1f}x':>12}{one:>10}{by_cpu:>8}  {needed:<14}{peer.different:8.3%}"
        )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="The standard benchmark.")
    parser.add_argument("--messages", type=int, default=2_000_000)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--texts", type=Path, metavar="FOLDER", help="a folder of real texts, instead of made ones")
    source.add_argument("--inbox", type=Path, metavar="FILE", help="a ready inbox, JSON lines")
    parser.add_argument(
        "--peers", nargs="*", metavar="PEER", help="some of: duckdb_sql datalogic zen_batch plain_python"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="hikeshi-benchmark-", dir=asked.folder) as folder:
        bench = Bench(Path(folder), asked.workers)
        if asked.inbox:
            with asked.inbox.open("rb") as lines, bench.inbox.open("wb") as target:
                target.writelines(islice(lines, asked.messages))
        else:
            inboxes.write(bench.inbox, asked.messages, asked.texts)
        with bench.inbox.open("rb") as lines:
            messages = sum(1 for _ in lines)
        name = "a ready inbox" if asked.inbox else "real texts" if asked.texts else "made texts"
        heading(bench, messages, name)
        if not check(bench, messages):
            sys.exit(1)
        tenth = max(messages // 10, 1)
        part = bench.first(tenth)
        rounds = throughput(bench, bench.inbox, part, asked.rounds)
        peaks = (bench.megabytes(bench.inbox), bench.megabytes(part))
        chosen = [peer for peer in peers() if asked.peers is None or peer.module in asked.peers]
        rounds[0].extend(beside(bench, chosen, bench.inbox, messages, asked.rounds) if chosen else [])
        print(f"\n{load()}")
        all_cores, alone = rates(rounds, (messages, tenth), peaks)
        stages(bench, part)
        table(chosen, all_cores, alone)


if __name__ == "__main__":
    main()
