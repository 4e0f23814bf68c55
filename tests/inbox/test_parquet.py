"""Parquet: flat, nested, dictionaries, and ids that were numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

TIME = datetime(2026, 1, 5, 16, 30, 55, tzinfo=UTC)


def test_nested_columns_dictionaries_and_row_groups(tmp_path, everything) -> None:
    table = pa.table(
        {
            "id": pa.array(range(10), pa.int64()),
            "text": [f"t{at}" for at in range(10)],
            "posted_at": pa.array([TIME] * 10, pa.timestamp("ms", "Asia/Tokyo")),
            "channel": pa.array(["x", "email"] * 5).dictionary_encode(),
            "author": [{"followers": at, "name": {"first": "A"}} for at in range(10)],
            "tags": [["a", "b"]] * 10,
            "author.verified": [True, None] * 5,
        }
    )
    name = str(tmp_path / "a.parquet")
    pq.write_table(table, name, row_group_size=3)
    fields = (
        "id",
        "text",
        "posted_at",
        "channel",
        "author.followers",
        "extra.author.name.first",
        "tags",
        "author.verified",
    )
    for size in (1, 1 << 24):
        found = everything(name, fields, size=size)
        first = found.messages.row(3)
        assert first == ("3", "t3", TIME, "email", 3, "A", ["a", "b"], None, 4)
        assert found.messages.height == 10
    assert found.lines == 10


def test_unreadable_rows_are_quarantined_with_what_they_said(tmp_path, everything) -> None:
    frame = pl.DataFrame(
        {
            "id": [1.0, 2.0, 1.6e18, 4.0],
            "text": ["a", None, "c", "d"],
            "likes": ["1,234", "1", "1", "many"],
        }
    )
    name = str(tmp_path / "a.parquet")
    frame.write_parquet(name)
    found = everything(name, ("id", "text", "likes"))
    assert found.messages.rows() == [("1", "a", 1234, 1)]
    assert [one.line for one in found.quarantined] == [2, 3, 4]
    assert "`text` is missing." in found.reasons[0][1]
    assert "`id` has lost digits" in found.reasons[1][1]
    assert json.loads(found.quarantined[2].raw) == {"id": 4.0, "text": "d", "likes": "many"}


def test_times_without_zone(tmp_path, everything) -> None:
    name = str(tmp_path / "a.parquet")
    pl.DataFrame({"id": ["1"], "text": ["a"], "posted_at": [datetime(2026, 1, 5, 9)]}).write_parquet(name)  # noqa: DTZ001
    found = everything(name, ("posted_at",), tz="Asia/Tokyo")
    assert found.column("posted_at") == [datetime(2026, 1, 5, tzinfo=UTC)]
