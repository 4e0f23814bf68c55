"""A message's way through the drawn graph: exactly its own pieces are lit."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import engine
from engine.drawing.addresses import addresses, way
from engine.drawing.svg import draw
from engine.graph import Graph, build
from engine.report.morning.paths import Ways

SVG = "{http://www.w3.org/2000/svg}"
BOOKS = sorted((Path(engine.__file__).parent.parent / "playbooks").glob("*.playbook"))


@pytest.fixture(params=BOOKS, ids=[one.stem for one in BOOKS])
def graph(request: pytest.FixtureRequest) -> Graph:
    playbook, _ = engine.load(request.param)
    return build(playbook)


def test_a_plain_drawing_has_no_names_and_is_otherwise_the_same(graph: Graph) -> None:
    plain = draw(graph)
    assert "class=" not in plain
    assert re.sub(r' class="[^"]*"', "", draw(graph, addressed=True)) == plain


def test_every_node_arrow_and_rule_has_its_name_in_the_drawing(graph: Graph) -> None:
    drawn = ET.fromstring(draw(graph, addressed=True))
    seen = {name for one in drawn.iter() for name in one.get("class", "").split()}
    known = addresses(graph)
    assert {*known.nodes.values(), *known.arrows.values(), *known.rules.values()} <= seen
    assert all(re.fullmatch(r"[a-z]+|[nar][0-9]+", name) for name in seen)


def test_the_wires_of_an_arrow_reach_from_its_source_to_its_target(graph: Graph) -> None:
    drawn = ET.fromstring(draw(graph, addressed=True))
    wires = [one for one in drawn.iter(f"{SVG}path") if "wire" in one.get("class", "").split()]
    for name in addresses(graph).arrows.values():
        mine = [one for one in wires if name in one.get("class", "").split()]
        lines = [one for one in mine if one.get("fill") == "none"]
        spans = sorted(_span(one.get("d", "")) for one in lines)
        tips = [one for one in mine if one.get("fill") != "none"]
        assert len(tips) == 1, name
        tip = float(re.findall(r"-?[0-9.]+", tips[0].get("d", ""))[0])
        assert spans[0][0] < spans[-1][1] <= tip
        heights = [(_ends(one.get("d", ""))) for one in sorted(lines, key=lambda one: _span(one.get("d", "")))]
        passing = [(after[0], before[1]) for before, after in pairwise(heights[1:])]
        assert all(start == pytest.approx(end, abs=0.2) for start, end in passing), name


def _span(path: str) -> tuple[float, float]:
    numbers = [float(one) for one in re.findall(r"-?[0-9]+(?:\.[0-9]+)?", path)]
    return numbers[0], numbers[-2]


def _ends(path: str) -> tuple[float, float]:
    numbers = [float(one) for one in re.findall(r"-?[0-9]+(?:\.[0-9]+)?", path)]
    return numbers[1], numbers[-1]


def test_a_way_is_its_nodes_arrows_and_rules_and_forgets_rules_that_are_gone(graph: Graph) -> None:
    known = addresses(graph)
    first = graph.edges_from(graph.start)[0]
    lit = way(graph, [first.rule, "gone.7"])
    assert lit == (
        known.nodes["start"],
        known.rules[first.rule],
        known.arrows[first.source, first.target],
        known.nodes[first.target],
    )
    assert way(graph, ["gone.7"]) == ()


def test_messages_of_the_same_path_share_a_way_and_others_do_not(graph: Graph) -> None:
    ways = Ways(graph)
    rules = [edge.rule for edge in graph.edges_from(graph.start)][:2]
    assert ways.of([rules[0]], 1) is ways.of([rules[0]], 2)
    assert ways.of([rules[1]], 3).number == 2
    assert ways.of([rules[0]], 4).cards == [1, 2, 4]
    style = ways.style()
    assert style.count("#path-1:target") == style.count("#path-2:target") == 2
    assert not re.search(r"[<>@\\\"']", style)
