"""A difference is what comparing two runs line by line finds."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import resources
from engine.batch.run import run
from engine.evaluate import columns, one
from engine.inbox import open_inbox
from engine.incidents import Difference, difference
from engine.incidents.diff import as_dict
from engine.incidents.statistics import Statistics
from engine.language.format import format_file
from engine.language.load import load, load_text
from engine.plan import Plan, StepPlan, compile_plan
from engine.report.changes_page import changes_page
from tests.evaluate.drawn import Drawer, facts_for

PLAYBOOKS = resources.playbooks()
AIRLINE = PLAYBOOKS / "airline.playbook"


def plan_of(text: str, beside: Path | None = None) -> Plan:
    playbook, _ = load_text(text, "test.playbook", beside)
    return compile_plan(playbook)


def by_hand(old: Plan, new: Plan, inbox: Path, folder: Path) -> tuple[int, Counter[tuple[object, ...]], Counter[str]]:
    """Two runs, compared record by record: messages, what changes how often, and how often each rule fired."""
    records = []
    for number, plan in enumerate((old, new)):
        out = folder / f"{number}.jsonl"
        run(plan, [open_inbox(str(inbox))], str(out), None)
        records.append([json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()])
    carried = [
        {one.rule: sorted(m for m in one.modifiers if not m.startswith("because ")) for one in plan.endings}
        for plan in (old, new)
    ]
    scales = {one.name for one in old.scales} & {one.name for one in new.scales}
    changes: Counter[tuple[object, ...]] = Counter()
    fired: Counter[str] = Counter()
    for before, after in zip(*records, strict=True):
        assert before["id"] == after["id"]
        fired.update(after["path"])
        said = [
            (one["decision"], one["team"], its[one["rule"]], [one[scale] for scale in sorted(scales)])
            for one, its in zip((before, after), carried, strict=True)
        ]
        if said[0] != said[1]:
            changes[
                before["decision"], before["team"], before["rule"], after["decision"], after["team"], after["rule"]
            ] += 1
    return len(records[0]), changes, fired


def counted(found: Difference) -> Counter[tuple[object, ...]]:
    counts: Counter[tuple[object, ...]] = Counter()
    for group in found.groups:
        key = (
            group.before.decision,
            group.before.team,
            group.before.rule,
            group.after.decision,
            group.after.team,
            group.after.rule,
        )
        counts[key] += group.messages
    return counts


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    """Some of each shipped inbox, with a row that cannot be read and one that comes twice."""
    lines: list[str] = []
    for name in ("airline", "saas", "retail_ja"):
        lines += (PLAYBOOKS / f"{name}.inbox.jsonl").read_text(encoding="utf-8").splitlines()[:120]
    path = tmp_path_factory.mktemp("inbox") / "inbox.jsonl"
    path.write_text("\n".join([*lines[:50], "{broken", lines[3], *lines[50:]]), encoding="utf-8")
    return path


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_drawn_playbooks_differ_as_their_runs_do(tmp_path_factory, inbox: Path, one: int, other: int) -> None:
    old, new = (plan_of(format_file(Drawer(Random(seed)).file())) for seed in (one, other))
    found = difference(old, new, [open_inbox(str(inbox))], piece_size=20_000)
    messages, changes, fired = by_hand(old, new, inbox, tmp_path_factory.mktemp("runs"))
    assert (found.messages, found.unreadable) == (messages, 2)
    assert counted(found) == changes
    assert +found.rules.fired == fired


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_changed_thresholds_differ_as_their_runs_do(tmp_path_factory, inbox: Path, random: Random) -> None:
    text = AIRLINE.read_text(encoding="utf-8")
    changed = re.sub(r"(>=|<=|>) (\d+)\b", lambda m: f"{m[1]} {random.choice([m[2], '1', '3', '400'])}", text)
    old, new = plan_of(text, PLAYBOOKS), plan_of(changed, PLAYBOOKS)
    found = difference(old, new, [open_inbox(str(inbox))])
    messages, changes, fired = by_hand(old, new, inbox, tmp_path_factory.mktemp("runs"))
    assert found.messages == messages
    assert counted(found) == changes
    assert +found.rules.fired == fired


OLD = """
scale severity: low < high
  high when text mentions "fire"
  low otherwise
step start
  when severity is high -> take private tag "danger"
  when text mentions "thanks" -> no reply needed because "thanked"
  otherwise -> respond publicly
"""
MESSAGES = [("1", "fire!"), ("2", "thanks"), ("3", "hello"), ("4", "fire, thanks"), ("5", "smoke")]


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in MESSAGES), encoding="utf-8")
    return path


def changes(few: Path, new: str) -> list[tuple[str, int, list[str]]]:
    found = difference(plan_of(OLD), plan_of(new), [open_inbox(str(few))])
    return [(one.what, one.messages, [name for name, _ in one.examples]) for one in found.groups]


def test_the_same_playbook_changes_nothing(few: Path) -> None:
    assert changes(few, OLD) == []


def test_other_words_and_another_place_of_a_rule_change_nothing(few: Path) -> None:
    moved = OLD.replace('"thanked"', '"they said thanks"').replace(
        "step start\n", 'step start\n  when text mentions "never there" -> hand off to legal\n'
    )
    assert changes(few, moved) == []


def test_decisions_come_before_what_they_carry_and_the_worst_first(few: Path) -> None:
    new = OLD.replace('take private tag "danger"', 'hand off to safety tag "danger"').replace(
        "otherwise -> respond publicly", "otherwise -> take private"
    )
    assert changes(few, new) == [("decision", 2, ["1", "4"]), ("decision", 2, ["3", "5"])]
    assert changes(few, OLD.replace('"danger"', '"burning"')) == [("carries", 2, ["1", "4"])]


def test_a_message_that_is_only_weighed_otherwise_is_a_change_too(few: Path) -> None:
    new = OLD.replace('"fire"\n  low', '"fire" or text mentions "hello"\n  low').replace(
        "severity is high", 'text mentions "fire"'
    )
    assert changes(few, new) == [("weighed", 1, ["3"])]


def test_rules_that_were_on_no_way_are_named(few: Path) -> None:
    new = OLD.replace("  otherwise -> respond", "  when shares >= 5 -> public\n  otherwise -> respond")
    found = difference(plan_of(OLD), plan_of(new), [open_inbox(str(few))])
    assert found.rules.idle == ["start.3"]
    assert found.rules.fired == {"start.1": 2, "start.2": 1, "start.3": 0, "start.otherwise": 2}


def test_rules_are_counted_where_they_hold_and_where_they_decide(few: Path) -> None:
    new = OLD.replace("  otherwise -> respond", '  when text mentions "thanks" -> public\n  otherwise -> respond')
    rules = difference(plan_of(OLD), plan_of(new), [open_inbox(str(few))]).rules
    assert rules.came == {"start": 5}
    assert rules.held == {"start.1": 2, "start.2": 2, "start.3": 2}
    assert rules.overlaps == {("start.1", "start.2"): 1, ("start.1", "start.3"): 1, ("start.2", "start.3"): 2}


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_statistics_are_those_of_every_message_alone(random: Random, seed: int) -> None:
    plan = plan_of(format_file(Drawer(random).file()))
    facts = facts_for(plan, Random(seed), 30)
    found = Statistics.of(plan)
    found.add(plan, columns.decide(plan, facts))
    expected = Statistics.of(plan)
    for row in facts.iter_rows(named=True):
        trace = one.decide(plan, row)
        for visit in trace.visits:
            expected.came[visit.node] += 1
            expected.fired[visit.arm.rule] += 1
            step = next(node for node in plan.nodes if node.name == visit.node)
            if isinstance(step, StepPlan):
                state = one._State(plan, trace.facts)
                held = [arm.rule for arm in step.arms if arm.guard and state.see(arm.guard.expression).value]
                expected.held.update(held)
                expected.overlaps.update(combinations(held, 2))
    assert found == expected


def test_a_guarantee_that_breaks_is_told_with_its_messages(few: Path) -> None:
    promised = OLD + '\nguarantee "fire is never private" never take private when text mentions "fire"'
    playbook, _ = load_text(promised, "test.playbook", None)
    found = difference(plan_of(OLD), compile_plan(playbook, guarantees=True), [open_inbox(str(few))])
    (broken,) = found.broken.values()
    assert (broken.promise.title, broken.messages) == ("fire is never private", 2)
    assert [(id_, said) for id_, _, said in broken.examples] == [("1", "take private"), ("4", "take private")]
    assert as_dict(found)["guarantees"]


def test_the_page_of_a_difference_holds_all_of_it_and_escapes_it(few: Path) -> None:
    new = OLD.replace("take private", "respond publicly")
    few.write_text(few.read_text(encoding="utf-8").replace("fire", "<script>fire"), encoding="utf-8")
    page = changes_page(difference(plan_of(OLD), plan_of(new), [open_inbox(str(few))]), "old", "<new>")
    assert "&lt;script&gt;fire" in page
    assert "<script" not in page
    assert "&lt;new&gt;" in page
    assert "take private → respond publicly" in page
    assert "default-src &#39;none&#39;" in page


def test_fields_that_only_one_of_them_declares_are_read_for_it(tmp_path: Path) -> None:
    path = tmp_path / "plans.jsonl"
    path.write_text('{"id":"1","text":"a","plan":"gold"}\n{"id":"2","text":"a","plan":7}', encoding="utf-8")
    rule = 'step start\n  when extra.plan is "gold" -> take private\n  otherwise -> respond publicly\n'
    found = difference(plan_of(OLD), plan_of(f"field extra.plan: text\n{rule}"), [open_inbox(str(path))])
    assert counted(found) == {
        ("respond publicly", None, "start.otherwise", "take private", None, "start.1"): 1,
    }


def test_shipped_playbooks_do_not_differ_from_themselves() -> None:
    for name in ("airline", "saas", "retail_ja"):
        plan = compile_plan(load(PLAYBOOKS / f"{name}.playbook")[0])
        found = difference(plan, plan, [open_inbox(str(PLAYBOOKS / f"{name}.inbox.jsonl"))], piece_size=30_000)
        assert found.messages > 150
        assert not found.groups
        assert found.before == found.after
