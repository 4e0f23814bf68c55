"""What README and docs show is what happens: every block runs, every list is complete.

A block's first line says what is done with it:

- `playbook`: loads without any finding. `playbook part`: without errors, after a title and a start were added where it
  has none. With `error=HK201`: it has exactly this error. A table right below says what it decides: the columns up to
  `decision` are the message, `decision` and what follows is the record.
- `name=FILE` on any block: it is written to the page's folder.
- `console`: the lines after `$ ` are run there, in order; what they print is shown, `...` stands for anything.
- `pycon`: a doctest.
- `sh`: commands for a person's own machine; each is run elsewhere, see `test_commands_for_people_are_run_somewhere`.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.batch.settings import parse_settings
from engine.batch.single import explain_message
from engine.clock import CLOCK_COLUMNS
from engine.inbox.detect import names as formats
from engine.language import checks
from engine.language.diagnostics import Diagnostic, Severity, render_all
from engine.language.load import load, load_text
from engine.language.parse import STATEMENTS
from engine.language.playbook import Playbook
from engine.message import FIELDS, SIGNALS
from engine.plan import compile_plan
from engine.resources import grammar

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
KNOWN = {"playbook", "console", "pycon", "sh", "csv", "jsonl", "yaml", "gherkin", "python"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, the line of its fence, the words of its first line, its text and the table below it."""

    page: Path
    line: int
    words: tuple[str, ...]
    text: str
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def language(self) -> str:
        return self.words[0] if self.words else ""

    def value(self, key: str) -> str | None:
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{key}=")), None)

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        opened = re.fullmatch(r"(`{3,})(.*)", lines[at])
        at += 1
        if not opened:
            continue
        end = lines.index(opened[1], at)
        text = "\n".join(lines[at:end]) + "\n"
        yield Block(page, at, tuple(opened[2].split()), text, tuple(table(lines, end + 1)))
        at = end + 1


def table(lines: list[str], at: int) -> Iterator[tuple[str, ...]]:
    """The rows of the table that stands next, its head first."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    while at < len(lines) and lines[at].startswith("|"):
        if not re.fullmatch(r"[|\s:-]+", lines[at]):
            yield tuple(cell.strip() for cell in lines[at].strip().strip("|").split("|"))
        at += 1


BLOCKS = [block for page in PAGES for block in blocks(page)]


def those(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


def each(found: list[Block]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", found, ids=[block.place for block in found])


def test_every_block_says_what_it_is() -> None:
    assert not [block.place for block in BLOCKS if block.language not in KNOWN]
    assert not [
        block.place
        for block in BLOCKS
        if block.language in {"csv", "jsonl", "yaml", "gherkin"} and not block.value("name")
    ]


# ---- playbooks


def read(block: Block, folder: Path) -> tuple[Playbook, list[Diagnostic]]:
    text = block.text
    if "part" in block.words:
        text = "" if text.startswith("playbook ") else 'playbook "Part" owner "docs"\n'
        text += block.text
        if not re.search(r"^(?:step|matrix) start\b", block.text, re.MULTILINE):
            text += "step start otherwise -> no reply needed\n"
    playbook, found = load_text(text, "example.playbook", folder)
    return playbook, [*found, *checks.check(playbook)]


@each(those("playbook"))
def test_a_playbook_loads_as_the_page_says(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    _, found = read(block, tmp_path)
    wanted = block.value("error")
    if wanted is not None:
        errors = [one.code for one in found if one.severity is Severity.ERROR]
        assert errors == [wanted], render_all(found)
    elif "part" in block.words:
        assert not [one for one in found if one.severity is Severity.ERROR], render_all(found)
    else:
        assert not found, render_all(found)


DECIDING = [block for block in those("playbook") if block.table and "decision" in block.table[0]]


def rows() -> list[tuple[Block, tuple[str, ...]]]:
    return [(block, row) for block in DECIDING for row in block.table[1:]]


@pytest.mark.parametrize(("block", "row"), rows(), ids=[f"{block.place} {row[0]}" for block, row in rows()])
def test_a_playbook_decides_as_the_table_says(block: Block, row: tuple[str, ...], tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    playbook, _ = read(block, tmp_path)
    plan = compile_plan(playbook)
    heads = block.table[0]
    assert heads[0] == "message"
    cut = heads.index("decision")
    given = [f"{name}={value}" for name, value in zip(heads[1:cut], row[1:cut], strict=True) if value]
    record = explain_message(plan, {"text": row[0], **parse_settings(plan, given)}).record()
    found = {name: in_words(record, name) for name in heads[cut:]}
    assert found == dict(zip(heads[cut:], row[cut:], strict=True))


def in_words(record: dict[str, object], name: str) -> str:
    value = record[name]
    if name == "decision" and record["team"]:
        return f"{value} to {record['team']}"
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


# ---- files and commands


def write_files(page: Path, folder: Path) -> None:
    """The page's named blocks, as files; where a name comes twice, the first."""
    for block in blocks(page):
        name = block.value("name")
        if name and not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(block.text, encoding="utf-8")


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which `hikeshi` is this checkout's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "hikeshi"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "cli.py"}" "$@"\n')
    command.chmod(0o755)
    return os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "console" for b in blocks(page))], ids=lambda page: page.name
)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path, shell: dict[str, str]) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    write_files(page, folder)
    for block in blocks(page):
        name = block.value("name")
        if name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(block.text, encoding="utf-8")
        if block.language == "console":
            for command, wanted in sessions(block.text):
                done = subprocess.run(
                    ["bash", "-c", command],
                    cwd=folder,
                    env=shell,
                    text=True,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    timeout=120,
                    check=False,
                )
                printed = calm(done.stdout)
                assert matches(wanted, printed), f"{block.place}: {command}\n{printed}\n--- instead of\n{wanted}"


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """Each command and what it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, calm(printed)


def calm(text: str) -> str:
    """Without spaces at line ends and without blank lines at both ends."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def matches(wanted: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


@each(those("pycon"))
def test_python_examples_run(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(block.page, tmp_path)
    monkeypatch.chdir(tmp_path)
    example = doctest.DocTestParser().get_doctest(block.text, {}, block.place, block.place, block.line)
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)
    assert result.attempted
    assert not result.failed


def test_commands_for_people_are_run_somewhere() -> None:
    """`sh` blocks: README's two (`test_install` and `.ci/run`), and the habits of CONTRIBUTING (`test_habits`)."""
    assert [block.page.name for block in those("sh")] == ["README.md", "README.md", "CONTRIBUTING.md"]


@pytest.mark.parametrize("title", ["Try it", "Test it"])
def test_readme_has_one_command_below(title: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert [language for language, _ in fences] == ["sh"]
    assert fences[0][1].count("\n") == 1


# ---- links and lists


def test_links_lead_somewhere() -> None:
    broken = []
    for page in PAGES:
        outside = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", outside):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append(f"{page.name}: {target}")
    assert not broken


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def page_text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_language_page_names_every_word_of_the_language() -> None:
    text = page_text("language.md")
    words = set(re.findall(r'"([a-z]+)"', re.sub(r"//.*", "", grammar()))) | set(STATEMENTS)
    assert not [word for word in sorted(words) if not re.search(rf"\b{word}\b", text)]


def test_the_language_page_lists_every_statement() -> None:
    listed = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`\w+`.*?) \|", page_text("language.md"), re.MULTILINE)))
    assert set(STATEMENTS) <= set(listed)


def test_the_language_page_lists_every_signal() -> None:
    text = page_text("language.md")
    for signal in SIGNALS:
        row = re.search(rf"^\| `{signal.name}` \| {signal.low:g} \| {signal.high:g} \|.*$", text, re.MULTILINE)
        assert row, signal.name
        assert [word for word in signal.levels if f"`{word}`" in row[0]] == list(signal.levels)
        assert all(f"{cut:g}" in row[0] for cut in signal.cuts)


def test_the_inbox_page_lists_every_field() -> None:
    rows_ = re.findall(r"^\| `([\w.]+)` \| ([\w/]+) \|", page_text("inbox.md"), re.MULTILINE)
    assert rows_ == [(field.name, field.kind.value) for field in FIELDS]


def test_the_inbox_page_names_every_format() -> None:
    assert not [name for name in formats() if f"`{name}`" not in page_text("inbox.md")]


def test_the_records_page_lists_every_field_in_order() -> None:
    listed = re.findall(r"^\| `([\w.]+)` \| ([^|]+?) \|.*$", page_text("records.md"), re.MULTILINE)
    playbook, _ = load(ROOT / "playbooks" / "starter" / "care.playbook")
    record = explain_message(compile_plan(playbook), {"text": "hello"}).record()
    assert [name for name, _ in listed] == list(record)
    assert {name for name, kind in listed if name in CLOCK_COLUMNS and kind == "time or null"} == {*CLOCK_COLUMNS}
    json.dumps(record)


def test_every_code_has_a_page_that_begins_with_a_sentence() -> None:
    for module in checks.ALL:
        page = checks.page(module.CODE)
        assert page is not None
        assert re.fullmatch(rf"{module.CODE}: [A-Z`].+\.", page.splitlines()[0])
