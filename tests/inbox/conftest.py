"""What the tests of the inbox share: files written for one test, and reading all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from engine.inbox import Inbox, Quarantined, open_inbox, pieces, read
from engine.message import Kind

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write("a.csv", content)` -> the file's name."""

    def writer(name: str, content: str | bytes, encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return str(path)

    return writer


class Everything:
    """All pieces of an inbox, read."""

    def __init__(self, inbox: Inbox, fields: Sequence[str], declared: Mapping[str, Kind], size: int) -> None:
        self.inbox = inbox
        self.quarantined: list[Quarantined] = []
        frames, before = [], 0
        for piece in pieces(inbox, size):
            batch = read(inbox, piece, fields, declared)
            frames.append(batch.messages.with_columns(pl.col("line") + before))
            self.quarantined += [Quarantined(one.line + before, one.reason, one.raw) for one in batch.quarantined]
            before += batch.lines
        self.messages = pl.concat(frames)
        self.lines = before

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(one.line, one.reason) for one in self.quarantined]

    def column(self, name: str) -> list[object]:
        return self.messages[name].to_list()


@pytest.fixture
def everything() -> Callable[..., Everything]:
    """`everything(name, fields)` -> what `read` makes of the file."""

    def reader(
        name: str,
        fields: Sequence[str] = ("id", "text"),
        declared: Mapping[str, Kind] | None = None,
        size: int = 1 << 24,
        **how: str,
    ) -> Everything:
        return Everything(open_inbox(name, **how), fields, declared or {}, size)

    return reader
