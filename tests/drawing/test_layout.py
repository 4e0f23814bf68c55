"""Nothing overlaps, order of trial is kept, lines lead where they should."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.drawing.arrows import arrows
from engine.drawing.columns import Link
from engine.drawing.layout import Layout, lay_out
from engine.drawing.relax import keeping
from engine.drawing.svg import laid_out
from engine.graph import Graph

Case = tuple[list[list[str]], dict[str, tuple[float, float]], list[Link]]


@st.composite
def layered(draw: st.DrawFn) -> Case:
    """Random layers with random sizes; links lead forward over one or more layers, some without a label."""
    counts = draw(st.lists(st.integers(1, 7), min_size=1, max_size=6))
    layers = [[f"n{depth}.{number}" for number in range(count)] for depth, count in enumerate(counts)]
    side = st.floats(1, 300)
    sizes = {one: draw(st.tuples(side, side)) for layer in layers for one in layer}
    forward = [(a, b) for low, high in combinations(layers, 2) for a in low for b in high]
    chosen = draw(st.lists(st.sampled_from(forward), unique=True, max_size=40)) if forward else []
    bare = draw(st.sets(st.sampled_from([one for layer in layers for one in layer])))
    links = [Link(a, b, None if a in bare else draw(st.tuples(side, side))) for a, b in chosen]
    return layers, sizes, links


def _no_two_overlap(layout: Layout) -> None:
    boxes = [*layout.nodes.items(), *layout.labels.items()]
    for (one, box), (other, second) in combinations(boxes, 2):
        assert not box.overlaps(second), f"{one} lies on {other}"


def _no_line_runs_through_a_box(layout: Layout) -> None:
    boxes = [*layout.nodes.values(), *layout.labels.values()]
    for wire in layout.wires:
        (start, y), (side, _), (end, last) = wire.points
        assert start <= side < end
        for box in boxes:
            across = box.x < side and start < box.right
            assert not (across and box.y < y < box.bottom), "the horizontal piece"
            assert not (box.x < end and side < box.right), "the curve is between columns"
        assert -1e-6 <= last <= layout.height + 1e-6


@given(layered())
@settings(max_examples=150, deadline=None)
def test_no_boxes_overlap_and_no_line_runs_through_one_in_random_graphs(case: Case) -> None:
    layout = lay_out(*case)
    _no_two_overlap(layout)
    _no_line_runs_through_a_box(layout)
    assert set(layout.nodes) == set(case[1])
    assert set(layout.labels) == {(link.source, link.target) for link in case[2] if link.label}
    assert all(box.y >= -1e-6 and box.bottom <= layout.height + 1e-6 for box in layout.nodes.values())


@given(layered())
@settings(max_examples=80, deadline=None)
def test_every_link_can_be_followed_along_the_lines_in_random_graphs(case: Case) -> None:
    layout = lay_out(*case)
    for link in case[2]:
        if link.label is None:
            continue
        box, end = layout.labels[link.source, link.target], layout.nodes[link.target]
        reached = {(box.right, round(box.y + box.height / 2, 6))}
        arrived = False
        for wire in layout.wires:
            (x, y), _, (to, last) = wire.points
            if wire.target == link.target and (x, round(y, 6)) in reached:
                reached.add((to, round(last, 6)))
                column = max((one.right for one in layout.labels.values() if one.x == to), default=to)
                column = max([column] + [one.right for one in layout.nodes.values() if one.x == to])
                reached.add((column, round(last, 6)))
                arrived = arrived or (wire.arrives and to == end.x)
        assert arrived, link


def test_no_boxes_overlap_in_the_playbooks(graph: Graph) -> None:
    layout = laid_out(graph)
    _no_two_overlap(layout)
    _no_line_runs_through_a_box(layout)


def test_a_steps_labels_stand_in_order_of_trial(graph: Graph) -> None:
    layout = laid_out(graph)
    for step in graph.nodes:
        boxes = [
            layout.labels[key]
            for arrow in arrows(graph)
            if (key := (arrow.source, arrow.target)) in layout.labels and arrow.source == step
        ]
        assert all(upper.bottom <= lower.y for upper, lower in pairwise(boxes))


def test_the_start_is_first_and_the_outcomes_are_last(graph: Graph) -> None:
    layout = laid_out(graph)
    ends = {box.x for name, box in layout.nodes.items() if graph.nodes[name].outcome}
    assert layout.nodes[graph.start].x == 0
    assert len(ends) == 1
    assert max(box.x for box in layout.nodes.values()) in ends


def test_lines_that_need_not_cross_do_not() -> None:
    layers = [["a"], ["b", "c", "d"], ["e", "f", "g"]]
    sizes = dict.fromkeys("abcdefg", (50.0, 20.0))
    pairs = ["ad", "ac", "ab", "de", "cf", "bg"]
    layout = lay_out(layers, sizes, [Link(pair[0], pair[1], (30.0, 10.0)) for pair in pairs])
    assert layout.crossings == 0
    assert [sorted("bcd", key=lambda one: layout.nodes[one].y)] == [["d", "c", "b"]]


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 10), st.floats(0, 100)), min_size=1, max_size=30))
@settings(deadline=None)
def test_places_keep_their_distances(rows: list[tuple[float, float, float]]) -> None:
    wanted, weights, distances = (list(column) for column in zip(*rows, strict=True))
    places = keeping(distances[1:], wanted, weights)
    assert len(places) == len(wanted)
    for upper, lower, distance in zip(places, places[1:], distances[1:], strict=False):
        assert lower - upper >= distance - 1e-6
