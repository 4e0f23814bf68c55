"""Zendesk: pages, the data export, who wrote, and what is no message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.inbox import zendesk

PAGE, NDJSON = "zendesk_page.json", "zendesk_export.ndjson"
SHARED = {
    "updated_at": "2026-03-10T01:00:00Z",
    "resolved_at": "2026-03-09T09:30:00Z",
    "channel": "email",
    "visibility": "private",
    "account": 123,
    "link": "https://akane.zendesk.com/agent/tickets/35436",
    "thread": 35436,
    "tags": ["kettle", "smoke"],
    "extra.priority": "urgent",
    "extra.status": "solved",
    "extra.satisfaction": "bad",
}


def test_every_comment_is_a_message_and_the_description_is_not_doubled(export):
    read = export(zendesk, PAGE)
    assert read.messages == [
        SHARED
        | {
            "id": 1618523107320565760,
            "text": "Kettle smokes\n\nMy kettle smokes & smells 😡",
            "posted_at": "2026-03-09T07:41:00Z",
            "direction": "inbound",
            "author.id": 20978392,
            "author.name": "Aiko Mori",
        },
        SHARED
        | {
            "id": 1618523107320565762,
            "text": "Please unplug it.",
            "posted_at": "2026-03-09T08:00:00Z",
            "direction": "outbound",
            "author.id": 235323,
            "author.name": "Ren at Akane",
        },
        SHARED
        | {
            "id": 1618523107320565763,
            "text": "Mine too!\nSame batch",
            "posted_at": "2026-03-09T08:10:00Z",
            "direction": "inbound",
            "author.id": 777,
            "author.name": "Ben",
        },
        {
            "id": 35437,
            "text": "箱が空でした。どうすればいいですか？",
            "posted_at": "2026-03-09T10:00:00Z",
            "updated_at": "2026-03-09T10:00:00Z",
            "channel": "x",
            "visibility": "private",
            "direction": "inbound",
            "thread": 35437,
            "author.id": 555,
            "author.name": "Mika",
            "author.handle": "mika_reads",
            "tags": [],
            "extra.status": "open",
        },
    ]


def test_notes_deleted_tickets_and_what_is_no_ticket_are_told(export):
    read = export(zendesk, PAGE)
    assert read.dropped == ["internal notes", "deleted tickets", "internal notes"]
    assert read.quarantined == [('["no ticket"]', "It is no ticket: it has no subject, description or comments.")]


def test_the_data_export_has_a_ticket_a_line_and_a_broken_line_alone_is_lost(export):
    read = export(zendesk, NDJSON)
    chat = {
        "updated_at": "2026-01-06T00:00:00Z",
        "channel": "chat",
        "visibility": "private",
        "account": "chat@akane.example",
        "link": "https://akane.zendesk.com/agent/tickets/1",
        "thread": 1,
        "tags": ["chat"],
        "extra.status": "closed",
    }
    assert read.messages == [
        chat
        | {
            "id": 101,
            "text": "返品できますか？",
            "posted_at": "2026-01-05T16:30:55Z",
            "direction": "inbound",
            "author.id": 11,
            "author.name": "Chika",
        },
        chat
        | {
            "id": 102,
            "text": "はい、できます。",
            "posted_at": "2026-01-05T16:31:30Z",
            "direction": "outbound",
            "author.id": 12,
        },
        {
            "id": 3,
            "text": "Where is it?\n\nOrder 48213 never came.",
            "posted_at": "2026-01-07T09:00:00Z",
            "channel": "web",
            "visibility": "private",
            "direction": "inbound",
            "link": "https://akane.zendesk.com/agent/tickets/3",
            "thread": 3,
            "author.id": 13,
            "author.name": "Dai",
            "extra.status": "new",
        },
    ]
    [(raw, reason)] = read.quarantined
    assert raw.startswith('{"id":2,')
    assert "not valid JSON" in reason


@pytest.mark.parametrize(
    "wrap", ['{"tickets": [TICKET]}', '{"results": [TICKET], "count": 1}', "[TICKET]", "TICKET", '{"ticket": TICKET}']
)
def test_a_ticket_is_the_same_in_every_wrapping(export, wrap):
    ticket = '{"id": 9, "subject": "Kettle", "description": "It smokes.", "requester_id": 1}'
    read = export(zendesk, {"t.json": wrap.replace("TICKET", ticket)})
    assert [(one["id"], one["text"], one["thread"]) for one in read.messages] == [(9, "Kettle\n\nIt smokes.", 9)]
    [found] = read.found
    assert found.document.text[found.start : found.end] == ticket


def test_a_page_that_breaks_off_gives_all_tickets_before(export):
    text = export(zendesk, PAGE).documents[0].text
    cut = text.index('"id": 35438')
    read = export(zendesk, {PAGE: text[:cut]})
    assert read.column("id") == [1618523107320565760, 1618523107320565762, 1618523107320565763, 35437]
    assert len(read.broken) == 1


def test_users_of_one_page_name_authors_of_another(export):
    files = {
        "a.json": '{"tickets": [{"id": 1, "subject": "A", "requester_id": 5}]}',
        "b.json": '{"users": [{"id": 5, "name": "Emi"}, null, {"id": []}]}',
    }
    assert export(zendesk, files).column("author.name") == ["Emi"]


@pytest.mark.parametrize(
    ("via", "channel", "visibility"),
    [
        ({"channel": "twitter"}, "x", "public"),
        ({"channel": "facebook", "source": {"rel": "post"}}, "facebook", "public"),
        ({"channel": "facebook", "source": {"rel": "message"}}, "messenger", "private"),
        ({"channel": "whatsapp"}, "whatsapp", "private"),
        ({"channel": "Voice"}, "phone", "private"),
        ({"channel": "api"}, None, None),
        ({"channel": 30}, None, None),
        ({"channel": "wechat"}, "wechat", None),
        (None, None, None),
    ],
)
def test_where_a_ticket_was_written(export, via, channel, visibility):
    read = export(zendesk, {"t.json": json.dumps({"id": 1, "subject": "A", "via": via})})
    assert (read.column("channel"), read.column("visibility")) == ([channel], [visibility])


@pytest.mark.parametrize(
    ("author", "us", "direction"),
    [(1, (), "inbound"), (2, (), "outbound"), (1, ("1",), "outbound"), (None, (), None)],
)
def test_who_wrote_a_comment_tells_its_direction(export, author, us, direction):
    ticket = {"id": 1, "requester_id": 1, "comments": [{"id": 7, "author_id": author, "body": "Hello"}]}
    assert export(zendesk, {"t.json": json.dumps(ticket)}, *us).column("direction") == [direction]


def test_a_ticket_that_is_open_again_was_not_resolved(export):
    ticket = {"id": 1, "subject": "A", "status": "open", "metric_set": {"solved_at": "2026-03-09T09:30:00Z"}}
    assert export(zendesk, {"t.json": json.dumps(ticket)}).column("resolved_at") == [None]


def test_a_comment_that_is_no_object_is_quarantined_beside_the_others(export):
    ticket = {"id": 1, "requester_id": 1, "comments": [None, {"id": 7, "author_id": 1, "body": "Hello"}, "x"]}
    read = export(zendesk, {"t.json": json.dumps(ticket)})
    assert read.column("text") == ["Hello"]
    assert [reason for _, reason in read.quarantined] == ["One of its comments is no JSON object."] * 2


def test_an_id_that_lost_its_digits_is_passed_on_as_it_stands(export):
    assert export(zendesk, {"t.json": '{"id": 1.6185E+18, "subject": "A"}'}).column("id") == [1.6185e18]


def test_a_comment_without_an_id_gets_the_same_one_every_time(export):
    ticket = {"id": 1, "comments": [{"author_id": 1, "body": "Hello"}, {"author_id": 1, "body": "Hello?"}]}
    first = export(zendesk, {"t.json": json.dumps(ticket)}).column("id")
    assert first == export(zendesk, {"u.json": json.dumps([ticket])}).column("id")
    assert len(set(first)) == 2


def test_other_things_that_a_search_finds_are_dropped(export):
    read = export(zendesk, {"s.json": '{"results": [{"id": 5, "result_type": "user", "name": "Emi"}]}'})
    assert (read.messages, read.dropped) == ([], ["search results that are no tickets"])


def test_it_is_told_from_other_json():
    text = {name: (Path(__file__).parent / name).read_text(encoding="utf-8") for name in (PAGE, NDJSON)}
    assert all(zendesk.looks_like(name, head[:900]) for name, head in text.items())
    assert not zendesk.looks_like("a.jsonl", '{"id": "1", "text": "\\"requester_id\\": 1, \\"submitter_id\\": 2"}')
    assert not zendesk.looks_like("a.csv", 'id,text\n1,"""requester_id"": 1 ""submitter_id"": 2"')


@pytest.mark.parametrize("name", [PAGE, NDJSON])
def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled, name):
    text = export(zendesk, name).documents[0].text
    sample = json.loads(text) if name == PAGE else json.loads(text.splitlines()[0])
    most = len(export(zendesk, {name: json.dumps(sample)}).found)
    for odd in mangled(sample):
        assert len(export(zendesk, {name: json.dumps(odd)}).found) <= most + 1
