"""A trace to sentences: why, why not, and what was unknown. Nothing is decided here; everything is read off the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from engine.decision import label
from engine.evaluate.trace import Fact, Seen, Trace, Tried
from engine.message import FIELD, Kind, time_text
from engine.plan import (
    BRAND,
    PERSONAL_DATA,
    QUESTION,
    All,
    Arm,
    Atom,
    Holding,
    Item,
    MatrixPlan,
    Missing,
    Number,
    Opposite,
    Plan,
    Same,
    Scale,
    Truth,
)
from engine.plan import Any as AnyOf

UNKNOWN_GAP = 0.5
"""How far an unknown fact counts as being from what a rule needs: between just missed and far off."""
MOST_NOT = 3

_DURATIONS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule that did not fire, what it would have led to, and the nearest conditions that were not met."""

    rule: str
    would_be: str
    needs: tuple[str, ...]
    distance: float


@dataclass(slots=True)
class Explainer:
    """Explains the traces of one plan. `found` are the terms found in the text, by list, where they are known."""

    plan: Plan
    found: Mapping[str, list[str]] = field(default_factory=dict)

    # -- the whole

    def as_dict(self, trace: Trace) -> dict[str, Any]:
        """The explanation as JSON can hold it."""
        return {
            "decision": trace.ending.decision,
            "team": trace.ending.team,
            "rule": trace.ending.rule,
            "because": trace.ending.because,
            "levels": {name: self._level(trace, name, level) for name, level in trace.levels.items()},
            "path": [
                {
                    "step": visit.node,
                    "tried": [self._tried(trace, one) for one in visit.tried],
                    "took": visit.arm.rule,
                }
                for visit in trace.visits
            ],
            "why_not": [
                {"rule": one.rule, "would_be": one.would_be, "needs": list(one.needs)} for one in self.why_not(trace)
            ],
            "unknown": list(trace.unknown),
            "facts": {name: self.value(name, value) for name, value in trace.facts.items() if value is not None},
        }

    def _level(self, trace: Trace, scale: str, level: str) -> dict[str, Any]:
        """A scale's level with the rule that gave it, and what of that rule held."""
        fired = self.fired(trace, scale)
        seen = self.atoms(trace, fired.seen) if fired.seen is not None else []
        held = [{"condition": one["condition"], "seen": one["seen"]} for one in seen if one["value"] == "true"]
        return {"level": level, "rule": self.condition_of(fired), "held": held}

    def _tried(self, trace: Trace, tried: Tried) -> dict[str, Any]:
        return {
            "rule": tried.rule,
            "condition": self.condition_of(tried),
            "value": "otherwise" if tried.seen is None else _word(tried.seen.value),
            "seen": [] if tried.seen is None else self.atoms(trace, tried.seen),
        }

    def condition_of(self, tried: Tried) -> str:
        """The condition as its author wrote it, or `otherwise`."""
        return tried.guard.text if tried.guard else "otherwise"

    def fired(self, trace: Trace, scale: str) -> Tried:
        """The level rule that gave a scale its level."""
        return trace.computed[scale][-1]

    def atoms(self, trace: Trace, seen: Seen) -> list[dict[str, str]]:
        """Every atom of an expression with its value and what it looked at, each once, in written order.

        A named condition is followed by the atoms of its own.
        """
        lines: dict[str, dict[str, str]] = {}
        waiting = [seen]
        while waiting:
            one = waiting.pop()
            if one.parts:
                waiting.extend(reversed(one.parts))
                continue
            atom = one.expression
            assert not isinstance(atom, All | AnyOf | Opposite)
            text = self.atom_text(atom)
            if text in lines:
                continue
            lines[text] = {"condition": text, "value": _word(one.value), "seen": self.value(atom.fact, one.fact)}
            named = trace.computed.get(atom.fact, ()) if atom.fact not in trace.levels else ()
            waiting.extend(tried.seen for tried in reversed(named) if tried.seen is not None)
        return list(lines.values())

    # -- words

    def atom_text(self, atom: Atom) -> str:
        """An atom as a person reads it."""
        name = atom.fact
        match atom:
            case Truth():
                return {PERSONAL_DATA: "text has personal data", QUESTION: "text asks a question"}.get(name, name)
            case Missing():
                return f"{name} is unknown"
            case Same(_, text):
                return f'{name} is "{text}"'
            case Holding(_, text):
                return f'{name} contains "{text}"'
            case Item(_, text):
                return f'{name} includes "{text}"'
            case Number(_, operator, constant):
                if name.startswith("#"):
                    least = "" if constant == 1 else f"at least {constant:g} of "
                    return f"text mentions {least}{self.list_name(name)}"
                word = {"==": "is", "!=": "is not"}.get(operator, operator)
                return f"{name} {word} {self.value(name, constant)}"
            case _:
                assert_never(atom)

    def list_name(self, fact: str) -> str:
        """A term list as the playbook calls it."""
        return "brand" if fact == BRAND else fact[1:]

    def value(self, fact: str, value: Fact) -> str:
        """A fact's value for people: a level by its name, a duration in its units, 8400 as 8.4k."""
        if value is None:
            return "unknown"
        if fact.startswith("#"):
            terms = self.found.get(fact)
            return ", ".join(f'"{one}"' for one in terms) if terms else f"{value:g} found" if value else "none found"
        scale = next((one for one in self.plan.scales if one.name == fact), None)
        if scale is not None:
            assert isinstance(value, int)
            return scale.levels[value]
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(value) or "nothing"
        if isinstance(value, datetime):
            return time_text(value)
        if isinstance(value, str):
            return f'"{value}"'
        kind = self.plan.declared.get(fact) or (FIELD[fact].kind if fact in FIELD else Kind.NUMBER)
        return duration_text(value) if kind is Kind.DURATION else number_text(value)

    # -- why not

    def why_not(self, trace: Trace, most: int | None = MOST_NOT) -> list[Unmet]:
        """The rules that came nearest to deciding otherwise, the nearest first; at the most so many."""
        unmet: list[Unmet] = []
        nodes = {node.name: node for node in self.plan.nodes}
        for visit in trace.visits:
            node = nodes[visit.node]
            if isinstance(node, MatrixPlan):
                unmet += self._other_cells(trace, node, visit.arm)
                continue
            arms = {arm.rule: arm for arm in node.arms}
            for tried in visit.tried:
                if tried.seen is not None and not tried.fires and not self._leads_alike(arms[tried.rule], trace):
                    distance, needs = self._needs(tried.seen, wanted=True)
                    unmet.append(Unmet(tried.rule, self.target(arms[tried.rule]), tuple(needs), distance))
        unmet.sort(key=lambda one: one.distance)
        return unmet[:most]

    def _leads_alike(self, arm: Arm, trace: Trace) -> bool:
        if arm.outcome is None:
            return False
        ending = self.plan.endings[arm.outcome]
        return (ending.decision, ending.team, ending.reply) == (
            trace.ending.decision,
            trace.ending.team,
            trace.ending.reply,
        )

    def _other_cells(self, trace: Trace, node: MatrixPlan, arm: Arm) -> list[Unmet]:
        """The cells that another level of one scale would have given."""
        unmet = []
        places = {name: trace.facts[name] for name in (node.down, node.across)}
        for scale in self.plan.scales:
            if scale.name not in places:
                continue
            for level, distance, needs in self._other_levels(trace, scale):
                at = places | {scale.name: level}
                down, across = at[node.down], at[node.across]
                assert isinstance(down, int)
                assert isinstance(across, int)
                other = node.arms[down * node.width + across]
                if self.target(other) != self.target(arm):
                    lead = f"{scale.name} were {scale.levels[level]}: {', and '.join(needs)}"
                    unmet.append(Unmet(other.rule, self.target(other), (lead,), distance))
        return unmet

    def _other_levels(self, trace: Trace, scale: Scale) -> list[tuple[int, float, list[str]]]:
        found = []
        for tried in trace.computed[scale.name]:
            if tried.seen is not None and not tried.fires:
                distance, needs = self._needs(tried.seen, wanted=True)
                found.append((scale.levels.index(tried.rule), distance, needs))
        return found

    def target(self, arm: Arm) -> str:
        """Where an arm leads, in words."""
        if arm.outcome is None:
            return f"step {arm.target}"
        ending = self.plan.endings[arm.outcome]
        return label(ending.decision, ending.team)

    def _needs(self, seen: Seen, *, wanted: bool) -> tuple[float, list[str]]:
        """The fewest and nearest atoms that would have to differ, and how far off they are."""
        if seen.value is wanted:
            return 0.0, []
        match seen.expression:
            case Opposite():
                return self._needs(seen.parts[0], wanted=not wanted)
            case All() | AnyOf():
                each = [self._needs(part, wanted=wanted) for part in seen.parts]
                every = isinstance(seen.expression, All) == wanted
                if every:
                    return sum(cost for cost, _ in each), [text for _, texts in each for text in texts]
                return min(each, key=lambda one: one[0])
            case atom:
                return 1 + _gap(atom, seen.fact), [self._need_text(atom, seen.fact, wanted=wanted)]

    def _need_text(self, atom: Atom, value: Fact, *, wanted: bool) -> str:
        text = self.atom_text(atom)
        plural = isinstance(atom, Number) and not atom.fact.startswith("#")
        if isinstance(atom, Number) and plural:
            if not wanted:
                opposite = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}[atom.operator]
                text = self.atom_text(Number(atom.fact, opposite, atom.value))
            was = "is unknown" if value is None else f"is {self.value(atom.fact, value)}"
            return f"{text} (it {was})"
        return (
            f"{text} (it {'does not' if wanted else 'does'})"
            if text.startswith("text ")
            else (f"{text} (it is {self.value(atom.fact, value)})" if wanted else f"not {text}")
        )


def _gap(atom: Atom, value: Fact) -> float:
    """How far a number is from its threshold, from 0 to just under 1."""
    if value is None:
        return UNKNOWN_GAP
    if isinstance(atom, Number) and isinstance(value, int | float) and not isinstance(value, bool):
        away = abs(value - atom.value)
        return away / (away + abs(atom.value) + 1e-9) if away else 0.0
    return 0.75


def _word(value: bool | None) -> str:  # noqa: FBT001  a value, not an option
    return {True: "true", False: "false", None: "unknown"}[value]


def number_text(value: float) -> str:
    """A number as people write it.

    >>> number_text(8400), number_text(1_500_000), number_text(-0.35), number_text(42)
    ('8.4k', '1.5M', '-0.35', '42')
    """
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size and value % (size / 10) == 0:
            return f"{value / size:g}{unit}"
    return f"{value:.10g}"


def duration_text(seconds: float) -> str:
    """A duration in its two largest units.

    >>> duration_text(5400), duration_text(259200), duration_text(0)
    ('1h 30m', '3d', '0s')
    """
    left, parts = round(seconds), []
    for size, unit in _DURATIONS:
        if left >= size:
            parts.append(f"{left // size}{unit}")
            left %= size
    return " ".join(parts[:2]) or "0s"
