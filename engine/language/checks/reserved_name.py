"""A definition takes a name that already means something.

A condition could not tell your scale `sentiment` from the signal, nor a level `unknown` from `is unknown`; and the
outcomes `public`, `private`, `ignore` and `none` exist in every playbook.

Wrong:
    define sentiment: text asks a question

Right:
    define asks: text asks a question
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision import PLAIN_OUTCOMES
from engine.language import syntax as s
from engine.language.checks.finding import finding, kind_of
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.message import FIELD, SIGNAL

CODE = "HK210"
SEVERITY = Severity.ERROR

_EVERYWHERE = frozenset({"text", "unknown", "known"})
_LEVELS = frozenset({"unknown", "known", "not", "one"})
_TARGETS = frozenset({"step", "respond", "take", "hand", "no"})
_LISTS = frozenset({"brand", "at"})


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every definition and every level whose name is taken."""
    for definition in playbook.definitions():
        meaning = _meaning(definition)
        if meaning is not None:
            name = definition.name
            article = "an" if isinstance(definition, s.Outcome) else "a"
            message = f"{article} {kind_of(definition)} cannot be called `{name.text}`"
            yield finding(CODE, SEVERITY, message, name.span, meaning)
    for scale in playbook.scales.values():
        for level in scale.levels:
            if level.text in _LEVELS:
                message = f"a level cannot be called `{level.text}`"
                yield finding(CODE, SEVERITY, message, level.span, "conditions use this word")


def _meaning(definition: s.Named) -> str | None:
    name = definition.name.text
    if name in _EVERYWHERE:
        return "conditions use this word"
    match definition:
        case s.Define() | s.Scale() | s.Score() | s.Watch():
            if name in SIGNAL:
                return "this is a signal that every message has"
            return "this is a field that every message has" if name in FIELD else None
        case s.Terms():
            return "conditions use this word after `text mentions`" if name in _LISTS else None
        case s.Outcome():
            if name in PLAIN_OUTCOMES:
                return f"every playbook has it already: {PLAIN_OUTCOMES[name]}"
            if name == "start":
                return "this is the name of the first step"
            return "a rule would read it as the beginning of a decision" if name in _TARGETS else None
        case _:
            return None
