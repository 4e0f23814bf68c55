"""A batch of messages through a plan: the same meaning as `one.py`, a column at a time and no Python per message.

Cost grows with messages x guards: a guard is one pass over a column or two; a fact that every message of the batch
knows costs nothing for its unknowns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.plan import (
    All,
    Any,
    Arm,
    Computed,
    Definition,
    Expression,
    Guarded,
    Holding,
    Item,
    MatrixPlan,
    Missing,
    NodePlan,
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

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]


@dataclass(slots=True)
class Decided:
    """A batch's decisions, one row a message.

    `levels` holds each scale's level places; `numbers` the facts as they stand after evaluation; `code` numbers the
    distinct ways through the playbook that this batch took, and `ways[code]` is one: its arms, in order, and the
    unknown facts that mattered.
    """

    facts: pl.DataFrame
    code: Codes
    ways: list[tuple[tuple[Arm, ...], tuple[str, ...]]]


def decide(plan: Plan, facts: pl.DataFrame) -> Decided:
    """Decide every row of `facts`; a fact that has no column, or one without a type, is unknown."""
    batch = Batch(plan, facts)
    for computed in plan.computed:
        batch.compute(computed)
    return batch.walk()


def broken(plan: Plan, decided: Decided) -> list[tuple[Promise, Rows]]:
    """The guarantees that do not hold of a batch, each with the rows of the messages that break it, in order."""
    if not plan.promises or not decided.facts.height:
        return []
    batch = Batch(plan, decided.facts)
    values = batch.evaluate([promise.guard for promise in plan.promises])
    endings = [plan.endings[way[-1].outcome or 0] if way else None for way, _ in decided.ways]  # no message took no way
    found = []
    for promise, value in zip(plan.promises, values, strict=True):
        breaks = np.array([ending is not None and promise.broken_by(ending) for ending in endings])
        rows = np.flatnonzero(is_true(value) & breaks[decided.code])
        if len(rows):
            found.append((promise, rows))
    return found


def held(plan: Plan, decided: Decided) -> Iterator[tuple[StepPlan, list[Bools]]]:
    """Each step that messages came to, and for each of its rules but the last which of those messages it holds for."""
    batch = Batch(plan, decided.facts, unknowns=False)
    for node in plan.nodes:
        if isinstance(node, StepPlan):
            own = {arm.rule for arm in node.arms}
            came = np.array([any(arm.rule in own for arm in way) for way, _ in decided.ways])
            rows = np.flatnonzero(came[decided.code]) if len(came) else np.zeros(0, dtype=np.intp)
            if len(rows):
                values = batch.evaluate([arm.guard for arm in node.arms if arm.guard])
                yield node, [is_true(value)[rows] for value in values]


class Batch:
    """The facts so far, and for each unknown-able computed fact the messages where each base fact left it unknown.

    Without `unknowns` nothing is noted about what was unknown, which is quicker; what is decided is the same.
    """

    def __init__(self, plan: Plan, facts: pl.DataFrame, *, unknowns: bool = True) -> None:
        self.plan = plan
        self.unknowns = unknowns
        self.height = facts.height
        have = {name for name, dtype in facts.schema.items() if dtype != pl.Null}
        wanted = (*plan.fields, *plan.signals, *plan.text_facts, *plan.lists, *plan.always_unknown)
        absent = [pl.lit(None, dtype=pl.Boolean).alias(name) for name in dict.fromkeys(wanted) if name not in have]
        self.frame = facts.with_columns(absent) if absent else facts
        self.void = {name for name in wanted if name not in have}
        self.gaps = {name for name in wanted if self.frame[name].null_count()} if self.height else set()
        self.void |= {name for name in self.gaps if self._is_void(name)}
        self.behind: dict[str, dict[str, Bools]] = {}
        """For a computed fact that may be unknown: by base fact, where that fact is behind it."""
        self.mattered: dict[str, Bools] = {}

    def _is_void(self, name: str) -> bool:
        """Whether a column stands for one that was absent when the facts were decided before."""
        column = self.frame[name]
        return column.dtype == pl.Boolean and column.null_count() == self.height

    # -- values

    def may_be_unknown(self, fact: str) -> bool:
        """Whether some message leaves a fact unknown."""
        return fact in self.gaps or bool(self.behind.get(fact))

    def expression(self, expression: Expression) -> pl.Expr:
        """The Polars expression: Boolean, null where unknown."""
        match expression:
            case All(parts):
                return pl.all_horizontal([self.expression(part) for part in parts])
            case Any(parts):
                return pl.any_horizontal([self.expression(part) for part in parts])
            case Opposite(part):
                return ~self.expression(part)
            case Missing(fact):
                return pl.col(fact).is_null()
            case _:
                if expression.fact in self.void:
                    return pl.col(expression.fact)
                return _atom(expression)

    def evaluate(self, guards: list[Guarded]) -> list[pl.Series]:
        """The values of guards, a Boolean each for every message, null where unknown."""
        columns = [self.expression(guard.expression).alias(str(i)) for i, guard in enumerate(guards)]
        frame = self.frame.select(columns) if columns else pl.DataFrame()
        return [_full(series, self.height) for series in frame.get_columns()]

    # -- unknowns

    def facts_in(self, expression: Expression) -> set[str]:
        """The facts whose being unknown may matter to an expression."""
        found: set[str] = set()
        waiting = [expression]
        while waiting:
            match waiting.pop():
                case All(parts) | Any(parts):
                    waiting.extend(parts)
                case Opposite(part):
                    waiting.append(part)
                case Missing():
                    pass
                case atom:
                    found.add(atom.fact)
        return found

    def reasons(self, expression: Expression, value: pl.Series) -> dict[str, Bools]:
        """Where the expression is unknown: by base fact, the messages in which that fact left it so."""
        if not self.unknowns or not value.null_count():
            return {}
        where = value.is_null().to_numpy()
        match expression:
            case All(parts) | Any(parts):
                found: dict[str, Bools] = {}
                open_parts = [p for p in parts if any(self.may_be_unknown(f) for f in self.facts_in(p))]
                frame = self.frame.select(self.expression(p).alias(str(i)) for i, p in enumerate(open_parts))
                for part, series in zip(open_parts, frame.get_columns(), strict=True):
                    for fact, rows in self.reasons(part, _full(series, self.height)).items():
                        _add(found, fact, rows & where)
                return found
            case Opposite(part):
                return self.reasons(part, value)
            case Missing():
                return {}
            case atom:
                if atom.fact in self.behind:
                    return {fact: rows & where for fact, rows in self.behind[atom.fact].items()}
                return {atom.fact: where}

    def matters(self, rows: dict[str, Bools], among: Bools | None = None) -> None:
        """Note for which messages an unknown fact mattered."""
        for fact, where in rows.items():
            _add(self.mattered, fact, where if among is None else where & among)

    # -- what the playbook computes

    def compute(self, computed: Computed) -> None:
        """Add what a define, scale or score makes of the facts so far."""
        match computed:
            case Definition(name, guard):
                self.define(name, guard)
            case Scale():
                self.scale(computed)
            case Score():
                self.score(computed)
            case _:
                assert_never(computed)

    def add(self, name: str, values: pl.Series) -> None:
        """Add a fact."""
        self.frame = self.frame.with_columns(values.alias(name))

    def define(self, name: str, guard: Guarded) -> None:
        """Add a named condition."""
        (value,) = self.evaluate([guard])
        self.add(name, value)
        self.behind[name] = self.reasons(guard.expression, value)

    def scale(self, scale: Scale) -> None:
        """Add a scale: the place of the level of the first rule that is true."""
        guards = [rule.guard for rule in scale.rules if rule.guard]
        values = self.evaluate(guards)
        level = np.full(self.height, scale.rules[-1].level, dtype=np.int16)
        left = np.ones(self.height, dtype=bool)
        for rule, value in zip(scale.rules, values, strict=False):
            if value.null_count():
                assert rule.guard is not None
                self.matters(self.reasons(rule.guard.expression, value), left)
            fires = is_true(value) & left
            level[fires] = rule.level
            left &= ~fires
        self.add(scale.name, pl.Series(level))

    def score(self, score: Score) -> None:
        """Add a score: the sum of its lines in written order."""
        guards = [line.guard for line in score.lines if line.guard]
        values = iter(self.evaluate(guards))
        behind: dict[str, Bools] = {}
        total = np.zeros(self.height)
        unknown = np.zeros(self.height, dtype=bool)
        for line in score.lines:
            if line.guard is not None:
                value = next(values)
                share, missing = np.where(is_true(value), line.points, 0.0), value
                why = self.reasons(line.guard.expression, value)
            else:
                share, missing, why = self._share(line)
            if missing.null_count():
                where = missing.is_null().to_numpy()
                if line.if_unknown is not None:
                    share = np.where(where, line.if_unknown, share)
                else:
                    unknown |= where
                    for fact, rows in why.items():
                        _add(behind, fact, rows)
            total = total + share
        column = pl.Series(total)
        self.add(score.name, column.set(pl.Series(unknown), None) if unknown.any() else column)
        self.behind[score.name] = behind

    def _share(self, line: Points) -> tuple[npt.NDArray[np.float64], pl.Series, dict[str, Bools]]:
        """A number's share, which means nothing where the number is null; the number; and what left it unknown."""
        assert line.fact is not None
        number = self.frame[line.fact]
        # In numpy, since Polars divides by a constant as it multiplies by its inverse, which rounds otherwise.
        amount = number.fill_null(0).to_numpy().astype(np.float64)
        if line.at_most is not None:
            amount = np.minimum(amount, line.at_most)
        share = amount * line.points / line.unit
        if not number.null_count():
            return share, number, {}
        where = number.is_null().to_numpy()
        why = (
            {f: rows & where for f, rows in self.behind[line.fact].items()}
            if line.fact in self.behind
            else {line.fact: where}
        )
        return share, number, why

    # -- the way to a decision

    def walk(self) -> Decided:
        """Route all messages node by node, numbering the distinct ways as they part."""
        here: dict[str, Rows] = {self.plan.nodes[0].name: np.arange(self.height)}
        ways: list[tuple[Arm, ...]] = [()]
        way = np.zeros(self.height, dtype=np.int64)
        for node in self.plan.nodes:
            rows = here.pop(node.name, None)
            if rows is None or not len(rows):
                continue
            arms = self.arms(node, rows)
            mine = arms[rows]
            bound = len(node.arms)
            parted = way[rows] * bound + mine
            taken = np.flatnonzero(np.bincount(parted, minlength=1))
            renumber = np.zeros(taken[-1] + 1, dtype=np.int64)
            renumber[taken] = np.arange(len(ways), len(ways) + len(taken))
            ways.extend((*ways[one // bound], node.arms[one % bound]) for one in taken.tolist())
            way[rows] = renumber[parted]
            for target in {arm.target for arm in node.arms if arm.target}:
                leads = np.array([arm.target == target for arm in node.arms])
                onward = rows[leads[mine]]
                here[target] = np.concatenate([here[target], onward]) if target in here else onward
        return self._numbered(way, ways)

    def arms(self, node: NodePlan, rows: Rows) -> Codes:
        """Which arm of a node each message would take, those included that do not come there; `rows` are those that do."""
        return self._matrix(node) if isinstance(node, MatrixPlan) else self._step(node.arms, rows)

    def _step(self, arms: tuple[Arm, ...], rows: Rows) -> Codes:
        values = self.evaluate([arm.guard for arm in arms if arm.guard])
        taken = np.full(self.height, len(arms) - 1, dtype=np.int64)
        for number in range(len(values) - 1, -1, -1):
            taken[is_true(values[number])] = number
        if self.unknowns and any(value.null_count() for value in values):
            visited = np.zeros(self.height, dtype=bool)
            visited[rows] = True
            for number, value in enumerate(values):
                guard = arms[number].guard
                if value.null_count() and guard is not None:
                    self.matters(self.reasons(guard.expression, value), visited & (taken > number))
        return taken

    def _matrix(self, node: MatrixPlan) -> Codes:
        down = self.frame[node.down].to_numpy().astype(np.int64)
        return np.asarray(down * node.width + self.frame[node.across].to_numpy(), dtype=np.int64)

    def _numbered(self, way: Codes, ways: list[tuple[Arm, ...]]) -> Decided:
        """Distinct (way, unknown facts) pairs, numbered in order of first way."""
        facts = sorted(fact for fact, rows in self.mattered.items() if rows.any())
        code, table = way, [(one, ()) for one in ways]
        pairs: list[tuple[tuple[Arm, ...], tuple[str, ...]]] = list(table)
        for fact in facts:
            parted = code * 2 + self.mattered[fact]
            taken = np.flatnonzero(np.bincount(parted, minlength=1)) if self.height else np.zeros(0, dtype=np.int64)
            renumber = np.zeros(taken[-1] + 1 if len(taken) else 1, dtype=np.int64)
            renumber[taken] = np.arange(len(taken))
            pairs = [
                (pairs[one // 2][0], (*pairs[one // 2][1], fact) if one % 2 else pairs[one // 2][1])
                for one in taken.tolist()
            ]
            code = renumber[parted]
        return Decided(self.frame, code, pairs)


def _atom(atom: Number | Same | Holding | Item | Truth) -> pl.Expr:
    column = pl.col(atom.fact)
    match atom:
        case Number(_, ">=", value):
            return column >= value
        case Number(_, "<=", value):
            return column <= value
        case Number(_, ">", value):
            return column > value
        case Number(_, "<", value):
            return column < value
        case Number(_, "==", value):
            return column == value
        case Number(_, _, value):
            return column != value
        case Same(_, text):
            return column == text
        case Holding(_, text):
            return column.str.contains(text, literal=True)
        case Item(_, text):
            return column.list.contains(text)
        case Truth():
            return column
        case _:
            assert_never(atom)


def _full(series: pl.Series, height: int) -> pl.Series:
    """A constant as a whole column."""
    return series if len(series) == height else series.new_from_index(0, height)


def is_true(series: pl.Series) -> Bools:
    """Where a guard is true: neither false nor unknown."""
    filled = series.fill_null(value=False) if series.null_count() else series
    return filled.to_numpy()


def _add(table: dict[str, Bools], fact: str, rows: Bools) -> None:
    table[fact] = table[fact] | rows if fact in table else rows
