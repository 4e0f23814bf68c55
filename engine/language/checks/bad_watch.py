"""A watch can never open, or never close.

A watch has one `opens` line, and may have one `closes` and one `cool down` line. It closes below a smaller count than
it opens at, so that it does not flicker; counts are whole numbers from 1, and times are longer than zero.

Wrong:
    watch wave counts sentiment is negative
      opens at 20 within 1h
      closes below 30 within 6h

Right:
    watch wave counts sentiment is negative
      opens at 20 within 1h
      closes below 5 within 6h
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import type_of
from engine.message import Kind

CODE = "HK311"
SEVERITY = Severity.ERROR

_KEYS = frozenset({Kind.TEXT, Kind.CATEGORY, Kind.YES_NO})
_LINES = ((s.OpensAt | s.OpensRelative, "opens"), (s.ClosesBelow, "closes"), (s.CoolDown, "cool down"))


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Everything in a watch that contradicts itself."""
    for watch in playbook.watches.values():
        yield from _lines(watch)
        yield from (_bad_amount(amount) for line in watch.lines for amount in _amounts(line) if not _sound(amount))
        yield from _never_closes(watch)
        type_ = type_of(playbook, watch.key.text) if watch.key else None
        if watch.key and type_ is not None and type_.kind not in _KEYS:
            message = f"a watch cannot count by `{watch.key.text}`, which is {type_.in_words}"
            yield finding(CODE, SEVERITY, message, watch.key.span, "a field such as `product` belongs here")


def _lines(watch: s.Watch) -> Iterator[Diagnostic]:
    for kind, word in _LINES:
        several = [line for line in watch.lines if isinstance(line, kind)]
        if word == "opens" and not several:
            message = f"the watch `{watch.name.text}` never opens"
            help_ = "add a line such as `opens at 20 within 1h`"
            yield finding(CODE, SEVERITY, message, watch.name.span, "it has no `opens` line", help=help_)
        for line in several[1:]:
            also = [(several[0].span, "first here")]
            yield finding(CODE, SEVERITY, f"a watch has one `{word}` line", line.span, "a second one", also=also)


def _amounts(line: s.WatchLine) -> tuple[s.Number | s.Duration, ...]:
    match line:
        case s.OpensAt(count=count, within=within) | s.ClosesBelow(count=count, within=within):
            return (count, within)
        case s.OpensRelative(times=times, over=over, at_least=at_least):
            return (times, over) if at_least is None else (times, over, at_least)
        case s.CoolDown(duration=duration):
            return (duration,)


def _sound(amount: s.Number | s.Duration) -> bool:
    if isinstance(amount, s.Duration):
        return amount.seconds > 0
    return amount.value > 0 if amount.written.endswith("x") else amount.value >= 1 and amount.value == amount.value // 1


def _bad_amount(amount: s.Number | s.Duration) -> Diagnostic:
    if isinstance(amount, s.Duration):
        return finding(CODE, SEVERITY, "a watch needs a time longer than zero", amount.span)
    if amount.written.endswith("x"):
        return finding(
            CODE, SEVERITY, "a watch cannot open at nothing", amount.span, "a factor such as `3x` belongs here"
        )
    return finding(CODE, SEVERITY, "a watch counts whole messages, from 1", amount.span)


def _never_closes(watch: s.Watch) -> Iterator[Diagnostic]:
    opening = next((one for one in watch.lines if isinstance(one, s.OpensAt | s.OpensRelative)), None)
    count = opening.count if isinstance(opening, s.OpensAt) else opening.at_least if opening else None
    for line in watch.lines:
        if isinstance(line, s.ClosesBelow) and count is not None and line.count.value >= count.value:
            message = f"this watch opens at {count.written}, so it must close below a smaller count"
            also = [(count.span, "opens here")]
            yield finding(CODE, SEVERITY, message, line.count.span, f"not below {count.written}", also=also)
