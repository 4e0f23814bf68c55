"""What was seen on the way to one decision: the decision is read off it, and so is every explanation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.plan import Arm, Ending, Expression, Guarded

Known = bool | float | str | list[str] | datetime
Fact = Known | None
"""A fact's value; None is unknown. Durations are seconds, a scale's level is its place."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An expression with its value and the values of its parts; an atom also keeps the fact that it looked at."""

    expression: Expression
    value: bool | None
    parts: tuple[Seen, ...] = ()
    fact: Fact = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A guard that was tried: a rule's, a level's or a score line's. `seen` is None for `otherwise`."""

    rule: str
    guard: Guarded | None
    seen: Seen | None

    @property
    def fires(self) -> bool:
        """Whether the guard lets the message through."""
        return self.seen is None or self.seen.value is True


@dataclass(frozen=True, slots=True)
class Visit:
    """One step or matrix on the path: what was tried in order, the last of which fired."""

    node: str
    tried: tuple[Tried, ...]
    arm: Arm


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that was looked at for one message.

    `facts` holds every fact, those of scales, scores and defines included; `levels` the scales' levels by name;
    `computed` what was tried for each scale; `unknown` the unknown facts that mattered, in alphabetical order.
    """

    facts: dict[str, Fact]
    levels: dict[str, str]
    computed: dict[str, tuple[Tried, ...]]
    visits: tuple[Visit, ...]
    ending: Ending
    unknown: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The names of all rules taken, in order."""
        return tuple(visit.arm.rule for visit in self.visits)
