"""A playbook and its graph to a plan: the typed expressions that both evaluators run.

A *fact* is a named value of one message: a message field, a signal, how many distinct terms of a list its text
mentions, or what a scale, score or define of the playbook makes of them. Everything here is frozen and picklable.

Longer than other modules because the expressions and the lowering of conditions to them are read together.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from engine.decision import label
from engine.graph import Graph, NodeKind, Outcome, build, outcome_of
from engine.language import syntax as s
from engine.language.format import condition_text, modifier_text
from engine.language.playbook import Playbook
from engine.language.types import Role, Type, operand, type_of
from engine.message import SIGNAL, Kind

BRAND = "#brand"
PERSONAL_DATA = "text.personal_data"
QUESTION = "text.question"
TEXT_FACTS = (PERSONAL_DATA, QUESTION)


# ---- expressions: true, false or unknown


@dataclass(frozen=True, slots=True)
class All:
    """Kleene's and: false when a part is false, else unknown when a part is unknown."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Kleene's or: true when a part is true, else unknown when a part is unknown."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """Kleene's not."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Number:
    """A number against a constant; `operator` is one of `>= <= > < == !=`. A scale's fact is its level's place, from 0."""

    fact: str
    operator: str
    value: float


@dataclass(frozen=True, slots=True)
class Same:
    """A text equals another: both NFKC-normalised and in lower case."""

    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A text contains another, a list has an item: both NFKC-normalised and in lower case."""

    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """A list has this item, both NFKC-normalised and in lower case."""

    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no fact."""

    fact: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The fact is unknown; itself never unknown."""

    fact: str


Atom = Number | Same | Holding | Item | Truth | Missing
Expression = All | Any | Opposite | Atom


# ---- what the playbook makes of the facts


@dataclass(frozen=True, slots=True)
class Guarded:
    """An expression with the condition it came from, for explanations. Two are equal when they mean the same."""

    expression: Expression
    condition: s.Condition = field(compare=False)

    @property
    def text(self) -> str:
        """The condition as its author wrote it."""
        return condition_text(self.condition)


@dataclass(frozen=True, slots=True)
class Definition:
    """A named condition."""

    name: str
    guard: Guarded


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """A level's place and when it holds; no guard is `otherwise`."""

    level: int
    guard: Guarded | None


@dataclass(frozen=True, slots=True)
class Scale:
    """The first rule that is true gives the level; never unknown."""

    name: str
    levels: tuple[str, ...]
    rules: tuple[ScaleRule, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """A line of a score. A number's share is `points * min(fact, at_most) / unit`; a guard's is `points` when true.

    What is unknown makes the score unknown, unless `if_unknown` gives the share.
    """

    points: float
    guard: Guarded | None = None
    fact: str | None = None
    unit: float = 1
    at_most: float | None = None
    if_unknown: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of its lines, in written order."""

    name: str
    lines: tuple[Points, ...]


Computed = Definition | Scale | Score


# ---- the way to a decision


@dataclass(frozen=True, slots=True)
class Arm:
    """One rule of a step: where it leads when its guard is the first true one. No guard is `otherwise`."""

    rule: str
    guard: Guarded | None
    target: str | None
    outcome: int | None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """Ordered arms; the last has no guard."""

    name: str
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class MatrixPlan:
    """Arms by level of `down` (slow) and of `across` (fast)."""

    name: str
    down: str
    across: str
    width: int
    arms: tuple[Arm, ...]


NodePlan = StepPlan | MatrixPlan


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a desk is open, by the wall clock of its zone.

    `weekly` has the shifts of each day from Monday on, in minutes from midnight; `closed` are days without any, counted from
    1970-01-01.
    """

    name: str
    zone: str
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    closed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """`reply within 1h in care hours, 12h otherwise`, in seconds: open ones, or the others for what comes when closed."""

    kind: str
    within: float
    hours: str | None
    otherwise: float | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What a decision's record says whatever the message is.

    `rungs` are who is told, each with the seconds after which that is.
    """

    rule: str
    decision: str
    team: str | None
    because: str
    tags: tuple[str, ...]
    priority: str | None
    assign: str | None
    reply: str | None
    pause_publishing: bool
    modifiers: tuple[str, ...]
    deadlines: tuple[Deadline, ...] = ()
    rungs: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A guarantee: what must always, or never, be decided of the messages of which `guard` is true; no team means any."""

    title: str
    always: bool
    decision: str
    team: str | None
    guard: Guarded

    @property
    def text(self) -> str:
        """The promise as its author wrote it."""
        decision = label(self.decision, self.team)
        return f"{'always' if self.always else 'never'} {decision} when {self.guard.text}"

    def broken_by(self, ending: Ending) -> bool:
        """Whether this decision breaks the promise, for a message of which the guard is true."""
        same = self.decision == ending.decision and self.team in {None, ending.team}
        return same != self.always


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is needed to decide. `nodes` are in an order in which every arm leads forward, the start first."""

    name: str
    version: str
    fields: tuple[str, ...]
    declared: dict[str, Kind]
    signals: tuple[str, ...]
    text_facts: tuple[str, ...]
    lists: dict[str, tuple[s.Phrase, ...]]
    always_unknown: tuple[str, ...]
    computed: tuple[Computed, ...]
    nodes: tuple[NodePlan, ...]
    endings: tuple[Ending, ...]
    not_evaluated: tuple[str, ...]
    promises: tuple[Promise, ...] = ()
    hours: dict[str, OpenHours] = field(default_factory=dict)

    @property
    def is_timed(self) -> bool:
        """Whether a decision may have a deadline, or somebody is told of it."""
        return any(ending.deadlines or ending.rungs for ending in self.endings)

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales, which every decision's record names."""
        return tuple(one for one in self.computed if isinstance(one, Scale))


def compile_plan(playbook: Playbook, graph: Graph | None = None, *, guarantees: bool = False) -> Plan:
    """The plan of a playbook without errors; with its guarantees when they are asked for, as they need facts of their own."""
    graph = graph or build(playbook)
    lowering = _Lowering(playbook)
    endings: list[Ending] = []
    nodes: list[NodePlan] = []
    by_source: dict[str, list[Arm]] = {}
    for edge in graph.edges:
        guard = lowering.guarded(edge.guard) if edge.guard is not None else None
        ending = None
        if edge.outcome is not None:
            ending = len(endings)
            endings.append(_ending(playbook, edge.rule, edge.guard_text, edge.outcome))
        arm = Arm(edge.rule, guard, None if edge.outcome else edge.target, ending)
        by_source.setdefault(edge.source, []).append(arm)
    for node in graph.nodes.values():
        if node.kind is NodeKind.STEP:
            nodes.append(StepPlan(node.name, tuple(by_source[node.id])))
        elif node.kind is NodeKind.MATRIX:
            matrix = playbook.matrices[node.name]
            lowering.need(matrix.down.text)
            lowering.need(matrix.across.text)
            width = len(playbook.scales[matrix.across.text].levels)
            nodes.append(MatrixPlan(node.name, matrix.down.text, matrix.across.text, width, tuple(by_source[node.id])))
    for name in playbook.scales:
        if playbook.is_main(playbook.scales[name].span) or name in {"severity", "exposure"}:
            lowering.need(name)
    promises = tuple(_promise(playbook, one, lowering) for one in playbook.guarantees) if guarantees else ()
    return Plan(
        playbook.name,
        playbook.version,
        tuple(lowering.fields),
        lowering.declared,
        tuple(lowering.signals),
        tuple(lowering.text_facts),
        lowering.lists,
        tuple(lowering.watches),
        tuple(lowering.computed.values()),
        tuple(nodes),
        tuple(endings),
        tuple(f"watch {name}" for name in playbook.watches),
        promises,
        {name: _open_hours(hours) for name, hours in playbook.hours.items()},
    )


def _promise(playbook: Playbook, guarantee: s.Guarantee, lowering: _Lowering) -> Promise:
    outcome = outcome_of(playbook, guarantee.promise, ())
    assert outcome is not None
    guard = lowering.guarded(guarantee.condition)
    return Promise(guarantee.title.text, guarantee.always, outcome.decision, outcome.team, guard)


def _ending(playbook: Playbook, rule: str, guard: str, outcome: Outcome) -> Ending:
    said: dict[str, str] = {}
    tags: list[str] = []
    for modifier in outcome.modifiers:
        if modifier.kind == "tag":
            tags.extend(value.text for value in modifier.values if isinstance(value, s.Text))
        elif modifier.values and isinstance(modifier.values[0], s.Name | s.Text):
            said[modifier.kind] = modifier.values[0].text
    kinds = {modifier.kind for modifier in outcome.modifiers}
    return Ending(
        rule,
        outcome.decision,
        outcome.team,
        said.get("because", guard if guard != "otherwise" else "nothing else in the step applied"),
        tuple(dict.fromkeys(tags)),
        said.get("priority"),
        said.get("assign"),
        said.get("say"),
        "pause publishing" in kinds,
        tuple(modifier_text(modifier) for modifier in outcome.modifiers),
        tuple(_deadline(modifier) for modifier in outcome.modifiers if modifier.kind in _CLOCKS),
        tuple(
            one for modifier in outcome.modifiers if modifier.kind == "escalate" for one in _rungs(playbook, modifier)
        ),
    )


_CLOCKS = ("acknowledge", "reply", "resolve", "follow up")


def _deadline(modifier: s.Modifier) -> Deadline:
    (value,) = modifier.values
    match value:
        case s.Clock(within, hours, otherwise):
            named = hours.text if hours else None
            return Deadline(modifier.kind, within.seconds, named, otherwise.seconds if otherwise else None)
        case s.Duration(seconds):
            return Deadline(modifier.kind, seconds, None, None)
        case _:
            raise AssertionError(modifier)


def _rungs(playbook: Playbook, modifier: s.Modifier) -> list[tuple[float, str]]:
    (name,) = modifier.values
    assert isinstance(name, s.Name)
    rungs = playbook.ladders[name.text].rungs
    return [(rung.after.seconds if rung.after else 0.0, who.text) for rung in rungs for who in rung.people]


def _open_hours(hours: s.Hours) -> OpenHours:
    weekly: list[list[tuple[int, int]]] = [[] for _ in _WEEK]
    closed: list[int] = []
    for line in hours.lines:
        if isinstance(line, s.Closed):
            closed += [(date.fromisoformat(day.written) - date(1970, 1, 1)).days for day in line.days]
            continue
        shifts = [(one.opens.minute, one.closes.minute) for one in line.openings]
        for span in line.days:
            first, last = _WEEK.index(span.first), _WEEK.index(span.last)
            for day in range(first, last + 1 if last >= first else last + 8):
                weekly[day % 7] += shifts
    return OpenHours(
        hours.name.text, hours.zone.text, tuple(tuple(sorted(one)) for one in weekly), tuple(sorted(closed))
    )


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Lowering:
    """Conditions to expressions, noting every fact that they need, each before what needs it."""

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.fields: dict[str, None] = {}
        self.declared: dict[str, Kind] = {}
        self.signals: dict[str, None] = {}
        self.text_facts: dict[str, None] = {}
        self.lists: dict[str, tuple[s.Phrase, ...]] = {}
        self.watches: dict[str, None] = {}
        self.computed: dict[str, Computed] = {}

    def guarded(self, condition: s.Condition) -> Guarded:
        return Guarded(self.lower(condition), condition)

    def need(self, name: str) -> Type:
        """Note that a name is needed, and what it stands on."""
        known = type_of(self.playbook, name)
        assert known is not None, name
        match known.role:
            case Role.FIELD:
                self.fields[name] = None
                if name in self.playbook.fields:
                    self.declared[name] = known.kind
            case Role.SIGNAL:
                self.signals[name] = None
            case Role.WATCH:
                self.watches[name] = None
            case Role.DEFINE | Role.SCALE | Role.SCORE:
                self._compute(name)
            case _:
                assert_never(known.role)
        return known

    def _compute(self, name: str) -> None:
        """Lower a definition after those that it stands on; a loop, since chains of defines may be long."""
        waiting = [name]
        while waiting:
            one = waiting[-1]
            if one in self.computed:
                waiting.pop()
                continue
            missing = [other for other in _stands_on(self.playbook, one) if other not in self.computed]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            self.computed[one] = self._lower_definition(one)

    def _lower_definition(self, name: str) -> Computed:
        if name in self.playbook.defines:
            return Definition(name, self.guarded(self.playbook.defines[name].condition))
        if name in self.playbook.scales:
            scale = self.playbook.scales[name]
            levels = tuple(level.text for level in scale.levels)
            rules = tuple(
                ScaleRule(levels.index(rule.level.text), self.guarded(rule.condition) if rule.condition else None)
                for rule in scale.rules
            )
            return Scale(name, levels, rules)
        return Score(name, tuple(self._points(line) for line in self.playbook.scores[name].lines))

    def _points(self, line: s.PointsLine) -> Points:
        match line:
            case s.PointsWhen(points, condition, if_unknown):
                default = if_unknown.value if if_unknown else None
                return Points(points.value, guard=self.guarded(condition), if_unknown=default)
            case s.PointsEach(points, terms, at_most):
                fact = self._list(terms)
                return Points(points.value, fact=fact, at_most=at_most.value if at_most else None)
            case s.PointsPer(points, unit, left, if_unknown):
                self.need(left.text)
                per = 1 if unit is None else unit.seconds if isinstance(unit, s.Duration) else unit.value
                default = if_unknown.value if if_unknown else None
                return Points(points.value, fact=left.text, unit=per, if_unknown=default)
            case _:
                assert_never(line)

    def _list(self, words: s.Name | s.Text | None) -> str:
        """The fact that counts a list's distinct terms in the text."""
        if words is None:
            fact, phrases = BRAND, self.playbook.brand
        elif isinstance(words, s.Text):
            fact, phrases = f'#"{words.text}"', (words,)
        else:
            fact, phrases = f"#{words.text}", self.playbook.terms[words.text].phrases
        self.lists[fact] = phrases
        return fact

    def lower(self, condition: s.Condition) -> Expression:
        match condition:
            case s.Or(parts):
                return Any(tuple(self.lower(part) for part in parts))
            case s.And(parts):
                return All(tuple(self.lower(part) for part in parts))
            case s.Not(part):
                return Opposite(self.lower(part))
            case s.Mentions(words, at_least):
                return Number(self._list(words), ">=", at_least.value if at_least else 1)
            case s.PersonalData():
                self.text_facts[PERSONAL_DATA] = None
                return Truth(PERSONAL_DATA)
            case s.Question():
                self.text_facts[QUESTION] = None
                return Truth(QUESTION)
            case _:
                left = operand(condition)
                assert left is not None
                return self._atomic(condition, left.text, self.need(left.text))

    def _atomic(self, condition: s.Condition, fact: str, known: Type) -> Expression:
        match condition:
            case s.Is(_, value, negated):
                same = self._is(fact, known, value)
                return Opposite(same) if negated else same
            case s.OneOf(_, values, negated):
                some = Any(tuple(self._is(fact, known, value) for value in values))
                return Opposite(some) if negated else some
            case s.Unknown(_, negated):
                return Opposite(Missing(fact)) if negated else Missing(fact)
            case s.Compare(_, operator, value):
                return self._compare(fact, known, operator, value)
            case s.Between(_, low, high):
                return All((self._compare(fact, known, ">=", low), self._compare(fact, known, "<=", high)))
            case s.Includes(_, value):
                return Item(fact, _plain(value.text))
            case s.Contains(_, value):
                return Holding(fact, _plain(value.text))
            case s.Opened() | s.Holds():
                return Truth(fact)
            case _:
                raise AssertionError(condition)

    def _is(self, fact: str, known: Type, value: s.Value) -> Expression:
        if known.role is Role.WATCH:
            truth = Truth(fact)
            return Opposite(truth) if isinstance(value, s.Name) and value.text == "closed" else truth
        if known.role is Role.SCALE and isinstance(value, s.Name):
            return Number(fact, "==", known.levels.index(value.text))
        if known.levels and isinstance(value, s.Name):
            ends = [(">=", known.levels[0]), ("<=", known.levels[-1])]
            bounds = [self._compare(fact, known, op, value) for op, end in ends if value.text != end]
            return bounds[0] if len(bounds) == 1 else All(tuple(bounds))
        if isinstance(value, s.Name | s.Text):
            return Same(fact, _plain(value.text))
        return Number(fact, "==", _amount(value))

    def _compare(self, fact: str, known: Type, operator: str, value: s.Value) -> Expression:
        if not isinstance(value, s.Name):
            assert not isinstance(value, s.Text)
            return Number(fact, operator, _amount(value))
        level = known.levels.index(value.text)
        if known.role is Role.SCALE:
            return Number(fact, operator, level)
        # A signal's level i holds from cut i-1 up to cut i: `> i` begins at cut i, `<= i` ends before it.
        cut = level if operator in {">", "<="} else level - 1
        if 0 <= cut < len(known.cuts):
            return Number(fact, ">=" if operator in {">", ">="} else "<", known.cuts[cut])
        always = (operator in {">", ">="}) == (cut < 0)
        signal = SIGNAL[fact]
        return Number(fact, ">=" if always else "<", signal.low)


def _plain(text: str) -> str:
    """A text as the texts of messages are read: NFKC, in lower case.

    >>> _plain("ＶＩＰ Club")
    'vip club'
    """
    return unicodedata.normalize("NFKC", text).lower()


def _amount(value: s.Value) -> float:
    match value:
        case s.Number(number):
            return number
        case s.Duration(seconds):
            return seconds
        case _:
            raise AssertionError(value)


def _stands_on(playbook: Playbook, name: str) -> list[str]:
    """The defines, scales and scores that a definition names."""
    names: list[str] = []
    conditions: list[s.Condition] = []
    if name in playbook.defines:
        conditions.append(playbook.defines[name].condition)
    elif name in playbook.scales:
        conditions.extend(rule.condition for rule in playbook.scales[name].rules if rule.condition)
    else:
        for line in playbook.scores[name].lines:
            if isinstance(line, s.PointsWhen):
                conditions.append(line.condition)
            elif isinstance(line, s.PointsPer):
                names.append(line.left.text)
    for condition in conditions:
        for inner in s.conditions_within(condition):
            left = operand(inner)
            if left is not None:
                names.append(left.text)
    tables = (playbook.defines, playbook.scales, playbook.scores)
    return [one for one in dict.fromkeys(names) if any(one in table for table in tables)]
