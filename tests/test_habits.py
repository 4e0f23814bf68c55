"""The habits that CONTRIBUTING lists are kept, and every command is shown to people."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from click import Command

from cli import cli

ROOT = Path(__file__).resolve().parent.parent
READ_BY_PEOPLE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS: dict[str, Command] = typer.main.get_command(cli).commands  # type: ignore[attr-defined]


def habits() -> list[str]:
    """The commands in the block under `The habits`."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(r"^## The habits\n.*?^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1].splitlines()


@pytest.mark.parametrize("habit", habits())
def test_a_habit_is_kept(habit: str) -> None:
    beside_python = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        shlex.split(habit),
        cwd=ROOT,
        env=os.environ | {"PATH": beside_python, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_habits_are_the_four() -> None:
    assert [habit.split()[0] for habit in habits()] == ["ruff", "ruff", "mypy", "lint-imports"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_an_example_that_it_understands(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    found = re.fullmatch(rf"Example: hikeshi {name} (.+)", command.epilog or "")
    assert found, command.epilog
    example = re.sub(r"\*", "care", found[1])
    command.make_context(name, shlex.split(example))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_shown_to_people(name: str) -> None:
    assert any(f"hikeshi {name} " in page.read_text(encoding="utf-8") for page in READ_BY_PEOPLE)


def test_people_are_shown_commands_that_exist() -> None:
    shown = {
        (page.name, name)
        for page in READ_BY_PEOPLE
        for name in re.findall(r"(?:^\$ |`|/bin/)hikeshi (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert not {(page, name) for page, name in shown if name not in COMMANDS}


def test_options_that_people_are_shown_exist() -> None:
    options = {one for command in COMMANDS.values() for param in command.params for one in param.opts}
    options |= {"--help", "--version", "--resume", "--report"}
    for page in READ_BY_PEOPLE[:1] + READ_BY_PEOPLE[2:]:
        text = page.read_text(encoding="utf-8")
        lines = re.findall(r"^\$ (.*)$", text, re.MULTILINE) + re.findall(r"`([^`\n]+)`", text)
        of_hikeshi = [line for line in lines if "hikeshi" in line or line.startswith("--")]
        shown = {one for line in of_hikeshi for one in re.findall(r"(?<!\S)--[a-z-]+", line)}
        assert shown <= options, page
