"""Files that are looked at for changes, for `hikeshi test --watch`; the extra `hikeshi[watch]` brings what looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.incidents.features import FEATURE
from engine.incidents.recorded import ENDING

_LOOKED_AT = (".playbook", ENDING, FEATURE)


def changes_in(paths: Sequence[Path]) -> Iterator[None]:
    """Once now, and once after every change of a playbook, a file of incidents or a feature; until interrupted.

    Files count with all that lie in their folder, as playbooks use each other.

    Raises:
        ImportError: the extra is not installed.
    """
    from watchfiles import watch

    yield
    folders = {path if path.is_dir() else path.parent for path in paths}
    for _ in watch(*folders, watch_filter=lambda _, name: name.endswith(_LOOKED_AT), raise_interrupt=False):
        yield
