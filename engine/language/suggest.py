"""The nearest known name for a name that is not known; silent when nothing is near."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

CUT_OFF = 0.6
"""Assumption: below this similarity a suggestion misleads more often than it helps."""
LONGEST = 200
"""Characters of a name, some ten times those of names that people give: comparing takes their product."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is like it.

    >>> nearest("saftey", ["safety", "legal"])
    'safety'
    >>> nearest("saftey", ["legal"]) is None, nearest("a" * 201, ["a" * 200]) is None
    (True, True)
    """
    best, best_ratio = None, CUT_OFF
    if len(name) > LONGEST:
        return None
    for candidate in sorted(one for one in set(known) if len(one) <= LONGEST):
        matcher = SequenceMatcher(None, name.casefold(), candidate.casefold(), autojunk=False)
        if matcher.real_quick_ratio() < best_ratio or matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best
