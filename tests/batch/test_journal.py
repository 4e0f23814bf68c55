"""A run that is stopped anywhere goes on from there, and ends with the bytes of one that was let alone."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import resources
from engine.batch import journal
from engine.batch.journal import Journal, ResumeError
from engine.batch.run import run
from engine.inbox import open_inbox, open_inboxes
from engine.language.load import load_text
from engine.plan import Plan, compile_plan

ROOT = Path(__file__).parents[2]
PLAYBOOKS = resources.playbooks()
PLAYBOOK = """
step start
  when text mentions "fire" -> hand off to safety
  when thread.turns > 1 -> take private
  otherwise -> respond publicly
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from engine.batch import journal
from engine.batch.run import run
from engine.inbox import open_inboxes
from engine.language.load import load
from engine.plan import compile_plan

journal.EVERY = 0
left = int(sys.argv[1])

def counted(function):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return call

os.fsync = counted(os.fsync)
Path.replace = counted(Path.replace)
Path.unlink = counted(Path.unlink)
out, workers, resume = sys.argv[4], int(sys.argv[5]), sys.argv[6] == "resume"
plan = compile_plan(load(Path(sys.argv[2]))[0])
run(plan, open_inboxes([sys.argv[3]]), out, Path(out + ".bad"), workers=workers, piece_size=3000, resume=resume)
print(left)
"""


def plan_of(text: str = PLAYBOOK) -> Plan:
    playbook, findings = load_text(text, "test.playbook", None)
    assert not findings
    return compile_plan(playbook)


@pytest.fixture(scope="module")
def care(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("care") / "care.playbook"
    path.write_text(PLAYBOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some pieces of messages, threads, ids that come again, and rows that cannot be read."""
    drawn = random.Random(4)
    rows = []
    for number in range(400):
        row = {"id": f"m{number}", "text": drawn.choice(["a fire!", "hello", "火事だ"]) * drawn.randrange(1, 4)}
        if number > 5 and drawn.random() < 0.4:
            row["in_reply_to"] = f"m{drawn.randrange(number)}"
        rows.append(json.dumps(row, ensure_ascii=False).encode())
        if drawn.random() < 0.05:
            rows.append(drawn.choice([b"{broken", b'{"id": "x", "text": "\xff"}', rows[drawn.randrange(len(rows))]]))
    path = tmp_path_factory.mktemp("export") / "inbox.jsonl"
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


def written(out: Path) -> tuple[object, bytes]:
    bad = Path(f"{out}.bad").read_bytes()
    if out.suffix == ".sqlite":
        with sqlite3.connect(out) as database:
            return database.execute("SELECT * FROM decisions ORDER BY id").fetchall(), bad
    return out.read_bytes(), bad


def killed(care: Path, export: Path, out: Path, workers: int, after: int, resume: str) -> tuple[int, str]:
    command = [sys.executable, "-c", KILLED, str(after), str(care), str(export), str(out), str(workers), resume]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "workers"), [(".jsonl", 1), (".jsonl", 2), (".csv", 1), (".parquet", 2), (".sqlite", 1)]
)
def test_a_run_that_is_killed_anywhere_goes_on_and_ends_with_the_same_bytes(
    care: Path, export: Path, tmp_path: Path, suffix: str, workers: int
) -> None:
    alone = tmp_path / f"alone{suffix}"
    code, said = killed(care, export, alone, workers, 1_000_000, "")
    assert code == 0, said
    steps = 1_000_000 - int(said)
    assert steps > 10
    drawn = random.Random(f"{suffix}{workers}")
    ended = 0
    near_the_end = range(steps - 3, steps + 1)  # where names are given
    for first in [*drawn.sample(range(1, steps - 3), 3), *near_the_end]:
        out = tmp_path / f"out{suffix}"
        code, said = killed(care, export, out, workers, first, "")
        assert code in (0, -signal.SIGKILL), said
        ended += code == 0  # how often the disk is asked depends on how quick the workers are
        for again in (drawn.randrange(1, 12), 1_000_000):  # once more on the way, then to the end
            code, said = killed(care, export, out, workers, again, "resume")
            assert code in (0, -signal.SIGKILL), said
        assert code == 0
        assert written(out) == written(alone), first
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
        out.unlink()
        Path(f"{out}.bad").unlink()
    assert ended < 5


def stopped(out: Path, export: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan | None = None) -> None:
    """A run that ended in the middle."""
    monkeypatch.setattr(journal, "EVERY", 0)
    pieces = iter(range(3))

    def progress(_done: int, _all: int) -> None:
        if next(pieces, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan or plan_of(), [open_inbox(str(export))], str(out), None, piece_size=3000, progress=progress)


def test_it_says_how_much_was_decided_before(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.jsonl"
    stopped(out, export, monkeypatch)
    found = run(plan_of(), [open_inbox(str(export))], str(out), None, piece_size=3000, resume=True)
    assert found.resumed
    assert 0 < found.resumed < found.decided
    again = run(plan_of(), [open_inbox(str(export))], str(tmp_path / "alone.jsonl"), None, piece_size=3000)
    assert (again.decided, again.decisions, again.reasons, again.resumed) == (
        found.decided, found.decisions, found.reasons, None,
    )  # fmt: skip
    assert out.read_bytes() == (tmp_path / "alone.jsonl").read_bytes()


def test_a_run_that_is_not_asked_to_go_on_begins_anew(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    stopped(out, export, monkeypatch)
    found = run(plan_of(), [open_inbox(str(export))], str(out), None, piece_size=3000)
    assert (found.left_over, found.resumed) == (True, None)
    assert [one.name for one in tmp_path.iterdir()] == ["out.jsonl"]


def test_where_nothing_was_begun_resume_begins(export: Path, tmp_path: Path) -> None:
    found = run(plan_of(), [open_inbox(str(export))], str(tmp_path / "out.jsonl"), None, resume=True)
    assert (found.left_over, found.resumed) == (False, None)


def test_another_playbook_does_not_go_on(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(tmp_path / "out.jsonl", export, monkeypatch)
    other = plan_of(PLAYBOOK.replace('"fire"', '"fires"'))
    with pytest.raises(ResumeError, match="the playbook was changed since"):
        run(other, [open_inbox(str(export))], str(tmp_path / "out.jsonl"), None, piece_size=3000, resume=True)


@pytest.mark.parametrize("change", ["a byte", "its end", "its time"])
def test_another_inbox_does_not_go_on(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_bytes(export.read_bytes())
    stopped(tmp_path / "out.jsonl", inbox, monkeypatch)
    data = bytearray(inbox.read_bytes())
    before = inbox.stat()
    if change == "a byte":
        at = data.index(b"hello", len(data) // 2)
        data[at : at + 5] = b"hullo"
    elif change == "its end":
        data += b'{"id": "new", "text": "hello"}\n'
    inbox.write_bytes(data)
    if change != "its time":
        os.utime(inbox, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ResumeError, match="the inbox was changed since"):
        run(plan_of(), [open_inbox(str(inbox))], str(tmp_path / "out.jsonl"), None, piece_size=3000, resume=True)


def test_other_options_do_not_go_on(export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(tmp_path / "out.jsonl", export, monkeypatch)
    with pytest.raises(ResumeError, match="other options"):
        run(
            plan_of(),
            [open_inbox(str(export))],
            str(tmp_path / "out.jsonl"),
            None,
            piece_size=3000,
            why=True,
            resume=True,
        )


def test_two_runs_do_not_write_one_output(tmp_path: Path) -> None:
    with (
        Journal(tmp_path / "out.jsonl", {"playbook": 1}, resume=False),
        pytest.raises(ResumeError, match="another run is writing"),
    ):
        Journal(tmp_path / "out.jsonl", {"playbook": 1}, resume=False)


def test_a_line_that_was_not_written_whole_is_no_line(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    stopped(out, export, monkeypatch)
    notes = tmp_path / ".out.jsonl.hikeshi" / "journal"
    whole = notes.read_bytes()
    for cut in (len(whole) - 3, len(whole) // 2, 5, 0):
        notes.write_bytes(whole[:cut] + b'"half')
        run(plan_of(), [open_inbox(str(export))], str(tmp_path / "alone.jsonl"), None, piece_size=3000)
        run(plan_of(), [open_inbox(str(export))], str(out), None, piece_size=3000, resume=True)
        assert out.read_bytes() == (tmp_path / "alone.jsonl").read_bytes()
        out.unlink()
        stopped(out, export, monkeypatch)
        whole = notes.read_bytes()


def test_a_link_stays_a_link_and_its_file_is_written(export: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "kept.jsonl").write_text("yesterday's", encoding="utf-8")
    link = tmp_path / "out.jsonl"
    link.symlink_to(tmp_path / "disk" / "kept.jsonl")
    run(plan_of(), [open_inbox(str(export))], str(link), None)
    assert link.is_symlink()
    assert (tmp_path / "disk" / "kept.jsonl").read_text(encoding="utf-8").startswith('{"id":"m0"')
    assert [one.name for one in (tmp_path / "disk").iterdir()] == ["kept.jsonl"]


def test_an_archive_that_was_changed_does_not_go_on(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "EVERY", 0)
    inbox = tmp_path / "months.zip"
    for time_, wanted in ((2020, KeyboardInterrupt), (2021, ResumeError)):
        with zipfile.ZipFile(inbox, "w") as archive:
            archive.writestr("1.jsonl", export.read_bytes())
            archive.writestr("2.jsonl", b'{"id": "last", "text": "hello"}\n')
        os.utime(inbox, (time_, time_))
        pieces = iter(range(2))

        def progress(_done: int, _all: int, left: Iterator[int] = pieces) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(wanted):
            run(plan_of(), open_inboxes([str(inbox)]), str(tmp_path / "out.jsonl"), None, piece_size=3000,
                progress=progress, resume=wanted is ResumeError)  # fmt: skip


def hikeshi(*words: object, **options: object) -> list[str]:
    return [sys.executable, "-m", "cli", *map(str, words)]


LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = ["hikeshi", *sys.argv[2:]]
import cli
cli.app()
"""


def test_a_full_disk_ends_with_4_and_the_run_can_go_on(care: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text("".join(f'{{"id":"{n}","text":"{"word " * 100}"}}\n' for n in range(60_000)), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    command = ["run", str(care), str(inbox), "-o", str(out), "--workers", "1"]
    full = subprocess.run(
        [sys.executable, "-c", LIMITED, "20000000", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert full.returncode == 4, full.stderr
    assert "out.jsonl" in full.stderr
    assert "--resume goes on with it" in full.stderr
    assert "Traceback" not in full.stderr
    assert not out.exists()
    again = subprocess.run(hikeshi(*command, "--resume"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "of them were decided before the run was stopped" in again.stderr
    run(plan_of(PLAYBOOK), open_inboxes([str(inbox)]), str(tmp_path / "alone.jsonl"), None)
    alone = (tmp_path / "alone.jsonl").read_bytes().splitlines()
    parts = [[line.split(b'"playbook"')[0] for line in one] for one in (alone, out.read_bytes().splitlines())]
    assert parts[0] == parts[1]


def test_ctrl_c_ends_with_130_and_the_run_can_go_on(care: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    line = '{{"id":"{}","text":"' + "a quiet word " * 20 + '"}}\n'
    inbox.write_text("".join(line.format(n) for n in range(200_000)), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    order = hikeshi("run", care, inbox, "-o", out, "--workers", 2)
    process = subprocess.Popen(order, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
    notes = tmp_path / ".out.jsonl.hikeshi" / "journal"
    while process.poll() is None and not (notes.exists() and notes.stat().st_size):
        time.sleep(0.02)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate()
    if process.returncode == 130:
        assert b"--resume" in said
        assert not out.exists()
        again = subprocess.run([*order, "--resume"], cwd=ROOT, capture_output=True, check=False)
        assert again.returncode == 0, again.stderr
    alone = tmp_path / "alone.jsonl"
    run(plan_of(care.read_text(encoding="utf-8")), open_inboxes([str(inbox)]), str(alone), None)
    strip = [line.split(b'"playbook"')[0] for line in alone.read_bytes().splitlines()]
    assert [line.split(b'"playbook"')[0] for line in out.read_bytes().splitlines()] == strip
