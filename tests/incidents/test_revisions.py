"""`hikeshi diff` on the command line, and playbooks as git has them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.incidents import RevisionError, playbook_at

ROOT = Path(__file__).parents[2]
OLD = 'use "words"\n\nstep start\n  when text mentions danger\n    -> take private\n  otherwise\n    -> respond publicly\n'
NEW = OLD.replace("take private", "hand off to safety")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A team's repository: a playbook of two files, committed, then changed; an inbox."""
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    books = tmp_path / "books"
    books.mkdir()
    (books / "care.playbook").write_text(OLD, encoding="utf-8")
    (books / "words.playbook").write_text('terms danger "fire"\n', encoding="utf-8")
    (tmp_path / "inbox.jsonl").write_text(
        "".join(f'{{"id":"{i}","text":"{text}"}}\n' for i, text in enumerate(["fire", "smoke", "hello", "fire!"])),
        encoding="utf-8",
    )
    who = ["-c", "user.name=Mika", "-c", "user.email=mika@acme.example"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (books / "care.playbook").write_text(NEW, encoding="utf-8")
    (books / "words.playbook").write_text('terms danger "fire", "smoke"\n', encoding="utf-8")
    return tmp_path


def hikeshi(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "cli.py"), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def test_a_revision_is_read_with_the_files_that_it_used(team: Path) -> None:
    done = hikeshi(team, "diff", "v1:books/care.playbook", "books/care.playbook", "--inbox", "inbox.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [(one["before"]["decision"], one["after"]["team"], one["examples"]) for one in said["changes"]] == [
        ("take private", "safety", ["0", "3"]),
        ("respond publicly", "safety", ["1"]),
    ]
    assert said["decided_otherwise"] == 3


def test_a_revision_is_found_from_the_folder_where_one_stands(team: Path) -> None:
    done = hikeshi(team / "books", "diff", "HEAD:care.playbook", "care.playbook", "--inbox", "../inbox.jsonl")
    assert done.returncode == 0, done.stderr
    assert "3 of 4 messages change: 3 decided otherwise" in done.stdout


def test_a_change_fails_a_job_that_allows_none(team: Path) -> None:
    words = ["diff", "v1:books/care.playbook", "books/care.playbook", "--inbox", "inbox.jsonl", "--fail-on-change"]
    assert hikeshi(team, *words).returncode == 1
    words[2] = "v1:books/care.playbook"
    assert hikeshi(team, *words).returncode == 0


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("books/none.playbook", "there is no playbook books/none.playbook"),
        ("v2:books/care.playbook", "git cannot find it either"),
        ("v1:books/none.playbook", "git has no playbook books/none.playbook in v1"),
        ("v1:../../care.playbook", "git cannot find it either"),
        ("--upload-pack=x:y", ""),
        ("books", "books is not a file"),
    ],
)
def test_what_is_not_there_is_one_paragraph_and_wrong_usage(team: Path, old: str, said: str) -> None:
    done = hikeshi(team, "diff", old, "books/care.playbook", "--inbox", "inbox.jsonl")
    assert done.returncode == 2
    assert said in done.stderr


def test_a_revision_whose_playbook_has_errors_is_not_compared(team: Path) -> None:
    (team / "books" / "bad.playbook").write_text("step start\n", encoding="utf-8")
    assert hikeshi(team, "diff", "books/bad.playbook", "books/care.playbook", "--inbox", "inbox.jsonl").returncode == 3


def test_no_repository_is_one_paragraph_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(RevisionError, match="git"), playbook_at("main:care.playbook"):
        pass
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RevisionError, match="no git here"), playbook_at("main:care.playbook"):
        pass
