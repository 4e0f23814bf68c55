"""A picture for people: left to right from the start to the outcomes, each in its decision's colour."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree as ET

from engine.drawing.addresses import Addresses, addresses
from engine.drawing.arrows import arrows, layers
from engine.drawing.colours import CARD, HAIRLINE, STEM, paint
from engine.drawing.columns import Link
from engine.drawing.figures import label_figure, node_figures
from engine.drawing.layout import Layout, Wire, lay_out
from engine.drawing.legend import heading, in_rows, notes, rule_line, summary
from engine.drawing.pen import FONTS, element, group, short
from engine.drawing.words import clean
from engine.graph import Graph, NodeKind

MARGIN = 32.0
HEAD = 7.0
"""Length of an arrowhead."""


def draw(graph: Graph, *, addressed: bool = False) -> str:
    """One SVG document, readable on any page: it has a white card, no styles, no scripts, no links.

    Args:
        graph: what is drawn.
        addressed: give nodes, arrows and rules the classes of `addresses`, and what they are (`step`, `wire` ...).
    """
    top = heading(graph)
    body, layout = _body(graph, addresses(graph) if addressed else None)
    width = max(top.width, layout.width)
    below = list(in_rows(notes(graph), width))
    width = max([width] + [figure.width for figure, _, _ in below])
    y = MARGIN + top.height + 40
    foot = y + layout.height + 40
    height = foot + max((at + figure.height for figure, _, at in below), default=-40.0) + (24 if below else 0) + MARGIN
    root = _root(graph, width + 2 * MARGIN, height)
    root.append(top.at(MARGIN, MARGIN))
    body.set("transform", f"translate({short(MARGIN)},{short(y)})")
    root.append(body)
    if below:
        root.append(rule_line(width).at(MARGIN, foot))
        root.extend(figure.at(MARGIN + x, foot + 24 + at) for figure, x, at in below)
    return ET.tostring(root, encoding="unicode") + "\n"


def laid_out(graph: Graph) -> Layout:
    """The places of a graph's drawing, without the heading."""
    return _body(graph)[1]


def _body(graph: Graph, names: Addresses | None = None) -> tuple[ET.Element, Layout]:
    rules = names.rules if names else None
    nodes = node_figures(graph, rules)
    gathered = arrows(graph)
    labels = {
        (arrow.source, arrow.target): label_figure(graph, arrow, rules)
        for arrow in gathered
        if graph.nodes[arrow.source].kind is NodeKind.STEP
    }
    if names:
        for name, figure in nodes.items():
            figure.group.set("class", f"{graph.nodes[name].kind} {names.nodes[name]}")
        for key, figure in labels.items():
            figure.group.set("class", f"label {names.arrows[key]}")
    links = []
    for arrow in gathered:
        label = labels.get((arrow.source, arrow.target))
        links.append(Link(arrow.source, arrow.target, (label.width, label.height) if label else None))
    layout = lay_out(layers(graph), {name: (one.width, one.height) for name, one in nodes.items()}, links)
    body = group()
    for wire in layout.wires:
        _wire(body, graph, wire, " ".join(names.arrows[link] for link in wire.links) if names else "")
    body.extend(labels[key].at(box.x, box.y) for key, box in layout.labels.items())
    body.extend(nodes[name].at(box.x, box.y) for name, box in layout.nodes.items())
    return body, layout


def _wire(into: ET.Element, graph: Graph, wire: Wire, names: str) -> None:
    outcome = graph.nodes[wire.target].outcome
    colour = STEM if wire.leaves else paint(outcome.decision if outcome else None).line
    (x, y), (bend, _), (end, last) = wire.points
    stop = end - (HEAD - 1 if wire.arrives else 0)
    half = (stop - bend) / 2
    straight = f"M{short(x)} {short(y)}H{short(bend)}" if bend > x else f"M{short(x)} {short(y)}"
    curve = f"C{short(bend + half)} {short(y)} {short(stop - half)} {short(last)} {short(stop)} {short(last)}"
    named = {"class": f"wire {names}"} if names else {}
    element("path", into, d=straight + curve, fill="none", stroke=colour, stroke_width=1.6, **named)
    if wire.arrives:
        tip = f"M{short(end)} {short(last)}l{short(-HEAD - 2)} -4.5v9Z"
        element("path", into, d=tip, fill=colour, **named)


def _root(graph: Graph, width: float, height: float) -> ET.Element:
    name = clean(graph.name)
    key = hashlib.sha256("\0".join([graph.name, *graph.nodes]).encode("utf-8", "replace")).hexdigest()[:12]
    root = element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {short(width)} {short(height)}",
        role="img",
        aria_labelledby=f"title-{key} desc-{key}",
        font_family=FONTS,
    )
    element("title", root, id=f"title-{key}").text = f"{name}: decision graph"
    outcomes = ", ".join(clean(node.name) for node in graph.nodes.values() if node.kind is NodeKind.OUTCOME)
    description = f"{summary(graph)}. It starts at {clean(graph.start)} and ends in one of: {outcomes}."
    element("desc", root, id=f"desc-{key}").text = description
    element("rect", root, x=0.5, y=0.5, width=width - 1, height=height - 1, rx=12, fill=CARD, stroke=HAIRLINE)
    return root
