"""Recorded incidents replayed: what is expected, what is missed, and what the command says of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine import resources
from engine.incidents import load_incidents, replay
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
    verdicts, findings = replay(incidents, compile_plan(load(path.parent / incidents.playbook)[0], guarantees=True))
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


def test_what_no_incident_reaches_is_named(team: Path) -> None:
    done = hikeshi(team, "test", "--coverage", "-k", "kettle")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "1 of 6 edges (17%), 0 of 0 cells (100%), 3 of 10 rules (30%)" in said
    assert "no message took start.2, start.3, start.4, start.otherwise, gold.otherwise" in said
    assert 'never true: text mentions "thanks" mood[1]' in said
    assert hikeshi(team, "test", "-k", "kettle", "--min-coverage", "16").returncode == 0
    assert hikeshi(team, "test", "-k", "kettle", "--min-coverage", "17").returncode == 1


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


# ---- what is recorded with messages


PROMISED = (
    CARE
    + """
guarantee "fire is never public" never respond publicly when text mentions "smoke"
"""
)


def test_a_broken_guarantee_fails_though_nothing_else_was_expected() -> None:
    plan = compile_plan(load_text(PROMISED, "care.playbook", None)[0], guarantees=True)
    incidents, _ = read_incidents(Source("a", one("{text: smoke}\n      - {text: hello}")), "care.playbook")
    assert incidents is not None
    ((verdict,), _) = replay(incidents, plan)
    assert [(it.name, it.expected, it.got) for it in verdict.missed] == [
        ("guarantee", "fire is never public", 'never respond publicly when text mentions "smoke"')
    ]


def test_facts_that_were_recorded_are_taken_as_they_are() -> None:
    assert not missed(one("{text: a, facts: {thread.our_replies: 2}, expect: take private}"))
    assert not missed(one("{text: a, facts: {thread: {our_replies: 2}}, expect: take private}"))
    assert not missed(one("{text: a, facts: {thread.our_replies: null}, expect: respond publicly}"))


def test_a_watch_is_open_when_that_was_recorded() -> None:
    text = CARE.replace(
        '  when text mentions "idiots"', '  when wave is open -> take private\n  when text mentions "idiots"'
    )
    text += 'watch wave counts text mentions "a" opens at 5 within 1h closes below 2 within 1h'
    plan = compile_plan(load_text(text, "care.playbook", None)[0])
    for state, decision in (("open", "take private"), ("closed", "respond publicly"), ("null", "respond publicly")):
        source = Source("a", one(f"{{text: a, facts: {{wave: {state}}}, expect: {decision}}}"))
        incidents, _ = read_incidents(source, "care.playbook")
        assert incidents is not None
        ((verdict,), _) = replay(incidents, plan)
        assert not verdict.missed


def test_nothing_can_be_expected_too() -> None:
    nothing = "{team: none, reply: none, priority: none, tags: none, carries: none}"
    assert not missed(one(f"{{text: hello, expect: {nothing}}}"))
    assert [name for _, name, _, _ in missed(one(f"{{text: fire, expect: {nothing}}}"))] == [
        "team",
        "priority",
        "tags",
        "carries",
    ]


def test_what_every_message_has_is_said_once() -> None:
    every = "    every: {author: {followers: 20000}, facts: {thread.our_replies: 1}}\n"
    assert not missed(one("{text: a, expect: {severity: high}}", incident=every))
    assert not missed(
        one(
            "{text: a, author.followers: 3, expect: take private}",
            incident="    every: {facts: {thread.our_replies: 1}}\n",
        )
    )
    assert not missed(
        one(
            "{text: a, facts: {thread.our_replies: 0}, expect: respond publicly}",
            incident="    every: {facts: {thread.our_replies: 1}}\n",
        )
    )


def test_the_clock_of_an_incident_gives_its_messages_their_times() -> None:
    text = one(
        '{text: a}\n      - {text: b, after: 1h 30m}\n      - {text: c, posted_at: "2026-01-01T00:00:00Z"}',
        incident="    clock: 2026-03-09T07:41:00+01:00\n",
    )
    incidents, findings = read_incidents(Source("a", text), "care.playbook")
    assert incidents is not None, findings
    times = [message.fields["posted_at"] for message in incidents.incidents[0].messages]
    assert times == ["2026-03-09T07:41:00+01:00", "2026-03-09T09:11:00+01:00", "2026-01-01T00:00:00Z"]


def test_everything_that_a_decision_says_can_be_expected() -> None:
    said = (
        "{because: author.followers is unknown}", "{because: x}",
        "{carries: priority urgent}", '{carries: [tag "danger", priority urgent]}', "{carries: priority low}",
        "{path: [start.1]}", "{path: [start.2]}", "{pause_publishing: no}", "{pause_publishing: yes}",
    )  # fmt: skip
    got = [bool(missed(one(f"{{text: fire, expect: {it}}}"))) for it in said]
    assert got == [True, True, False, False, True, False, True, False, True]


# ---- messages that stay in an export


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = (
        "id,text,posted_at,thread,direction\n1,fire,2026-03-01T10:00:00Z,t,inbound\n2,hello,2026-03-02T10:00:00Z,t,inbound\n"
        "9,hi,2026-03-02T11:00:00Z,t,outbound\n3,still there,2026-03-03T10:00:00Z,t,inbound\n"
    )
    (tmp_path / "export.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def pointed(export: Path, *lines: str) -> tuple[list[tuple[str, bool]], list[str]]:
    text = "incidents:\n  - incident: A\n    inbox: export.csv\n" + "".join(f"    {line}\n" for line in lines)
    incidents, findings = read_incidents(Source(str(export / "a.incidents.yaml"), text), "care.playbook")
    assert incidents is not None, findings
    verdicts, findings = replay(incidents, plan())
    return [(v.message.id, bool(v.missed)) for v in verdicts], [found.message for found in findings]


def test_an_incident_may_point_to_an_export(export: Path) -> None:
    expected = "expect: {1: hand off to safety, 2: respond publicly, 3: respond publicly}"
    assert pointed(export, expected) == ([("1", False), ("2", False), ("3", True)], [])  # we had answered before 3
    never = pointed(export, "never: hand off", "between: [2026-03-01T00:00Z, 2026-03-02T10:00:00Z]")
    assert never == ([("1", True)], [])
    assert pointed(export, "never: hand off", "ids: [2, 3]") == ([("2", False), ("3", False)], [])


def test_what_an_export_does_not_have_is_said(export: Path) -> None:
    assert "no such inbound message" in pointed(export, "expect: {7: hand off}")[1][0]
    assert "no such inbound message" in pointed(export, "ids: [1]", "expect: {2: hand off}")[1][0]
    with (export / "export.csv").open("a", encoding="utf-8") as file:
        file.write("1.5E+18,x,2026-03-03T10:00:00Z,t,inbound\n")
    assert "line 6" in pointed(export, "never: hand off")[1][0]
    (export / "export.csv").unlink()
    assert "there is no file export.csv" in pointed(export, "never: hand off")[1][0]
