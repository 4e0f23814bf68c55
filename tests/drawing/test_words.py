"""Texts fit their place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.drawing.words import clean, clip, pixels, wrap
from engine.language.source import cells


@given(st.text(max_size=200).map(clean), st.integers(4, 40), st.integers(1, 5))
@settings(deadline=None)
def test_wrapped_lines_fit_and_lose_nothing_but_what_the_ellipsis_stands_for(text: str, width: int, most: int) -> None:
    lines = wrap(text, width, most)
    assert 1 <= len(lines) <= most
    assert all(cells(line) <= width for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(max_size=100).map(clean), st.integers(4, 40))
@settings(deadline=None)
def test_clipped_texts_fit(text: str, width: int) -> None:
    assert cells(clip(text, width)) <= width


def test_guards_are_broken_before_and_and_or() -> None:
    text = "thread.our_replies >= 1 and text mentions thanks and not text asks a question"
    assert wrap(text, 34, 4) == ["thread.our_replies >= 1", "and text mentions thanks", "and not text asks a question"]


def test_japanese_counts_two_cells() -> None:
    assert wrap("個人情報が書かれた投稿には公開で返さない", 20, 4) == ["個人情報が書かれた投", "稿には公開で返さない"]


def test_wide_letters_are_measured_wider() -> None:
    assert pixels("WWW", 12) > pixels("iii", 12)
    assert pixels("発", 12) == 12
