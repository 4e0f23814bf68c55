import json

import pytest
from pytest_bdd import given, parsers, scenarios, then

scenarios("repeating.feature")


@pytest.fixture
def evaluator():
    """A run is a batch."""
    return "batch"


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


def version(desk, text):
    desk.write_playbook(text)
    return desk.plan.version


@then("the playbook with Windows line ends has the same version")
def windows_line_ends(desk):
    text = desk.playbook_file.read_text(encoding="utf-8")
    assert version(desk, text.replace("\n", "\r\n")) == version(desk, text)


@then("a playbook with one word changed has another version")
def one_word_changed(desk):
    text = desk.playbook_file.read_text(encoding="utf-8")
    assert version(desk, text.replace("negative", "neutral")) != version(desk, text)
