"""`run_one.py PEER WORKLOAD INBOX OUT`: one engine over one inbox, in a process of its own."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)


def main() -> None:
    """Command line."""
    peer, workload, inbox, out = sys.argv[1:5]
    import_module(f"peers.{peer}").run(json.loads(Path(workload).read_text(encoding="utf-8")), Path(inbox), Path(out))


if __name__ == "__main__":
    main()
