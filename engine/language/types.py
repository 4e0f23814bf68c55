"""What the names in a condition are, and so what they may be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.language import syntax as s
from engine.language.playbook import Playbook
from engine.message import AFTERWARDS, FIELD, SIGNAL, Kind


class Role(StrEnum):
    """What kind of thing a name stands for."""

    FIELD = "field"
    SIGNAL = "signal"
    SCALE = "scale"
    SCORE = "score"
    DEFINE = "define"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Type:
    """A name's type. `levels` are a scale's or signal's, the lowest first; `words` a category's known values.

    `cuts[i]` is where level `i + 1` of a signal begins; `low` and `high` bound a number.
    """

    role: Role
    kind: Kind
    levels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    closed: bool = False
    cuts: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether plain numbers are its values."""
        return self.kind in {Kind.NUMBER, Kind.COUNT} and self.role is not Role.SCALE

    @property
    def is_ordered(self) -> bool:
        """Whether `>=` makes sense."""
        return self.kind in {Kind.NUMBER, Kind.COUNT, Kind.DURATION} or bool(self.levels)

    @property
    def in_words(self) -> str:
        """For a sentence: `a count`, `a scale (low < high)`."""
        if self.role is Role.SCALE:
            return f"a scale ({' < '.join(self.levels)})"
        if self.role is Role.SIGNAL:
            return f"a number from {self.low:g} to {self.high:g}"
        if self.role is Role.WATCH:
            return "a watch"
        if self.role is Role.SCORE:
            return "a score"
        if self.role is Role.DEFINE:
            return "a condition"
        return {Kind.YES_NO: "yes or no", Kind.CATEGORY: "one of several words"}.get(self.kind, f"a {self.kind}")


DECLARED_TYPES = {
    "text": Kind.TEXT,
    "number": Kind.NUMBER,
    "count": Kind.COUNT,
    "yes/no": Kind.YES_NO,
    "time": Kind.TIME,
    "duration": Kind.DURATION,
    "list": Kind.LIST,
}
"""What `field extra.plan: TYPE` may say."""


def type_of(playbook: Playbook, name: str) -> Type | None:
    """The type of a name in a condition; None when nothing is called so."""
    if name in playbook.scales:
        return Type(Role.SCALE, Kind.NUMBER, tuple(level.text for level in playbook.scales[name].levels))
    if name in playbook.scores:
        return Type(Role.SCORE, Kind.NUMBER)
    if name in playbook.defines:
        return Type(Role.DEFINE, Kind.YES_NO)
    if name in playbook.watches:
        return Type(Role.WATCH, Kind.YES_NO)
    if name in SIGNAL:
        signal = SIGNAL[name]
        return Type(Role.SIGNAL, Kind.NUMBER, signal.levels, cuts=signal.cuts, low=signal.low, high=signal.high)
    if name in FIELD and name not in AFTERWARDS:
        known = FIELD[name]
        return Type(Role.FIELD, known.kind, words=known.words, closed=known.closed, low=known.low, high=known.high)
    if name in playbook.fields:
        return Type(Role.FIELD, DECLARED_TYPES.get(playbook.fields[name].type.text, Kind.TEXT))
    return None


def names_in_conditions(playbook: Playbook) -> list[str]:
    """Every name that a condition may hold."""
    tables = (playbook.scales, playbook.scores, playbook.defines, playbook.watches, playbook.fields)
    declared = [name for table in tables for name in table]
    return [*declared, *SIGNAL, *(name for name in FIELD if name not in AFTERWARDS)]


def operand(condition: s.Condition) -> s.Name | None:
    """The name that an atomic condition looks at, if it looks at one."""
    match condition:
        case s.Or() | s.And() | s.Not() | s.Mentions() | s.PersonalData() | s.Question():
            return None
        case _:
            return condition.left


def values(condition: s.Condition) -> tuple[s.Value, ...]:
    """The values that an atomic condition compares its name with."""
    match condition:
        case s.Is(value=value) | s.Compare(value=value):
            return (value,)
        case s.OneOf(values=several):
            return several
        case s.Between(low=low, high=high):
            return (low, high)
        case _:
            return ()
