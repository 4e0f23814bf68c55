"""A decision graph as a picture and as text. One format a file; start with `svg`, whose layout is in `layout`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.drawing import dot, json_, mermaid, svg
from engine.graph import Graph


@dataclass(frozen=True, slots=True)
class Format:
    """A way to draw: its name, the end of its files' names, and the function that draws."""

    name: str
    suffix: str
    draw: Callable[[Graph], str]


FORMATS = (
    Format("svg", ".svg", svg.draw),
    Format("mermaid", ".mmd", mermaid.draw),
    Format("dot", ".dot", dot.draw),
    Format("json", ".json", json_.draw),
)


def draw(graph: Graph, format: str) -> str:  # noqa: A002 - the word that its callers use
    """The graph in the format of this name, ending in one line end. The same graph always gives the same text."""
    for one in FORMATS:
        if one.name == format:
            return one.draw(graph)
    msg = f"not a drawing format: {format!r}; one of {', '.join(one.name for one in FORMATS)}"
    raise ValueError(msg)
