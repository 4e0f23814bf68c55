"""Decisions in databases: all of a run or nothing of it, whatever stops it."""

from __future__ import annotations

import errno
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.batch.databases import ROOT, Kind, both, frame, ids, program


@both
def test_a_run_that_breaks_leaves_what_was_there(kind: Kind, tmp_path: Path) -> None:
    def breaking() -> Iterator[pl.DataFrame]:
        yield frame({"id": "1", "team": "changed"}, {"id": "2", "mood": "x"}, mood=pl.String())
        raise KeyboardInterrupt

    path = tmp_path / f"out{kind.ending}"
    with pytest.raises(KeyboardInterrupt):
        kind.upsert(path, breaking())
    assert list(tmp_path.iterdir()) == []
    kind.upsert(path, iter([frame({"id": "1"})]))
    with pytest.raises(KeyboardInterrupt):
        kind.upsert(path, breaking())
    assert list(tmp_path.iterdir()) == [path]
    assert [(row["id"], row["team"], "mood" in row) for row in kind.rows(path)] == [("1", None, False)]


@both
def test_a_file_that_somebody_else_made_meanwhile_stays(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"

    def slow() -> Iterator[pl.DataFrame]:
        yield frame({"id": "1"})
        path.write_bytes(b"somebody's")

    with pytest.raises(FileExistsError):
        kind.upsert(path, slow())
    assert path.read_bytes() == b"somebody's"
    assert list(tmp_path.iterdir()) == [path]


@both
def test_a_link_stays_a_link(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, real = tmp_path / f"link{kind.ending}", tmp_path / "there" / f"real{kind.ending}"
    link.symlink_to(real)
    for number in range(2):
        kind.upsert(link, iter([frame({"id": str(number)})]))
    assert link.is_symlink()
    assert ids(real, kind) == {"0", "1"}


SLOW = """
def frames():
    for begin in range(0, 20_000, 1000):
        yield frame(begin, begin + 1000, "x" * 4000)
    if sys.argv[2] == "wait":
        print("nearly", flush=True)
        time.sleep(600)
    print("last", flush=True)
upsert(path, frames())
print("done", flush=True)
"""


@both
@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_a_process_killed_before_its_end_has_changed_nothing(kind: Kind, there: bool, tmp_path: Path) -> None:
    path = tmp_path / f"out{kind.ending}"
    if there:
        kind.upsert(path, iter([frame({"id": "7", "team": "a"}, {"id": "old"})]))
    with subprocess.Popen([*program(SLOW), path, "wait"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "nearly\n"
        child.kill()
    assert path.exists() == there
    if there:
        assert {row["id"]: row["team"] for row in kind.rows(path)} == {"7": "a", "old": None}
    kind.upsert(path, iter([frame({"id": "new"})]))
    assert ids(path, kind) == ({"7", "old", "new"} if there else {"new"})


@both
@pytest.mark.parametrize("there", [False, True], ids=["new", "there"])
def test_a_process_killed_at_any_moment_has_written_all_or_nothing(kind: Kind, there: bool, tmp_path: Path) -> None:
    chance = random.Random(7)
    path = tmp_path / f"out{kind.ending}"
    seen = set()
    for _ in range(4):
        for old in tmp_path.iterdir():
            old.unlink()
        if there:
            kind.upsert(path, iter([frame({"id": "7", "team": "a"}, {"id": "old"})]))
        with subprocess.Popen([*program(SLOW), path, "on"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "last\n"
            time.sleep(chance.choice([0, chance.random() * 0.1, chance.random() * 0.5]))
            child.kill()
        if there or path.exists():
            found = {row["id"]: row["team"] for row in kind.rows(path)}
            before = {"7": "a", "old": None}
            after = {**({"old": None} if there else {}), **dict.fromkeys(map(str, range(20_000)))}
            assert found in ([before, after] if there else [after])
            seen.add(len(found))
        else:
            seen.add(0)
    assert seen


FULL = """
if sys.argv[2] == "limit":
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))
if sys.argv[3] == "there":
    upsert(path, iter([frame(0, 10, "before")]))
before = path.read_bytes() if path.exists() else None
def frames():
    chance = __import__("random").Random(1)
    for begin in range(0, 20_000, 1000):
        yield frame(begin, begin + 1000, chance.randbytes(500).hex())
try:
    upsert(path, frames())
except OSError as error:
    print(error.errno, error.filename, sorted(one.name for one in path.parent.iterdir() if one.suffix != '.wal'))
if before:
    upsert(path, iter([frame(100, 110, "after")]))
    import sqlite3
    if path.suffix == ".duckdb":
        import duckdb
        rows = duckdb.connect(str(path)).execute("SELECT because FROM decisions").fetchall()
    else:
        rows = sqlite3.connect(path).execute("SELECT because FROM decisions").fetchall()
    print(len(rows), sum("before" in text for (text,) in rows), sum("after" in text for (text,) in rows))
"""


@both
@pytest.mark.parametrize("there", ["new", "there"])
def test_a_full_disk_is_said_and_leaves_nothing_half(kind: Kind, there: str, tmp_path: Path) -> None:
    if not shutil.which("unshare"):
        pytest.skip("no way to have a small disk here")
    path = tmp_path / "disk" / f"out{kind.ending}"
    path.parent.mkdir()
    mounted = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"', path.parent]
    if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no way to have a small disk here")
    done = subprocess.run(
        [*mounted, *program(FULL), path, "disk", there], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    failed, *rest = done.stdout.splitlines()
    assert failed == f"{errno.ENOSPC} {path} {[path.name] if there == 'there' else []}"
    assert rest == (["20 10 10"] if there == "there" else [])


@both
@pytest.mark.parametrize("there", ["new", "there"])
def test_a_file_that_may_not_grow_is_said_and_leaves_nothing_half(kind: Kind, there: str, tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE
    path = tmp_path / f"out{kind.ending}"
    done = subprocess.run([*program(FULL), path, "limit", there], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    failed, *rest = done.stdout.splitlines()
    code, name = failed.split()[:2]
    assert int(code) in {errno.EFBIG, errno.EIO}
    assert name == str(path)
    assert failed.endswith(f"{[path.name] if there == 'there' else []}")
    assert rest == (["20 10 10"] if there == "there" else [])
