"""Records laid out before they are written are the records."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.lines import Lines

HEADS = st.lists(st.binary(max_size=300), max_size=40)
ENDINGS = st.lists(
    st.one_of(st.binary(min_size=1, max_size=10), st.binary(min_size=60, max_size=400)), min_size=1, max_size=4
)


def lines_of(heads: list[bytes], endings: list[bytes], numbers: list[int]) -> Lines:
    head_at = np.cumsum([0, *map(len, heads)])
    return Lines(np.frombuffer(b"".join(heads), np.uint8), head_at, np.array(numbers, np.int64), endings)


@given(HEADS, ENDINGS, st.data())
def test_every_line_is_its_head_and_its_ending(heads, endings, data) -> None:
    numbers = [data.draw(st.integers(0, len(endings) - 1)) for _ in heads]
    lines = lines_of(heads, endings, numbers)
    expected = b"".join(head + endings[number] for head, number in zip(heads, numbers, strict=True))
    assert lines.size == len(expected)
    assert lines.together() == expected


def test_heads_of_very_different_lengths_do_not_run_into_each_other() -> None:
    heads = [b"a" * size for size in (0, 1, 63, 64, 65, 5000, 70_000, 3)] * 20
    endings = [b"[" + b"-" * 500 + b"]\n", b"!"]
    numbers = [number % 2 for number in range(len(heads))]
    expected = b"".join(head + endings[number] for head, number in zip(heads, numbers, strict=True))
    assert lines_of(heads, endings, numbers).together() == expected


def test_no_lines() -> None:
    lines = lines_of([], [], [])
    assert lines.size == 0
    assert lines.together() == b""
