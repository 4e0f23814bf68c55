"""The pieces of the drawing: a step, an outcome, the rules on an arrow. A matrix is in `table.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never
from xml.etree import ElementTree as ET

from engine.drawing.arrows import Arrow, carried, in_words, line, number
from engine.drawing.colours import CARD, QUIET, START, STEP, Paint, paint
from engine.drawing.pen import Figure, element, group, mark, rectangle, words
from engine.drawing.table import matrix_figure
from engine.drawing.words import clean, pixels, wrap
from engine.graph import Graph, Node, NodeKind

GUARD_CELLS = 34
GUARD_LINES = 4
NAME_CELLS = 30
LINE = 16.0
"""From one baseline to the next, at 12 pixels."""


def node_figures(graph: Graph, names: Mapping[str, str] | None = None) -> dict[str, Figure]:
    """Every node's figure; outcomes are equally wide. `names` are the classes of rules, for the cells of matrices."""
    made = {name: _node(graph, node, names) for name, node in graph.nodes.items()}
    outcomes = [node for node in graph.nodes.values() if node.kind is NodeKind.OUTCOME]
    widest = max((made[node.id].width for node in outcomes), default=0.0)
    return made | {node.id: _outcome(node, widest) for node in outcomes}


def _node(graph: Graph, node: Node, names: Mapping[str, str] | None) -> Figure:
    match node.kind:
        case NodeKind.STEP:
            return _step(graph, node)
        case NodeKind.MATRIX:
            return matrix_figure(graph, node, names)
        case NodeKind.OUTCOME:
            return _outcome(node)
        case _:
            assert_never(node.kind)


def _step(graph: Graph, node: Node) -> Figure:
    rules = graph.edges_from(node.id)
    under = f"{node.kind} · {len(rules):,} {'rule' if len(rules) == 1 else 'rules'}"
    look = START if node.id == graph.start else STEP
    return _card(wrap(clean(node.name), NAME_CELLS, 2), [under], look, [*in_words(node), *map(line, rules)])


def _outcome(node: Node, least: float = 120.0) -> Figure:
    outcome = node.outcome
    assert outcome is not None
    name, *rest = in_words(node)
    plain = outcome.name == outcome.label
    under = [text for one in rest for text in wrap(one, NAME_CELLS, 2)]
    hover = [name, *rest, *([] if plain else carried(outcome))]
    return _card(wrap(name, NAME_CELLS, 2), under, paint(outcome.decision), hover, least)


def _card(heads: list[str], under: list[str], look: Paint, hover: list[str], least: float = 120.0) -> Figure:
    """Bold lines over plain ones, after the decision's mark."""
    start = 34.0 if look.mark else 14.0
    widest = max([pixels(text, 14) * 1.04 for text in heads] + [pixels(text, 12) for text in under])
    size = (max(start + widest + 12, least), 14 + 18 * len(heads) + LINE * len(under))
    made = group(hover)
    rectangle(made, size, look.fill, stroke=look.line, thick=1.5, round_by=8.0)
    if look.mark:
        mark(made, look, (12, size[1] / 2 - 6))
    y = 3.0
    for text in heads:
        y += 18
        words(made, text, (start, y), 14, look.ink, font_weight="bold")
    for text in under:
        y += LINE
        words(made, text, (start, y), 12, QUIET if look is STEP else look.ink)
    return Figure(*size, made)


def label_figure(graph: Graph, arrow: Arrow, names: Mapping[str, str] | None = None) -> Figure:
    """An arrow's rules under one another, each with its place in the order of trial. `names` are the classes of rules."""
    outcome = graph.nodes[arrow.target].outcome
    look = paint(outcome.decision) if outcome else START
    blocks = [(rule, wrap(clean(rule.guard_text), GUARD_CELLS, GUARD_LINES)) for rule in arrow.shown]
    texts = [text for _, block in blocks for text in block] + ([arrow.more] if arrow.more else [])
    badge = max([18.0] + [pixels(number(rule), 11) + 8 for rule, _ in blocks])
    start = 6 + badge + 7
    size = (start + max(pixels(text, 12) for text in texts) + 8, 8 + LINE * len(texts) + 5 * (len(blocks) - 1))
    made = group([", ".join([line(rule), *carried(rule.outcome)]) for rule in arrow.rules])
    rectangle(made, size, CARD)
    y = 4.0
    for rule, block in blocks:
        first = len(made)
        _badge(made, number(rule), (6, y), badge, look)
        for text in block:
            words(made, text, (start, y + 12), 12, **({} if rule.guard else {"font_style": "italic"}))
            y += LINE
        y += 5
        for one in made[first:] if names else ():
            one.set("class", f"rule {names[rule.rule]}" if names else "")
    if arrow.more:
        words(made, arrow.more, (start, y + 7), 12, QUIET, font_style="italic")
    return Figure(*size, made)


def _badge(into: ET.Element, text: str, at: tuple[float, float], width: float, look: Paint) -> None:
    """A pill with the rule's number; an empty one, smaller, for `otherwise`."""
    x, y = at
    height, inset = (16.0, 0.0) if text else (8.0, width / 2 - 4)
    element(
        "rect",
        into,
        x=x + inset,
        y=y + (16 - height) / 2,
        width=width - 2 * inset,
        height=height,
        rx=height / 2,
        fill=look.fill,
        stroke=look.line,
    )
    if text:
        words(into, text, (x + width / 2, y + 12), 11, look.ink, text_anchor="middle", font_weight="bold")
