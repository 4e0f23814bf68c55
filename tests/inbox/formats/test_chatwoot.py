"""Chatwoot: lists of conversations, the messages of one, webhook events."""

from __future__ import annotations

import json

import pytest

from engine.inbox import chatwoot

CONVERSATIONS, MESSAGES, EVENTS = "chatwoot_conversations.json", "chatwoot_messages.json", "chatwoot_events.ndjson"
CHAT = {
    "channel": "chat",
    "visibility": "private",
    "account": 4,
    "thread": 101,
    "tags": ["kettle", "返品"],
    "extra.status": "resolved",
    "extra.priority": "high",
}


def test_a_list_of_conversations_gives_their_messages(export):
    read = export(chatwoot, CONVERSATIONS)
    assert read.messages == [
        CHAT
        | {
            "id": 5001,
            "text": "ケトルから煙が出ます😱",
            "posted_at": 1773042060,
            "updated_at": "2026-03-09T07:41:00.000Z",
            "direction": "inbound",
            "lang": "ja",
            "author.id": 5,
            "author.name": "Aiko Mori",
            "sentiment": -1.0,
        },
        CHAT
        | {
            "id": 5004,
            "text": "プラグを抜いてください。",
            "posted_at": 1773042120,
            "direction": "outbound",
            "in_reply_to": 5001,
            "author.id": "agent:3",
            "author.name": "Ren",
        },
        CHAT | {"id": 5005, "text": "Please rate us", "posted_at": 1773042130, "direction": "outbound"},
        CHAT
        | {
            "id": 5006,
            "text": "",
            "posted_at": 1773042200,
            "direction": "inbound",
            "lang": "ja",
            "author.id": 5,
            "author.name": "Aiko Mori",
        },
        {
            "id": 5010,
            "text": "@akane_help still waiting",
            "posted_at": 1773042350,
            "channel": "x",
            "visibility": "public",
            "direction": "inbound",
            "account": 6,
            "thread": 102,
            "author.id": 8,
            "author.name": "Mika",
            "author.handle": "mika_reads",
            "author.followers": 2400,
            "tags": [],
            "extra.status": "open",
        },
    ]


def test_notes_system_lines_and_deleted_messages_are_told_apart(export):
    read = export(chatwoot, CONVERSATIONS)
    assert read.dropped == [
        "internal notes",
        "system lines",
        "deleted messages",
        "system lines",
        "conversations without messages",
    ]
    assert read.quarantined == [("17", "It is neither a message nor a conversation with messages.")]


def test_the_messages_of_one_conversation_know_what_the_page_says_of_it(export):
    read = export(chatwoot, MESSAGES)
    assert read.messages == [
        {
            "id": 6001,
            "text": "Kettle\n\nIt smokes.",
            "posted_at": 1773050000,
            "direction": "inbound",
            "account": 2,
            "thread": 201,
            "author.id": 5,
            "author.name": "Aiko Mori",
            "tags": ["kettle"],
        }
    ]
    assert read.dropped == ["automatic replies"]


def test_webhook_events_are_messages_and_their_conversation_is_not_read_twice(export):
    read = export(chatwoot, EVENTS)
    assert read.messages == [
        {
            "id": 7001,
            "text": "Hello?",
            "posted_at": "2026-03-09T10:00:00.000Z",
            "channel": "line",
            "visibility": "private",
            "direction": "inbound",
            "account": "Akane on LINE",
            "thread": 301,
            "author.id": 5,
            "author.name": "Aiko Mori",
            "tags": ["new"],
            "extra.status": "open",
        },
        {
            "id": 7002,
            "text": "Hi!",
            "posted_at": "2026-03-09T10:01:00.000Z",
            "channel": "line",
            "visibility": "private",
            "direction": "outbound",
            "account": "Akane on LINE",
            "thread": 301,
            "author.id": "agent:3",
            "author.name": "Ren",
        },
    ]
    [(raw, reason)] = read.quarantined
    assert raw.startswith('{"event":"message_created","id":7003')
    assert "not valid JSON" in reason


@pytest.mark.parametrize(
    "wrap",
    ['{"data": {"meta": {}, "payload": [ONE]}}', '{"payload": [ONE], "meta": {}}', "[ONE]", "ONE", '{"payload": ONE}'],
)
def test_a_conversation_is_the_same_in_every_wrapping(export, wrap):
    one = '{"meta": {"channel": "Channel::Email"}, "id": 1, "inbox_id": 2, "messages": [{"id": 5, "content": "Hi", "message_type": 0}]}'
    read = export(chatwoot, {"c.json": wrap.replace("ONE", one)})
    assert [(each["id"], each["thread"], each["channel"]) for each in read.messages] == [(5, 1, "email")]
    assert [each.document.text[each.start : each.end] for each in read.found] == [one]


@pytest.mark.parametrize(
    ("around", "channel", "visibility"),
    [
        ({"meta": {"channel": "Channel::Whatsapp"}}, "whatsapp", "private"),
        ({"channel": "Channel::FacebookPage"}, "messenger", "private"),
        (
            {"channel": "Channel::FacebookPage", "additional_attributes": {"type": "instagram_direct_message"}},
            "instagram",
            "private",
        ),
        ({"channel": "Channel::TwilioSms", "inbox": {"medium": "whatsapp"}}, "whatsapp", "private"),
        ({"channel": "Channel::TwitterProfile", "additional_attributes": {"type": "direct_message"}}, "x", "private"),
        ({"channel": "Channel::TwitterProfile"}, "x", None),
        ({"channel": "Channel::Api"}, None, None),
        ({}, None, None),
    ],
)
def test_where_a_conversation_takes_place(export, around, channel, visibility):
    one = {"id": 1, "messages": [{"id": 5, "content": "Hi", "message_type": 0}], **around}
    read = export(chatwoot, {"c.json": json.dumps(one)})
    assert (read.column("channel"), read.column("visibility")) == ([channel], [visibility])


@pytest.mark.parametrize(
    ("message", "us", "direction"),
    [
        ({"message_type": 0}, (), "inbound"),
        ({"message_type": "1"}, (), "outbound"),
        ({"message_type": "template"}, (), "outbound"),
        ({"message_type": 9, "sender_type": "Contact"}, (), "inbound"),
        ({"message_type": 9, "sender_type": "Captain::Assistant"}, (), "outbound"),
        ({"message_type": 9}, (), None),
        ({"message_type": 0, "sender": {"email": "Ren@akane.example"}}, ("ren@akane.example",), "outbound"),
    ],
)
def test_the_kind_of_a_message_tells_its_direction(export, message, us, direction):
    read = export(chatwoot, {"m.json": json.dumps({"id": 5, "content": "Hi", "conversation_id": 1, **message})}, *us)
    assert read.column("direction") == [direction]


def test_a_page_that_breaks_off_gives_all_conversations_before(export):
    text = export(chatwoot, CONVERSATIONS).documents[0].text
    read = export(chatwoot, {CONVERSATIONS: text[: text.index('"id": 102')]})
    assert read.column("id") == [5001, 5004, 5005, 5006]
    assert len(read.broken) == 1


def test_it_is_told_from_other_json(export):
    for name in (CONVERSATIONS, MESSAGES, EVENTS):
        assert chatwoot.looks_like(name, export(chatwoot, name).documents[0].text)
    assert not chatwoot.looks_like("a.jsonl", '{"id": "1", "text": "\\"channel\\": \\"Channel::Email\\""}')


@pytest.mark.parametrize("name", [CONVERSATIONS, MESSAGES])
def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled, name):
    sample = json.loads(export(chatwoot, name).documents[0].text)
    most = len(export(chatwoot, name).found)
    for odd in mangled(sample):
        assert len(export(chatwoot, {name: json.dumps(odd)}).found) <= most + 1
