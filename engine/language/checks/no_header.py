"""A playbook has no title.

A playbook that decides begins with its title, and best with its owner: `playbook "Acme" owner "social-care"`. Reports
and decisions are signed with it.

Wrong:
    step start
      otherwise -> no reply needed

Right:
    playbook "Acme" owner "social-care"
    step start
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding
from engine.language.checks.parts import any_steps
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK507"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """The first statement of a deciding playbook without title."""
    if playbook.header is None and "playbook" not in _first_words(playbook) and any_steps((playbook.main,)):
        first = min(playbook.main.statements, key=lambda statement: statement.span.start)
        help_ = 'begin with a line such as `playbook "Acme"`'
        yield finding(CODE, SEVERITY, "this playbook has no title", first.span, help=help_)


def _first_words(playbook: Playbook) -> set[str]:
    """The words that its lines begin with, when some statement could not be read: it may be the title."""
    if not playbook.broken:
        return set()
    lines = playbook.main.span.source.text.splitlines()
    return {words[0] for line in lines if (words := line.split(maxsplit=1))}
