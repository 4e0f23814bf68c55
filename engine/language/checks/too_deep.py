"""A condition has too many brackets inside brackets.

A condition may be nested 50 deep; nobody can read more. Give the inner parts a name with `define`.

Wrong:
    define odd:
      not not not not not not not not not not not not not not not not not not not not not not not not not not
      not not not not not not not not not not not not not not not not not not not not not not not not not not author.vip

Right:
    define vip: author.vip or author.verified
    define odd: not vip
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook, conditions_of

CODE = "HK120"
SEVERITY = Severity.ERROR

DEEPEST = 50
"""Assumption: deeper than any condition that a person wrote by hand, and far from the limits of the machine."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every condition that goes too deep, where it does so first."""
    yield from _report(playbook.conditions())


def check_file(file: s.File) -> Iterator[Diagnostic]:
    """The same for one file by itself, which the formatter asks for."""
    for statement in file.statements:
        match statement:
            case s.Guarantee(condition=condition):
                yield from _report([condition])
            case s.Replace(definition):
                if not isinstance(definition, s.Brand):
                    yield from _report(conditions_of(definition))
            case s.Header() | s.Use() | s.Brand() | s.Extend():
                pass
            case _:
                yield from _report(conditions_of(statement))


def _report(conditions: Iterable[s.Condition]) -> Iterator[Diagnostic]:
    for condition in conditions:
        place = _too_deep(condition)
        if place is not None:
            yield finding(
                CODE,
                SEVERITY,
                f"this condition is nested more than {DEEPEST} deep",
                place.span,
                f"level {DEEPEST + 1} begins here",
                help="name its inner parts with `define`",
            )


def _too_deep(condition: s.Condition) -> s.Condition | None:
    waiting = [(condition, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            return one
        match one:
            case s.Or(parts) | s.And(parts):
                waiting.extend((part, depth + 1) for part in reversed(parts))
            case s.Not(part):
                waiting.append((part, depth + 1))
            case _:
                pass
    return None
