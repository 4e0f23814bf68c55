"""A condition looks at something that does not exist.

A condition, a score line or a watch may look at a field of the message, a signal such as `sentiment`, and what the
playbook declares: scales, scores, watches, named conditions and extra fields.

Wrong:
    define loud: author.folowers >= 10k

Right:
    define loud: author.followers >= 10k
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import names_used_by
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import names_in_conditions, operand, type_of
from engine.message import AFTERWARDS

CODE = "HK202"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every name in a condition, a score or a watch that is nothing."""
    known: list[str] | None = None
    level_of = {level.text: name for name, scale in playbook.scales.items() for level in scale.levels}
    for name in _looked_at(playbook):
        if name.text in playbook.broken or type_of(playbook, name.text) is not None:
            continue
        if name.text in AFTERWARDS:
            yield finding(
                CODE,
                SEVERITY,
                f"`{name.text}` is known only after the decision",
                name.span,
                "a condition cannot look at it",
                help="`thread.our_replies >= 1` asks whether we answered in this thread before",
            )
            continue
        known = known or names_in_conditions(playbook)
        yield finding(
            CODE,
            SEVERITY,
            f"nothing is called `{name.text}`",
            name.span,
            "no message field, signal or declaration has this name",
            help=_help(playbook, name.text, known, level_of),
        )


def _help(playbook: Playbook, name: str, known: list[str], level_of: dict[str, str]) -> str | None:
    if name in playbook.terms:
        return f"`{name}` is a term list: write `text mentions {name}`"
    if name in level_of:
        return f"`{name}` is a level: write `{level_of[name]} is {name}`"
    return unknown_name(name, known)


def _looked_at(playbook: Playbook) -> Iterator[s.Name]:
    for definition in playbook.definitions():
        if not isinstance(definition, s.Matrix):
            yield from names_used_by(definition)
    for guarantee in playbook.guarantees:
        for condition in s.conditions_within(guarantee.condition):
            name = operand(condition)
            if name is not None:
                yield name
