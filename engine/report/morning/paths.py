"""The decision graph in the page, and the ways of the shown messages through it, lit up by the style sheet alone.

A message's link leads to the words of its way, which stand before the graph; being the target of the link lights the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from engine.drawing.addresses import way
from engine.drawing.svg import draw
from engine.graph import Graph


@dataclass(slots=True)
class Way:
    """A path that shown messages took: its rules with what they ask, where each leads, and the messages' cards."""

    number: int
    steps: list[tuple[str, str, str]]
    cards: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Ways:
    """All ways of a page, by path."""

    graph: Graph | None
    by_path: dict[tuple[str, ...], Way] = field(default_factory=dict)

    def of(self, path: Sequence[str], card: int) -> Way:
        """The way of a card's path."""
        key = tuple(path)
        if key not in self.by_path:
            self.by_path[key] = Way(len(self.by_path) + 1, [_step(self.graph, rule) for rule in key])
        found = self.by_path[key]
        found.cards.append(card)
        return found

    def svg(self) -> Markup | None:
        """The graph, drawn once."""
        return Markup(draw(self.graph, addressed=True)) if self.graph else None  # noqa: S704  written by ElementTree

    def style(self) -> str:
        """Rules that light up each way when it is the link's target."""
        if self.graph is None:
            return ""
        rules = []
        for path, one in self.by_path.items():
            names = [f".{name}" for name in way(self.graph, path)]
            if names:
                lit = ",".join(names)
                rules.append(f"#path-{one.number}:target~.graph :is({lit}){{opacity:1}}")
                rules.append(f"#path-{one.number}:target~.graph .wire:is({lit}){{stroke-width:3.6px}}")
        return "\n".join(rules)


def _step(graph: Graph | None, rule: str) -> tuple[str, str, str]:
    """A rule's name, what it asks, and where it leads."""
    edge = next((one for one in graph.edges if one.rule == rule), None) if graph else None
    if edge is None or graph is None:
        return rule, "", ""
    return rule, edge.guard_text, graph.nodes[edge.target].name
