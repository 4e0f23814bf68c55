"""`hikeshi init`: a starter repository, copied from `playbooks/starter`."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine import resources

PLACES = {
    "care.playbook": "care.playbook",
    "care.incidents.yaml": "care.incidents.yaml",
    "features/care.feature": "features/care.feature",
    "sample.inbox.jsonl": "sample.inbox.jsonl",
    "README.md": "README.md",
    "playbooks.yml": ".github/workflows/playbooks.yml",
}
"""Each file of the starter, and where it goes in the new repository."""


def write_starter(directory: Path) -> list[Path]:
    """Write the starter's files into a folder, which is made if it is not there.

    Raises:
        FileExistsError: one of the files is there already; nothing is written.
    """
    targets = {resources.playbooks() / "starter" / name: directory / place for name, place in PLACES.items()}
    for target in targets.values():
        if target.exists():
            raise FileExistsError(target)
    for source, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return list(targets.values())
