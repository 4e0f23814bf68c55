"""What stands in each column of a layered drawing, before anything has a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow to be laid; `label` is the size of its label, or None."""

    source: str
    target: str
    label: Size | None


class Kind(Enum):
    """A node, a label (perhaps without size), or the place where a line passes a column."""

    NODE = "node"
    LABEL = "label"
    PASSING = "passing"


@dataclass(slots=True, eq=False)
class Item:
    """Something that stands in a column. `target` is the node that a label or a passing line leads to."""

    kind: Kind
    column: int
    source: str
    target: str
    width: float = 0.0
    height: float = 0.0
    before: list[Item] = field(default_factory=list)
    """Where its lines come from, in the column before."""
    after: list[Item] = field(default_factory=list)
    place: int = 0
    """Its number in the column's order."""
    y: float = 0.0
    """The height of its middle."""

    @property
    def solid(self) -> bool:
        """Whether it covers an area."""
        return self.height > 0


def build_columns(
    layers: Sequence[Sequence[str]], sizes: Mapping[str, Size], links: Iterable[Link]
) -> list[list[Item]]:
    """Columns of nodes (even) and lanes of labels (odd). Lines to the same target pass a column in one place."""
    columns: list[list[Item]] = [[] for _ in range(2 * len(layers) - 1)]
    nodes: dict[str, Item] = {}
    for number, layer in enumerate(layers):
        for name in layer:
            nodes[name] = Item(Kind.NODE, 2 * number, name, name, *sizes[name])
            columns[2 * number].append(nodes[name])
    passing: dict[tuple[str, int], Item] = {}
    for link in links:
        source, target = nodes[link.source], nodes[link.target]
        at = Item(Kind.LABEL, source.column + 1, link.source, link.target, *(link.label or (0.0, 0.0)))
        columns[at.column].append(at)
        _connect(source, at)
        for column in range(at.column + 1, target.column):
            key = (link.target, column)
            known = key in passing
            if not known:
                passing[key] = Item(Kind.PASSING, column, link.target, link.target)
                columns[column].append(passing[key])
            _connect(at, passing[key])
            at = passing[key]
            if known:
                break
        else:
            _connect(at, target)
    return columns


def _connect(one: Item, other: Item) -> None:
    one.after.append(other)
    other.before.append(one)
