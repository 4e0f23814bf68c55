"""Graphs for the tests of the drawings: from a playbook's text, and by hand with texts that no playbook could hold."""

from __future__ import annotations

from pathlib import Path

from engine.decision import DECISIONS
from engine.graph import Edge, Graph, Node, NodeKind, Outcome, build
from engine.language import syntax as s
from engine.language.load import load
from engine.language.source import Source, Span

SMALL = """
playbook "Acme" owner "care"
brand "Acme"
terms fire
  "smoke"
scale severity: low < high
  high when text mentions fire
  low otherwise
scale exposure: quiet < loud
  loud when author.followers >= 10k
  quiet otherwise
watch wave
  counts text mentions fire
  opens at 20 within 1h
  closes below 5 within 6h
step start
  when severity is high or wave is open
    -> step crisis
  when sentiment >= 0.5
    -> respond publicly
       tag "praise"
  when troll is likely and thread.our_replies >= 1
    -> ignore as troll
  when text asks a question
    -> respond publicly
  otherwise
    -> step care
matrix crisis: severity by exposure
  |      | quiet   | loud      |
  | high | private | marketing |
  | low  | none    | private   |
outcome marketing
  hand off to "brand team"
  acknowledge within 15m
  escalate duty
step care
  when text has personal data
    -> private
  otherwise
    -> no reply needed
ladder duty
  at once notify "pr-duty"
  after 2h notify "ceo"
"""

_NOWHERE = Span(Source("nowhere", ""), 0, 0)


def from_text(text: str, folder: Path) -> Graph:
    """The graph of a playbook's text."""
    path = folder / "a.playbook"
    path.write_text(text, encoding="utf-8")
    playbook, _ = load(path)
    return build(playbook)


def saying(text: str) -> s.Condition:
    """A condition that holds any text."""
    return s.Holds(s.Name(text, _NOWHERE), _NOWHERE)


def by_hand(layers: list[list[str]], pairs: list[tuple[str, str]], text: str = "", name: str = "by hand") -> Graph:
    """A graph of steps, with outcomes in the last layer; `text` is in every name, guard and team."""
    nodes: dict[str, Node] = {}
    for layer in layers[:-1]:
        nodes |= {one: Node(one, one + text, NodeKind.STEP) for one in layer}
    for number, one in enumerate(layers[-1]):
        decision = DECISIONS[number % len(DECISIONS)]
        outcome = Outcome(one + text, decision, f"team{text}" if decision == "hand off" else None)
        nodes[one] = Node(one, one + text, NodeKind.OUTCOME, outcome)
    edges = []
    counts: dict[str, int] = {}
    for source, target in pairs:
        order = counts[source] = counts.get(source, -1) + 1
        guard = saying(f"guard {source} {order}{text}")
        edges.append(Edge(source, target, f"{source}.{order + 1}", order, guard, None, nodes[target].outcome))
    return Graph(name + text, nodes, tuple(edges), start=layers[0][0])
