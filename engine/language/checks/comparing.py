"""Every comparison of a playbook with the type of the name that it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.language import syntax as s
from engine.language.playbook import Playbook
from engine.language.types import Role, Type, operand, type_of, values
from engine.message import SIGNAL


@dataclass(frozen=True, slots=True)
class Comparison:
    """One atomic condition, the name in it, what that name is, and the values beside it."""

    condition: s.Condition
    name: s.Name
    type: Type
    values: tuple[s.Value, ...]


def comparisons(playbook: Playbook) -> Iterator[Comparison]:
    """Every condition that looks at a name that is known."""
    types: dict[str, Type | None] = {}
    for condition in playbook.inner_conditions():
        name = operand(condition)
        if name is None:
            continue
        if name.text not in types:
            types[name.text] = type_of(playbook, name.text)
        found = types[name.text]
        if found is not None:
            yield Comparison(condition, name, found, values(condition))


def owner_of_level(playbook: Playbook, level: str, *, but: str) -> str | None:
    """The scale or signal other than `but` that has this level."""
    for name, scale in playbook.scales.items():
        if name != but and any(one.text == level for one in scale.levels):
            return name
    return next((name for name, signal in SIGNAL.items() if name != but and level in signal.levels), None)


def compared_levels(playbook: Playbook) -> Iterator[tuple[Comparison, s.Name]]:
    """Every bare word that stands beside something with levels."""
    for comparison in comparisons(playbook):
        if comparison.type.levels:
            yield from ((comparison, value) for value in comparison.values if isinstance(value, s.Name))


def listed(names: tuple[str, ...]) -> str:
    """`low, medium or high`, each as code; cut off after eight."""
    quoted = [f"`{name}`" for name in names[:8]]
    if len(names) > 8:
        return f"{', '.join(quoted)} and others"
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def size(value: s.Value, type_: Type) -> float | None:
    """Where a value lies on its name's axis: the number, the seconds, or a level's place; None for the rest."""
    match value:
        case s.Number(value=number):
            return number if type_.role is not Role.SCALE else None
        case s.Duration(seconds=seconds):
            return seconds
        case s.Name(text=text) if text in type_.levels:
            return type_.levels.index(text)
        case _:
            return None
