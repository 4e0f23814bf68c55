"""How much of a playbook its recorded incidents reach: edges, cells of matrices, rules, and outcomes of conditions.

An edge of the decision graph is a rule of a step or a cell of a matrix; a rule is one of a step or of a scale. A condition
was seen true, false or unknown; a condition of which nothing can be unknown, as of the words of a text, has no third
outcome. Messages count of which something is expected. Cost grows with messages x conditions tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.evaluate.trace import Seen, Tried
from engine.incidents.replay import Verdict
from engine.language import syntax as s
from engine.language.format import condition_text
from engine.plan import (
    TEXT_FACTS,
    All,
    Any,
    Definition,
    Expression,
    Guarded,
    MatrixPlan,
    Missing,
    Opposite,
    Plan,
    Scale,
    Score,
)

OUTCOMES = ("true", "false", "unknown")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    reached: int
    of: int

    @property
    def percent(self) -> float:
        """How many of a hundred; all of nothing is 100.

        >>> Share(1, 2).percent, Share(0, 0).percent
        (50.0, 100.0)
        """
        return 100 * self.reached / self.of if self.of else 100.0


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that stands alone or is a part of another, and how often it was seen true, false and unknown.

    `owner` is the rule, level or define that it belongs to. `can_be_unknown` says whether there is a third outcome.
    """

    owner: str
    condition: s.Condition
    can_be_unknown: bool
    seen: Counter[str]

    @property
    def text(self) -> str:
        """The condition as its author wrote it."""
        return condition_text(self.condition)

    @property
    def possible(self) -> tuple[str, ...]:
        """The outcomes that it may have."""
        return OUTCOMES if self.can_be_unknown else OUTCOMES[:2]

    @property
    def unseen(self) -> list[str]:
        """The outcomes that no message showed."""
        return [one for one in self.possible if not self.seen[one]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often messages took each way, in the order of the playbook.

    Attributes:
        steps: rules of steps, by name.
        cells: cells of matrices, by name.
        levels: rules of scales, by `SCALE[number]`, with how often each gave the level.
        conditions: of steps, scales and defines.
    """

    playbook: str
    steps: dict[str, int]
    cells: dict[str, int]
    levels: dict[str, int]
    conditions: tuple[Condition, ...]

    @property
    def edges(self) -> dict[str, int]:
        """Rules of steps and cells of matrices: the edges of the decision graph."""
        return self.steps | self.cells

    @property
    def missed(self) -> list[str]:
        """Edges that no message took."""
        return [name for name, times in self.edges.items() if not times]

    @property
    def shares(self) -> dict[str, Share]:
        """How many `edges`, `cells`, `rules` and `conditions` (their outcomes) were reached."""
        outcomes = sum(len(one.possible) for one in self.conditions)
        unseen = sum(len(one.unseen) for one in self.conditions)
        return {
            "edges": _share(self.edges),
            "cells": _share(self.cells),
            "rules": _share(self.steps | self.levels),
            "conditions": Share(outcomes - unseen, outcomes),
        }


def _share(times: dict[str, int]) -> Share:
    return Share(sum(one > 0 for one in times.values()), len(times))


def coverage(verdicts: Iterable[Verdict]) -> list[Coverage]:
    """The coverage of each playbook whose incidents were replayed."""
    counted: dict[tuple[str, str], _Counted] = {}
    for verdict in verdicts:
        plan = verdict.explained.plan
        key = (plan.name, plan.version)
        if key not in counted:
            counted[key] = _Counted(plan)
        counted[key].count(verdict)
    return [one.coverage() for one in counted.values()]


class _Counted:
    """What the messages of one playbook took and saw so far."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rules: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.seen: dict[tuple[str, int, int, type], Counter[str]] = {}

    def count(self, verdict: Verdict) -> None:
        trace = verdict.explained.trace
        self.rules.update(trace.path)
        for name in trace.levels:
            self.levels[f"{name}[{len(trace.computed[name])}]"] += 1
        for tried in (*trace.computed.values(), *(visit.tried for visit in trace.visits)):
            for one in tried:
                self._see(one)

    def _see(self, tried: Tried) -> None:
        if tried.guard is None or tried.seen is None:
            return
        for condition, seen in _parts(tried.guard.condition, tried.seen):
            counted = self.seen.setdefault(_place(condition), Counter())
            counted["unknown" if seen.value is None else str(seen.value).lower()] += 1

    def coverage(self) -> Coverage:
        maybe = _maybe_unknown(self.plan)
        arms = [(isinstance(node, MatrixPlan), arm) for node in self.plan.nodes for arm in node.arms]
        return Coverage(
            self.plan.name,
            {arm.rule: self.rules[arm.rule] for is_cell, arm in arms if not is_cell},
            {arm.rule: self.rules[arm.rule] for is_cell, arm in arms if is_cell},
            {
                name: self.levels[name]
                for scale in self.plan.scales
                for name in (f"{scale.name}[{number}]" for number in range(1, len(scale.rules) + 1))
            },
            tuple(
                Condition(owner, condition, unknown, self.seen.get(_place(condition), Counter()))
                for owner, guard in guards_of(self.plan)
                for condition, unknown in _all_parts(guard.condition, guard.expression, maybe)
            ),
        )


def _place(condition: s.Condition) -> tuple[str, int, int, type]:
    """What tells a condition from all others of its playbook, however often it was read: two that read alike are two.

    `text does not mention x` holds another condition in the same place, so the kind of the condition is a part of it.
    """
    return condition.span.source.name, condition.span.start, condition.span.end, type(condition)


def guards_of(plan: Plan) -> Iterator[tuple[str, Guarded]]:
    """Every guard of defines, scales and steps, with what it belongs to."""
    for computed in plan.computed:
        match computed:
            case Definition(name, guard):
                yield name, guard
            case Scale(name, _, rules):
                for number, rule in enumerate(rules, 1):
                    if rule.guard is not None:
                        yield f"{name}[{number}]", rule.guard
            case Score():
                pass  # its lines are no ways that a message takes
    for node in plan.nodes:
        for arm in node.arms:
            if arm.guard is not None:
                yield arm.rule, arm.guard


def _parts(condition: s.Condition, seen: Seen) -> Iterator[tuple[s.Condition, Seen]]:
    """A condition and the conditions within it, each with its value."""
    yield condition, seen
    match condition:
        case s.And(parts) | s.Or(parts):
            for part, its in zip(parts, seen.parts, strict=True):
                yield from _parts(part, its)
        case s.Not(part):
            yield from _parts(part, seen.parts[0])
        case _:
            pass


def _all_parts(condition: s.Condition, expression: Expression, maybe: set[str]) -> Iterator[tuple[s.Condition, bool]]:
    """A condition and the conditions within it, each with whether it may be unknown."""
    yield condition, _may_be_unknown(expression, maybe)
    match condition, expression:
        case ((s.And(parts) | s.Or(parts)), (All(its) | Any(its))):
            for part, one in zip(parts, its, strict=True):
                yield from _all_parts(part, one, maybe)
        case s.Not(part), Opposite(one):
            yield from _all_parts(part, one, maybe)
        case _:
            pass


def _maybe_unknown(plan: Plan) -> set[str]:
    """The facts that a message may leave unknown; counts of terms, scales and what is read of a text are always known."""
    maybe = {name for name in (*plan.fields, *plan.signals, *plan.always_unknown) if name not in {"text", *TEXT_FACTS}}
    for computed in plan.computed:
        match computed:
            case Definition(name, guard) if _may_be_unknown(guard.expression, maybe):
                maybe.add(name)
            case Score(name, lines) if any(
                line.if_unknown is None
                and (line.fact in maybe or (line.guard and _may_be_unknown(line.guard.expression, maybe)))
                for line in lines
            ):
                maybe.add(name)
            case _:
                pass
    return maybe


def _may_be_unknown(expression: Expression, maybe: set[str]) -> bool:
    match expression:
        case All(parts) | Any(parts):
            return any(_may_be_unknown(part, maybe) for part in parts)
        case Opposite(part):
            return _may_be_unknown(part, maybe)
        case Missing():
            return False
        case atom:
            return atom.fact in maybe


def as_dict(found: Coverage) -> dict[str, object]:
    """A coverage as JSON can hold it."""
    return {
        "playbook": found.playbook,
        "shares": {
            name: {"reached": one.reached, "of": one.of, "percent": round(one.percent, 2)}
            for name, one in found.shares.items()
        },
        "rules": found.steps,
        "cells": found.cells,
        "levels": found.levels,
        "conditions": [
            {
                "owner": one.owner,
                "condition": one.text,
                "file": one.condition.span.source.name,
                "line": one.condition.span.line,
                **{name: one.seen[name] for name in OUTCOMES},
                "unseen": one.unseen,
            }
            for one in found.conditions
        ],
    }
