"""The command line: exit codes, one clear paragraph for what goes wrong, nothing half-written."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import cli
from engine import resources

ROOT = Path(cli.__file__).parent
STARTER = resources.playbooks() / "starter"
CARE = str(STARTER / "care.playbook")
SAMPLE = str(STARTER / "sample.inbox.jsonl")


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def hikeshi(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def call(*arguments: str, stdin: bytes | None = None) -> Result:
        monkeypatch.setattr(sys, "argv", ["hikeshi", *arguments])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_:
            cli.app()
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Result(int(exit_.value.code or 0), said.out, said.err)

    return call


def test_a_run_ends_with_decisions_and_a_summary(hikeshi, tmp_path: Path) -> None:
    result = hikeshi("run", CARE, SAMPLE, "-o", str(tmp_path / "out.jsonl"))
    assert result.code == 0
    assert "8 decided" in result.err
    decisions = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["decision"] for one in decisions] == [
        "hand off", "hand off", "take private", "respond publicly", "ignore as troll", "respond publicly",
        "respond publicly", "no reply needed",
    ]  # fmt: skip
    assert [one["team"] for one in decisions[:2]] == ["safety", "marketing"]


def test_standard_output_and_standard_input_speak_json_lines(hikeshi, tmp_path: Path) -> None:
    to_file = tmp_path / "out.jsonl"
    hikeshi("run", CARE, SAMPLE, "-o", str(to_file))
    assert hikeshi("run", CARE, SAMPLE).out == to_file.read_text(encoding="utf-8")
    streamed = hikeshi("run", CARE, "-", stdin=Path(SAMPLE).read_bytes())
    assert streamed.code == 0
    assert streamed.out == to_file.read_text(encoding="utf-8")


def test_lines_of_standard_input_that_cannot_be_read_are_named_and_counted(hikeshi) -> None:
    result = hikeshi("run", CARE, "-", stdin=b'{"id":"1","text":"hello"}\nnonsense\n{"id":"1","text":"again"}\n')
    assert result.out.count("\n") == 1
    assert "line 2 could not be read" in result.err
    assert "line 3 could not be read" in result.err


BAD_INBOXES = {
    "empty.jsonl": (b"", 4, "empty"),
    "blank.csv": (b"\n\n\n", 4, "blank.csv"),
    "binary.csv": (bytes(range(256)) * 20, 4, "not text"),
    "notext.csv": (b"id,when\n1,2\n", 4, "--map"),
    "zoneless.csv": (b"id,text,created_at\n1,hello,2026-01-01 10:00:00\n", 4, "--tz"),
    "encoding.csv": (b"id,text\n1,\xff\xfe\x81\n2,ok\n", None, ""),
}


@pytest.mark.parametrize("name", BAD_INBOXES)
def test_an_inbox_that_cannot_be_read_is_one_clear_paragraph(hikeshi, tmp_path: Path, name: str) -> None:
    data, code, words = BAD_INBOXES[name]
    (tmp_path / name).write_bytes(data)
    result = hikeshi("run", CARE, str(tmp_path / name), "-o", str(tmp_path / "out.jsonl"))
    if code is not None:
        assert result.code == code
        assert result.err.count("error: ") == 1
        assert words in result.err
        assert not (tmp_path / "out.jsonl").exists()
    else:
        assert result.code in {0, 4}
    assert not list(tmp_path.glob(".*"))


def test_missing_files_folders_and_wrong_options_have_their_exit_codes(hikeshi, tmp_path: Path) -> None:
    out = str(tmp_path / "out.jsonl")
    assert hikeshi("run", CARE, str(tmp_path / "none.jsonl"), "-o", out).code == 4
    assert hikeshi("run", CARE, str(tmp_path), "-o", out).code == 4
    assert hikeshi("run", str(tmp_path / "none.playbook"), SAMPLE, "-o", out).code == 2
    assert hikeshi("run", CARE, SAMPLE, "-o", str(tmp_path / "out.docx")).code == 2
    assert hikeshi("run", CARE, SAMPLE, "-o", str(tmp_path / "nowhere" / "out.jsonl")).code == 2
    assert hikeshi("run", CARE, SAMPLE, "--no-such-option").code == 2
    assert hikeshi("explain", CARE).code == 2
    assert hikeshi("explain", CARE, SAMPLE, "--id", "404").code == 4
    assert hikeshi("explain", CARE, "--text", "x", "--set", "author.folowers=3").code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_inbox_is_never_overwritten_by_its_decisions(hikeshi, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_bytes(Path(SAMPLE).read_bytes())
    assert hikeshi("run", CARE, str(inbox), "-o", str(inbox)).code == 2
    assert inbox.read_bytes() == Path(SAMPLE).read_bytes()


def test_too_many_unreadable_rows_give_exit_code_5_but_keep_the_decisions(hikeshi, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox.jsonl"
    inbox.write_text('{"id":"1","text":"hello"}\n{"id":"1","text":"again"}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert hikeshi("run", CARE, str(inbox), "-o", str(out), "--max-bad", "1").code == 0
    assert hikeshi("run", CARE, str(inbox), "-o", str(out), "--max-bad", "0").code == 5
    assert out.exists()


def test_a_playbook_with_errors_is_not_run(hikeshi, tmp_path: Path) -> None:
    bad = tmp_path / "bad.playbook"
    bad.write_text("step start\n  when text mentions saftey -> take private\n", encoding="utf-8")
    result = hikeshi("run", str(bad), SAMPLE, "-o", str(tmp_path / "out.jsonl"))
    assert result.code == 3
    assert "HK201" in result.err
    assert "HK402" in result.err
    assert not (tmp_path / "out.jsonl").exists()


def test_a_run_says_what_it_does_not_evaluate_yet(hikeshi, tmp_path: Path) -> None:
    result = hikeshi("run", str(resources.playbooks() / "airline.playbook"), SAMPLE, "-o", str(tmp_path / "o.jsonl"))
    (line,) = [line for line in result.err.splitlines() if "not evaluated yet" in line]
    assert "watch cabin_wave" in line
    assert "clocks" not in line
    assert line


def test_explain_shows_the_path_why_not_and_what_was_unknown(hikeshi) -> None:
    result = hikeshi("explain", CARE, "--text", "my kettle caught fire", "--set", "author.followers=8.4k",
                     "--set", "visibility=public")  # fmt: skip
    assert result.code == 0
    for words in (
        "hand off to safety",
        "severity is critical",
        "author.followers >= 10k (it is 8.4k)",
        "post.sponsored",
    ):
        assert words in result.out


def test_explain_of_a_message_agrees_with_the_run(hikeshi, tmp_path: Path) -> None:
    hikeshi("run", CARE, SAMPLE, "-o", str(tmp_path / "out.jsonl"))
    for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        said = json.loads(hikeshi("explain", CARE, SAMPLE, "--id", record["id"], "--json").out)
        said.pop("why")
        assert said == record


def test_check_speaks_text_and_json_and_strict_fails_on_warnings(hikeshi, tmp_path: Path) -> None:
    playbook = tmp_path / "p.playbook"
    playbook.write_text('playbook "p"\nterms spare "x y"\nstep start otherwise -> no reply needed\n', encoding="utf-8")
    assert hikeshi("check", str(playbook)).code == 0
    assert hikeshi("check", str(playbook), "--strict").code == 3
    (found,) = json.loads(hikeshi("check", str(playbook), "--json").out)
    assert (found["code"], found["severity"], found["labels"][0]["line"]) == ("HK501", "warning", 2)
    assert "HK501" in hikeshi("check", "--explain", "hk501").out
    assert hikeshi("check", "--explain", "HK999").code == 2


def test_fmt_writes_checks_and_diffs(hikeshi, tmp_path: Path) -> None:
    playbook = tmp_path / "p.playbook"
    playbook.write_text("step start otherwise->no reply needed # end\n", encoding="utf-8")
    assert hikeshi("fmt", "--check", str(playbook)).code == 1
    assert "+  otherwise" in hikeshi("fmt", "--diff", str(playbook)).out
    assert hikeshi("fmt", str(playbook)).code == 0
    assert playbook.read_text(encoding="utf-8") == "step start\n  otherwise\n    -> no reply needed  # end\n"
    assert hikeshi("fmt", "--check", str(playbook)).code == 0


@pytest.mark.parametrize(
    ("form", "begins"), [("svg", "<svg"), ("mermaid", "flowchart"), ("dot", "digraph"), ("json", "{")]
)
def test_graph_draws_every_format(hikeshi, tmp_path: Path, form: str, begins: str) -> None:
    assert begins in hikeshi("graph", CARE, "--format", form).out[:200]
    out = tmp_path / "drawn"
    assert hikeshi("graph", CARE, "--format", form, "-o", str(out)).code == 0
    assert begins in out.read_text(encoding="utf-8")[:200]


def test_inbox_says_what_a_file_holds_and_writes_our_own_format(hikeshi, tmp_path: Path) -> None:
    said = hikeshi("inbox", SAMPLE)
    assert "9 messages, 8 inbound and 1 from us" in said.out
    assert json.loads(hikeshi("inbox", SAMPLE, "--json").out)["inbound"] == 8
    again = tmp_path / "again.jsonl"
    assert hikeshi("inbox", SAMPLE, "--to", str(again)).code == 0
    assert hikeshi("run", CARE, str(again)).out == hikeshi("run", CARE, SAMPLE).out


def test_init_makes_a_repository_that_checks_and_runs(hikeshi, tmp_path: Path) -> None:
    team = tmp_path / "team"
    assert hikeshi("init", str(team)).code == 0
    assert hikeshi("check", "--strict", str(team / "care.playbook")).code == 0
    assert hikeshi("fmt", "--check", str(team / "care.playbook")).code == 0
    assert (
        hikeshi("run", str(team / "care.playbook"), str(team / "sample.inbox.jsonl"), "-o", str(team / "o.jsonl")).code
        == 0
    )
    assert hikeshi("test", str(team), "--fail-on-empty", "--min-coverage", "100", "--min-score", "85").code == 0
    before = (team / "care.playbook").read_bytes()
    assert hikeshi("init", str(team)).code == 2
    assert (team / "care.playbook").read_bytes() == before


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_says_so_and_leaves_only_what_another_goes_on_with(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    inbox = tmp_path / "inbox.jsonl"
    with inbox.open("w", encoding="utf-8") as file:
        file.writelines(f'{{"id":"{i}","text":"{"my bag is lost " * 20}"}}\n' for i in range(150_000))
    command = [sys.executable, "cli.py", "run", CARE, str(inbox), "-o", str(tmp_path / "out.jsonl"), "--workers", "2"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.glob(".out.jsonl.hikeshi/threads-0")) and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(sent)
    _, said = running.communicate(timeout=120)
    assert running.returncode == code, said
    assert "interrupted" in said
    assert "Traceback" not in said
    assert {path.name for path in tmp_path.iterdir()} <= {"inbox.jsonl", ".out.jsonl.hikeshi"}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_on_a_full_disk_nothing_appears_under_the_final_name(tmp_path: Path, workers: str) -> None:
    inbox, out = tmp_path / "inbox.jsonl", tmp_path / "out.jsonl"
    inbox.write_text("".join(f'{{"id":"{i}","text":"my bag is lost"}}\n' for i in range(20_000)), encoding="utf-8")
    out.write_text("yesterday's", encoding="utf-8")

    def leave_little_room() -> None:  # no file may grow beyond, as on a disk without room
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))

    command = [sys.executable, "cli.py", "run", CARE, str(inbox), "-o", str(out), "--workers", workers]
    done = subprocess.run(command, cwd=ROOT, preexec_fn=leave_little_room, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.endswith(f"error: {out}: File too large\n")
    assert out.read_text(encoding="utf-8") == "yesterday's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    ("words", "kept", "said"),
    [
        (["inbox", "day.jsonl", "--to", "day.jsonl"], "day.jsonl", "would be overwritten"),
        (["run", "care.playbook", "day.jsonl", "-o", "day.jsonl"], "day.jsonl", "would be overwritten"),
        (["run", "care.playbook", "day.jsonl", "-o", "o.jsonl", "--quarantine", "notes.txt"], "notes.txt", "no quarantined"),
        (["run", "care.playbook", "day.jsonl", "-o", "notes.jsonl"], "notes.quarantine.jsonl", "no quarantined rows"),
        (["run", "care.playbook", "day.jsonl", "-o", "o.jsonl", "--quarantine", "care.playbook"], "care.playbook", "overwritten"),
        (["run", "care.playbook", "day.jsonl", "-o", "o.jsonl", "--quarantine", "o.jsonl"], "o.jsonl", "cannot hold"),
        (["run", "care.playbook", "day.jsonl", "-o", "o.jsonl", "--map", "m.yaml", "--quarantine", "m.yaml"], "m.yaml", "overwritten"),
        (["graph", "care.playbook", "--format", "svg", "-o", "care.playbook"], "care.playbook", "would be overwritten"),
        (["graph", "care.playbook", "-o", "care.png"], "care.playbook", "a graph ends in .svg"),
        (["graph", "care.playbook", "-o", "nowhere/care.svg"], "care.playbook", "there is no folder nowhere"),
        (["test", ".", "--junit", "nowhere/results.xml"], "care.playbook", "there is no folder nowhere"),
        (["test", ".", "--junit", "care.playbook"], "care.playbook", "would be overwritten"),
        (["init", "notes.txt"], "notes.txt", "notes.txt is there already"),
    ],
)  # fmt: skip
def test_nothing_that_is_read_or_means_something_else_is_overwritten(
    hikeshi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], kept: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "care.playbook").write_text(Path(CARE).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "day.jsonl").write_text('{"id":"1","text":"hello"}\n', encoding="utf-8")
    (tmp_path / "m.yaml").write_text("columns: {id: id, text: text}\n", encoding="utf-8")
    for name in ("notes.txt", "notes.quarantine.jsonl", "o.jsonl"):
        (tmp_path / name).write_text("dear diary\n", encoding="utf-8")
    before = (tmp_path / kept).read_bytes()
    done = hikeshi(*words)
    assert done.code == 2
    assert said in done.err
    assert (tmp_path / kept).read_bytes() == before


def test_a_quarantine_of_yesterday_goes_when_nothing_is_bad_today(hikeshi, tmp_path: Path) -> None:
    inbox, out = tmp_path / "day.jsonl", tmp_path / "out.jsonl"
    inbox.write_text('{"id":"1","text":"hello"}\nbroken\n', encoding="utf-8")
    assert hikeshi("run", CARE, str(inbox), "-o", str(out)).code == 0
    assert (tmp_path / "out.quarantine.jsonl").exists()
    inbox.write_text('{"id":"1","text":"hello"}\n', encoding="utf-8")
    assert hikeshi("run", CARE, str(inbox), "-o", str(out)).code == 0
    assert not (tmp_path / "out.quarantine.jsonl").exists()


def test_what_could_not_be_read_is_said_where_no_file_keeps_it(hikeshi, tmp_path: Path) -> None:
    inbox = tmp_path / "day.jsonl"
    inbox.write_text('{"id":"1","text":"hello"}\nbroken\n', encoding="utf-8")
    assert f"{inbox}, line 2, could not be read: It is not valid JSON" in hikeshi("run", CARE, str(inbox)).err
    streamed = hikeshi("run", CARE, "-", stdin=inbox.read_bytes()).err
    assert "1 row could not be read: It is not valid JSON (1)" in streamed


# ---- recorded incidents


def test_test_writes_json_and_pages_and_says_what_is_missing(hikeshi, tmp_path: Path) -> None:
    page = tmp_path / "coverage.html"
    done = hikeshi("test", str(STARTER), "--json", "--mutate", "--html", str(page))
    assert done.code == 0
    said = json.loads(done.out)
    assert said["failed"] == 0
    assert said["coverage"][0]["shares"]["edges"]["percent"] == 100
    assert said["mutation"][0]["score"] >= 85
    assert len(said["mutation"][0]["mutants"]) > 50
    assert "playbooks/starter/care.playbook" in page.read_text(encoding="utf-8")
    assert hikeshi("test", str(STARTER), "--min-score", "100").code == 1
    assert (
        hikeshi("test", str(STARTER / "care.incidents.yaml"), "--html", str(STARTER / "care.incidents.yaml")).code == 2
    )
    assert "### {person} writes" in hikeshi("test", "--steps").out


def test_record_writes_a_test_that_passes(hikeshi, tmp_path: Path) -> None:
    out = tmp_path / "care.incidents.yaml"
    done = hikeshi("record", CARE, SAMPLE, "--id", "2", "--id", "3", "--name", "What we saw", "-o", str(out))
    assert done.code == 0, done.err
    assert "2 messages recorded" in done.err
    assert hikeshi("test", str(out)).code == 0
    assert hikeshi("record", CARE, SAMPLE, "--id", "2", "-o", str(out)).code == 2
    assert hikeshi("record", CARE, SAMPLE).code == 2
    assert hikeshi("record", CARE, SAMPLE, "--id", "nobody").code == 2
    assert "incidents:" in hikeshi("record", CARE, SAMPLE, "--between", "2020-01-01T00:00Z", "2030-01-01T00:00Z").out


def test_results_are_written_through_links_and_into_devices(hikeshi, tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("old", encoding="utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    assert hikeshi("test", str(STARTER), "--html", str(tmp_path / "link.html")).code == 0
    assert (tmp_path / "link.html").is_symlink()
    assert "<html" in (tmp_path / "real.html").read_text(encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    reading = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE)
    assert hikeshi("test", str(STARTER), "--junit", str(tmp_path / "pipe")).code == 0
    assert b"<testsuites>" in reading.communicate(timeout=30)[0]
    assert (tmp_path / "pipe").is_fifo()


def test_watch_tests_again_when_a_file_changes(tmp_path: Path) -> None:
    shutil.copytree(STARTER, tmp_path / "team")
    incidents = tmp_path / "team" / "care.incidents.yaml"
    out = tmp_path / "said.txt"
    with out.open("wb") as file:
        watching = subprocess.Popen(
            [sys.executable, ROOT / "cli.py", "test", "team", "--watch"], cwd=tmp_path, stdout=file, stderr=file
        )
        try:
            _until(lambda: "0 failed" in out.read_text(encoding="utf-8"))
            incidents.write_text(
                incidents.read_text(encoding="utf-8").replace("hand off to safety", "hand off to legal"),
                encoding="utf-8",
            )
            _until(lambda: "team should be legal, is safety" in out.read_text(encoding="utf-8"))
            incidents.write_text("incidents: [", encoding="utf-8")
            _until(lambda: "error[HK601]" in out.read_text(encoding="utf-8"))
        finally:
            watching.send_signal(signal.SIGINT)
            assert watching.wait(timeout=30) in {0, 1}
    assert "Traceback" not in out.read_text(encoding="utf-8")


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError


def test_a_compressed_inbox_is_not_overwritten(hikeshi, tmp_path: Path) -> None:
    inbox = tmp_path / "export.jsonl"
    inbox.write_bytes(gzip.compress(Path(SAMPLE).read_bytes()))
    before = inbox.read_bytes()
    assert hikeshi("run", CARE, str(inbox), "-o", str(inbox)).code == 2
    assert hikeshi("inbox", str(inbox), "--to", str(inbox)).code == 2
    assert inbox.read_bytes() == before
    assert hikeshi("run", CARE, str(inbox), "-o", str(tmp_path / "out.jsonl")).code == 0
