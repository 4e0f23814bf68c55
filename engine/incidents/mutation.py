"""Mutation testing: would the recorded incidents notice a fault in the playbook?

Each mutant replays all incidents. It is *killed* when a message is not decided as expected any more, or a guarantee breaks.
It *survives* when some message is decided otherwise and nobody minds: something more should be expected. It is *untold*
when every message is decided as before: a message is missing that tells the two apart. A mutant whose plan is that of
the playbook, such as a list that no condition names, is *equivalent* and does not count. The score is the killed among all
that count, so it is exact and the same every time.

A mutant re-evaluates only what it touches: facts are read once, a list without a term is counted in the same scan, and
scales, scores, defines and steps that the fault does not reach keep their values. Cost grows with mutants x messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.batch.crew import context, end_with_the_parent, get_ready
from engine.clock import WAITING
from engine.decision import label
from engine.evaluate.columns import Batch, Codes, is_true
from engine.incidents.faults import Mutant
from engine.incidents.gather import gather
from engine.incidents.mutants import mutants, mutated
from engine.incidents.recorded import Incidents
from engine.incidents.replay import missed_of, said_of
from engine.language import syntax as s
from engine.language.checks import scale_rules, unreachable
from engine.language.playbook import Playbook
from engine.plan import (
    BRAND,
    All,
    Any,
    Arm,
    Computed,
    Definition,
    Ending,
    Expression,
    MatrixPlan,
    NodePlan,
    Opposite,
    Plan,
    Scale,
    compile_plan,
)
from engine.signals.facts import FactReader
from engine.signals.terms import Scanner

_Said = tuple[Ending, tuple[str, ...], tuple[tuple[str, str], ...]]
"""What is decided of a message: the ending, the path to it, and the levels of the scales."""

KILLED, SURVIVED, UNTOLD, EQUIVALENT = "killed", "survived", "untold", "equivalent"
ALONE_UP_TO = 300
"""Mutants up to which other processes cost more than they bring."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant; `by` says which incident and message killed it, or whose decision changed unnoticed.

    `told` says for the latter what changed.
    """

    mutant: Mutant
    fate: str
    by: tuple[str, str] | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Mutation:
    """All mutants of a playbook with what became of each, in the order of its text."""

    playbook: str
    fates: tuple[Fate, ...]

    def of(self, fate: str) -> list[Fate]:
        """The mutants that met this fate."""
        return [one for one in self.fates if one.fate == fate]

    @property
    def score(self) -> float:
        """How many of a hundred mutants that count were killed.

        >>> Mutation("care", ()).score
        100.0
        """
        count = len(self.fates) - len(self.of(EQUIVALENT))
        return 100 * len(self.of(KILLED)) / count if count else 100.0


def mutate(playbook: Playbook, incidents: Sequence[Incidents], *, workers: int = 1) -> Mutation:
    """Put every fault into a playbook, one at a time, and replay its incidents, all of which pass without any.

    Raises:
        ValueError: the incidents have no message that is decided.
    """
    found = mutants(playbook)
    if workers <= 1 or len(found) <= ALONE_UP_TO:
        suite = _Suite(playbook, incidents, found)
        fates = [suite.fate(one) for one in found]
    else:
        fates = _together(playbook, incidents, found, workers)
    return Mutation(playbook.name, tuple(one for one in fates if one is not None))


def _together(
    playbook: Playbook, incidents: Sequence[Incidents], found: list[Mutant], workers: int
) -> list[Fate | None]:
    fates: list[Fate | None] = []
    with ExitStack() as stack:
        get_ready(stack)
        pool = stack.enter_context(
            ProcessPoolExecutor(
                workers, mp_context=context(), initializer=_begin, initargs=(playbook, tuple(incidents))
            )
        )
        size = -(-len(found) // (workers * 4))
        for part in pool.map(_fates, [range(at, min(at + size, len(found))) for at in range(0, len(found), size)]):
            fates += [Fate(found[number], fate, by, told) if fate else None for number, fate, by, told in part]
    return fates


_here: list[tuple[_Suite, list[Mutant]]] = []


def _begin(playbook: Playbook, incidents: Sequence[Incidents]) -> None:
    end_with_the_parent()
    found = mutants(playbook)
    _here[:] = [(_Suite(playbook, incidents, found), found)]


def _fates(numbers: range) -> list[tuple[int, str, tuple[str, str] | None, str]]:
    suite, found = _here[0]
    fates = [(number, suite.fate(found[number])) for number in numbers]
    return [(number, one.fate, one.by, one.told) if one else (number, "", None, "") for number, one in fates]


class _Suite:
    """A playbook's recorded messages, decided once; each mutant starts from there."""

    def __init__(self, playbook: Playbook, incidents: Sequence[Incidents], found: Iterable[Mutant]) -> None:
        self.playbook = playbook
        self.plan = compile_plan(playbook, guarantees=True)
        reader = FactReader(self.plan)
        gathered = [gather(one, self.plan, reader)[0] for one in incidents]
        self.whose = [one for each in gathered for one in each.whose]
        if not self.whose:
            raise ValueError("there are no recorded messages")
        self.texts = pl.concat([one.messages for one in gathered if one.whose], how="diagonal_relaxed")["text"]
        self.messages = [
            {name: row.get(name) for name in ("posted_at", WAITING)}
            for one in gathered
            for row in one.messages.iter_rows(named=True)
        ]
        facts = pl.concat([one.facts for one in gathered if one.whose], how="diagonal_relaxed")
        batch = Batch(self.plan, facts, unknowns=False)
        for computed in self.plan.computed:
            batch.compute(computed)
        self.facts = batch.frame
        everyone = np.arange(self.facts.height)
        self.taken = {node.name: batch.arms(node, everyone) for node in self.plan.nodes}
        self.nodes = {node.name: node for node in self.plan.nodes}
        self.computed = {one.name: one for one in self.plan.computed}
        self.kept = [
            (is_true(one), promise.guard) for one, promise in zip(self.promises(batch), self.plan.promises, strict=True)
        ]
        self.decided = self.said(self.plan, self.facts, self.taken)
        self.without = self.lists_without(found)

    def promises(self, batch: Batch) -> list[pl.Series]:
        return batch.evaluate([one.guard for one in batch.plan.promises])

    def lists_without(self, found: Iterable[Mutant]) -> dict[int, tuple[str, pl.Series]]:
        """For each term that a mutant takes out, by its identity: the fact that changes, and its values then."""
        lists: dict[str, tuple[s.Phrase | str, ...]] = {}
        facts: dict[int, tuple[str, str]] = {}
        for one in found:
            if one.removed is None:
                continue
            fact = _list_of(one.statement)
            if fact in self.plan.lists:
                name = f"{fact} without {len(facts)}"
                lists[name] = tuple(phrase for phrase in self.plan.lists[fact] if phrase is not one.removed)
                facts[id(one.removed)] = fact, name
        if not lists:
            return {}
        scanner = Scanner(lists)
        counted = scanner.counts(scanner.scan(self.texts), self.texts, list(lists))
        return {key: (fact, counted[name].alias(fact)) for key, (fact, name) in facts.items()}

    def fate(self, mutant: Mutant) -> Fate | None:
        """What becomes of a mutant; None when it would not load."""
        playbook = mutated(self.playbook, mutant)
        if any(True for check in (unreachable, scale_rules) for _ in check.check(playbook)):
            return None
        facts, changed = self.facts, set[str]()
        if mutant.removed is not None:
            if id(mutant.removed) not in self.without:
                return Fate(mutant, EQUIVALENT)
            fact, values = self.without[id(mutant.removed)]
            if values.equals(facts[fact], null_equal=True):
                return Fate(mutant, UNTOLD)
            plan, changed = self.plan, {fact}
            facts = facts.with_columns(values.cast(facts[fact].dtype))
        else:
            plan = compile_plan(playbook, guarantees=True)
            if _same(plan, self.plan):
                return Fate(mutant, EQUIVALENT)
        batch = Batch(plan, facts, unknowns=False)
        for computed in plan.computed:
            if computed != self.computed.get(computed.name) or changed & facts_of(computed):
                before = self.facts[computed.name]
                batch.compute(computed)
                if not batch.frame[computed.name].equals(before, null_equal=True):
                    changed.add(computed.name)
        everyone = np.arange(facts.height)
        taken = {
            node.name: batch.arms(node, everyone)
            if node.name not in self.nodes or _differs(node, self.nodes[node.name], changed)
            else self.taken[node.name]
            for node in plan.nodes
        }
        said = self.said(plan, batch.frame, taken)
        told = [row for row, (mine, its) in enumerate(zip(said, self.decided, strict=True)) if _apart(mine, its)]
        promised = self.kept_by(batch, changed)
        for row in range(len(said)):
            incident, recorded = self.whose[row]
            broken = any(
                holds[row] and promise.broken_by(said[row][0])
                for holds, promise in zip(promised, plan.promises, strict=True)
            )
            if broken or (said[row] != self.decided[row] and self.misses(plan, row, said[row])):
                return Fate(mutant, KILLED, (incident.name, recorded.id))
        if told:
            incident, recorded = self.whose[told[0]]
            return Fate(mutant, SURVIVED, (incident.name, recorded.id), _change(self.decided[told[0]], said[told[0]]))
        return Fate(mutant, UNTOLD)

    def misses(self, plan: Plan, row: int, said: _Said) -> bool:
        """Whether something is expected of a message that is not said of it."""
        incident, recorded = self.whose[row]
        ending, path, levels = said
        got = said_of(plan, ending, path, dict(levels), self.messages[row])
        return any(True for _ in missed_of(recorded, incident, got))

    def kept_by(self, batch: Batch, changed: set[str]) -> list[npt.NDArray[np.bool_]]:
        """For each guarantee the messages of which its condition is true."""
        if any(changed & _facts_in(guard.expression) for _, guard in self.kept):
            return [is_true(one) for one in self.promises(batch)]
        return [holds for holds, _ in self.kept]

    def said(self, plan: Plan, facts: pl.DataFrame, taken: dict[str, Codes]) -> list[_Said]:
        """What is decided of each message."""
        nodes = {node.name: node.arms for node in plan.nodes}
        first = plan.nodes[0].name
        arms = {name: codes.tolist() for name, codes in taken.items()}
        levels = [(scale.name, scale.levels, facts[scale.name].to_list()) for scale in plan.scales]
        found: list[_Said] = []
        for row in range(facts.height):
            path: list[Arm] = []
            name: str | None = first
            while name is not None:
                path.append(nodes[name][arms[name][row]])
                name = path[-1].target
            ending = plan.endings[path[-1].outcome or 0]
            its = tuple((scale, words[places[row]]) for scale, words, places in levels)
            found.append((ending, tuple(arm.rule for arm in path), its))
        return found


def _list_of(statement: s.Statement) -> str:
    """The fact that counts the terms of the list that a statement declares or extends."""
    definition = statement.definition if isinstance(statement, s.Extend | s.Replace) else statement
    return f"#{definition.name.text}" if isinstance(definition, s.Terms) else BRAND


def _same(one: Plan, other: Plan) -> bool:
    """Whether two plans decide alike, by what they are made of."""
    mine, its = ((plan.computed, plan.nodes, plan.endings, plan.lists) for plan in (one, other))
    return mine == its


def _differs(node: NodePlan, before: NodePlan, changed: set[str]) -> bool:
    """Whether messages may take other arms of a node than before."""
    if isinstance(node, MatrixPlan) or isinstance(before, MatrixPlan):
        return not isinstance(node, MatrixPlan) or bool(changed & {node.down, node.across})
    guards = [arm.guard for arm in node.arms]
    facts = (_facts_in(guard.expression) for guard in guards if guard is not None)
    return guards != [arm.guard for arm in before.arms] or any(changed & one for one in facts)


def facts_of(computed: Computed) -> set[str]:
    """The facts that a define, scale or score looks at."""
    match computed:
        case Definition(_, guard):
            return _facts_in(guard.expression)
        case Scale(rules=rules):
            return {fact for rule in rules if rule.guard for fact in _facts_in(rule.guard.expression)}
        case _:
            lines = computed.lines
            guarded = {fact for line in lines if line.guard for fact in _facts_in(line.guard.expression)}
            return guarded | {line.fact for line in lines if line.fact is not None}


def _facts_in(expression: Expression) -> set[str]:
    match expression:
        case All(parts) | Any(parts):
            return {fact for part in parts for fact in _facts_in(part)}
        case Opposite(part):
            return _facts_in(part)
        case atom:
            return {atom.fact}


def _apart(one: _Said, other: _Said) -> bool:
    """Whether two decisions differ in more than words and the names of rules."""
    if one == other:
        return False
    mine, its = (
        (ending.decision, ending.team, {m for m in ending.modifiers if not m.startswith("because ")}, levels)
        for ending, _, levels in (one, other)
    )
    return mine != its


def _change(before: _Said, after: _Said) -> str:
    """What is said otherwise, in words: what there was, and what there is."""
    (was, _, levels), (now, _, its) = before, after
    changes = []
    if (was.decision, was.team) != (now.decision, now.team):
        changes.append(f"{label(was.decision, was.team)} becomes {label(now.decision, now.team)}")
    changes += [f"{name} {old} becomes {new}" for (name, old), (_, new) in zip(levels, its, strict=True) if old != new]
    gone = [one for one in was.modifiers if one not in now.modifiers and not one.startswith("because ")]
    new = [one for one in now.modifiers if one not in was.modifiers and not one.startswith("because ")]
    changes += [f"without {', '.join(gone)}"] * bool(gone) + [f"with {', '.join(new)}"] * bool(new)
    return "; ".join(changes)


def as_dict(found: Mutation) -> dict[str, object]:
    """A mutation run as JSON can hold it."""
    return {
        "playbook": found.playbook,
        "score": round(found.score, 2),
        **{fate: len(found.of(fate)) for fate in (KILLED, SURVIVED, UNTOLD, EQUIVALENT)},
        "mutants": [
            {
                "file": one.mutant.span.source.name,
                "line": one.mutant.span.line,
                "kind": one.mutant.kind,
                "change": one.mutant.change,
                "fate": one.fate,
                "incident": one.by[0] if one.by else None,
                "message": one.by[1] if one.by else None,
                "told": one.told,
            }
            for one in found.fates
        ],
    }
