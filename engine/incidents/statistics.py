"""How the rules of a playbook fare on a history: how often each holds, decides, and stands in another's shadow.

A rule of a step *holds* for a message that comes to its step when its condition is true, and *fires* when it is the first
that holds. Two rules *overlap* on a message when both hold: the later one would decide if the earlier were not there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from engine.evaluate.columns import Decided, held
from engine.plan import Plan, StepPlan


@dataclass(slots=True)
class Statistics:
    """Counts over all messages so far.

    Attributes:
        came: messages that came to each step or matrix.
        held: messages for which each rule of a step held; the last rule of a step always holds and is left out.
        fired: messages that took each rule or cell.
        overlaps: messages for which two rules of a step held, by the earlier and the later rule.
    """

    came: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    overlaps: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, plan: Plan) -> Statistics:
        """Nothing yet of every rule of a plan."""
        found = cls()
        for node in plan.nodes:
            found.came[node.name] = 0
            found.fired.update({arm.rule: 0 for arm in node.arms})
            if isinstance(node, StepPlan):
                found.held.update({arm.rule: 0 for arm in node.arms if arm.guard})
        return found

    def add(self, plan: Plan, decided: Decided) -> None:
        """Count a batch."""
        amounts = np.bincount(decided.code, minlength=len(decided.ways)).tolist()
        nodes = {arm.rule: node.name for node in plan.nodes for arm in node.arms}
        for (way, _), amount in zip(decided.ways, amounts, strict=True):
            for arm in way:
                self.fired[arm.rule] += amount
                self.came[nodes[arm.rule]] += amount
        for step, values in held(plan, decided):
            rules = [arm.rule for arm in step.arms if arm.guard]
            if not rules:
                continue
            table = np.array(values, dtype=np.float32)
            both = table @ table.T
            for i, rule in enumerate(rules):
                self.held[rule] += round(float(both[i, i]))
                for j in range(i + 1, len(rules)):
                    if both[i, j]:
                        self.overlaps[rule, rules[j]] += round(float(both[i, j]))

    @property
    def idle(self) -> list[str]:
        """Rules and cells that no message took."""
        return [rule for rule, times in self.fired.items() if not times]

    def as_dict(self) -> dict[str, object]:
        """As JSON can hold it; overlaps the most frequent first."""
        return {
            "came": dict(self.came),
            "held": dict(self.held),
            "fired": dict(self.fired),
            "overlaps": [
                {"earlier": earlier, "later": later, "messages": amount}
                for (earlier, later), amount in sorted(self.overlaps.items(), key=lambda one: (-one[1], one[0]))
            ],
        }
