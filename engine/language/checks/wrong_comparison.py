"""Something is compared with what it can never be.

Numbers are compared with numbers, scales with their levels, texts with texts in quotes; a yes-or-no field stands alone;
a watch `is open`, `is closed` or `opened within 2h`. Only what has an order knows `>=`.

Wrong:
    define odd: text >= 3

Right:
    define odd: text mentions "odd"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import Comparison, comparisons
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.source import Span
from engine.language.types import Role, Type
from engine.message import Kind

CODE = "HK301"
SEVERITY = Severity.ERROR

_EXAMPLES = {
    Kind.YES_NO: "write `{0}` or `not {0}`",
    Kind.COUNT: "write `{0} >= 10`",
    Kind.NUMBER: "write `{0} >= 3`",
    Kind.DURATION: "write `{0} >= 1h`",
    Kind.TEXT: 'write `{0} is "..."` or `{0} contains "..."`',
    Kind.TIME: "write `{0} is known` or `{0} is unknown`",
    Kind.LIST: 'write `{0} includes "..."`',
}


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every condition that makes no sense for its name."""
    for comparison in comparisons(playbook):
        wrong = _wrong(comparison)
        if wrong is None:
            continue
        why, span = wrong
        name, type_ = comparison.name.text, comparison.type
        message = f"`{name}` is {type_.in_words}, {why}"
        yield finding(CODE, SEVERITY, message, span, help=_example(name, type_))


def _wrong(comparison: Comparison) -> tuple[str, Span] | None:
    """What is wrong with it, and where; None when it makes sense."""
    condition, type_ = comparison.condition, comparison.type
    watch, yes_no = type_.role is Role.WATCH, type_.kind is Kind.YES_NO
    match condition:
        case s.Holds():
            return None if yes_no and not watch else ("which is no condition by itself", condition.span)
        case s.Unknown():
            return ("which is always known", condition.span) if watch else None
        case s.Opened():
            return None if watch else ("and only a watch opens", condition.span)
        case s.Includes():
            return None if type_.kind is Kind.LIST else ("and only a list includes something", condition.span)
        case s.Contains():
            return None if type_.kind is Kind.TEXT else ("and only a text contains something", condition.span)
        case s.Compare() | s.Between() if not type_.is_ordered:
            return ("which has no order", condition.span)
        case _:
            return next((_wrong_value(type_, value) for value in comparison.values if _refused(type_, value)), None)


def _refused(type_: Type, value: s.Value) -> bool:
    match value:
        case s.Name(text=text):
            if type_.role is Role.WATCH:
                return text not in {"open", "closed"}
            return not type_.levels and type_.kind is not Kind.CATEGORY
        case s.Text():
            return type_.kind not in {Kind.TEXT, Kind.CATEGORY}
        case s.Number():
            return not type_.is_number and type_.kind is not Kind.DURATION
        case s.Duration():
            return not type_.is_number and type_.kind is not Kind.DURATION


def _wrong_value(type_: Type, value: s.Value) -> tuple[str, Span]:
    match value:
        case s.Name(text=text) if type_.kind is Kind.TEXT:
            return f'so `{text}` must stand in quotes: `"{text}"`', value.span
        case s.Name(text=text):
            return f"which cannot be `{text}`", value.span
        case s.Text():
            return "which cannot be compared with a text in quotes", value.span
        case s.Number():
            return "which cannot be compared with a number", value.span
        case s.Duration():
            return "which cannot be compared with a length of time", value.span


def _example(name: str, type_: Type) -> str | None:
    if type_.role is Role.WATCH:
        return f"write `{name} is open`, `{name} is closed` or `{name} opened within 2h`"
    if type_.role is Role.SCALE:
        return f"write `{name} is {type_.levels[-1]}`"
    if type_.role is Role.SIGNAL:
        level = f" or `{name} is {type_.levels[0]}`" if type_.levels else ""
        return f"write `{name} >= 0.5`{level}"
    if type_.kind is Kind.CATEGORY:
        return f"write `{name} is {type_.words[0]}`"
    if name == "text":
        return 'write `text mentions "..."`'
    return _EXAMPLES[type_.kind].format(name)
