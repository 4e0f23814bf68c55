"""Two definitions have the same name.

A scale, a score, a condition, a watch and a field share their names, because a condition could not tell them apart; so
do steps and matrices. A definition that a used file already has is changed only on purpose: with `replace`, or for a
term list with `extend`.

Wrong:
    terms anger "worst"
    terms anger "scam"

Right:
    terms anger "worst", "scam"
"""

from __future__ import annotations

from engine.language import syntax as s
from engine.language.checks.finding import finding, kind_of, word_for
from engine.language.diagnostics import Diagnostic, Severity

CODE = "HK115"
SEVERITY = Severity.ERROR


def report(one: s.Named, earlier: s.Named, *, used: bool) -> Diagnostic:
    """Show both; `used` says that the earlier one is in a used file."""
    return finding(
        CODE,
        SEVERITY,
        f"`{one.name.text}` is defined twice",
        one.name.span,
        "here again",
        help=_help(one, earlier) if used else None,
        also=[(earlier.name.span, _first(one, earlier))],
    )


def _first(one: s.Named, earlier: s.Named) -> str:
    if type(one) is type(earlier):
        return "first here"
    return f"first here, as {'an' if isinstance(earlier, s.Outcome) else 'a'} {kind_of(earlier)}"


def _help(one: s.Named, earlier: s.Named) -> str | None:
    if type(one) is not type(earlier) or isinstance(one, s.Field):
        return None
    word, name = word_for(one), one.name.text
    instead = f"`replace {word} {name}` to put yours in its place"
    if isinstance(one, s.Terms):
        return f"write `extend terms {name}` to add to it, or {instead}"
    return f"write {instead}"
