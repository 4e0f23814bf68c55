"""The heights in the columns: lines as straight as order and distances allow.

Each column in turn is moved to where its neighbours pull it. The nearest places that keep order and distances come
from isotonic regression. At first the pull grows with the distance, which spreads things evenly; later it does not,
which straightens lines.

Source: Ayer et al., "An empirical distribution function for sampling with incomplete information" (1955).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from engine.drawing.columns import Item, Kind

ROUNDS = 60
BUDGET = 60_000
"""Items that may be moved in all: a huge graph is drawn a little less evenly rather than late."""

NEAR = 8.0
"""Lines that are nearly straight are made so, where there is room."""


def relax(columns: Sequence[Sequence[Item]]) -> None:
    """Give every item its height. Neighbours in a column end at least `distance` apart."""
    for column in columns:
        heights = accumulate((distance(one, other) for one, other in pairwise(column)), initial=0.0)
        for item, y in zip(column, heights, strict=False):
            item.y = y
    rounds = max(4, min(ROUNDS, BUDGET // max(1, sum(map(len, columns)))))
    for turn in range(rounds):
        late = max(0.0, 2 * turn / rounds - 1)
        for column in columns if turn % 2 else columns[::-1]:
            _move(column, late)
    for column in columns[1:]:
        _straighten(column)


def distance(upper: Item, lower: Item) -> float:
    """What must lie between the middles of two neighbours in a column."""
    gap = 18.0 if upper.solid and lower.solid else 11.0
    if upper.kind is lower.kind is Kind.LABEL and upper.source == lower.source:
        gap = 8.0
    return (upper.height + lower.height) / 2 + gap


def _move(column: Sequence[Item], late: float) -> None:
    near = 1000.0 ** (1 - late)
    wanted: list[float] = []
    weights: list[float] = []
    for item in column:
        pulls = [(one.y, _pull(item, one) / (near + abs(item.y - one.y))) for one in (*item.before, *item.after)]
        weight = sum(pull for _, pull in pulls)
        wanted.append(sum(y * pull for y, pull in pulls) / weight if weight else item.y)
        weights.append(weight or 0.001)
    distances = [distance(upper, lower) for upper, lower in pairwise(column)]
    for item, y in zip(column, keeping(distances, wanted, weights), strict=True):
        item.y = y


def _pull(one: Item, other: Item) -> float:
    """How much it matters that the line between the two is straight: passing lines are long."""
    return (1.0, 2.0, 8.0)[(one.kind is Kind.PASSING) + (other.kind is Kind.PASSING)]


def _straighten(column: Sequence[Item]) -> None:
    for place, item in enumerate(column):
        if len(item.before) != 1 or len(item.before[0].after) != 1:
            continue
        y = item.before[0].y
        above = place == 0 or y - column[place - 1].y >= distance(column[place - 1], item)
        below = place + 1 == len(column) or column[place + 1].y - y >= distance(item, column[place + 1])
        if abs(y - item.y) < NEAR and above and below:
            item.y = y


def keeping(distances: Sequence[float], wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Places with at least `distances` between neighbours and the least weighted sum of squares from `wanted`.

    `distances` has one value fewer than the others; weights are positive.

    >>> keeping([10, 10], [0, 0, 50], [1, 1, 1])
    [-5.0, 5.0, 50.0]
    """
    offsets = list(accumulate(distances, initial=0.0))
    pools: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=False):
        place, heavy, count = float(want - offset), float(weight), 1
        while pools and pools[-1][0] >= place:
            other, other_heavy, other_count = pools.pop()
            place = (place * heavy + other * other_heavy) / (heavy + other_heavy)
            heavy, count = heavy + other_heavy, count + other_count
        pools.append((place, heavy, count))
    flat = [place for place, _, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(flat, offsets, strict=False)]
