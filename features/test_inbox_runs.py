import json

import polars as pl
from pytest_bdd import given, parsers, scenarios, then, when

from engine.inbox import open_inbox
from engine.batch.run import run

scenarios("inbox_runs.feature")


@given("the inbox as JSON lines")
def json_lines_inbox(desk, docstring):
    (desk.folder / "inbox.jsonl").write_text(docstring + "\n", encoding="utf-8")


@given("the playbook looks at followers")
def looks_at_followers(desk):
    desk.write_playbook(
        "step start\n  when author.followers >= 10k -> take private\n  otherwise -> respond publicly\n"
    )


@given(parsers.parse("an inbox of {number:d} messages"))
def many_messages(desk, number):
    said = ["where is it?", "最悪です。二度と買いません。", "thanks", "worst company ever"]
    lines = [
        {
            "id": f"m{i}",
            "text": f"{said[i % 4]} {i}",
            "thread": f"t{i % 70}",
            "posted_at": f"2026-07-01T{i % 24:02}:{i % 60:02}:00Z",
            "direction": "outbound" if i % 11 == 0 else "inbound",
        }
        for i in range(number)
    ]
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    (desk.folder / "inbox.jsonl").write_text(text, encoding="utf-8")


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


def written(desk, **options):
    return desk.run(desk.inbox_file(), desk.folder / "again.jsonl", **options)


@then("two runs write the same bytes")
def two_runs(desk):
    first = written(desk)
    assert first
    assert written(desk) == first


@then("a run in many small pieces writes the same bytes")
def small_pieces(desk):
    assert written(desk, piece_size=700) == written(desk)


@then("a run in two processes writes the same bytes")
def two_processes(desk):
    assert written(desk, workers=2, piece_size=9000) == written(desk)


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
