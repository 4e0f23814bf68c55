import json

import polars as pl
import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.batch.run import run
from engine.inbox import InboxError, open_inbox

scenarios("inbox_runs.feature")


@given("the inbox as JSON lines")
def json_lines_inbox(desk, docstring):
    (desk.folder / "inbox.jsonl").write_text(docstring + "\n", encoding="utf-8")


@when(parsers.parse("the inbox is run into {out}"))
def run_into(desk, out):
    run(desk.plan, [open_inbox(str(desk.inbox_file()))], str(desk.folder / out), desk.quarantine_file)
    path = desk.folder / out
    read = {".jsonl": pl.read_ndjson, ".csv": pl.read_csv, ".parquet": pl.read_parquet}[path.suffix]
    desk.records = read(path).to_dicts()


@then("that output holds")
def that_output_holds(desk, datatable):
    heads, *rows = datatable
    assert [["" if one[head] is None else str(one[head]) for head in heads] for one in desk.records] == rows


@then("nothing is quarantined")
def nothing_quarantined(desk):
    assert desk.summary.quarantined == 0
    assert not desk.quarantine_file.exists()


@then("there are no decisions")
def no_decisions(desk):
    assert desk.records == []


@then(parsers.parse("the summary counts {messages:d} messages, {decided:d} decided, {ours:d} from us"))
def the_summary_counts(desk, messages, decided, ours):
    assert (desk.summary.messages, desk.summary.decided, desk.summary.outbound) == (messages, decided, ours)


@then("the quarantined lines are")
def quarantined_lines(desk, datatable):
    rows = [json.loads(line) for line in desk.quarantine_file.read_text(encoding="utf-8").splitlines()]
    assert [str(row["line"]) for row in rows] == [line for line, _ in datatable[1:]]
    assert desk.summary.quarantined == len(rows)
    for row, (_, about) in zip(rows, datatable[1:], strict=True):
        assert about in row["reason"]


@then(parsers.parse('running the inbox says "{words}"'))
def running_says(desk, words):
    with pytest.raises(InboxError, match=words):
        desk.decide_inbox(desk.inbox_file())
