"""Troll: hostile, vague, and aimed at the business or everything in general, from 0 to 1. When unsure, a message is genuine.

`hostility * (1 - specificity)`, by half when nothing shows that it aims at everything. So a sworn-at delivery with an
order number is not a troll, and a single insult without aim stays `unlikely`.

Source: the cues are those of the support literature: vague wording and extreme emotion aimed at the business in general
mark a troll, specific details and earlier experience an angry customer.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.signals import lexicon

NAME = "troll"
UNAIMED = 0.5


def lists() -> dict[str, tuple[str, ...]]:
    """The lists that the scan must find, beside those of hostility and specificity."""
    return lexicon.lists("general")


def measure(
    hostility: npt.NDArray[np.float64],
    specificity: npt.NDArray[np.float64],
    counts: dict[str, npt.NDArray[np.uint16]],
) -> npt.NDArray[np.float64]:
    """How much each message is a troll's."""
    aimed = (counts["en.general"] > 0) | (counts["ja.general"] > 0)
    return np.asarray(hostility * (1 - specificity) * np.where(aimed, 1.0, UNAIMED), dtype=np.float64)
