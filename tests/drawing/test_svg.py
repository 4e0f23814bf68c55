"""The picture: well-formed, complete, readable by everybody, drawn in time."""

from __future__ import annotations

import time
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from engine.drawing import draw
from engine.drawing.arrows import arrows, line
from engine.drawing.colours import CARD, INK, PAINTS, QUIET, START, STEM, STEP, Paint, paint
from engine.drawing.words import clean
from engine.graph import Graph, NodeKind
from tests.drawing.graphs import by_hand

SVG = "{http://www.w3.org/2000/svg}"


def _parsed(graph: Graph) -> ET.Element:
    return ET.fromstring(draw(graph, "svg"))


def _texts(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def _titles(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}title")]


def test_every_rule_stands_in_full_in_a_title(graph: Graph) -> None:
    lines = Counter(one for title in _titles(_parsed(graph)) for one in title.split("\n"))
    for edge in graph.edges:
        if edge.cell is None:
            assert any(one.startswith(line(edge)) for one in lines), edge.rule
        else:
            assert lines[clean(edge.guard_text)] >= 1, edge.rule


def test_every_step_shows_the_numbers_of_its_rules_once(graph: Graph) -> None:
    root = _parsed(graph)
    bold = Counter(one.text for one in root.iter(f"{SVG}text") if one.get("text-anchor") == "middle")
    wanted = Counter(str(edge.order + 1) for edge in graph.edges if edge.guard)
    assert bold == wanted
    assert Counter(_texts(root))["otherwise"] == sum(1 for edge in graph.edges if not edge.guard and not edge.cell)


def test_every_node_and_every_decision_is_named(graph: Graph) -> None:
    joined = " ".join(_texts(_parsed(graph)))
    for node in graph.nodes.values():
        assert clean(node.name) in joined
        if node.outcome:
            assert clean(node.outcome.label) in joined


def test_a_matrix_shows_each_cell_in_its_decisions_colour(small: Graph) -> None:
    cells = {}
    for group in _parsed(small).iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title") or ""
        rect = group.find(f"{SVG}rect")
        if " · " in title and rect is not None and rect.get("rx") == "3":
            cells[title.split("\n")[0]] = (rect.get("fill"), group.findtext(f"{SVG}text"))
    assert cells == {
        "high · quiet": (PAINTS["take private"].fill, "take private"),
        "high · loud": (PAINTS["hand off"].fill, "marketing"),
        "low · quiet": (PAINTS["no reply needed"].fill, "no reply needed"),
        "low · loud": (PAINTS["take private"].fill, "take private"),
    }


def test_rules_to_the_same_target_are_one_arrow(small: Graph) -> None:
    titles = _titles(_parsed(small))
    assert '2 · sentiment >= 0.5, tag "praise"\n4 · text asks a question' in titles
    assert len(arrows(small)) == len({(edge.source, edge.target) for edge in small.edges})


def test_watches_and_ladders_are_listed_as_written(small: Graph) -> None:
    texts = _texts(_parsed(small))
    for wanted in ("watch wave", "opens at 20 within 1h", "ladder duty", 'after 2h notify "ceo"'):
        assert wanted in texts


def test_it_is_an_image_with_a_name_and_a_description(graph: Graph) -> None:
    root = _parsed(graph)
    assert root.get("role") == "img"
    title, described = root[0], root[1]
    assert (title.tag, described.tag) == (f"{SVG}title", f"{SVG}desc")
    assert clean(graph.name) in (title.text or "")
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    for node in graph.nodes.values():
        if node.kind is NodeKind.OUTCOME:
            assert clean(node.name) in (described.text or "")


def _channels(colour: str) -> tuple[float, float, float]:
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [*PAINTS.values(), STEP, START])
def test_text_and_lines_have_enough_contrast(look: Paint) -> None:
    assert _contrast(look.fill, look.ink) >= 4.5
    assert _contrast(look.line, CARD) >= 3


def test_quiet_text_and_stems_have_enough_contrast() -> None:
    assert min(_contrast(QUIET, CARD), _contrast(QUIET, "#F6F8FA"), _contrast(INK, CARD)) >= 4.5
    assert _contrast(STEM, CARD) >= 3


DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))


@pytest.mark.parametrize("seen", [DEUTAN, PROTAN, TRITAN])
def test_decisions_are_told_apart_without_colour_vision(seen: tuple[tuple[float, ...], ...]) -> None:
    """Source of the matrices: Machado, Oliveira and Fernandes (2009), severity 1.0. CIE Lab differences."""
    labs = [
        _lab(tuple(sum(m * c for m, c in zip(row, _channels(look.fill), strict=True)) for row in seen))
        for look in PAINTS.values()
    ]
    for number, one in enumerate(labs):
        for other in labs[:number]:
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 15


def _lab(linear: tuple[float, ...]) -> tuple[float, float, float]:
    red, green, blue = (max(0.0, min(1.0, one)) for one in linear)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_each_decision_has_a_mark_of_its_own() -> None:
    assert len({look.mark for look in PAINTS.values()}) == len(PAINTS)
    assert paint(None) is STEP


def test_sixty_steps_are_drawn_in_time() -> None:
    steps = [[f"s{number}"] for number in range(60)]
    outcomes = [f"o{number}" for number in range(30)]
    pairs = [(f"s{n}", f"s{m}") for n in range(60) for m in range(n + 1, min(60, n + 4))]
    pairs += [(f"s{n}", outcomes[(n * 7 + m) % 30]) for n in range(60) for m in range(5)]
    began = time.process_time()
    draw(by_hand([*steps, outcomes], pairs), "svg")
    assert time.process_time() - began < 3


def test_a_thousand_rules_to_one_outcome_are_capped_on_the_label() -> None:
    graph = by_hand([["start"], ["end"]], [("start", "end")] * 1000)
    root = _parsed(graph)
    assert "and 950 more" in _texts(root)
    assert sum(text.startswith("guard start") for text in _texts(root)) == 50
    assert float(root.get("height", "0")) < 2000


def test_a_thousand_rules_to_a_thousand_outcomes_are_drawn_in_time() -> None:
    ends = [f"e{number}" for number in range(1000)]
    began = time.process_time()
    draw(by_hand([["start"], ends], [("start", end) for end in ends]), "svg")
    assert time.process_time() - began < 5
