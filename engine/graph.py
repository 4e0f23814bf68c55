"""The decision graph: nodes, guarded edges, a start; the only importer of networkx.

Steps and matrices are inner nodes, decisions are the leaves. A checked playbook always gives a DAG with one start.
networkx is imported when a graph is built, so that the processes that only decide do not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.decision import PLAIN_OUTCOMES, label
from engine.language import syntax as s
from engine.language.format import condition_text
from engine.language.playbook import Playbook

if TYPE_CHECKING:
    import networkx as nx

START = "start"


class NodeKind(StrEnum):
    """What stands at a node."""

    STEP = "step"
    MATRIX = "matrix"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with what it carries. `name` is the author's, or the decision's own words."""

    name: str
    decision: str
    team: str | None
    modifiers: tuple[s.Modifier, ...] = ()

    @property
    def label(self) -> str:
        """The decision in words: `hand off to marketing`."""
        return label(self.decision, self.team)


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `outcome` only at a leaf. Leaves of the same decision and name are one node."""

    id: str
    name: str
    kind: NodeKind
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One rule or matrix cell. `guard` is None for `otherwise`; `cell` holds a matrix cell's levels, down then across."""

    source: str
    target: str
    rule: str
    order: int
    guard: s.Condition | None
    cell: tuple[str, str] | None = None
    outcome: Outcome | None = None
    """With the modifiers of this very rule, which the shared leaf does not show."""

    @property
    def guard_text(self) -> str:
        """The guard as a person reads it."""
        if self.cell is not None:
            return " · ".join(self.cell)
        return "otherwise" if self.guard is None else condition_text(self.guard)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which every edge points forward, and edges in written order."""

    name: str
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    watches: tuple[s.Watch, ...] = ()
    ladders: tuple[s.Ladder, ...] = ()
    start: str = START
    matrices: dict[str, s.Matrix] = field(default_factory=dict)

    def edges_from(self, node: str) -> list[Edge]:
        """A node's edges in written order."""
        return self._by_source().get(node, [])

    def _by_source(self) -> dict[str, list[Edge]]:
        by_source: dict[str, list[Edge]] = {}
        for edge in self.edges:
            by_source.setdefault(edge.source, []).append(edge)
        return by_source

    def layers(self) -> list[list[str]]:
        """Node ids by their longest distance from the start, which is the layer they are drawn in."""
        import networkx as nx

        digraph = self.as_networkx()
        return [sorted(layer, key=list(self.nodes).index) for layer in nx.topological_generations(digraph)]

    def as_networkx(self) -> nx.MultiDiGraph[str]:
        """A copy for networkx's own algorithms; edges are keyed by rule."""
        import networkx as nx

        digraph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        digraph.add_nodes_from(self.nodes)
        for edge in self.edges:
            digraph.add_edge(edge.source, edge.target, key=edge.rule)
        return digraph


def build(playbook: Playbook) -> Graph:
    """The graph of a playbook without errors. What cannot be reached from the start is left out."""
    import networkx as nx

    edges: list[Edge] = []
    nodes: dict[str, Node] = {}
    waiting = [START]
    while waiting:
        name = waiting.pop()
        if name in nodes:
            continue
        kind = NodeKind.STEP if name in playbook.steps else NodeKind.MATRIX
        nodes[name] = Node(name, name, kind)
        mine = _step_edges(playbook, name) if kind is NodeKind.STEP else _matrix_edges(playbook, name)
        for edge in mine:
            if edge.outcome is None:
                waiting.append(edge.target)
            else:
                leaf = edge.outcome
                nodes.setdefault(edge.target, Node(edge.target, leaf.name, NodeKind.OUTCOME, leaf))
        edges.extend(mine)
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.add_nodes_from(nodes)
    digraph.add_edges_from((edge.source, edge.target) for edge in edges)
    position = {name: i for i, name in enumerate(nodes)}
    order = list(nx.lexicographical_topological_sort(digraph, key=position.__getitem__))
    rank = {name: i for i, name in enumerate(order)}
    edges.sort(key=lambda edge: (rank[edge.source], edge.order))
    return Graph(
        playbook.name,
        {name: nodes[name] for name in order},
        tuple(edges),
        tuple(playbook.watches.values()),
        tuple(playbook.ladders.values()),
        matrices={name: playbook.matrices[name] for name in order if name in playbook.matrices},
    )


def _step_edges(playbook: Playbook, name: str) -> list[Edge]:
    edges: list[Edge] = []
    for number, rule in enumerate(playbook.steps[name].rules):
        label = f"{name}.{number + 1}" if rule.condition is not None else f"{name}.otherwise"
        outcome = outcome_of(playbook, rule.target, rule.modifiers)
        edges.append(Edge(name, _target_id(rule.target, outcome), label, number, rule.condition, None, outcome))
    return edges


def _matrix_edges(playbook: Playbook, name: str) -> list[Edge]:
    matrix = playbook.matrices[name]
    rows = {row.level.text: row for row in matrix.rows}
    heads = [head.text for head in matrix.head]
    edges: list[Edge] = []
    for down in (level.text for level in playbook.scales[matrix.down.text].levels):
        for across in (level.text for level in playbook.scales[matrix.across.text].levels):
            target = rows[down].cells[heads.index(across)]
            outcome = outcome_of(playbook, target, ())
            rule = f"{name}[{down}, {across}]"
            edges.append(Edge(name, _target_id(target, outcome), rule, len(edges), None, (down, across), outcome))
    return edges


def outcome_of(playbook: Playbook, target: s.Target, modifiers: tuple[s.Modifier, ...]) -> Outcome | None:
    """The outcome that a target stands for, or None when it leads to another step.

    A rule's own modifiers take the place of the named outcome's of the same kind; tags add up.
    """
    match target:
        case s.GoTo():
            return None
        case s.Verdict(decision, team):
            to = team.text if team else None
            return Outcome(f"{decision} to {to}" if to else decision, decision, to, modifiers)
        case s.OutcomeName(name) if name.text in playbook.outcomes:
            named = playbook.outcomes[name.text]
            mine = {modifier.kind for modifier in modifiers}
            kept = tuple(m for m in named.modifiers if m.kind == "tag" or m.kind not in mine)
            whose = named.verdict.team.text if named.verdict.team else None
            return Outcome(name.text, named.verdict.decision, whose, kept + modifiers)
        case s.OutcomeName(name):
            decision = PLAIN_OUTCOMES[name.text]
            return Outcome(decision, decision, None, modifiers)


def _target_id(target: s.Target, outcome: Outcome | None) -> str:
    if outcome is None:
        assert isinstance(target, s.GoTo)
        return target.name.text
    return f"={outcome.name}"
