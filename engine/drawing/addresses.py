"""Names for the pieces of a drawing, so that a page can light up one way through it with its style sheet alone.

They are numbers of nodes, arrows and rules, never an author's text. A plain drawing has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.drawing.arrows import arrows
from engine.graph import Graph


@dataclass(frozen=True, slots=True)
class Addresses:
    """The class of each node, of each arrow (by source and target) and of each rule (by its name)."""

    nodes: dict[str, str]
    arrows: dict[tuple[str, str], str]
    rules: dict[str, str]


def addresses(graph: Graph) -> Addresses:
    """Every piece's class."""
    return Addresses(
        {name: f"n{number}" for number, name in enumerate(graph.nodes)},
        {(one.source, one.target): f"a{number}" for number, one in enumerate(arrows(graph))},
        {edge.rule: f"r{number}" for number, edge in enumerate(graph.edges)},
    )


def way(graph: Graph, path: Iterable[str]) -> tuple[str, ...]:
    """The classes of the pieces that a message's path passes: nodes, arrows and rules, in its order.

    Rules that the graph does not have are passed over, as when a file was decided by another version of the playbook.
    """
    known = addresses(graph)
    by_rule = {edge.rule: edge for edge in graph.edges}
    found: dict[str, None] = {}
    for rule in path:
        edge = by_rule.get(rule)
        if edge is not None:
            names = (
                known.nodes[edge.source],
                known.rules[rule],
                known.arrows[edge.source, edge.target],
                known.nodes[edge.target],
            )
            found |= dict.fromkeys(names)
    return tuple(found)
