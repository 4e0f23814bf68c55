"""`run_one.py PEER WORKLOAD INBOX OUT`: one engine over one inbox, in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)


def main() -> None:
    """Command line."""
    peer, workload, inbox, out = sys.argv[1:5]
    import_module(f"peers.{peer}").run(json.loads(Path(workload).read_text(encoding="utf-8")), Path(inbox), Path(out))
    Path(f"{out}.below").write_text(str(seconds_below()), encoding="utf-8")


def seconds_below() -> float:
    """Processor seconds of the processes below this one that are still there, and of those that they waited for.

    A server of worker processes is not waited for by the process that it serves, so its time is asked for.
    """
    total = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            stat = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            total += sum(map(int, stat[11:15]))  # utime, stime, cutime, cstime: proc(5)
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
