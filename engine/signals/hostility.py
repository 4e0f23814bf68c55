"""Hostility: how much a message attacks, from 0 to 1. Swearing alone is not an attack.

Insults and threats count, swearing a little; the sum x of their weights becomes 1 - 0.5^x, so that a single insult is 0.5.

Assumption: the weights are first estimates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.signals import lexicon

NAME = "hostility"
WEIGHTS = {"insults": 1.0, "threats": 1.3, "profanity": 0.25}


def lists() -> dict[str, tuple[str, ...]]:
    """The lists that the scan must find."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in WEIGHTS:
        found |= lexicon.lists(kind)
    return found


def measure(counts: dict[str, npt.NDArray[np.uint16]]) -> npt.NDArray[np.float64]:
    """Hostility of each message from how many distinct terms of each list it mentions."""
    weights = {f"{lang}.{kind}": weight for kind, weight in WEIGHTS.items() for lang in lexicon.LANGUAGES}
    total = np.sum([weight * counts[name] for name, weight in weights.items()], axis=0)
    return np.asarray(1 - np.power(0.5, total), dtype=np.float64)
