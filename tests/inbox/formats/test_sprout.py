"""Sprout Social: pages of messages, public and private, ours and theirs."""

from __future__ import annotations

import json

import pytest

from engine.inbox import sprout

PAGE = "sprout_page.json"


def test_messages_of_a_page(export):
    read = export(sprout, PAGE)
    assert read.messages == [
        {
            "id": "twitter:1898642210435801089",
            "text": "@akane_help このケトル、煙が出ます😡 R&D asleep?",
            "posted_at": "2026-03-09T07:41:00Z",
            "updated_at": "2026-03-09T08:00:00Z",
            "channel": "x",
            "visibility": "public",
            "direction": "inbound",
            "account": "twitter:31337",
            "link": "https://x.com/mika_reads/status/1898642210435801089",
            "thread": 99001,
            "lang": "ja",
            "author.id": "twitter:777",
            "author.name": "Mika",
            "author.handle": "mika_reads",
            "likes": 12,
            "shares": 3,
            "replies": 4,
            "views": 900,
            "reach": 700,
            "post.sponsored": False,
            "tags": ["kettle"],
            "sentiment": -1.0,
            "extra.post_type": "TWEET",
        },
        {
            "id": "facebook:m_1",
            "text": "Is anybody there?",
            "posted_at": "2026-03-09T09:00:00Z",
            "channel": "messenger",
            "visibility": "private",
            "direction": "inbound",
            "account": "facebook:88",
            "author.id": "facebook:55",
            "author.name": "Ben",
            "tags": ["vip", "late"],
            "extra.post_type": "FACEBOOK_PRIVATE_MESSAGE",
        },
        {
            "id": "facebook:c_2",
            "text": "Please unplug it.",
            "posted_at": "2026-03-09T09:05:00Z",
            "channel": "facebook",
            "visibility": "public",
            "direction": "outbound",
            "account": "facebook:88",
            "author.id": "facebook:88",
            "author.name": "Akane",
            "post.sponsored": True,
            "extra.post_type": "FACEBOOK_COMMENT",
        },
        {
            "id": "tiktok:3",
            "text": "",
            "channel": "tiktok",
            "visibility": "public",
            "extra.post_type": "TIKTOK_COMMENT_MENTION",
        },
    ]
    assert read.quarantined == [
        ('{"network": "TWITTER"}', "It is no message: it has neither `guid` nor `text`."),
        ("null", "It is no message: it has neither `guid` nor `text`."),
    ]


@pytest.mark.parametrize(
    ("message", "us", "direction"),
    [
        ({"post_category": "SENT"}, (), "outbound"),
        ({"post_type": "TWITTER_PUBLISHED_POST"}, (), "outbound"),
        ({"post_type": "PRESENTATION"}, (), None),
        ({"internal": {"sent_by": {"id": 4}}}, (), "outbound"),
        ({"from": {"guid": "twitter:1", "screen_name": "Akane_Help"}}, ("akane_help",), "outbound"),
        ({"from": {"guid": "twitter:1"}, "profile_guid": "twitter:2"}, (), "inbound"),
        ({"from": {"guid": "twitter:1"}}, (), None),
    ],
)
def test_what_tells_the_direction(export, message, us, direction):
    assert export(sprout, {"m.json": json.dumps({"guid": "1", **message})}, *us).column("direction") == [direction]


@pytest.mark.parametrize(
    ("message", "visibility"),
    [
        ({"post_type": "INSTAGRAM_DIRECT_MESSAGE"}, "private"),
        ({"post_type": "TWITTER_DM"}, "private"),
        ({"network": "WHATSAPP", "post_type": "WHATSAPP_MESSAGE"}, "private"),
        ({"post_type": "LINKEDIN_COMPANY_ADMIN_COMMENT"}, "public"),
        ({}, None),
    ],
)
def test_what_tells_public_from_private(export, message, visibility):
    assert export(sprout, {"m.json": json.dumps({"guid": "1", **message})}).column("visibility") == [visibility]


def test_a_list_and_bare_lines_are_read_as_a_page_is(export):
    line = '{"guid": "a", "post_type": "TWEET", "text": "x"}'
    for text in (f'{{"data": [{line}]}}', f"[{line}]", f"{line}\n"):
        assert export(sprout, {"m.json": text}).column("id") == ["a"]


def test_a_page_that_breaks_off_gives_all_messages_before(export):
    text = export(sprout, PAGE).documents[0].text
    read = export(sprout, {PAGE: text[: text.index('"guid": "facebook:c_2"')]})
    assert read.column("id") == ["twitter:1898642210435801089", "facebook:m_1"]
    assert len(read.broken) == 1


def test_it_is_told_from_other_json(export):
    assert sprout.looks_like(PAGE, export(sprout, PAGE).documents[0].text[:700])
    assert not sprout.looks_like("a.jsonl", '{"id": "1", "text": "guid post_type perma_link"}')


def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled):
    sample = json.loads(export(sprout, PAGE).documents[0].text)
    for odd in mangled(sample):
        assert len(export(sprout, {PAGE: json.dumps(odd)}).found) <= 5
