"""Coverage is what the traces say, and its page shows the playbook."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine import resources
from engine.batch.single import Explained
from engine.evaluate import one
from engine.evaluate.explain import Explainer
from engine.incidents import Suite, coverage, suites_of
from engine.incidents.coverage import as_dict
from engine.incidents.recorded import Incident, Incidents, Recorded
from engine.incidents.replay import Verdict
from engine.language import syntax as s
from engine.language.format import format_file
from engine.language.load import load_text
from engine.language.playbook import Playbook
from engine.language.source import Source, Span
from engine.plan import Plan, _Lowering, compile_plan
from engine.report.coverage_page import coverage_page
from tests.evaluate.drawn import Drawer, facts_for

PLAYBOOKS = resources.playbooks()
NOWHERE = Span(Source("nowhere", ""), 0, 0)


def verdict(plan: Plan, facts: dict[str, object]) -> Verdict:
    recorded = Recorded("1", {}, (), NOWHERE)
    incident = Incident("A", (recorded,), (), NOWHERE)
    explained = Explained({}, one.decide(plan, facts), Explainer(plan), plan)
    return Verdict(Incidents(NOWHERE.source, "", (incident,)), incident, recorded, explained, ())


def counted(playbook: Playbook, verdicts: list[Verdict]) -> tuple[Counter[str], Counter[tuple[object, ...]]]:
    """From the traces alone: edges, and outcomes of every condition, each lowered and looked at by itself."""
    edges: Counter[str] = Counter()
    outcomes: Counter[tuple[object, ...]] = Counter()
    for it in verdicts:
        trace = it.explained.trace
        edges.update(trace.path)
        state = one._State(it.explained.plan, trace.facts)
        tried = [*(each for tries in trace.computed.values() for each in tries)]
        tried += [each for visit in trace.visits for each in visit.tried]
        for guard in (each.guard for each in tried if each.guard is not None):
            for condition in s.conditions_within(guard.condition):
                value = state.see(_Lowering(playbook).lower(condition)).value
                outcomes[condition.span.start, condition.span.end, type(condition), str(value)] += 1
    return edges, outcomes


@settings(max_examples=150, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_coverage_is_what_the_traces_say(random: Random, seed: int) -> None:
    playbook, _ = load_text(format_file(Drawer(random).file()), "drawn.playbook", None)
    plan = compile_plan(playbook)
    facts = facts_for(plan, Random(seed), 12)
    never_unknown = {**dict.fromkeys(plan.lists, 0), **dict.fromkeys(plan.text_facts, False)}
    never_unknown |= {"text": ""} if "text" in plan.fields else {}
    for name, value in never_unknown.items():
        there = facts[name].fill_null(value) if name in facts.columns else pl.repeat(value, 12, eager=True)
        facts = facts.with_columns(there.alias(name))
    verdicts = [verdict(plan, row) for row in facts.iter_rows(named=True)]
    (found,) = coverage(verdicts)
    edges, outcomes = counted(playbook, verdicts)
    assert {rule: times for rule, times in found.edges.items() if times} == dict(edges)
    assert list(found.edges) == [
        arm.rule for cells in (False, True) for node in plan.nodes for arm in node.arms if ("[" in arm.rule) is cells
    ]
    mine = {
        (
            it.condition.span.start,
            it.condition.span.end,
            type(it.condition),
            {"true": "True", "false": "False", "unknown": "None"}[name],
        ): times
        for it in found.conditions
        for name, times in it.seen.items()
        if times
    }
    assert mine == dict(outcomes)
    assert not [(it.text, it.owner, it.seen) for it in found.conditions if not it.can_be_unknown and it.seen["unknown"]]
    levels = Counter(
        f"{name}[{len(it.explained.trace.computed[name])}]" for it in verdicts for name in it.explained.trace.levels
    )
    assert {rule: times for rule, times in found.levels.items() if times} == dict(levels)
    shares = found.shares
    assert shares["edges"].reached == len(edges)
    assert shares["rules"].of == len(found.steps) + len(found.levels)
    assert shares["conditions"].reached == len(outcomes)


@pytest.mark.parametrize("name", ["airline", "saas", "retail_ja"])
def test_a_shipped_playbook_is_covered_as_its_traces_say(name: str) -> None:
    (suite,) = suites_of([PLAYBOOKS / f"{name}.incidents.yaml"])
    verdicts = suite.replay()
    (found,) = coverage(verdicts)
    edges, _ = counted(suite.playbook, verdicts)
    assert {rule: times for rule, times in found.edges.items() if times} == dict(edges)


CARE = """playbook "Acme <care>"
scale severity: low < high
  high when text mentions "fire" or author.followers >= 10k
  low  otherwise
scale exposure: few < many
  many when shares >= 5
  few  otherwise
step start
  when severity is high and not author.vip
    -> step crisis
  otherwise
    -> respond publicly
matrix crisis: severity by exposure
  |      | few     | many   |
  | high | private | public |
  | low  | private | public |
"""


def covered(folder: Path, *messages: str) -> tuple[Suite, str]:
    (folder / "care.playbook").write_text(CARE, encoding="utf-8")
    lines = "".join(f"      - {one}\n" for one in messages)
    path = folder / "care.incidents.yaml"
    path.write_text(f"incidents:\n  - incident: A\n    messages:\n{lines}", encoding="utf-8")
    (suite,) = suites_of([path])
    (found,) = coverage(suite.replay())
    return suite, coverage_page([(found, suite)])


def test_the_page_colours_conditions_rules_and_cells(tmp_path: Path) -> None:
    _, page = covered(
        tmp_path,
        "{text: fire, shares: 9, author.vip: no, expect: respond publicly}",
        "{text: hello, author.followers: 3, shares: 1, expect: respond publicly}",
    )
    marks = dict(reversed(pair) for pair in re.findall(r'<mark class="(\w+)">. ([^<]*)</mark>', page))
    assert marks["text mentions &#34;fire&#34;"] == "good"
    assert marks["author.followers &gt;= 10k"] == "half"
    assert marks["author.vip"] == "half"
    assert marks["step crisis"] == "good"
    assert page.count('<mark class="bad">○ private</mark>') == 2
    assert "Acme &lt;care&gt;" in page
    assert "true 1, false 1" in page
    assert 'href="#b1-crisis-high--few-"' in page
    assert 'id="b1-crisis-high--few-"' in page


def test_the_page_needs_nothing_from_anywhere(tmp_path: Path) -> None:
    _, page = covered(tmp_path, "{text: fire, expect: {not: take private}}")
    assert not re.findall(r"(?:src|href)=(?!\"#)|url\(|<script|@import", page)


def test_json_says_what_was_not_seen(tmp_path: Path) -> None:
    suite, _ = covered(tmp_path, "{text: fire, author.vip: no, expect: take private}")
    (found,) = coverage(suite.replay())
    said = as_dict(found)
    assert said["shares"]["edges"] == {"reached": 2, "of": 6, "percent": 33.33}  # type: ignore[index]
    (followers,) = (it for it in said["conditions"] if it["condition"] == "author.followers >= 10k")  # type: ignore[attr-defined]
    assert (followers["line"], followers["unseen"]) == (3, ["true", "false"])
