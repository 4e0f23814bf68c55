"""Circles among things that lead to each other by name."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s


def circles(edges: dict[str, list[s.Name]]) -> Iterator[tuple[s.Name, list[str]]]:
    """The names that close a circle, each with its way round, first and last the same.

    Without recursion, so that depth is no limit.
    """
    done: set[str] = set()
    for start, ways in edges.items():
        if start in done:
            continue
        trail = [start]
        place = {start: 0}
        waiting: list[Iterator[s.Name]] = [iter(ways)]
        while waiting:
            name = next(waiting[-1], None)
            if name is None:
                waiting.pop()
                left = trail.pop()
                del place[left]
                done.add(left)
            elif name.text in place:
                yield name, [*trail[place[name.text] :], name.text]
            elif name.text in edges and name.text not in done:
                place[name.text] = len(trail)
                trail.append(name.text)
                waiting.append(iter(edges[name.text]))
