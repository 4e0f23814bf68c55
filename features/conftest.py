"""The steps that all features share: what people at a social-care desk write, receive, run and read.

Every scenario runs twice: once a message at a time with its trace, once over the columns of a batch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from engine.batch.record import as_frame, json_lines
from engine.batch.run import Summary, run
from engine.batch.settings import parse_settings
from engine.batch.single import explain_id, explain_message
from engine.batch.why import explanations
from engine.batch.work import fields_of
from engine.evaluate import columns
from engine.inbox import Inbox, open_inbox
from engine.inbox.jsonl import read_bytes
from engine.inbox.piece import kinds
from engine.language.diagnostics import Diagnostic, has_errors, render_all
from engine.language.load import load_checked
from engine.language.playbook import Playbook
from engine.message import time_text
from engine.plan import Plan, compile_plan
from engine.signals.facts import FactReader, with_language

ONE_MESSAGE, BATCH = "one message", "batch"

NEIGHBOURS = (
    {"id": "before", "text": "", "author.followers": 3, "visibility": "private"},
    {"id": "after", "text": "thank you, アクメ! Where is my order 12345?", "author.followers": 2_000_000, "shares": 7},
)
"""What stands around a message in a batch, and must not rub off on it."""

Record = dict[str, Any]


@pytest.fixture(params=[ONE_MESSAGE, BATCH], autouse=True)
def evaluator(request: pytest.FixtureRequest) -> str:
    """How messages are decided: every scenario must come out the same either way."""
    return request.param


@dataclass
class Desk:
    """A social-care desk: its files, and what came of the last message or the last run."""

    folder: Path
    evaluator: str
    messages: dict[str, Record] = field(default_factory=dict)
    record: Record = field(default_factory=dict)
    explanation: Record = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    summary: Summary | None = None
    _plan: Plan | None = None

    @property
    def playbook_file(self) -> Path:
        return self.folder / "care.playbook"

    def write_playbook(self, text: str) -> None:
        self.playbook_file.write_text(text, encoding="utf-8", newline="")
        self._plan = None

    def findings(self) -> tuple[Playbook, list[Diagnostic]]:
        """The playbook, and all that is wrong with it."""
        return load_checked(self.playbook_file)

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            playbook, findings = self.findings()
            assert not has_errors(findings), render_all(findings)
            self._plan = compile_plan(playbook)
        return self._plan

    def decide(self, message: Record) -> None:
        """Decide one message: alone, or as one of a batch."""
        alone = self.evaluator == ONE_MESSAGE
        self.record, self.explanation = (self._alone if alone else self._among_others)({"id": "1", **message})

    def _alone(self, message: Record) -> tuple[Record, Record]:
        explained = explain_message(self.plan, message)
        return explained.record(), explained.explainer.as_dict(explained.trace)

    def _among_others(self, message: Record) -> tuple[Record, Record]:
        lines = [json.dumps(one, ensure_ascii=False) for one in (NEIGHBOURS[0], message, NEIGHBOURS[1])]
        names, declared = fields_of(self.plan)
        read = read_bytes(Inbox("", "a batch", "jsonl"), "\n".join(lines).encode(), kinds(names, declared))
        assert not read.quarantined
        batch = with_language(read.messages)
        reader = FactReader(self.plan)
        decided = columns.decide(self.plan, reader.read(batch))
        why = explanations(self.plan, reader, batch["text"], decided.facts)
        written = [json.loads(line) for line in json_lines(self.plan, batch, decided).together().splitlines()]
        table = as_frame(self.plan, batch, decided).to_dicts()
        assert written == as_written(table)
        assert [row["id"] for row in written] == ["before", message["id"], "after"]
        return written[1], json.loads(why[1])

    def run(self, inbox_file: Path, out: Path, **options: Any) -> bytes:
        """Run an inbox as `hikeshi run` does; what was written."""
        self.summary = run(self.plan, [open_inbox(str(inbox_file))], str(out), self.quarantine_file, **options)
        return out.read_bytes()

    @property
    def quarantine_file(self) -> Path:
        return self.folder / "decisions.quarantine.jsonl"

    def decide_inbox(self, inbox_file: Path) -> None:
        """Decide every message of an inbox: in one run, or one by one with the thread that it stands in."""
        written = self.run(inbox_file, self.folder / "decisions.jsonl")
        self.records = [json.loads(line) for line in written.splitlines()]
        if self.evaluator == ONE_MESSAGE:
            inbox = open_inbox(str(inbox_file))
            self.records = [explain_id(self.plan, [inbox], inbox.name, one["id"]).record() for one in self.records]

    def inbox_file(self) -> Path:
        """The one inbox that the scenario gave."""
        (found,) = self.folder.glob("inbox.*")
        return found


@pytest.fixture
def desk(tmp_path: Path, evaluator: str) -> Iterator[Desk]:
    """A desk of its own for every scenario."""
    return Desk(tmp_path, evaluator)


def as_written(value: Any) -> Any:
    """A table's values as they stand in a line of JSON."""
    match value:
        case datetime():
            return time_text(value)
        case list():
            return [as_written(one) for one in value]
        case dict():
            return {name: as_written(one) for name, one in value.items()}
        case _:
            return value


# ---- what there is


@given("the playbook")
def the_playbook(desk: Desk, docstring: str) -> None:
    desk.write_playbook(docstring + "\n")


@given(parsers.parse('the file "{name}"'))
def the_file(desk: Desk, name: str, docstring: str) -> None:
    path = desk.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(docstring + "\n", encoding="utf-8")


@given("the inbox")
def the_inbox(desk: Desk, datatable: list[list[str]]) -> None:
    """One message a row; an empty cell is a value that the export does not have."""
    heads, *rows = datatable
    lines = []
    for row in rows:
        cells = {name: cell for name, cell in zip(heads, row, strict=True) if cell or name == "text"}
        lines.append(json.dumps(cells, ensure_ascii=False))
    (desk.folder / "inbox.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


# ---- what people do


@when(parsers.re(r'(?P<person>\w+) writes "(?P<text>.*)"'))
@when(parsers.re(r'(?P<person>\w+), whose followers nobody counted, writes "(?P<text>.*)"'))
def somebody_writes(desk: Desk, person: str, text: str) -> None:
    desk.decide({"author.name": person, "text": text})


@when(parsers.re(r'(?P<person>\w+), with (?P<followers>\S+) followers, writes "(?P<text>.*)"'))
def somebody_known_writes(desk: Desk, person: str, followers: str, text: str) -> None:
    counted = parse_settings(desk.plan, [f"author.followers={followers}"])
    desk.decide({"author.name": person, "text": text, **counted})


@when("a message comes in")
def a_message_comes_in(desk: Desk, datatable: list[list[str]]) -> None:
    heads, *rows = datatable
    assert heads == ["field", "value"]
    desk.decide({"text": "hello", **parse_settings(desk.plan, [f"{name}={value}" for name, value in rows])})


@when("the inbox is run")
def the_inbox_is_run(desk: Desk) -> None:
    desk.decide_inbox(desk.inbox_file())


# ---- what comes of it


def in_words(record: Record) -> str:
    return f"{record['decision']} to {record['team']}" if record["team"] else str(record["decision"])


def quoted(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)


@then(parsers.re(r"the decision is (?:to )?(?P<decision>.+)"))
def the_decision_is(desk: Desk, decision: str) -> None:
    assert in_words(desk.record) == decision


@then(parsers.re(r"its (?P<name>[\w ]+?) (?:is|are) (?P<value>.+)"))
def its_value_is(desk: Desk, name: str, value: str) -> None:
    """Any value of the decision's record: its severity, its tags, its team."""
    found = desk.record[name.replace(" ", "_")]
    if isinstance(found, list):
        assert found == ([] if value == "nothing" else quoted(value))
    elif isinstance(found, bool):
        assert found is {"yes": True, "no": False}[value]
    else:
        assert found == (None if value == "nothing" else value.strip('"'))


@then(parsers.re(r'it went through (?P<path>".+")'))
def it_went_through(desk: Desk, path: str) -> None:
    assert desk.record["path"] == quoted(path)
    assert desk.record["rule"] == quoted(path)[-1]


@then(parsers.re(r'it is because "(?P<because>.+)"'))
def it_is_because(desk: Desk, because: str) -> None:
    assert desk.record["because"] == because
    assert desk.explanation["because"] == because


@then(parsers.re(r'the unknown facts? that mattered (?:is|are) (?P<facts>".+")'))
def the_unknown_facts(desk: Desk, facts: str) -> None:
    assert desk.record["unknown"] == quoted(facts)
    assert desk.explanation["unknown"] == quoted(facts)


@then("nothing unknown mattered")
def nothing_unknown(desk: Desk) -> None:
    assert desk.record["unknown"] == []


@then("the decisions are")
def the_decisions_are(desk: Desk, datatable: list[list[str]]) -> None:
    """Every decision of the run, in order; a column that is no part of the table is not looked at."""
    heads, *rows = datatable
    found = [[in_words(one) if head == "decision" else _cell(one[head]) for head in heads] for one in desk.records]
    assert found == rows


def _cell(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
