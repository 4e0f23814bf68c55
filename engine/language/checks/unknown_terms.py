"""No term list has this name.

A condition, a score line or an `extend` names a term list that neither this playbook nor a file that it uses declares.
The condition could never be true, so the playbook does not load.

Wrong:
    terms safety "caught fire"
    define danger: text mentions saftey

Right:
    terms safety "caught fire"
    define danger: text mentions safety
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK201"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every name of a term list that is not declared."""
    for name in named_lists(playbook):
        if name.text not in playbook.terms and name.text not in playbook.broken:
            yield finding(
                CODE,
                SEVERITY,
                f"no term list is called `{name.text}`",
                name.span,
                "not declared here or in a used file",
                help=unknown_name(name.text, playbook.terms),
            )


def named_lists(playbook: Playbook) -> Iterator[s.Name]:
    """The names of term lists wherever a condition or a score line names one."""
    for condition in playbook.inner_conditions():
        if isinstance(condition, s.Mentions) and isinstance(condition.words, s.Name):
            yield condition.words
    for score in playbook.scores.values():
        yield from (line.terms for line in score.lines if isinstance(line, s.PointsEach))
