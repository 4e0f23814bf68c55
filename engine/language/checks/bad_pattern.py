r"""A pattern between slashes cannot be used.

Patterns are regular expressions that take time in proportion to the text, whatever the text: so they have no lookaround
(`(?=`, `(?!`, `(?<=`) and no backreferences (`\1`). They may be up to 1,000 characters long.

Wrong:
    terms order /AC-(\d+/

Right:
    terms order /AC-(\d+)/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import polars as pl
from polars.exceptions import PolarsError

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import phrases
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK306"
SEVERITY = Severity.ERROR

LONGEST = 1000
"""Assumption: no pattern that a person wrote is longer, in characters."""

_REASONS = (
    ("look-around", "patterns have no lookaround, neither `(?=` nor `(?<`"),
    ("backreferences", "patterns have no backreferences such as `\\1`"),
    ("unclosed group", "a `(` in this pattern is never closed"),
    ("unopened group", "a `)` in this pattern closes nothing"),
    ("unclosed character class", "a `[` in this pattern is never closed"),
    ("missing expression", "there is nothing before `*`, `+` or `?` that it could repeat"),
    ("size limit", "this pattern grows too large; repeat less in it"),
    ("unrecognized escape", "this pattern has a `\\` before a letter that means nothing there"),
)
_POINTS_AT = re.compile(r"error: (.+)")


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every pattern that is too long or does not compile."""
    for phrase in phrases(playbook):
        if not isinstance(phrase, s.Pattern):
            continue
        reason = why_not(phrase.text)
        if reason is not None:
            yield finding(CODE, SEVERITY, reason, phrase.span, "this pattern cannot be used")


@lru_cache(maxsize=4096)
def why_not(pattern: str) -> str | None:
    """Why a pattern cannot be used; None when it can.

    >>> why_not("AC-[0-9]+")
    >>> why_not("(?=x)")
    'patterns have no lookaround, neither `(?=` nor `(?<`'
    """
    if len(pattern) > LONGEST:
        return f"a pattern has at most {LONGEST:,} characters"
    try:
        pl.Series([""]).str.contains(pattern)
    except PolarsError as error:
        said = str(error)
        for sign, reason in _REASONS:
            if sign in said:
                return reason
        detail = _POINTS_AT.search(said)
        return f"this pattern makes no sense: {detail.group(1)}" if detail else "this pattern makes no sense"
    return None
