"""Questions: whether a message asks something: a question mark, or words that only questions have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.signals import lexicon

NAME = "text.question"


def lists() -> dict[str, tuple[str, ...]]:
    """The lists that the scan must find."""
    return lexicon.lists("questions")


def measure(counts: dict[str, npt.NDArray[np.uint16]], texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Whether each message asks; a mark inside a web address does not count."""
    marked = texts.str.contains(r"[?？؟⁇⁈❓](?:[^\w=&/]|$)").fill_null(value=False).to_numpy()
    return np.asarray(marked | (counts["en.questions"] > 0) | (counts["ja.questions"] > 0), dtype=np.bool_)
