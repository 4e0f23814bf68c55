"""How a check says what it found."""

from __future__ import annotations

from collections.abc import Iterable

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
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else None


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
