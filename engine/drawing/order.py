"""The order inside the columns: labels beside their node in order of trial, nodes so that few lines cross.

Source: barycentre sweeps after Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
structures" (1981), followed by exchanging neighbours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from engine.drawing.columns import Item

SWEEPS = 16


def put_in_order(columns: list[list[Item]]) -> int:
    """Order every column with the fewest crossings found; how many are left.

    A lane's order follows from the nodes before it, so lines only cross between a lane and the nodes after it.
    """
    for index in range(0, len(columns), 2):
        _renumber(columns, index)
    best, least = [list(column) for column in columns], crossings(columns)
    for sweep in range(SWEEPS):
        if least == 0:
            break
        forward = sweep % 2 == 0
        for index in range(2, len(columns), 2) if forward else range(len(columns) - 3, -1, -2):
            keys = {item: _mean(_origins(item) if forward else _ends(item), item.place) for item in columns[index]}
            columns[index].sort(key=keys.__getitem__)
            _renumber(columns, index)
        for index in range(0, len(columns), 2):
            _exchange_neighbours(columns[index])
            _renumber(columns, index)
        count = crossings(columns)
        if count < least:
            best, least = [list(column) for column in columns], count
    columns[:] = best
    for column in columns:
        _number(column)
    return least


def crossings(columns: Sequence[Sequence[Item]]) -> int:
    """Pairs of lines from a lane to the nodes after it that are in different orders at their ends."""
    count = 0
    for lane in columns[1::2]:
        seen: list[int] = []
        for item in lane:
            for place in _places(item.after):
                count += len(seen) - bisect_right(seen, place)
                insort(seen, place)
    return count


def _renumber(columns: list[list[Item]], index: int) -> None:
    """After a change in a column of nodes: number it, and order and number the lanes on its two sides."""
    _number(columns[index])
    for nodes in (index - 2, index):
        if 0 <= nodes < len(columns) - 1:
            columns[nodes + 1] = [lane for item in columns[nodes] for lane in _lanes(item)]
            _number(columns[nodes + 1])


def _number(column: Sequence[Item]) -> None:
    for place, item in enumerate(column):
        item.place = place


def _lanes(item: Item) -> list[Item]:
    """Labels in order of trial; lines without labels so that they do not cross each other."""
    if any(lane.solid for lane in item.after):
        return item.after
    item.after.sort(key=lambda lane: lane.after[0].place)
    return item.after


def _exchange_neighbours(column: list[Item]) -> None:
    ins = {item: _origins(item) for item in column}
    outs = {item: _ends(item) for item in column}
    for _ in column[:SWEEPS]:
        changed = False
        for upper in range(len(column) - 1):
            one, other = column[upper : upper + 2]
            now = _inverted(ins[one], ins[other]) + _inverted(outs[one], outs[other])
            then = _inverted(ins[other], ins[one]) + _inverted(outs[other], outs[one])
            if then < now:
                column[upper : upper + 2] = [other, one]
                changed = True
        if not changed:
            return


def _inverted(uppers: list[int], lowers: list[int]) -> int:
    return sum(bisect_left(lowers, place) for place in uppers)


def _origins(item: Item) -> list[int]:
    return _places(item.before)


def _ends(item: Item) -> list[int]:
    return _places([end for lane in item.after for end in lane.after])


def _places(items: Sequence[Item]) -> list[int]:
    return sorted(item.place for item in items)


def _mean(places: list[int], default: float) -> float:
    return sum(places) / len(places) if places else default
