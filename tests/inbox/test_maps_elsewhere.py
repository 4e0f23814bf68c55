"""Column maps of JSONL and Parquet: several columns, conditions and made ids, as in tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl

SAID = """
columns:
  id: {column: meta.key, made_of: [user.name, at]}
  text: {column: [body.plain, body.html]}
  author.id: {column: user.id, where: {way: in}}
  likes: {largest: [x.likes, fb.likes]}
  direction: {column: way, values: {in: inbound}, otherwise: outbound}
  posted_at: {column: at, times: '%d/%m/%Y %H:%M'}
  channel: {value: web}
"""
ROWS = [
    {"meta": {"key": 7}, "body": {"plain": "a"}, "user": {"id": 1, "name": "Aiko"}, "way": "in", "x": {"likes": 0}, "fb": {"likes": 5}, "at": "03/04/2026 10:30"},
    {"meta": {"key": None}, "body": {"plain": "", "html": "<b>"}, "user": {"id": 1, "name": "Aiko"}, "way": "out", "x": {"likes": 2}, "fb": {"likes": None}, "at": "03/04/2026 10:31"},
    {"meta": {"key": None}, "body": {"plain": None, "html": "c"}, "user": {"id": 2, "name": "Ben"}, "way": None, "x": {"likes": None}, "fb": {"likes": None}, "at": None},
]  # fmt: skip
FIELDS = ("id", "text", "author.id", "likes", "direction", "posted_at", "channel")


def expected(made: list[object]) -> list[tuple[object, ...]]:
    return [
        ("7", "a", "1", 5, "inbound", datetime(2026, 4, 3, 10, 30, tzinfo=UTC), "web", 1),
        (made[1], "<b>", None, 2, "outbound", datetime(2026, 4, 3, 10, 31, tzinfo=UTC), "web", 2),
        (made[2], "c", None, None, "inbound", None, "web", 3),
    ]


def test_a_map_of_several_keys_reads_json(write, everything) -> None:
    name = write("a.jsonl", "".join(json.dumps(row) + "\n" for row in ROWS))
    found = everything(name, FIELDS, map_file=write("m.yaml", SAID), tz="UTC")
    assert found.messages.rows() == expected(found.column("id"))
    assert len(set(found.column("id"))) == 3


def test_a_map_of_several_columns_reads_parquet(tmp_path, write, everything) -> None:
    name = str(tmp_path / "a.parquet")
    pl.DataFrame(ROWS).write_parquet(name)
    found = everything(name, FIELDS, map_file=write("m.yaml", SAID), tz="UTC")
    assert found.messages.rows() == expected(found.column("id"))
    lines = write("a.jsonl", "".join(json.dumps(row) + "\n" for row in ROWS))
    assert everything(lines, ("id",), map_file=write("m.yaml", SAID), tz="UTC").column("id") == found.column("id")


def test_an_id_made_of_one_key(write, everything) -> None:
    name = write("a.jsonl", '{"t": "x"}\n{"t": "y"}\n{"t": null}\n')
    found = everything(name, ("id",), map_file=write("m.yaml", "columns: {id: {made_of: t}, text: t}"))
    assert len(set(found.column("id"))) == 2
    assert found.reasons == [(3, "It has no `id`.")]
