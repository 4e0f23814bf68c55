"""`hikeshi record`: an export's messages become a test that passes, and nobody can be found by it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import resources
from engine.batch.run import run
from engine.inbox import open_inbox
from engine.incidents import RecordingError, record, replay
from engine.incidents.masking import masked
from engine.incidents.reading import read_incidents
from engine.language.load import load
from engine.language.source import Source
from engine.plan import Plan, compile_plan
from engine.signals.personal_data import measure

PLAYBOOKS = resources.playbooks()


def plan_of(name: str) -> Plan:
    return compile_plan(load(PLAYBOOKS / f"{name}.playbook")[0])


@pytest.mark.parametrize("name", ["airline", "saas", "retail_ja"])
def test_what_is_recorded_is_decided_as_it_was_in_its_export(name: str, tmp_path: Path) -> None:
    plan = plan_of(name)
    inbox = open_inbox(str(PLAYBOOKS / f"{name}.inbox.jsonl"))
    between = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    found = record(plan, inbox, name="All of it", playbook=f"{name}.playbook", between=between)
    run(plan, [inbox], str(tmp_path / "out.jsonl"), None)
    decided = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    incidents, findings = read_incidents(Source("a", found.text), "a.playbook")
    assert incidents is not None, findings
    said = [{it.name: it.values[0] for it in one.expected} for one in incidents.incidents[0].messages]
    timed = [one for one in decided if one["posted_at"]]
    assert [(one["decision"], one.get("team")) for one in said] == [(one["decision"], one["team"]) for one in timed]
    verdicts, _ = replay(incidents, plan)
    wrong = {one.message.id for one in verdicts if one.missed}
    assert wrong == {one.message.id for one in found.changed}
    assert len(wrong) <= len(timed) / 100
    for handle in ("author.handle", "author.id", "author.name"):
        known = {json.loads(line).get(handle) for line in Path(inbox.path).read_text(encoding="utf-8").splitlines()} - {
            None
        }
        assert not [one for one in known if f"{handle}: {one}\n" in found.text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 020 7946 0958 please", "call 000 0000 0000 please"),
        ("card 4111 1111 1111 1111!", "card 0000 0000 0000 0000!"),
        ("〒150-0001 東京都渋谷区神宮前1丁目", "〒000-0000 東京都○○0丁目"),
        ("I live at 12 Baker Street", "I live at 1 Example Street"),
        ("booking code: PS71HW", "booking code: XXXXXX"),
        ("see https://shop.test/u/kai?t=1", "see https://example.com/"),
        ("注文番号は12345678です", "注文番号は00000000です"),
        ("ＴＥＬ ０９０－１２３４－５６７８", "TEL 000-0000-0000"),
        ("https://acme.example/recallページを見て", "https://example.com/ページを見て"),
        ("twitter.com/jo_smith", "https://example.com/"),
        ("+33 6 12 34 56 78 or 4111  1111  1111  1111", "+00 0 00 00 00 00 or 0000  0000  0000  0000"),
        ("山田@例え.jp, jörg@müller.de", "someone@example.com, someone@example.com"),
        ("IBAN GB29NWBK60161331926819", "IBAN XX00XXXX00000000000000"),
        ("@山田太郎 さん", "@someone さん"),
        (
            "SKL204 on 2026-03-09, case: 2026-03-09, お客様2000人以上",
            "SKL204 on 2026-03-09, case: 2026-03-09, お客様2000人以上",
        ),
        ("three of 24 lids at 9:30", "three of 24 lids at 9:30"),
        ("ﾊﾅﾐﾔの店員さん", "ﾊﾅﾐﾔの店員さん"),
    ],
)
def test_what_people_can_be_found_by_is_masked(text: str, expected: str) -> None:
    assert masked(text, ()) == expected


def test_a_masked_text_is_still_read_as_one_with_personal_data() -> None:
    import polars as pl

    texts = [
        "kai@shop.test",
        "020 7946 0958",
        "4111 1111 1111 1111",
        "〒150-0001",
        "12 Baker Street",
        "order number 48213",
        "booking code: PS71HW",
        "注文番号は12345678",
        "渋谷区神宮前1丁目",
    ]
    assert measure(pl.Series(texts)).all()
    hidden = [masked(one, ()) for one in texts]
    assert measure(pl.Series(hidden)).all()
    assert all(one != other for one, other in zip(texts, hidden, strict=True))


def test_the_same_person_has_the_same_name_in_all_messages(tmp_path: Path) -> None:
    rows = [
        {"id": "x1", "text": "hi", "author.id": "kai", "author.name": "Kai", "thread": "t"},
        {"id": "x2", "text": "hi", "author.id": "jo", "in_reply_to": "x1", "thread": "t"},
        {"id": "x3", "text": "hi", "author.id": "kai", "in_reply_to": "x2"},
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in rows), encoding="utf-8")
    found = record(plan_of("airline"), open_inbox(str(path)), name="A", playbook="a", ids=frozenset({"x1", "x2", "x3"}))
    incidents, _ = read_incidents(Source("a", found.text), "a.playbook")
    assert incidents is not None
    fields = [one.fields for one in incidents.incidents[0].messages]
    assert [(one["id"], one["author.id"], one.get("author.name"), one.get("in_reply_to")) for one in fields] == [
        ("m1", "author-1", "author-1", None), ("m2", "author-2", None, "m1"), ("m3", "author-1", None, "m2"),
    ]  # fmt: skip


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "1", "text": "a"}\n{"id": "2", "text": "b", "direction": "outbound"}\n', encoding="utf-8")
    inbox = open_inbox(str(path))
    for ids, why in ((frozenset({"7"}), "no such"), (frozenset({"2"}), "no such"), (frozenset({"1", "7"}), "the id 7")):
        with pytest.raises(RecordingError, match=why):
            record(plan_of("airline"), inbox, name="A", playbook="a", ids=ids)


def test_other_fields_are_masked_too(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    row = {
        "id": "1",
        "text": "a",
        "product": "order 48213 jo@x.test",
        "tags": ["vip", "jo@x.test"],
        "topic": "jo@x.test",
    }
    path.write_text(json.dumps(row) + "\n{oops\n", encoding="utf-8")
    found = record(plan_of("airline"), open_inbox(str(path)), name="A", playbook="a", ids=frozenset({"1"}))
    assert "jo@x" not in found.text
    assert "48213" not in found.text
    assert [one.split(":")[0] for one in found.unread] == ["line 2"]
