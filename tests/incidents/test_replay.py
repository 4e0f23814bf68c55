"""Recorded incidents replayed: what is expected, what is missed, and what the command says of it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine import resources
from engine.incidents import coverage, load_incidents, replay
from engine.incidents.reading import read_incidents
from engine.incidents.replay import would_be
from engine.language.load import load, load_text
from engine.language.source import Source
from engine.plan import compile_plan
from tests.incidents.test_recorded import CARE, one, plan

ROOT = Path(__file__).parents[2]


def missed(text: str) -> list[tuple[str, str, str, str]]:
    incidents, findings = read_incidents(Source("care.incidents.yaml", text), "care.playbook")
    assert incidents is not None, findings
    verdicts, findings = replay(incidents, plan())
    assert not findings
    return [(v.message.id, m.name, m.expected, m.got) for v in verdicts for m in v.missed]


@pytest.mark.parametrize(
    "expected",
    [
        "hand off to safety", "hand off", "{decision: hand off, team: safety}", "{team: safety}", "{severity: high}",
        "{mood: bad}", "{tags: danger}", "{tags: [danger]}", "{priority: urgent}", "{rule: start.1}",
        "{not: respond publicly}", "{not: hand off to legal}", "{not: [ignore as troll, take private]}",
    ],
)  # fmt: skip
def test_what_was_decided_is_what_was_expected(expected: str) -> None:
    assert not missed(one(f"{{text: fire, expect: {expected}}}"))


@pytest.mark.parametrize(
    ("expected", "name", "should", "got"),
    [
        ("respond publicly", "decision", "respond publicly", "hand off"),
        ("hand off to legal", "team", "legal", "safety"),
        ("{severity: low}", "severity", "low", "high"),
        ("{tags: [danger, late]}", "tags", "danger, late", "danger"),
        ("{reply: dm}", "reply", "dm", "none"),
        ("{rule: start.2}", "rule", "start.2", "start.1"),
        ("{not: hand off}", "decision", "not hand off", "hand off to safety"),
        ("{not: hand off to safety}", "decision", "not hand off to safety", "hand off to safety"),
    ],
)
def test_what_was_not_is_missed(expected: str, name: str, should: str, got: str) -> None:
    assert missed(one(f"{{text: fire, expect: {expected}}}")) == [("1", name, should, got)]


def test_what_must_never_be_is_looked_for_in_every_message() -> None:
    text = one(
        "{text: fire}\n      - {text: you idiots}\n      - {text: hello}", incident="    never: ignore as troll\n"
    )
    assert missed(text) == [("2", "decision", "never ignore as troll", "ignore as troll")]


def test_an_incident_is_an_import_of_its_own() -> None:
    conversation = """incidents:
  - incident: A
    messages:
      - {id: a, text: hello, posted_at: "2026-03-01T10:00:00Z", expect: respond publicly}
      - {text: hi, in_reply_to: a, direction: outbound, posted_at: "2026-03-01T10:05:00Z"}
      - {text: still broken, in_reply_to: a, posted_at: "2026-03-01T10:09:00Z", expect: {decision: take private, reply: dm}}
  - incident: B
    messages:
      - {text: still broken, in_reply_to: a, posted_at: "2026-03-01T10:09:00Z", expect: respond publicly}
"""
    assert not missed(conversation)


def test_extras_and_later_steps_are_seen() -> None:
    assert not missed(one("{text: a, extra: {plan: gold}, expect: {rule: gold.otherwise, assign: gold desk}}"))


def test_the_nearest_way_to_what_was_expected_is_said() -> None:
    incidents, _ = read_incidents(Source("x", one("{text: a, extra.plan: gold, expect: ignore as troll}")), "")
    assert incidents is not None
    (verdict,), _ = replay(incidents, plan())
    assert would_be(verdict) == []
    incidents, _ = read_incidents(Source("x", one("{text: a, expect: take private}")), "")
    assert incidents is not None
    (verdict,), _ = replay(incidents, plan())
    assert would_be(verdict) == ["would be take private if thread.our_replies >= 1 (it is 0)"]


@pytest.mark.parametrize("name", ["airline", "saas", "retail_ja", "starter/care"])
def test_shipped_playbooks_decide_their_incidents_as_they_should(name: str) -> None:
    path = resources.playbooks() / f"{name}.incidents.yaml"
    incidents, findings = load_incidents(path)
    assert incidents is not None, findings
    verdicts, findings = replay(incidents, compile_plan(load(path.parent / incidents.playbook)[0]))
    assert not findings
    assert len(verdicts) >= 3
    assert not [(one.message.id, one.missed) for one in verdicts if one.missed]


# ---- the command


@pytest.fixture
def team(tmp_path: Path) -> Path:
    assert not load_text(CARE, "care.playbook", None)[1]
    (tmp_path / "care.playbook").write_text(CARE, encoding="utf-8")
    (tmp_path / "care.incidents.yaml").write_text(
        "incidents:\n"
        "  - {incident: The kettle, messages: [{text: it caught fire, expect: hand off to safety}]}\n"
        "  - {incident: Thanks, messages: [{text: <b>thanks, expect: take private}]}\n",
        encoding="utf-8",
    )
    return tmp_path


def hikeshi(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done


def test_a_failure_names_the_incident_the_rule_and_what_was_seen(team: Path) -> None:
    done = hikeshi(team, "test")
    assert done.returncode == 1
    for said in (
        "failed  Thanks, message 1  care.incidents.yaml:3", "decision should be take private, is respond publicly",
        "start  took start.otherwise", "thread.our_replies >= 1 (0)", "1 passed, 1 failed (2 incidents)",
    ):  # fmt: skip
        assert said in done.stdout
    assert "kettle" not in done.stdout


def test_one_incident_may_be_chosen_by_its_name(team: Path) -> None:
    done = hikeshi(team, "test", "care.incidents.yaml", "-k", "KETTLE")
    assert done.returncode == 0
    assert done.stdout == "1 passed, 0 failed (1 incident)\n"


def test_nothing_tested_is_no_failure_unless_asked_for(team: Path) -> None:
    (team / "empty").mkdir()
    assert hikeshi(team, "test", "empty").returncode == 0
    assert hikeshi(team, "test", "empty", "--fail-on-empty").returncode == 1
    assert hikeshi(team, "test", "nowhere").returncode == 2


def test_rules_that_no_incident_reaches_are_named(team: Path) -> None:
    done = hikeshi(team, "test", "--coverage", "-k", "kettle")
    assert done.returncode == 0
    assert "1 of 6 rules are reached (17%); not start.2, start.3, start.4, start.otherwise, gold.otherwise" in " ".join(
        done.stdout.split()
    )
    assert hikeshi(team, "test", "-k", "kettle", "--min-coverage", "16").returncode == 0
    assert hikeshi(team, "test", "-k", "kettle", "--min-coverage", "17").returncode == 1


@pytest.mark.parametrize("name", ["airline", "saas", "retail_ja"])
def test_coverage_is_what_the_traces_say(name: str) -> None:
    path = resources.playbooks() / f"{name}.incidents.yaml"
    incidents, _ = load_incidents(path)
    assert incidents is not None
    plan = compile_plan(load(path.parent / incidents.playbook)[0])
    verdicts, _ = replay(incidents, plan)
    (found,) = coverage(verdicts)
    taken = [rule for one in verdicts for rule in one.explained.trace.path]
    assert {rule: times for rule, times in found.taken.items() if times} == dict(Counter(taken))
    assert list(found.taken) == [arm.rule for node in plan.nodes for arm in node.arms]


def test_results_as_junit_xml(team: Path) -> None:
    assert hikeshi(team, "test", "--junit", "results.xml").returncode == 1
    (suite,) = ET.parse(team / "results.xml").getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("care.incidents.yaml", "2", "1")
    failed = suite.findall("testcase/failure")
    assert [one.get("message") for one in failed] == ["decision should be take private, is respond publicly"]


def test_a_file_or_a_playbook_with_errors_is_not_replayed(team: Path) -> None:
    (team / "bad.incidents.yaml").write_text("incidents: []\n", encoding="utf-8")
    done = hikeshi(team, "test", "bad.incidents.yaml")
    assert done.returncode == 3
    assert "error[HK603]" in done.stderr
    (team / "other.incidents.yaml").write_text(one("{text: a, expect: respond publicly}"), encoding="utf-8")
    done = hikeshi(team, "test", "other.incidents.yaml")
    assert done.returncode == 2
    assert "there is no playbook other.playbook" in done.stderr
    (team / "other.playbook").write_text("step start", encoding="utf-8")
    assert hikeshi(team, "test", "other.incidents.yaml").returncode == 3
    (team / "binary.incidents.yaml").write_bytes(b"\xff\xfe\x00")
    assert hikeshi(team, "test", "binary.incidents.yaml").returncode == 3
