"""The formatter keeps the meaning and every comment, and formatting twice changes nothing more."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import resources
from engine.language import syntax as s
from engine.language.format import format_file
from engine.language.load import load_text
from engine.language.parse import parse
from engine.language.source import Source
from tests.evaluate.drawn import Drawer
from tests.language.laid_out import laid_out

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*resources.playbooks().rglob("*.playbook"), *ROOT.glob("benchmarks/*.playbook")])
SETTINGS = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
RANDOM = st.randoms(use_true_random=False)


def parsed(text: str) -> s.File:
    found = parse(Source("x.playbook", text))
    assert not found.troubles, f"{found.troubles[0]}\n{text}"
    return found.file


def comments(file: s.File) -> list[str]:
    return sorted(comment.text for comment in file.comments)


def formatted(text: str) -> str:
    """The text formatted, with all that must hold of it."""
    file = parsed(text)
    once = format_file(file)
    again = parsed(once)
    assert again == file, f"other meaning\n{text}\n--- became\n{once}"
    assert comments(again) == comments(file), f"other comments\n{text}\n--- became\n{once}"
    twice = format_file(again)
    assert twice == once, f"twice is not once\n{once}\n--- became\n{twice}"
    assert not any(line != line.rstrip() for line in once.split("\n")), once
    assert once == "" or (once.endswith("\n") and not once.endswith("\n\n"))
    return once


@SETTINGS
@given(RANDOM, st.sampled_from((0.0, 0.01, 0.05, 0.3)))
def test_layout_and_comments_never_change_the_meaning(random: Random, share: float) -> None:
    tree = Drawer(random).file()
    text, told = laid_out(format_file(tree), random, comments=share)
    file = parsed(text)
    assert file == tree
    assert comments(file) == sorted(one.rstrip() for one in told)
    formatted(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_playbook_keeps_its_meaning_and_comments(path: Path) -> None:
    formatted(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_playbook_laid_out_anew_means_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    other, _ = laid_out(text, Random(path.name), comments=0.02)
    assert parsed(other) == parsed(text)
    formatted(other)


SAMPLE = """\
# Above.

playbook "Acme" # behind
terms fire "burn*", "発火" # after a term
  ,"smoke"
step start
  # before a rule
  when text mentions fire # why
    -> take private   # where
  otherwise -> respond publicly
# At the end.
"""


def test_comments_stay_beside_what_they_stood_beside() -> None:
    assert (
        formatted(SAMPLE)
        == """\
# Above.

playbook "Acme"  # behind

terms fire
  "burn*", "発火",  # after a term
  "smoke"

step start
  # before a rule
  when text mentions fire  # why
    -> take private  # where
  otherwise
    -> respond publicly

# At the end.
"""
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("  ", "\t"),
        lambda text: text.replace("  ", "\u3000"),
        lambda text: "\ufeff" + text,
        lambda text: "\ufeff" + text.replace("\n", " \r\n\t").removesuffix("\t"),
        lambda text: text.rstrip(),
        lambda text: text + "\n\n\n",
    ],
    ids=["crlf", "tabs", "full-width spaces", "bom", "bom and crlf", "no last line end", "empty lines"],
)
def test_line_ends_tabs_wide_spaces_and_marks_do_not_matter(change: object) -> None:
    assert callable(change)
    assert formatted(change(SAMPLE)) == formatted(SAMPLE)


def test_a_byte_order_mark_is_no_part_of_the_playbook() -> None:
    with_mark, found = load_text(b"\xef\xbb\xbf" + SAMPLE.encode(), "x", None)
    assert not found
    assert with_mark.main == parsed(SAMPLE)


@pytest.mark.parametrize("text", ["", "\n", "  \n\t", "# only this", "# one\n\n# two\n", "\ufeff", "\r\n# x\r\n"])
def test_a_file_without_statements_stays_so(text: str) -> None:
    formatted(text)


def test_a_reply_named_in_quotes_stays_in_quotes_when_it_is_no_bare_name() -> None:
    written = 'step start\n  otherwise\n    -> take private\n       say " two words"\n'
    assert format_file(parse(Source("x", written)).file) == written
    bare = written.replace('" two words"', '"dm_please"')
    assert format_file(parse(Source("x", bare)).file) == bare.replace('"', "")
