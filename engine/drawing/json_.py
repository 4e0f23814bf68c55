"""JSON: for programs. Texts are whole and as written; nothing is cut or cleaned away."""

from __future__ import annotations

import json
import re

from engine.graph import Edge, Graph, Node, Outcome
from engine.language import syntax as s
from engine.language.format import format_file, modifier_text

_UNSAFE = re.compile("[\ud800-\udfff\u2028\u2029]")


def draw(graph: Graph) -> str:
    """One object with nodes and edges in graph order.

    It may stand in an HTML script element: no text in it ends the element early.
    """
    whole = {
        "name": graph.name,
        "start": graph.start,
        "nodes": [_node(node) for node in graph.nodes.values()],
        "edges": [_edge(edge) for edge in graph.edges],
        "watches": [_definition(watch) for watch in graph.watches],
        "ladders": [_definition(ladder) for ladder in graph.ladders],
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    text = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.replace("</", "<\\/").replace("<!", "\\u003c!") + "\n"


def _node(node: Node) -> dict[str, object]:
    return {"id": node.id, "name": node.name, "kind": str(node.kind), **_decision(node.outcome)}


def _edge(edge: Edge) -> dict[str, object]:
    return {
        "source": edge.source,
        "target": edge.target,
        "rule": edge.rule,
        "order": edge.order,
        "guard": edge.guard_text,
        "cell": list(edge.cell) if edge.cell else None,
        **_decision(edge.outcome),
        "modifiers": [modifier_text(modifier) for modifier in edge.outcome.modifiers] if edge.outcome else [],
    }


def _decision(outcome: Outcome | None) -> dict[str, object]:
    return {"decision": outcome.decision if outcome else None, "team": outcome.team if outcome else None}


def _definition(node: s.Watch | s.Ladder) -> dict[str, object]:
    return {"name": node.name.text, "text": format_file(s.File((node,), (), node.span)).rstrip("\n")}
