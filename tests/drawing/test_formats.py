"""All formats: complete, the same every time, and hostile texts are nothing but text in them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import drawing
from engine.drawing import FORMATS, draw
from engine.drawing.arrows import arrows
from engine.drawing.mermaid import escaped
from engine.graph import Graph
from tests.drawing.graphs import SMALL, by_hand

NAMES = [one.name for one in FORMATS]

HOSTILE = [
    "<script>alert(1)</script>",
    '"]; end; click n0 "javascript:alert(1)"; n0["',
    "</title></svg><script>alert(1)</script>",
    "]]> <!-- <![CDATA[ <!DOCTYPE x [<!ENTITY a 'b'>]> &a; &#x3c;",
    "%%{init: {'theme': 'dark'}}%% #quot; #35;",
    '\\" ]; n9 [label="own',
    "\\",
    "\\N \\G \\l",
    "<b>bold</b>",
    "a\x00b\x07c\x1b[31m\x7f\ufffe\ud800",
    "left \u202e turned \u2066 hidden \u200f",
    "one\ntwo\r\nthree\u2028four",
    "z" + "\u0301" * 5000,
    "y" * 5000,
    "発火" * 2000,
    "- list\n1. list\n`code` *bold* end subgraph",
    "",
]


def _graph(text: str) -> Graph:
    pairs = [("start", "next"), ("start", "a"), ("next", "b"), ("next", "c"), ("start", "c")]
    return by_hand([["start"], ["next"], ["a", "b", "c"]], pairs, text)


def test_the_list_of_formats_and_the_folder_agree() -> None:
    folder = {path.stem for path in Path(drawing.__file__).parent.glob("*.py")}
    assert {one.draw.__module__.rsplit(".", 1)[1] for one in FORMATS} <= folder
    drawers = {
        path.stem for path in Path(drawing.__file__).parent.glob("*.py") if "\ndef draw(" in path.read_text("utf-8")
    }
    assert drawers == {one.draw.__module__.rsplit(".", 1)[1] for one in FORMATS} | {"__init__"}


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="svg, mermaid, dot, json"):
        draw(_graph(""), "pdf")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_graph_gives_the_same_bytes(graph: Graph, name: str) -> None:
    assert draw(graph, name).encode() == draw(graph, name).encode()
    assert draw(graph, name).endswith("\n")


@pytest.mark.parametrize("name", NAMES)
def test_another_process_gives_the_same_bytes(small: Graph, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.playbook"
    path.write_text(SMALL, encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; from engine.language.load import load; from engine.graph import build;"
        "from engine.drawing import draw;"
        "sys.stdout.buffer.write(draw(build(load(Path(sys.argv[1]))[0]), sys.argv[2]).encode())"
    )
    root = Path(drawing.__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", script, str(path), name],
        capture_output=True,
        check=True,
        cwd=root,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(root)},
    )
    assert run.stdout == draw(small, name).encode()


def _is_inert_svg(text: str) -> None:
    root = ET.fromstring(text)
    allowed = {"svg", "g", "title", "desc", "rect", "path", "text", "line"}
    assert {one.tag.rsplit("}", 1)[1] for one in root.iter()} <= allowed
    for one in root.iter():
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in one.attrib)
    assert float(root.get("width", "0")) < 4000
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f]", text)


MERMAID_LINE = re.compile(
    r"flowchart TD"
    r'|  n\d+(\["[^"]*"\]|\[\["[^"]*"\]\]|\(\["[^"]*"\]\)):::(decision\d|step|first)'
    r'|  n\d+ -->\|"[^"]*"\| n\d+'
    r"|  classDef \w+ fill:#\w+,color:#\w+,stroke:#\w+"
)
DOT_STRING = r'"(?:[^"\\]|\\["\\n])*"'
DOT_LINE = re.compile(
    rf"digraph {DOT_STRING} {{|}}"
    rf"|  (?:graph|node|edge) \[[\w=, \".-]*\]"
    rf"|  n\d+ \[label={DOT_STRING}, shape=\w+, fillcolor={DOT_STRING}, fontcolor={DOT_STRING}, color={DOT_STRING}\]"
    rf"|  n\d+ -> n\d+ \[label={DOT_STRING}, color={DOT_STRING}\]"
    r"|  \{ rank=same;(?: n\d+;?)* \}"
)


def _is_inert_mermaid(text: str) -> None:
    for line in text.splitlines():
        assert MERMAID_LINE.fullmatch(line), line
        quoted = "".join(re.findall(r'"[^"]*"', line)).replace("<br/>", "")
        assert not set(quoted) & set("<>[](){}|`;%\\") - {";"}
        assert all(re.match(r"#\d+;", quoted[at.start() :]) for at in re.finditer("#", quoted))


def _is_inert_dot(text: str) -> None:
    for line in text.splitlines():
        assert DOT_LINE.fullmatch(line), line
        assert "&" not in line.replace("&amp;", "")


def _is_inert_json(text: str) -> None:
    assert "</" not in text
    assert "<!" not in text
    assert json.loads(text)["nodes"]


INERT = {"svg": _is_inert_svg, "mermaid": _is_inert_mermaid, "dot": _is_inert_dot, "json": _is_inert_json}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_text(text: str, name: str) -> None:
    drawn = draw(_graph(text), name)
    drawn.encode()
    INERT[name](drawn)


@pytest.mark.parametrize("name", NAMES)
@given(text=st.text(st.characters(codec=None), max_size=60))
@settings(deadline=None)
def test_any_text_is_only_text(text: str, name: str) -> None:
    drawn = draw(_graph(text), name)
    drawn.encode()
    INERT[name](drawn)


@pytest.mark.parametrize("name", NAMES)
def test_the_playbooks_are_drawn_within_each_formats_syntax(graph: Graph, name: str) -> None:
    INERT[name](draw(graph, name))


@pytest.mark.parametrize("name", ["mermaid", "dot"])
def test_text_formats_have_every_node_and_every_arrow(graph: Graph, name: str) -> None:
    lines = draw(graph, name).splitlines()
    arrow = "-->" if name == "mermaid" else "->"
    assert sum(arrow in line.split('"')[0] for line in lines) == len(arrows(graph))
    assert sum(bool(re.match(r"  n\d+[ ]?[\[(]", line)) for line in lines) == len(graph.nodes)


def test_mermaid_names_every_rule(small: Graph) -> None:
    text = draw(small, "mermaid")
    for edge in small.edges:
        assert escaped(edge.guard_text) in text


def test_dot_brackets_and_quotes_are_balanced(graph: Graph) -> None:
    bare = re.sub(DOT_STRING, "", draw(graph, "dot"))
    assert '"' not in bare
    assert bare.count("[") == bare.count("]")
    assert bare.count("{") == bare.count("}")


def test_json_says_everything_that_the_graph_says(graph: Graph) -> None:
    whole = json.loads(draw(graph, "json"))
    assert (whole["name"], whole["start"]) == (graph.name, graph.start)
    assert [one["id"] for one in whole["nodes"]] == list(graph.nodes)
    for written, edge in zip(whole["edges"], graph.edges, strict=True):
        assert written["source"], written["target"] == (edge.source, edge.target)
        assert (written["rule"], written["order"], written["guard"]) == (edge.rule, edge.order, edge.guard_text)
        assert written["cell"] == (list(edge.cell) if edge.cell else None)
        assert written["decision"] == (edge.outcome.decision if edge.outcome else None)
        assert written["team"] == (edge.outcome.team if edge.outcome else None)
        assert len(written["modifiers"]) == (len(edge.outcome.modifiers) if edge.outcome else 0)
    assert json.loads(json.dumps(whole)) == whole


def test_json_keeps_japanese_readable() -> None:
    assert "発火" in draw(_graph("発火"), "json")


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_rules_stay_a_reasonable_text(name: str) -> None:
    text = draw(by_hand([["start"], ["end"]], [("start", "end")] * 1000), name)
    assert len(text) < 400_000
    if name != "json":
        assert "and 950 more" in text
