"""How a check says what it found."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from engine.language import syntax as s
from engine.language.diagnostics import Diagnostic, Label, Severity
from engine.language.source import Span
from engine.language.suggest import nearest


def finding(
    code: str,
    severity: Severity,
    message: str,
    span: Span,
    label: str = "",
    *,
    help: str | None = None,  # noqa: A002  the word of the diagnostic
    also: Iterable[tuple[Span, str]] = (),
) -> Diagnostic:
    """A diagnostic with one main place; `also` are further places and what to say beside them."""
    labels = tuple(Label(place, text) for place, text in also)
    return Diagnostic(code, severity, message, Label(span, label), labels, help)


def unknown_name(name: str, known: Iterable[str]) -> str | None:
    """`did you mean ...`, only when something is near.

    >>> unknown_name("saftey", ["safety"])
    'did you mean `safety`?'
    """
    near = _nearest(name, tuple(known))
    return f"did you mean `{near}`?" if near else None


@lru_cache(maxsize=1024)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    """A misspelt name is often misspelt in a hundred rules."""
    return nearest(name, known)


_WORDS: dict[type, str] = {
    s.Hours: "hours",
    s.Terms: "terms",
    s.Field: "field",
    s.Define: "define",
    s.Scale: "scale",
    s.Score: "score",
    s.Watch: "watch",
    s.Step: "step",
    s.Matrix: "matrix",
    s.Outcome: "outcome",
    s.Ladder: "ladder",
    s.Reply: "reply",
}


def word_for(definition: s.Named) -> str:
    """The word that such a definition begins with."""
    return _WORDS[type(definition)]


def kind_of(definition: s.Named) -> str:
    """What people call it: a term list rather than `terms`."""
    return {s.Terms: "term list", s.Define: "condition"}.get(type(definition)) or word_for(definition)


def part_of(text: s.Text | s.Pattern, start: int, end: int) -> Span:
    """Where a part of a quoted text stands; the whole text when marks before it were written with a backslash."""
    span = text.span
    if span.end - span.start != len(text.text) + 2:
        return span
    return Span(span.source, span.start + 1 + start, span.start + 1 + end)
