"""What every drawing shows between two nodes: all the rules that lead from one to the other, as one arrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.drawing.words import clean
from engine.graph import Edge, Graph, Node, NodeKind, Outcome
from engine.language.format import modifier_text

MOST_RULES = 50
"""Rules that one arrow lists before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """The rules from `source` to `target`, in order of trial."""

    source: str
    target: str
    rules: tuple[Edge, ...]

    @property
    def shown(self) -> tuple[Edge, ...]:
        """The rules that are listed."""
        return self.rules[:MOST_RULES]

    @property
    def more(self) -> str:
        """`and 950 more`, or nothing."""
        left = len(self.rules) - MOST_RULES
        return f"and {left:,} more" if left > 0 else ""


def arrows(graph: Graph) -> tuple[Arrow, ...]:
    """A graph's edges, gathered by where they come from and lead to; in the order of each arrow's first rule."""
    gathered: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        gathered.setdefault((edge.source, edge.target), []).append(edge)
    return tuple(Arrow(source, target, tuple(rules)) for (source, target), rules in gathered.items())


def number(edge: Edge) -> str:
    """The rule's place in the order of trial, from 1; nothing for `otherwise` and for a matrix cell."""
    return "" if edge.guard is None else str(edge.order + 1)


def line(edge: Edge) -> str:
    """The rule in one line: `2 · severity is critical`."""
    return " · ".join(part for part in (number(edge), clean(edge.guard_text)) if part)


def carried(outcome: Outcome | None) -> list[str]:
    """What a decision carries, as an author writes it."""
    return [clean(modifier_text(modifier)) for modifier in outcome.modifiers] if outcome else []


def in_words(node: Node) -> list[str]:
    """A node's name, and under it what it is: `step`, or the decision where the name does not say it already."""
    name = clean(node.name)
    if node.outcome is None:
        return [name, str(node.kind)]
    decision = clean(node.outcome.label)
    return [name] if name == decision else [name, decision]


def layers(graph: Graph) -> list[list[str]]:
    """Node ids by their distance from the start, with all outcomes in the last layer."""
    inner = [[one for one in layer if graph.nodes[one].kind is not NodeKind.OUTCOME] for layer in graph.layers()]
    leaves = [one for one, node in graph.nodes.items() if node.kind is NodeKind.OUTCOME]
    return [layer for layer in [*inner, leaves] if layer]


def grid(graph: Graph, matrix: str) -> tuple[Sequence[str], Sequence[str], dict[tuple[str, str], Edge]]:
    """A matrix's rows and columns as the author wrote them, and its cells."""
    by_cell = {edge.cell: edge for edge in graph.edges_from(matrix) if edge.cell is not None}
    written = graph.matrices.get(matrix)
    if written is None:
        return tuple(dict.fromkeys(c[0] for c in by_cell)), tuple(dict.fromkeys(c[1] for c in by_cell)), by_cell
    return tuple(row.level.text for row in written.rows), tuple(head.text for head in written.head), by_cell
