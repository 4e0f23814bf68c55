"""Graphviz text: for those who have `dot` and want another layout."""

from __future__ import annotations

from engine.drawing.arrows import Arrow, arrows, in_words, line
from engine.drawing.colours import PAINTS, START, STEP, paint
from engine.drawing.words import clean, wrap
from engine.graph import Graph, Node, NodeKind

LABEL_CELLS = 34
LABEL_LINES = 4

_SHAPES = {NodeKind.STEP: "box", NodeKind.MATRIX: "box3d", NodeKind.OUTCOME: "box"}


def draw(graph: Graph) -> str:
    """A digraph from left to right. Ids are `n0`, `n1` ...; what an author wrote stands in quotes only."""
    ids = {name: f"n{number}" for number, name in enumerate(graph.nodes)}
    lines = [
        f"digraph {quoted([graph.name])} {{",
        '  graph [rankdir=LR, charset="UTF-8"]',
        '  node [style="filled,rounded", fontname="Noto Sans"]',
        '  edge [fontname="Noto Sans", fontsize=10]',
    ]
    lines += [f"  {ids[name]} [{_look(graph, node)}]" for name, node in graph.nodes.items()]
    for arrow in arrows(graph):
        outcome = graph.nodes[arrow.target].outcome
        colour = paint(outcome.decision if outcome else None).line
        label = f'label={quoted(_label(arrow))}, color="{colour}"'
        lines.append(f"  {ids[arrow.source]} -> {ids[arrow.target]} [{label}]")
    last = "; ".join(ids[name] for name, node in graph.nodes.items() if node.kind is NodeKind.OUTCOME)
    lines.append(f"  {{ rank=same; {last} }}")
    return "\n".join(lines) + "\n}\n"


def _look(graph: Graph, node: Node) -> str:
    look = START if node.id == graph.start else STEP
    look = PAINTS[node.outcome.decision] if node.outcome else look
    colours = f'fillcolor="{look.fill}", fontcolor="{look.ink}", color="{look.line}"'
    return f"label={quoted(in_words(node))}, shape={_SHAPES[node.kind]}, {colours}"


def _label(arrow: Arrow) -> list[str]:
    shown = [text for rule in arrow.shown for text in wrap(line(rule), LABEL_CELLS, LABEL_LINES)]
    return [*shown, arrow.more] if arrow.more else shown


def quoted(lines: list[str]) -> str:
    r"""A quoted string of several lines. Graphviz reads `\` and, in labels, `&` as the beginning of something else.

    >>> print(quoted(['say "no"', r'\N & more']))
    "say \"no\"\n\\N &amp; more"
    """
    return '"' + "\\n".join(_escaped(clean(text)) for text in lines) + '"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
