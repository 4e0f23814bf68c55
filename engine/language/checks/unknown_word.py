"""A field is compared with a word that it does not know.

Fields such as `channel`, `visibility` and `lang` have words of their own, written without quotes. A word that is not
among them may stand in quotes when the field is open to others, as `channel` and `lang` are.

Wrong:
    define hidden: visibility is secret

Right:
    define hidden: visibility is private
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import Comparison, comparisons, listed
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.suggest import nearest
from engine.message import Kind

CODE = "HK206"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every word that a category does not have."""
    for comparison in comparisons(playbook):
        if comparison.type.kind is not Kind.CATEGORY or not isinstance(comparison.condition, s.Is | s.OneOf):
            continue
        for value in comparison.values:
            if isinstance(value, s.Name) and value.text not in comparison.type.words:
                yield _unknown(comparison, value)
            elif isinstance(value, s.Text) and comparison.type.closed:
                yield _closed(comparison, value)


def _unknown(comparison: Comparison, value: s.Name) -> Diagnostic:
    words = comparison.type.words
    help_ = unknown_name(value.text, words)
    if help_ is None and not comparison.type.closed:
        help_ = f'if you mean another one, write it in quotes: `"{value.text}"`'
    message = f"`{comparison.name.text}` has no word `{value.text}`"
    return finding(CODE, SEVERITY, message, value.span, f"it is {listed(words)}", help=help_)


def _closed(comparison: Comparison, value: s.Text) -> Diagnostic:
    words = comparison.type.words
    near = nearest(value.text, words)
    message = f"`{comparison.name.text}` is one of its own words, which stand without quotes"
    return finding(
        CODE, SEVERITY, message, value.span, f"it is {listed(words)}", help=f"write `{near}`" if near else None
    )
