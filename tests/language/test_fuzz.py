"""A few hundred torn playbooks; `benchmarks/fuzz.py` looks at as many as one likes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.fuzz import LONGEST, SLOW, examine, look_at, mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_every_text_ends_in_diagnostics_or_a_valid_playbook(start: int) -> None:
    results = [look_at(2026, number) for number in range(start, start + 20)]
    assert not [(one.number, one.findings) for one in results if one.findings]


def test_a_mutant_is_made_again_from_its_number() -> None:
    assert mutant(2026, 5) == mutant(2026, 5) != mutant(2026, 6)
    assert all(len(mutant(2026, number).decode(errors="replace")) <= 2 * LONGEST for number in range(20))
    assert SLOW <= 5


DEEP = {
    "brackets": "define d: " + "(" * 20_000 + "author.vip" + ")" * 20_000,
    "brackets and not": "define d: " + "not (" * 20_000 + "author.vip" + ")" * 20_000,
    "not": "define d: " + "not " * 20_000 + "author.vip",
    "or in and": "define d: " + "(likes > 1 and (shares > 1 or " * 2_000 + "author.vip" + "))" * 2_000,
    "a replaced one": "replace define d: " + "not " * 20_000 + "author.vip",
    "a promise": 'guarantee "g" never hand off when ' + "not " * 20_000 + "author.vip",
    "unclosed": "define d: " + "(" * 20_000 + "author.vip",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_is_no_danger(text: str) -> None:
    assert examine(text.encode()) in {"errors", "no steps"}


def test_fmt_refuses_what_is_nested_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.playbook"
    path.write_text(DEEP["not"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "fmt", str(path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 3, done
    assert "error[HK120]" in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_text(encoding="utf-8") == DEEP["not"]


@pytest.mark.parametrize("many", [3_000])
def test_a_guard_of_very_many_parts_is_soon_decided(many: int) -> None:
    parts = " or ".join(["likes >= 1", "author.vip"] * many)
    text = f'playbook "x"\nstep start when {parts} -> take private otherwise -> public'
    assert examine(text.encode()) == "decided"
