"""A deadline in open hours is longer than a day.

Only open hours count, and a day is twenty-four of them: at a desk that is open for eight hours, `2d in office hours` is six
working days. Say the hours: two working days of eight hours are `16h in office hours`. Without `in ... hours` a day is a
day.

Wrong:
    hours office in "Europe/Amsterdam"
      mon-fri 09:00-17:00
    outcome lawyers
      hand off to legal
      reply within 2d in office hours

Right:
    hours office in "Europe/Amsterdam"
      mon-fri 09:00-17:00
    outcome lawyers
      hand off to legal
      reply within 16h in office hours
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import decided
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK413"
SEVERITY = Severity.WARNING

_DAY = 86_400


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every deadline that counts days of open hours."""
    for _, several in decided(playbook):
        for value in (value for modifier in several for value in modifier.values if isinstance(value, s.Clock)):
            if value.hours is not None and value.within.seconds >= _DAY:
                hours = f"{value.within.seconds / 3600:g} open hours"
                message = f"`{value.within.written} in {value.hours.text} hours` is {hours}"
                yield finding(CODE, SEVERITY, message, value.within.span, "a day counts as twenty-four open hours")
