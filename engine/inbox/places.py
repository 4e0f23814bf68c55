"""Where the rows of a file made for the occasion come from.

Some exports cannot be read in pieces by several processes (one JSON document, mail, a quarantine). Their messages are
written to a file of their own, line by line, and beside it lies a table that leads each line back to the export: which
file of it, its line there, and between which characters. Only what is quarantined is ever looked up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.inbox.document import read_document

_TABLE, _SAID = ".places.npy", ".said.json"


@dataclass(slots=True)
class Places:
    """The table while it is made.

    `rows` has for each line its own number, the source's, the line there, start and end there, and whether those count bytes
    (1) or characters (0). `said` holds what is known already about lines that are no messages: the `reason`, and whatever a quarantine said.
    """

    rows: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the table beside the file at `path`."""
        np.save(path.with_name(path.name + _TABLE), np.array(self.rows, np.int64).reshape(-1, 6))
        path.with_name(path.name + _SAID).write_text(json.dumps(self.said), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row comes from; `raw` is None where the row itself is all there is. `said`: see `Places`."""

    source: int
    line: int
    raw: bytes | None
    said: Mapping[str, Any]


def place_of(path: str, sources: tuple[tuple[str, str], ...], line: int) -> Place | None:
    """Where the row on this line of the file at `path` comes from; None when the file is an export itself."""
    table = _table(path)
    if table is None or not len(table):
        return None
    at = max(int(np.searchsorted(table[:, 0], line, side="right")) - 1, 0)
    first, source, its_line, start, end, in_bytes = table[at].tolist()
    raw = None
    if end > start:
        raw = (
            _bytes(sources[source][0], start, end)
            if in_bytes
            else _text(*sources[source])[start:end].encode("utf-8", "surrogateescape")
        )
    return Place(source, its_line, raw, _said(path).get(str(first), {}))


@lru_cache(maxsize=4)
def _table(path: str) -> Any:
    file = Path(path + _TABLE)
    return np.load(file) if file.is_file() else None


@lru_cache(maxsize=4)
def _said(path: str) -> dict[str, dict[str, Any]]:
    file = Path(path + _SAID)
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _bytes(path: str, start: int, end: int) -> bytes:
    with Path(path).open("rb") as file:
        file.seek(start)
        return file.read(end - start)


@lru_cache(maxsize=1)
def _text(path: str, name: str) -> str:
    return read_document(path, name).text
