"""Which rules of a playbook its recorded incidents reach: each rule and each cell of a matrix is a way onward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.incidents.replay import Verdict


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often messages of which something is expected took each rule of a playbook, in the order of the playbook."""

    playbook: str
    taken: dict[str, int]

    @property
    def reached(self) -> int:
        """Rules that were taken at least once."""
        return sum(times > 0 for times in self.taken.values())

    @property
    def percent(self) -> float:
        """How many of a hundred rules were taken.

        >>> Coverage("care", {"start.1": 2, "start.2": 0}).percent
        50.0
        """
        return 100 * self.reached / max(len(self.taken), 1)

    @property
    def missed(self) -> list[str]:
        """Rules that were never taken."""
        return [rule for rule, times in self.taken.items() if not times]


def coverage(verdicts: Iterable[Verdict]) -> list[Coverage]:
    """The coverage of each playbook whose incidents were replayed."""
    plans = {}
    times: dict[tuple[str, str], Counter[str]] = {}
    for verdict in verdicts:
        plan = verdict.explained.plan
        key = (plan.name, plan.version)
        plans[key] = plan
        times.setdefault(key, Counter()).update(verdict.explained.trace.path)
    return [
        Coverage(plan.name, {arm.rule: times[key][arm.rule] for node in plan.nodes for arm in node.arms})
        for key, plan in plans.items()
    ]
