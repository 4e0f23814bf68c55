"""Mermaid's text: for wikis and pull requests that draw it themselves."""

from __future__ import annotations

from engine.drawing.arrows import Arrow, arrows, in_words, line
from engine.drawing.colours import PAINTS, START, STEP
from engine.drawing.words import clean, clip
from engine.graph import Graph, Node, NodeKind

LABEL_CELLS = 120

_SHAPES = {NodeKind.STEP: ('["', '"]'), NodeKind.MATRIX: ('[["', '"]]'), NodeKind.OUTCOME: ('(["', '"])')}


def draw(graph: Graph) -> str:
    """A flowchart from the top down. Its ids are `n0`, `n1` ..., so that no author's word can end up as syntax."""
    ids = {name: f"n{number}" for number, name in enumerate(graph.nodes)}
    lines = ["flowchart TD"]
    lines += [f"  {ids[name]}{_shaped(node)}:::{_style(graph, node)}" for name, node in graph.nodes.items()]
    lines += [f'  {ids[arrow.source]} -->|"{_label(arrow)}"| {ids[arrow.target]}' for arrow in arrows(graph)]
    for number, look in enumerate(PAINTS.values()):
        lines.append(f"  classDef decision{number} fill:{look.fill},color:{look.ink},stroke:{look.line}")
    lines.append(f"  classDef step fill:{STEP.fill},color:{STEP.ink},stroke:{STEP.line}")
    lines.append(f"  classDef first fill:{START.fill},color:{START.ink},stroke:{START.line}")
    return "\n".join(lines) + "\n"


def _shaped(node: Node) -> str:
    before, after = _SHAPES[node.kind]
    return before + "<br/>".join(escaped(text) for text in in_words(node)) + after


def _style(graph: Graph, node: Node) -> str:
    if node.outcome is not None:
        return f"decision{list(PAINTS).index(node.outcome.decision)}"
    return "first" if node.id == graph.start else "step"


def _label(arrow: Arrow) -> str:
    shown = [escaped(clip(line(rule), LABEL_CELLS)) for rule in arrow.shown]
    return "<br/>".join([*shown, arrow.more] if arrow.more else shown)


def escaped(text: str) -> str:
    """Every ASCII sign that is not plainly text, as Mermaid's entity, which is not parsed again.

    >>> escaped('a "b" #1 [c]')
    'a #34;b#34; #35;1 #91;c#93;'
    """
    return "".join(_sign(character) for character in clean(text))


def _sign(character: str) -> str:
    plain = not character.isascii() or character.isalnum() or character in " .,:?!'+_-"
    return character if plain else f"#{ord(character)};"
