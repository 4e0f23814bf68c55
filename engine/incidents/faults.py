"""What can be wrong with a playbook: one fault at a time, as a tired person might put it in at night."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from engine.graph import outcome_of
from engine.language import syntax as s
from engine.language.format import condition_text, modifier_text, target_text
from engine.language.playbook import Playbook
from engine.language.source import Span
from engine.language.types import Role, type_of
from engine.message import FIELD, SIGNAL, Kind

SMALL = 20
"""Whole numbers up to here are nudged by one, others by a tenth. Assumption: about what a slip of a hand changes."""
NUDGE = 0.1
FINE_NUDGE = 0.05
"""By so much fractions are nudged, as of a sentiment."""
CARRIED = (
    "tag", "priority", "assign", "say", "pause publishing", "acknowledge", "reply", "resolve", "follow up", "escalate",
)  # fmt: skip
"""Modifiers that can be left out: all but the reason, which is for people."""

T = TypeVar("T")
_FLIPPED = {">=": "<", "<": ">=", ">": "<=", "<=": ">"}
_EDGE = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: what stood at a place, and what stands there instead.

    `statement` is the statement that is changed, in the file of its span, and `becomes` what it is changed into; None
    when it is taken out. `removed` is the term that is missing.
    """

    span: Span
    kind: str
    was: str
    becomes_text: str
    statement: s.Statement
    becomes: s.Statement | None
    removed: s.Phrase | None = None

    @property
    def change(self) -> str:
        """What was done, in words."""
        return f"{self.was} becomes {self.becomes_text}" if self.becomes_text else f"without {self.was}"


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A node changed, and how."""

    span: Span
    kind: str
    was: str
    becomes_text: str
    node: T

    def within(self, put: Callable[[T], Any]) -> Change[Any]:
        """The same change, of the node around it."""
        return Change(self.span, self.kind, self.was, self.becomes_text, put(self.node))


class Faults:
    """Finds what can be wrong with one playbook, statement by statement."""

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook

    def of(self, statement: s.Statement) -> Iterator[Mutant]:
        """Every fault of a statement."""
        definition = statement.definition if isinstance(statement, s.Extend | s.Replace) else statement
        match definition:
            case s.Terms(phrases=phrases) | s.Brand(phrases=phrases):
                yield from self.terms(statement, phrases)
                return
            case s.Define(condition=condition):
                changes = [one.within(_put(definition, "condition")) for one in self.condition(condition)]
            case s.Scale():
                changes = list(self.scale(definition))
            case s.Score():
                changes = list(self.score(definition))
            case s.Step():
                changes = list(self.step(definition))
            case s.Matrix():
                changes = list(self.matrix(definition))
            case s.Outcome():
                changes = list(self.outcome(definition))
            case _:
                return
        for one in changes:
            whole = one.node if definition is statement else replace(statement, definition=one.node)
            yield Mutant(one.span, one.kind, one.was, one.becomes_text, statement, whole)

    def terms(self, statement: s.Statement, phrases: tuple[s.Phrase, ...]) -> Iterator[Mutant]:
        """Each term taken out; a list is never left without any."""
        alone = len(phrases) == 1
        if alone and not isinstance(statement, s.Extend):
            return  # a list without terms would not load
        for phrase in phrases:
            left = tuple(one for one in phrases if one is not phrase)
            becomes = None if alone else _put_phrases(statement, left)
            yield Mutant(phrase.span, "term removed", phrase.span.text, "", statement, becomes, phrase)

    # -- definitions

    def scale(self, scale: s.Scale) -> Iterator[Change[s.Scale]]:
        """Levels changed, rules removed or swapped, and what is wrong with their conditions."""
        levels = [level.text for level in scale.levels]
        for number, rule in enumerate(scale.rules):
            put = _put_item(scale, "rules", number)
            at = levels.index(rule.level.text)
            other = s.Name(levels[at - 1 if at else 1], rule.level.span)
            yield Change(
                rule.level.span, "level changed", rule.level.text, other.text, replace(rule, level=other)
            ).within(put)
            if rule.condition is None:
                continue
            yield from (one.within(_put(rule, "condition")).within(put) for one in self.condition(rule.condition))
            yield from _moved(scale, "rules", number, lambda one: f"{one.level.text} when {_text(one.condition)}")

    def score(self, score: s.Score) -> Iterator[Change[s.Score]]:
        """Lines removed, and what is wrong with their conditions and caps."""
        for number, line in enumerate(score.lines):
            put = _put_item(score, "lines", number)
            if len(score.lines) > 1:
                left = tuple(one for one in score.lines if one is not line)
                yield Change(line.span, "points removed", line.span.text, "", replace(score, lines=left))
            if isinstance(line, s.PointsWhen):
                yield from (one.within(_put(line, "condition")).within(put) for one in self.condition(line.condition))
            if isinstance(line, s.PointsEach) and line.at_most is not None:
                for more in _nudged(line.at_most, 1, math.inf):
                    change = Change(line.at_most.span, "threshold nudged", line.at_most.written, more.written, more)
                    yield change.within(_put(line, "at_most")).within(put)

    def step(self, step: s.Step) -> Iterator[Change[s.Step]]:
        """Rules that lead elsewhere or carry less, removed or swapped, and what is wrong with their conditions."""
        for number, rule in enumerate(step.rules):
            put = _put_item(step, "rules", number)
            yield from (one.within(put) for one in self.leads_elsewhere(rule))
            yield from (one.within(put) for one in _without_modifiers(rule))
            if rule.condition is None:
                continue
            yield from (one.within(_put(rule, "condition")).within(put) for one in self.condition(rule.condition))
            yield from _moved(step, "rules", number, lambda one: f"when {_text(one.condition)}")

    def leads_elsewhere(self, rule: s.Rule) -> Iterator[Change[s.Rule]]:
        """The rule with another decision; what only a hand-off or an answer can carry goes with it."""
        other = self.other(rule.target)
        kept = tuple(one for one in rule.modifiers if one.kind in {"because", "tag", "priority"})
        node = replace(rule, target=other, modifiers=kept)
        yield Change(rule.target.span, "outcome changed", target_text(rule.target), other.decision, node)

    def other(self, target: s.Target) -> s.Verdict:
        """Another decision than this target's."""
        outcome = outcome_of(self.playbook, target, ())
        decision = "no reply needed" if outcome is None else "respond publicly"
        if decision == (outcome.decision if outcome else None):
            decision = "take private"
        return s.Verdict(decision, None, target.span)

    def matrix(self, matrix: s.Matrix) -> Iterator[Change[s.Matrix]]:
        """Each cell with what stands beside it, or another plain outcome."""
        rows = [row.cells for row in matrix.rows]
        for down, row in enumerate(matrix.rows):
            for across, cell in enumerate(row.cells):
                near = [(down, across + 1), (down, across - 1), (down + 1, across), (down - 1, across)]
                others = [rows[i][j] for i, j in near if 0 <= i < len(rows) and 0 <= j < len(row.cells)]
                plain = [s.OutcomeName(s.Name(word, cell.span), cell.span) for word in ("private", "public")]
                other = next(one for one in (*others, *plain) if one != cell)
                what = target_text(cell)
                at = f"{row.level.text}, {matrix.head[across].text}: "
                changed = replace(row, cells=(*row.cells[:across], other, *row.cells[across + 1 :]))
                yield Change(cell.span, "outcome changed", at + what, target_text(other), changed).within(
                    _put_item(matrix, "rows", down)
                )

    def outcome(self, outcome: s.Outcome) -> Iterator[Change[s.Outcome]]:
        """Another decision, or something left out."""
        decision = "take private" if outcome.verdict.decision == "respond publicly" else "respond publicly"
        other = s.Verdict(decision, None, outcome.verdict.span)
        was = target_text(outcome.verdict)
        yield Change(outcome.verdict.span, "outcome changed", was, decision, replace(outcome, verdict=other))
        yield from _without_modifiers(outcome)

    # -- conditions

    def condition(self, condition: s.Condition) -> Iterator[Change[s.Condition]]:
        """Every fault of a condition and of the conditions within it."""
        match condition:
            case s.And(parts) | s.Or(parts):
                turned = (s.Or if isinstance(condition, s.And) else s.And)(parts, condition.span)
                words = ("and", "or") if isinstance(condition, s.And) else ("or", "and")
                yield Change(condition.span, f"{words[0]} becomes {words[1]}", _text(condition), _text(turned), turned)
                for number, part in enumerate(parts):
                    left = parts[:number] + parts[number + 1 :]
                    node = left[0] if len(left) == 1 else replace(condition, parts=left)
                    yield Change(part.span, "condition dropped", _text(part), "", node)
                    yield from (one.within(_put_item(condition, "parts", number)) for one in self.condition(part))
            case s.Not(part):
                yield Change(condition.span, "negation dropped", _text(condition), _text(part), part)
                if isinstance(part, s.And | s.Or):
                    yield from (one.within(_put(condition, "part")) for one in self.condition(part))
            case s.Compare():
                yield from self.comparison(condition)
            case s.Between(left, low, high):
                ends = [(low, replace(condition, low=value)) for value in self.nudged(left, low)]
                ends += [(high, replace(condition, high=value)) for value in self.nudged(left, high)]
                for end, between in ends:
                    yield Change(end.span, "threshold nudged", _text(condition), _text(between), between)
                yield self.negated(condition)
            case s.Is() | s.OneOf() | s.Unknown():
                node = replace(condition, negated=not condition.negated)
                yield Change(condition.span, "condition negated", _text(condition), _text(node), node)
                if isinstance(condition, s.OneOf) and len(condition.values) > 1:
                    for value in condition.values:
                        left_over = tuple(one for one in condition.values if one is not value)
                        fewer = replace(condition, values=left_over)
                        yield Change(value.span, "value dropped", _value(value), "", fewer)
                if isinstance(condition, s.Is):
                    for value in self.nudged(condition.left, condition.value):
                        node = replace(condition, value=value)
                        yield Change(condition.value.span, "level changed", _text(condition), _text(node), node)
            case s.Mentions(_, at_least):
                yield self.negated(condition)
                if at_least is not None:
                    for other in _nudged(at_least, 1, math.inf):
                        node = replace(condition, at_least=other)
                        yield Change(at_least.span, "threshold nudged", _text(condition), _text(node), node)
            case _:
                yield self.negated(condition)

    def negated(self, condition: s.Condition) -> Change[s.Condition]:
        """The opposite of a condition."""
        node = s.Not(condition, condition.span)
        return Change(condition.span, "condition negated", _text(condition), _text(node), node)

    def comparison(self, condition: s.Compare) -> Iterator[Change[s.Condition]]:
        """A comparison turned round, moved by its edge, or against a value beside its own."""
        turned = replace(condition, operator=_FLIPPED[condition.operator])
        yield Change(condition.span, "comparison flipped", _text(condition), _text(turned), turned)
        if not isinstance(condition.value, s.Name):
            edge = replace(condition, operator=_EDGE[condition.operator])
            yield Change(condition.span, "comparison moved", _text(condition), _text(edge), edge)
        for value in self.nudged(condition.left, condition.value):
            node = replace(condition, value=value)
            yield Change(condition.value.span, "threshold nudged", _text(condition), _text(node), node)

    def nudged(self, left: s.Name, value: s.Value) -> Iterator[s.Value]:
        """The values beside this one that may stand there too."""
        known = type_of(self.playbook, left.text)
        if known is None or known.role is Role.WATCH:
            return
        match value:
            case s.Name(text) if text in known.levels:
                at = known.levels.index(text)
                yield from (s.Name(known.levels[i], value.span) for i in (at - 1, at + 1) if 0 <= i < len(known.levels))
            case s.Number():
                low, high = -math.inf, math.inf
                if known.role is Role.SIGNAL:
                    low, high = SIGNAL[left.text].low, SIGNAL[left.text].high
                elif left.text in FIELD:
                    bounds = FIELD[left.text]
                    low = bounds.low if bounds.low is not None else low
                    high = bounds.high if bounds.high is not None else high
                whole = known.kind is Kind.COUNT
                yield from _nudged(value, max(low, 0) if whole else low, high)
            case s.Duration():
                yield from _nudged_duration(value)
            case _:
                pass


def _nudged(number: s.Number, low: float, high: float) -> list[s.Number]:
    """A number a little lower and a little higher, within its bounds."""
    value = number.value
    if value != int(value) or (low >= -1 and high <= 1):
        by = FINE_NUDGE if abs(value) <= 1 else abs(value) * NUDGE
    else:
        by = 1 if abs(value) <= SMALL else max(1, round(abs(value) * NUDGE))
    both = [round(one, 6) for one in (value - by, value + by) if low <= round(one, 6) <= high]
    return [s.Number(one, _written(one, number.written), number.span) for one in both]


def _written(value: float, like: str) -> str:
    """A number in the unit of the one that it takes the place of."""
    for unit, size in (("k", 1e3), ("M", 1e6), ("%", 0.01)):
        if like.endswith(unit):
            return f"{value / size:.10g}{unit}"
    return f"{value:.10g}"


def _nudged_duration(value: s.Duration) -> list[s.Duration]:
    by = max(1, round(value.seconds * NUDGE))
    both = [round(value.seconds) - by, round(value.seconds) + by]
    return [s.Duration(one, _duration(one), value.span) for one in both if one > 0]


def _duration(seconds: int) -> str:
    return next(
        f"{seconds // size}{unit}"
        for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
        if seconds % size == 0
    )


def _moved(owner: Any, items: str, number: int, text: Callable[[Any], str]) -> Iterator[Change[Any]]:
    """A rule taken out, and one that comes after the rule that it stood before."""
    rules = getattr(owner, items)
    rule = rules[number]
    left = rules[:number] + rules[number + 1 :]
    yield Change(rule.span, "rule removed", text(rule), "", replace(owner, **{items: left}))
    if number + 1 < len(rules) and rules[number + 1].condition is not None:
        after = rules[number + 1]
        if replace(after, condition=rule.condition) == rule:
            return  # both lead to the same, so their order is no matter
        turned = (*rules[:number], after, rule, *rules[number + 2 :])
        yield Change(
            rule.span,
            "rules swapped",
            f"`{text(rule)}` before `{text(after)}`",
            "the other way round",
            replace(owner, **{items: turned}),
        )


def _without_modifiers(owner: Any) -> Iterator[Change[Any]]:
    for modifier in owner.modifiers:
        if modifier.kind in CARRIED:
            left = tuple(one for one in owner.modifiers if one is not modifier)
            yield Change(modifier.span, "left out", modifier_text(modifier), "", replace(owner, modifiers=left))


def _put(owner: Any, name: str) -> Callable[[Any], Any]:
    return lambda node: replace(owner, **{name: node})


def _put_item(owner: Any, name: str, number: int) -> Callable[[Any], Any]:
    items = getattr(owner, name)
    return lambda node: replace(owner, **{name: (*items[:number], node, *items[number + 1 :])})


def _put_phrases(statement: Any, phrases: tuple[s.Phrase, ...]) -> Any:
    if isinstance(statement, s.Extend | s.Replace):
        return replace(statement, definition=_put_phrases(statement.definition, phrases))
    return replace(statement, phrases=phrases)


def _text(condition: s.Condition | None) -> str:
    return condition_text(condition) if condition is not None else "otherwise"


def _value(value: s.Value) -> str:
    return value.text if isinstance(value, s.Name | s.Text) else value.written
