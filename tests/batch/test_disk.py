"""Parts land where they belong, whatever the disk can do; what cannot be written is said."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import disk
from engine.batch.disk import BLOCK, Disk
from engine.batch.lines import Lines
from engine.batch.turnstile import Turnstile

SIZES = st.lists(st.one_of(st.integers(0, 200), st.integers(BLOCK - 2, 3 * BLOCK + 2), st.just(2_000_000)), max_size=8)


def part(number: int, size: int) -> Lines:
    if not size:
        return Lines(np.zeros(0, np.uint8), np.zeros(1, np.int64), np.zeros(0, np.int64), [])
    letter = 65 + number % 26
    return Lines(np.full(size - 1, letter, np.uint8), np.array([0, size - 1]), np.zeros(1, np.int64), [bytes([letter])])


@pytest.mark.parametrize("past_the_cache", [True, False])
@given(sizes=SIZES)
@settings(max_examples=40, deadline=None)
def test_parts_lie_side_by_side(tmp_path_factory, past_the_cache: bool, sizes: list[int]) -> None:
    path = tmp_path_factory.mktemp("disk") / "out"
    path.touch()
    writers = [Disk(path), Disk(path)]
    if not past_the_cache:
        for one in writers:
            if one.straight is not None:
                os.close(one.straight)
            one.straight = None
    start = 0
    for number, size in enumerate(sizes):
        writers[number % 2].write(part(number, size), start)
        start += size
    for one in writers:
        one.close()
    expected = b"".join(bytes([65 + number % 26]) * size for number, size in enumerate(sizes))
    assert path.read_bytes() == expected


def test_a_disk_that_takes_no_straight_writes_is_written_the_usual_way(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    path = tmp_path / "out"
    path.touch()
    one = Disk(path)
    monkeypatch.setattr(disk.os, "pwrite", refuse)
    one.write(part(0, 100_000), 0)
    one.close()
    assert path.read_bytes() == b"A" * 100_000


def test_what_cannot_be_written_is_an_error_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.touch()
    turnstile = Turnstile(multiprocessing.get_context("spawn"), path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[0][1]))
    try:
        turnstile.write(0, part(0, 100_000))
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
            turnstile.settle(lambda: None)
        with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
            turnstile.write(1, part(1, 10))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
        signal.signal(signal.SIGXFSZ, before[1])
        turnstile.close()


def test_one_waits_for_what_is_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.touch()
    turnstile = Turnstile(multiprocessing.get_context("spawn"), path)
    assert turnstile.write(0, part(0, 3_000_000)) == (0, 3_000_000)
    assert turnstile.write(1, part(1, 5)) == (3_000_000, 5)
    turnstile.settle(lambda: pytest.fail("the writer is there"))
    turnstile.close()
    assert path.read_bytes() == b"A" * 3_000_000 + b"B" * 5
