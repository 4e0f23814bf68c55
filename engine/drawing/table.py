"""A matrix as a table: levels down and across, each cell in the colour and with the name of what it leads to."""

from __future__ import annotations

from collections.abc import Mapping

from engine.drawing.arrows import carried, grid, in_words
from engine.drawing.colours import HAIRLINE, INK, QUIET, STEP, paint
from engine.drawing.pen import Figure, element, group, mark, rectangle, words
from engine.drawing.words import clean, clip, pixels
from engine.graph import Graph, Node

NAME_CELLS = 24
LEVEL_CELLS = 16
ROW = 26.0
PAD = 12.0


def matrix_figure(graph: Graph, node: Node, names: Mapping[str, str] | None = None) -> Figure:
    """The node of a matrix. Every cell says in its title which decision it is; `names` are the classes of rules."""
    rows, columns, cells = grid(graph, node.id)
    shown = {cell: clip(clean(graph.nodes[edge.target].name), NAME_CELLS) for cell, edge in cells.items()}
    side = max([40.0] + [pixels(clip(clean(row), LEVEL_CELLS), 12) * 1.04 + 12 for row in rows])
    wide = [
        max(
            [pixels(clip(clean(column), LEVEL_CELLS), 12) * 1.04]
            + [pixels(shown[row, column], 11.5) + 18 for row in rows]
        )
        + 14
        for column in columns
    ]
    name, scales = clip(clean(node.name), 40), clip(_scales(graph, node.id), 60)
    width = max(side + sum(wide), pixels(name, 14) * 1.04, pixels(scales, 12)) + 2 * PAD
    head = 46.0
    size = (width, head + ROW * (len(rows) + 1) + PAD)
    made = group([*in_words(node), scales])
    rectangle(made, size, STEP.fill, stroke=STEP.line, thick=1.5, round_by=8.0)
    words(made, name, (PAD + 2, 21), 14, font_weight="bold")
    words(made, scales, (PAD + 2, 37), 12, QUIET)
    x = PAD + side
    for column, across in zip(columns, wide, strict=True):
        words(made, clip(clean(column), LEVEL_CELLS), (x + 8, head + 17), 12, font_weight="bold")
        y = head + ROW
        for row in rows:
            edge = cells[row, column]
            look = paint(edge.outcome.decision if edge.outcome else None)
            target = in_words(graph.nodes[edge.target])
            cell = group([f"{clean(row)} · {clean(column)}", *target, *carried(edge.outcome)])
            if names:
                cell.set("class", f"cell {names[edge.rule]}")
            element(
                "rect", cell, x=x + 1, y=y + 1, width=across - 2, height=ROW - 2, rx=3, fill=look.fill, stroke=HAIRLINE
            )
            if look.mark:
                mark(cell, look, (x + 7, y + ROW / 2 - 6))
            words(cell, shown[row, column], (x + 24, y + 17), 11.5, look.ink)
            made.append(cell)
            y += ROW
        x += across
    for number, row in enumerate(rows):
        words(
            made, clip(clean(row), LEVEL_CELLS), (PAD + 2, head + ROW * (number + 1) + 17), 12, INK, font_weight="bold"
        )
    return Figure(*size, made)


def _scales(graph: Graph, matrix: str) -> str:
    """`severity ↓ by exposure →`."""
    written = graph.matrices.get(matrix)
    return f"{clean(written.down.text)} ↓ by {clean(written.across.text)} →" if written else "matrix"
