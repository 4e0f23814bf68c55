"""Files looked at again and again, for `hikeshi test --watch`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.incidents.features import FEATURE
from engine.incidents.recorded import ENDING

_LOOKED_AT = (".playbook", ENDING, FEATURE)
PAUSE = 0.5
"""Seconds between two looks."""


def changes_in(paths: Sequence[Path]) -> Iterator[None]:
    """Once now, and once after every change of a playbook, a file of incidents or a feature; until interrupted.

    Files count with all that lie in their folder, as playbooks use each other.
    """
    before = _stamps(paths)
    yield
    try:
        while True:
            time.sleep(PAUSE)
            now = _stamps(paths)
            if now != before:
                before = now
                yield
    except KeyboardInterrupt:
        return


def _stamps(paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    found: dict[Path, tuple[int, int]] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        for file in folder.rglob("*"):
            if file.name.endswith(_LOOKED_AT):
                try:
                    told = file.stat()
                except OSError:
                    continue
                found[file] = told.st_mtime_ns, told.st_size
    return found
