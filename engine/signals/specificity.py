"""Specificity: how much concrete detail there is, from 0 to 1: orders, dates, places, products, what happened before.

Each distinct detail leaves 0.65 of what was vague: 1 - 0.65^n. A run of digits (a number, a date, an amount) is one.

Assumption: 0.65 is a first estimate: two details make a message more specific than not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.signals import lexicon

NAME = "specificity"


def lists() -> dict[str, tuple[str, ...]]:
    """The lists that the scan must find."""
    return lexicon.lists("specific")


def measure(counts: dict[str, npt.NDArray[np.uint16]], texts: pl.Series) -> npt.NDArray[np.float64]:
    """Specificity of each message."""
    details = counts["en.specific"].astype(np.float64) + counts["ja.specific"]
    details += texts.str.contains("[0-9０-９][0-9０-９:./-]").fill_null(value=False).to_numpy()
    return np.asarray(1 - np.power(0.65, details), dtype=np.float64)
