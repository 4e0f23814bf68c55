"""What stands around the drawing: the title with the five colours, and below it the watches and ladders in effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.decision import DECISIONS
from engine.drawing.colours import HAIRLINE, PAINTS, QUIET
from engine.drawing.figures import LINE
from engine.drawing.pen import Figure, element, group, mark, rectangle, words
from engine.drawing.words import clean, clip, pixels, wrap
from engine.graph import Graph, NodeKind
from engine.language import syntax as s
from engine.language.format import format_file

NOTE_CELLS = 52
NOTE_LINES = 14


def summary(graph: Graph) -> str:
    """`2 steps, 1 matrix, 4 outcomes`."""
    kinds = [node.kind for node in graph.nodes.values()]
    plural = {NodeKind.STEP: "steps", NodeKind.MATRIX: "matrices", NodeKind.OUTCOME: "outcomes"}
    counts = [(kinds.count(kind), str(kind) if kinds.count(kind) == 1 else many) for kind, many in plural.items()]
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def heading(graph: Graph) -> Figure:
    """The playbook's name, how to read the drawing, and the five decisions."""
    made = group()
    title = clip(clean(graph.name), 60)
    words(made, title, (0, 24), 24, font_weight="bold")
    how = f"{summary(graph)}. Rules are tried in the order of their numbers; the first that holds decides."
    words(made, how, (0, 48), 13, QUIET)
    x = 0.0
    for decision in DECISIONS:
        look = PAINTS[decision]
        width = pixels(decision, 12.5) + 40
        chip = group()
        rectangle(chip, (width, 26), look.fill, stroke=look.line, round_by=13.0)
        mark(chip, look, (11, 7))
        words(chip, decision, (29, 17.5), 12.5, look.ink)
        made.append(Figure(width, 26, chip).at(x, 64))
        x += width + 10
    return Figure(max(x - 10, pixels(how, 13), pixels(title, 24) * 1.04), 90, made)


def notes(graph: Graph) -> list[Figure]:
    """Each watch and each ladder in effect, as its author wrote it."""
    return [*map(_note, graph.watches), *map(_note, graph.ladders)]


def _note(node: s.Watch | s.Ladder) -> Figure:
    head, *rest = _written(node)
    lines = [part for text in rest for part in wrap(text, NOTE_CELLS, NOTE_LINES)]
    if len(lines) > NOTE_LINES:
        lines = [*lines[: NOTE_LINES - 1], f"and {len(lines) - NOTE_LINES + 1:,} more lines"]
    heads = wrap(head, NOTE_CELLS - 8, 2)
    width = max([pixels(text, 13) * 1.04 for text in heads] + [pixels(text, 12) for text in lines]) + 28
    height = 18 + 18 * len(heads) + LINE * len(lines)
    made = group([head, *rest])
    rectangle(made, (width, height), "#F6F8FA", stroke=HAIRLINE)
    y = 6.0
    for text in heads:
        y += 18
        words(made, text, (14, y), 13, font_weight="bold")
    for text in lines:
        y += LINE
        words(made, text, (14, y + 2), 12)
    return Figure(width, height, made)


def _written(node: s.Watch | s.Ladder) -> list[str]:
    """The statement's lines in the one way to write it; broken lines are put together again."""
    return [clean(text) for text in format_file(s.File((node,), (), node.span)).splitlines()]


def in_rows(figures: Sequence[Figure], width: float, gap: float = 16.0) -> Iterable[tuple[Figure, float, float]]:
    """The figures with their places in rows of at most `width`."""
    x = y = tallest = 0.0
    for figure in figures:
        if x and x + figure.width > width:
            x, y, tallest = 0.0, y + tallest + gap, 0.0
        yield figure, x, y
        x += figure.width + gap
        tallest = max(tallest, figure.height)


def rule_line(width: float) -> Figure:
    """A thin line across."""
    made = group()
    element("line", made, x1=0, y1=0, x2=width, y2=0, stroke=HAIRLINE)
    return Figure(width, 1, made)
