"""Where everything in a layered drawing stands: left to right, every arrow's label in a lane of its own.

Columns alternate: nodes, labels, nodes, labels ... Lines that pass a column get a place in it as nodes and labels do,
so nothing can overlap: inside columns lines are horizontal, between columns there is nothing but lines. Three stages,
a module each: `columns` (what stands where), `order`, `relax` (heights). Lengths are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.drawing.columns import Item, Kind, Link, Size, build_columns
from engine.drawing.order import put_in_order
from engine.drawing.relax import relax

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two have an area in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Wire:
    """A piece of a line towards `target`.

    It starts at the first point, is horizontal up to the second (its column's right side), and curved up to the third
    (the next column's left side). `leaves` goes from a node to a label; `arrives` ends in the arrowhead. `links` are the
    arrows that it is a piece of, each its source and target.
    """

    target: str
    points: tuple[Point, Point, Point]
    leaves: bool
    arrives: bool
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The finished places. Labels are keyed by source and target."""

    width: float
    height: float
    nodes: dict[str, Box]
    labels: dict[tuple[str, str], Box]
    wires: tuple[Wire, ...]
    crossings: int


def lay_out(layers: Sequence[Sequence[str]], sizes: Mapping[str, Size], links: Iterable[Link]) -> Layout:
    """Place nodes of known layers and sizes. Every link leads to a later layer. Deterministic."""
    columns = build_columns(layers, sizes, links)
    crossings = put_in_order(columns)
    relax(columns)
    top = min((item.y - item.height / 2 for column in columns for item in column), default=0.0)
    for column in columns:
        for item in column:
            item.y -= top
    sides = _sides(columns)
    nodes: dict[str, Box] = {}
    labels: dict[tuple[str, str], Box] = {}
    for (left, _), column in zip(sides, columns, strict=True):
        for item in column:
            box = Box(left, item.y - item.height / 2, item.width, item.height)
            if item.kind is Kind.NODE:
                nodes[item.source] = box
            elif item.solid:
                labels[item.source, item.target] = box
    height = max((item.y + item.height / 2 for column in columns for item in column), default=0.0)
    return Layout(sides[-1][1], height, nodes, labels, tuple(_wires(columns, sides)), crossings)


def _sides(columns: Sequence[Sequence[Item]]) -> list[tuple[float, float]]:
    """Each column's left and right side."""
    sides: list[tuple[float, float]] = []
    left = 0.0
    for index, column in enumerate(columns):
        right = left + max((item.width for item in column), default=0.0)
        sides.append((left, right))
        left = right + _gap(column, to_labels=index % 2 == 0)
    return sides


def _gap(column: Sequence[Item], *, to_labels: bool) -> float:
    """Wide enough that the steepest line between this column and the next stays a curve."""
    steepest = max((abs(item.y - one.y) for item in column for one in item.after), default=0.0)
    least, share, most = (44.0, 0.09, 110.0) if to_labels else (64.0, 0.16, 230.0)
    return max(least, min(most, steepest * share))


def _wires(columns: Sequence[Sequence[Item]], sides: Sequence[tuple[float, float]]) -> Iterator[Wire]:
    """Each piece of line once, from every column into the next."""
    for index, column in enumerate(columns):
        left, right = sides[index]
        for item in column:
            for one, port in zip(item.after, _ports(item), strict=True):
                points = ((left + item.width, port), (right, port), (sides[index + 1][0], one.y))
                leaves = one.kind is Kind.LABEL and one.solid
                links = tuple(_links(one if item.kind is Kind.NODE else item))
                yield Wire(one.target, points, leaves, one.kind is Kind.NODE, links)


def _links(item: Item) -> Iterator[tuple[str, str]]:
    """The arrows that a label, or a place where lines pass, belongs to."""
    if item.kind is Kind.LABEL:
        yield item.source, item.target
    else:
        for one in item.before:
            yield from _links(one)


def _ports(item: Item) -> list[float]:
    """The heights at which lines leave: spread where they have no label to tell them apart, else one for all."""
    count = len(item.after)
    if count < 2 or any(one.solid for one in item.after):
        return [item.y] * count
    step = min(26.0, item.height * 0.8 / count)
    return [item.y + (number - (count - 1) / 2) * step for number in range(count)]
