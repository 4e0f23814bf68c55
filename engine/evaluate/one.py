"""One message through a plan, leaving its trace. Short and obvious: this is the specification of what a playbook means.

Kleene's three values: True, False and None for unknown. A rule fires only when its guard is True.

What mattered and was unknown: whenever a rule, level or score line was passed over because its guard was unknown, the
facts that left it so. Inside a guard only unknown parts matter: in `a and b`, an unknown `a` is no matter when `b` is
false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from engine.evaluate.trace import Fact, Known, Seen, Trace, Tried, Visit
from engine.plan import (
    All,
    Any,
    Arm,
    Definition,
    Expression,
    Guarded,
    Holding,
    Item,
    MatrixPlan,
    Missing,
    Number,
    Opposite,
    Plan,
    Points,
    Promise,
    Same,
    Scale,
    Score,
    StepPlan,
    Truth,
)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def decide(plan: Plan, facts: dict[str, Fact]) -> Trace:
    """Decide one message from its facts; a fact that is not given is unknown."""
    state = _State(plan, dict(facts))
    for computed in plan.computed:
        match computed:
            case Definition(name, guard):
                state.define(name, guard)
            case Scale():
                state.scale(computed)
            case Score():
                state.score(computed)
            case _:
                assert_never(computed)
    return state.walk()


def broken(plan: Plan, trace: Trace) -> list[Promise]:
    """The guarantees that this decision breaks."""
    state = _State(plan, trace.facts)
    return [
        promise
        for promise in plan.promises
        if state.see(promise.guard.expression).value and promise.broken_by(trace.ending)
    ]


@dataclass(slots=True)
class _State:
    plan: Plan
    facts: dict[str, Fact]
    levels: dict[str, str] = field(default_factory=dict)
    tried: dict[str, tuple[Tried, ...]] = field(default_factory=dict)
    stands_on: dict[str, frozenset[str]] = field(default_factory=dict)
    """For an unknown define or score: the unknown facts behind it."""
    unknown: set[str] = field(default_factory=set)

    def see(self, expression: Expression) -> Seen:
        """The value of an expression and of all its parts."""
        match expression:
            case All(parts):
                seen = tuple(self.see(part) for part in parts)
                return Seen(expression, kleene_and([part.value for part in seen]), seen)
            case Any(parts):
                seen = tuple(self.see(part) for part in parts)
                return Seen(expression, kleene_or([part.value for part in seen]), seen)
            case Opposite(part):
                inner = self.see(part)
                return Seen(expression, None if inner.value is None else not inner.value, (inner,))
            case Missing(fact):
                value = self.facts.get(fact)
                return Seen(expression, value is None, fact=value)
            case _:
                value = self.facts.get(expression.fact)
                return Seen(expression, None if value is None else _holds(expression, value), fact=value)

    def define(self, name: str, guard: Guarded) -> None:
        seen = self.see(guard.expression)
        self.tried[name] = (Tried(name, guard, seen),)
        self.facts[name] = seen.value
        self.stands_on[name] = self.behind(seen)

    def scale(self, scale: Scale) -> None:
        tried: list[Tried] = []
        for rule in scale.rules:
            seen = self.see(rule.guard.expression) if rule.guard else None
            tried.append(Tried(scale.levels[rule.level], rule.guard, seen))
            if tried[-1].fires:
                self.facts[scale.name] = rule.level
                self.levels[scale.name] = scale.levels[rule.level]
                break
        self.tried[scale.name] = tuple(tried)
        self.pass_over(tried)

    def score(self, score: Score) -> None:
        total: float | None = 0.0
        behind: frozenset[str] = frozenset()
        for line in score.lines:
            share, facts = self.share(line)
            if share is None:
                behind |= facts
            total = None if total is None or share is None else total + share
        self.facts[score.name] = total
        self.stands_on[score.name] = behind

    def share(self, line: Points) -> tuple[float | None, frozenset[str]]:
        """A line's points, or None and the unknown facts behind it."""
        if line.guard is not None:
            seen = self.see(line.guard.expression)
            if seen.value is None:
                return line.if_unknown, self.behind(seen)
            return (line.points if seen.value else 0.0), frozenset()
        assert line.fact is not None
        value = self.facts.get(line.fact)
        if value is None:
            return line.if_unknown, self.stands_on.get(line.fact, frozenset({line.fact}))
        assert isinstance(value, int | float)
        number = float(value) if line.at_most is None else min(float(value), line.at_most)
        return line.points * number / line.unit, frozenset()

    def behind(self, seen: Seen) -> frozenset[str]:
        """The unknown facts that left an expression unknown; nothing when it is known."""
        if seen.value is not None:
            return frozenset()
        if seen.parts:
            return frozenset().union(*(self.behind(part) for part in seen.parts))
        fact = seen.expression.fact  # type: ignore[union-attr]
        return self.stands_on.get(fact, frozenset({fact}))

    def pass_over(self, tried: list[Tried]) -> None:
        for one in tried:
            if one.seen is not None:
                self.unknown |= self.behind(one.seen)

    def walk(self) -> Trace:
        """From the start to an ending."""
        nodes = {node.name: node for node in self.plan.nodes}
        node = self.plan.nodes[0]
        visits: list[Visit] = []
        while True:
            tried, arm = self.enter(node)
            visits.append(Visit(node.name, tuple(tried), arm))
            self.pass_over(tried)
            if arm.outcome is not None:
                ending = self.plan.endings[arm.outcome]
                return Trace(self.facts, self.levels, self.tried, tuple(visits), ending, tuple(sorted(self.unknown)))
            assert arm.target is not None
            node = nodes[arm.target]

    def enter(self, node: StepPlan | MatrixPlan) -> tuple[list[Tried], Arm]:
        if isinstance(node, MatrixPlan):
            down, across = self.facts[node.down], self.facts[node.across]
            assert isinstance(down, int)
            assert isinstance(across, int)
            return [], node.arms[down * node.width + across]
        tried: list[Tried] = []
        for arm in node.arms:
            tried.append(Tried(arm.rule, arm.guard, self.see(arm.guard.expression) if arm.guard else None))
            if tried[-1].fires:
                return tried, arm
        raise AssertionError(node.name)


def kleene_and(values: list[bool | None]) -> bool | None:
    """False when one is false, else unknown when one is unknown.

    >>> kleene_and([True, None]), kleene_and([False, None]), kleene_and([True, True])
    (None, False, True)
    """
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def kleene_or(values: list[bool | None]) -> bool | None:
    """True when one is true, else unknown when one is unknown.

    >>> kleene_or([False, None]), kleene_or([True, None]), kleene_or([False, False])
    (None, True, False)
    """
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def _holds(atom: Number | Same | Holding | Item | Truth, value: Known) -> bool:
    match atom:
        case Number(_, comparison, constant):
            assert isinstance(value, int | float)
            return COMPARISONS[comparison](value, constant)
        case Same(_, text):
            return value == text
        case Holding(_, text) | Item(_, text):
            assert isinstance(value, str | list)
            return text in value
        case Truth():
            return bool(value)
        case _:
            assert_never(atom)
