"""Recorded incidents: what happened, and what should have been decided. `reading` reads them from files.

A message has the fields of a message, flat or nested, and the facts that were true of it when it was recorded; what is
expected of it are parts of its decision. The messages of an incident are one import of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.clock import CLOCK_COLUMNS
from engine.decision import DECISIONS
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import SECONDS
from engine.language.source import Source, Span

ENDING = ".incidents.yaml"
WORDS = ("decision", "team", "rule", "reply", "priority", "assign", "because", "pause_publishing")
LISTS = ("tags", "path", "carries", "notify")
NOTHING = "none"
"""What is expected where a decision should say nothing: no team, no tags."""
SAID = (*WORDS, *LISTS, *CLOCK_COLUMNS)
"""What may be expected beside the levels of scales: one word each, or several."""

PAGES = {
    "HK601": "The file is no YAML.\n\nIncidents are written in YAML; the place is where it stopped making sense. Often an "
    "indentation is off, or a text with `: ` or `#` in it needs quotes.",
    "HK602": "A word is not one that may stand here.\n\nThe keys of a file, an incident, a message and an expectation are "
    "fixed, so that a misspelt one is not passed over in silence. Fields of your own are called `extra.NAME`.",
    "HK603": "A value is not of the kind that is due here.\n\nFor example a list where a text is due, a time without its zone "
    "(write it like `2026-03-09T07:41:00+01:00`), or a length of time that is none (write it like `30m`, `1h 30m`, `3d`).",
    "HK604": "Something that must be said is missing.\n\nA file has incidents; an incident has a name, and messages or an "
    "`inbox`; a message has a text. A scenario names its playbook, and says of a message what should be decided.",
    "HK605": "This is no decision.\n\nA decision is written as in a playbook: `respond publicly`, `take private`, `hand off "
    "to TEAM`, `ignore as troll`, `no reply needed`.",
    "HK606": "A word stands twice.\n\nIn one mapping each key may stand once; ids differ within an incident, and incidents "
    "have different names.",
    "HK607": "The playbook has no such scale, level, rule or fact.\n\nWhat is expected, and what is recorded under `facts`, goes "
    "by the names of the playbook. Perhaps a rule was moved: its number is its place in its step.",
    "HK608": "A message cannot be read.\n\nIts fields are read as those of an export are, so a number must be a number and "
    "a time needs its zone. Of an `inbox` the file must be there, and every row of it must be readable.",
    "HK611": "The feature is no Gherkin.\n\nA line is not one that may stand there: scenarios begin with `Scenario:`, steps with "
    "`Given`, `When`, `Then`, `And` or `But`, rows of a table with `|`; or their words in the language of the first line.",
    "HK612": "No step is worded like this.\n\n`hikeshi test --steps` shows all steps, in English and Japanese.",
}
"""The page of each diagnostic about a file of incidents or a feature."""

LONGEST = 1e11
"""Seconds of the longest time that can be written: some three thousand years."""
_LENGTH = re.compile(r"(?:\d+(?:\.\d+)?[smhdw]\s*)+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that should be said of a message. `values` are words; `decision` may carry a team of its own."""

    name: str
    values: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message as it was recorded, with what is expected of it.

    `facts` are values by name that are taken as they are instead of being worked out; None is unknown.
    """

    id: str
    fields: Mapping[str, Any]
    expected: tuple[Expected, ...]
    span: Span
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Export:
    """Messages that stay in an export: those `between` two moments (the second not included) whose id is one of `ids`.

    `path` is beside the file of incidents. None takes all.
    """

    path: str
    format: str | None
    zone: str | None
    between: tuple[datetime, datetime] | None
    ids: frozenset[str] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Incident:
    """Messages that belong together; `never` holds decisions that none of them may get, as (decision, team).

    With an `export`, `messages` are those of which something is expected, and the rest of them is in the export.
    """

    name: str
    messages: tuple[Recorded, ...]
    never: tuple[tuple[str, str | None], ...]
    span: Span
    export: Export | None = None


@dataclass(frozen=True, slots=True)
class Incidents:
    """A file of incidents. `playbook` is a path beside the file."""

    source: Source
    playbook: str
    incidents: tuple[Incident, ...]


def decision_of(words: str) -> tuple[str, str | None] | None:
    """A decision as a playbook writes it, with its team; None when it is none.

    >>> decision_of("hand off to safety"), decision_of("respond publicly"), decision_of("shrug")
    (('hand off', 'safety'), ('respond publicly', None), None)
    """
    decision, to, team = words.partition(" to ")
    if to and decision == "hand off" and team:
        return decision, team
    return (words, None) if words in DECISIONS else None


def seconds_of(words: str) -> float | None:
    """A length of time as a playbook writes it, or several in a row; None when it is none.

    >>> seconds_of("1h 30m"), seconds_of("20m"), seconds_of("soon")
    (5400.0, 1200.0, None)
    """
    if not _LENGTH.fullmatch(words.strip()):
        return None
    seconds = sum(float(number) * SECONDS[unit] for number, unit in _PART.findall(words))
    return seconds if seconds <= LONGEST else None


def moment_of(words: str) -> datetime | None:
    """A moment with its zone; None when it is none.

    >>> moment_of("2026-03-09T07:41:00Z").hour, moment_of("2026-03-09T07:41"), moment_of("noon")
    (7, None, None)
    """
    try:
        found = datetime.fromisoformat(words.strip())
        return found if found.tzinfo is not None and found.astimezone(UTC) else None
    except (ValueError, OverflowError):
        return None


def later(moment: datetime, seconds: float) -> datetime | None:
    """So long after a moment; None where the calendar ends.

    >>> later(datetime(9999, 12, 31, tzinfo=UTC), 1e9) is None
    True
    """
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def is_due(words: str) -> bool:
    """Whether these words can say when something is due: a moment, a length of time from the message on, or `none`."""
    return words == NOTHING or moment_of(words) is not None or seconds_of(words) is not None


def mistake(code: str, message: str, span: Span, help_: str | None = None) -> Diagnostic:
    """A diagnostic about an incident file: all of them are errors."""
    return finding(code, Severity.ERROR, message, span, help=help_)
