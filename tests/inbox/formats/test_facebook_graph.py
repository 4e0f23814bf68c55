"""Meta's Graph API: posts with their comments, conversations, deliveries of webhooks."""

from __future__ import annotations

import json

import pytest

from engine.inbox import facebook_graph

NAMES = [
    "facebook_graph_posts.json", "facebook_graph_instagram.json", "facebook_graph_conversations.json",
    "facebook_graph_webhooks.jsonl",
]  # fmt: skip
COMMENT = {"id": "5001_9001", "message": "Hello", "created_time": "2026-03-09T07:41:00+0000"}


def test_a_post_opens_its_own_thread_a_comment_one_and_its_replies_belong_to_that(export):
    read = export(facebook_graph, "facebook_graph_posts.json")
    common = {"channel": "facebook", "visibility": "public", "account": "31337", "extra.post": "31337_5001"}
    assert read.messages == [
        {
            "id": "31337_5001",
            "text": "Our new kettle is here.",
            "posted_at": "2026-03-09T07:00:00+0000",
            "updated_at": "2026-03-09T08:10:00+0000",
            "direction": "outbound",
            "link": "https://www.facebook.com/31337/posts/5001",
            "thread": "31337_5001",
            "author.id": "31337",
            "author.name": "Akane Kitchen",
            "likes": 52,
            "shares": 4,
            "replies": 3,
            "extra.post_kind": "post",
            **common,
        },
        {
            "id": "5001_9001",
            "text": "@Akane Kitchen 同じケトルから煙が出ました😱",
            "posted_at": "2026-03-09T07:41:00+0000",
            "thread": "5001_9001",
            "in_reply_to": "31337_5001",
            "author.id": "7001",
            "author.name": "佐藤 美香",
            "likes": 7,
            "replies": 2,
            "mention.tagged": True,
            "extra.post_kind": "comment",
            "extra.hidden": False,
            **common,
        },
        {
            "id": "5001_9002",
            "text": "すぐにコンセントを抜いてください。",
            "posted_at": "2026-03-09T07:52:11+0000",
            "direction": "outbound",
            "thread": "5001_9001",
            "in_reply_to": "5001_9001",
            "author.id": "31337",
            "author.name": "Akane Kitchen",
            "likes": 0,
            "extra.post_kind": "reply",
            **common,
        },
        {
            "id": "5001_9003",
            "text": "",
            "posted_at": "2026-03-09T08:10:00+0000",
            "thread": "5001_9001",
            "in_reply_to": "5001_9001",
            "extra.post_kind": "reply",
            **common,
        },
    ]
    raw = [json.loads(read.documents[0].text[one.start : one.end])["id"] for one in read.found]
    assert raw == read.column("id")


def test_on_instagram_the_owner_of_the_media_is_us_and_replies_belong_to_their_comment(export):
    common = {"channel": "instagram", "visibility": "public", "account": "akane.kitchen"}
    assert export(facebook_graph, "facebook_graph_instagram.json").messages == [
        {
            "id": "17990000000000001",
            "text": "Tea time ☕",
            "posted_at": "2026-03-09T07:00:00+0000",
            "direction": "outbound",
            "link": "https://www.instagram.com/p/abc/",
            "thread": "17990000000000001",
            "author.handle": "akane.kitchen",
            "likes": 310,
            "replies": 2,
            "extra.post": "17990000000000001",
            "extra.post_kind": "post",
            **common,
        },
        {
            "id": "17870000000000001",
            "text": "Mine leaks! @akane.kitchen",
            "posted_at": "2026-03-09T07:41:00+0000",
            "thread": "17870000000000001",
            "in_reply_to": "17990000000000001",
            "author.id": "8001",
            "author.handle": "mika.reads",
            "likes": 3,
            "extra.post": "17990000000000001",
            "extra.post_kind": "comment",
            "extra.hidden": True,
            **common,
        },
        {
            "id": "17870000000000002",
            "text": "Sorry! We wrote to you.",
            "posted_at": "2026-03-09T07:50:00+0000",
            "direction": "outbound",
            "thread": "17870000000000001",
            "in_reply_to": "17870000000000001",
            "author.handle": "akane.kitchen",
            "likes": 0,
            "extra.post": "17990000000000001",
            "extra.post_kind": "reply",
            **common,
        },
    ]


def test_conversations_give_their_messages_and_whoever_is_in_all_of_them_is_us(export):
    read = export(facebook_graph, "facebook_graph_conversations.json")
    common = {"channel": "messenger", "visibility": "private", "account": "31337"}
    assert read.messages == [
        {
            "id": "m_2",
            "text": "A new lid is on its way.",
            "posted_at": "2026-03-09T09:00:00+0000",
            "direction": "outbound",
            "thread": "t_100",
            "author.id": "31337",
            "author.name": "Akane Kitchen",
            **common,
        },
        {
            "id": "m_1",
            "text": "",
            "posted_at": "2026-03-09T08:41:00+0000",
            "thread": "t_100",
            "author.id": "7002",
            "author.name": "Ben Wood",
            **common,
        },
        {
            "id": "m_3",
            "text": "ふたが外れて、やけどしました",
            "posted_at": "2026-03-08T22:10:00+0000",
            "thread": "t_101",
            "author.id": "7003",
            "author.name": "鈴木",
            **{name: value for name, value in common.items() if name != "account"},
        },
    ]
    assert read.dropped == ["conversations without messages"]


def test_deliveries_give_a_message_once_as_it_first_arrived(export):
    read = export(facebook_graph, "facebook_graph_webhooks.jsonl")
    comment = {"channel": "facebook", "visibility": "public", "account": "31337", "extra.post": "31337_5001"}
    private = {"channel": "messenger", "visibility": "private", "account": "31337", "thread": "31337-7002"}
    assert read.messages == [
        {
            "id": "5001_9001",
            "text": "同じケトルから煙が出ました😱",
            "posted_at": 1773042060,
            "thread": "5001_9001",
            "in_reply_to": "31337_5001",
            "author.id": "7001",
            "author.name": "佐藤 美香",
            "extra.post_kind": "comment",
            **comment,
        },
        {
            "id": "5001_9002",
            "text": "すぐにコンセントを抜いてください。",
            "posted_at": 1773042731,
            "direction": "outbound",
            "thread": "5001_9001",
            "in_reply_to": "5001_9001",
            "author.id": "31337",
            "author.name": "Akane Kitchen",
            "extra.post_kind": "reply",
            **comment,
        },
        {
            "id": "31337_5002",
            "text": "Your shop in Kobe was closed?",
            "posted_at": 1773042899,
            "thread": "31337_5002",
            "author.id": "7004",
            "author.name": "Ann",
            "extra.post_kind": "post",
            **comment,
            "extra.post": "31337_5002",
        },
        {"id": "m_AA", "text": "Is it safe?", "posted_at": 1773046800123, "author.id": "7002", **private},
        {
            "id": "m_AB",
            "text": "Please unplug it.",
            "posted_at": 1773046900123,
            "direction": "outbound",
            "in_reply_to": "m_AA",
            "author.id": "31337",
            **private,
        },
        {
            "id": "17870000000000009",
            "text": "Mine leaks!",
            "posted_at": 1773047000,
            "channel": "instagram",
            "visibility": "public",
            "account": "17841400000000001",
            "thread": "17870000000000009",
            "in_reply_to": "17990000000000001",
            "author.id": "8001",
            "author.handle": "mika.reads",
            "post.sponsored": True,
            "extra.post": "17990000000000001",
            "extra.post_kind": "comment",
        },
        {
            "id": "aWdf1",
            "text": "",
            "posted_at": 1773047100000,
            "channel": "instagram",
            "visibility": "private",
            "account": "17841400000000001",
            "thread": "17841400000000001-8001",
            "author.id": "8001",
        },
    ]
    assert read.dropped == [
        "later edits and repeated deliveries", "receipts and reactions", "deleted messages", "receipts and reactions",
        "later edits and repeated deliveries", "deleted messages",
    ]  # fmt: skip
    assert read.broken == []


def test_an_edit_of_a_comment_that_never_arrived_is_the_message(export):
    lines = (export(facebook_graph, "facebook_graph_webhooks.jsonl").documents[0].text).splitlines()
    assert export(facebook_graph, {"a.jsonl": lines[2]}).column("text") == ["edited"]


def test_comments_alone_know_their_thread_and_not_whose_page_it_is(export):
    reply = {**COMMENT, "id": "5001_9002", "parent": {"id": "5001_9001"}, "from": {"id": "31337", "name": "Akane"}}
    text = json.dumps({"data": [COMMENT, reply], "paging": {}})
    read = export(facebook_graph, {"a.json": text})
    assert read.column("thread") == ["5001_9001", "5001_9001"]
    assert read.column("in_reply_to") == [None, "5001_9001"]
    assert read.column("extra.post_kind") == [None, "reply"]
    assert read.column("direction") == [None, None]
    assert export(facebook_graph, {"a.json": text}, "31337").column("direction") == [None, "outbound"]
    assert export(facebook_graph, {"a.json": text}, "akane").column("direction") == [None, "outbound"]


def test_a_post_in_another_file_tells_whose_page_it_is(export):
    comment = {**COMMENT, "from": {"id": "31337"}}
    post = {**COMMENT, "id": "31337_5001", "from": {"id": "31337"}}
    files = {"comments.json": json.dumps({"data": [comment]}), "posts.json": json.dumps({"data": [post]})}
    assert export(facebook_graph, files).column("direction") == ["outbound", "outbound"]


def test_our_own_accounts_go_before_guesses(export):
    other = {**COMMENT, "id": "4004_1", "from": {"id": "4004"}}
    ours = {**COMMENT, "id": "31337_5001", "from": {"id": "31337"}}
    text = json.dumps({"data": [other, ours]})
    assert export(facebook_graph, {"a.json": text}).column("direction") == ["outbound", "outbound"]
    assert export(facebook_graph, {"a.json": text}, "31337").column("direction") == [None, "outbound"]


def test_the_comments_of_one_media_or_post_may_come_without_it(export):
    media = {
        "comments": {
            "data": [{"id": "1", "text": "Hello", "username": "mika", "timestamp": "2026-03-09T07:41:00+0000"}]
        }
    }
    post = {"comments": {"data": [COMMENT]}, "id": "31337_5001"}
    files = {"a.json": json.dumps({**media, "id": "17990"}), "b.json": json.dumps(post)}
    read = export(facebook_graph, files)
    assert read.column("id") == ["1", "5001_9001"]
    assert read.column("extra.post") == ["17990", "31337_5001"]
    assert read.column("in_reply_to") == ["17990", "31337_5001"]
    assert read.column("channel") == ["instagram", "facebook"]


def test_media_of_two_owners_do_not_tell_who_we_are(export):
    time = "2026-03-09T07:41:00+0000"
    comments = {"data": [{"id": "2", "text": "Hello", "username": "akane", "timestamp": time}]}
    media = {"id": "1", "caption": "Tea", "timestamp": time, "comments": comments}
    one, two = {**media, "username": "akane"}, {**media, "id": "3", "username": "mika", "comments": {"data": []}}
    assert export(facebook_graph, {"a.json": json.dumps([one])}).column("direction") == ["outbound", "outbound"]
    assert export(facebook_graph, {"a.json": json.dumps([one, two])}).column("direction") == [None, None, None]
    assert export(facebook_graph, {"a.json": json.dumps([one, two])}, "akane").column("direction") == [
        "outbound",
        "outbound",
        None,
    ]


def test_a_comment_with_replies_at_the_top_is_no_post(export):
    reply = {**COMMENT, "id": "5001_9002"}
    read = export(facebook_graph, {"a.json": json.dumps({"data": [{**COMMENT, "comments": {"data": [reply]}}]})})
    assert read.column("thread") == ["5001_9001", "5001_9001"]
    assert read.column("in_reply_to") == [None, "5001_9001"]


def test_what_was_asked_for_of_a_page_lies_under_its_name(export):
    posts = {"posts": {"data": [{**COMMENT, "id": "31337_5001", "from": {"id": "31337"}}]}, "id": "31337"}
    read = export(facebook_graph, {"a.json": json.dumps(posts)})
    assert (read.column("id"), read.column("direction"), read.broken) == (["31337_5001"], ["outbound"], [])


def test_messages_alone_have_no_thread_and_the_tag_says_what_was_sent(export):
    message = {
        "id": "m_1",
        "created_time": "2026-03-09T09:00:00+0000",
        "from": {"id": "7", "username": "akane"},
        "to": {"data": [{"id": "8", "username": "mika"}]},
        "message": "Hello",
        "tags": {"data": [{"name": "inbox"}, {"name": "sent"}]},
    }
    assert export(facebook_graph, {"a.json": json.dumps({"data": [message]})}).messages == [
        {
            "id": "m_1",
            "text": "Hello",
            "posted_at": "2026-03-09T09:00:00+0000",
            "channel": "instagram",
            "visibility": "private",
            "direction": "outbound",
            "author.id": "7",
            "author.handle": "akane",
        }
    ]


def test_a_comment_whose_text_nobody_asked_for_has_none(export):
    comment = {name: value for name, value in COMMENT.items() if name != "message"}
    assert export(facebook_graph, {"a.json": json.dumps({"data": [comment]})}).column("text") == [None]


def test_what_is_no_message_says_why(export):
    text = '{"data": [7, {"id": "1"}]}\n{"object": "page", "entry": [{"id": "1"}, {"changes": [{"field": "feed"}]}]}'
    assert export(facebook_graph, {"a.jsonl": text}).quarantined == [
        ("7", "It is JSON, but no object."),
        ('{"id": "1"}', "It has neither a text nor a time nor an author."),
        ('{"id": "1"}', "It is an entry without changes and messages."),
        ('{"field": "feed"}', "It is a change without an object `value`."),
    ]


def test_an_id_that_lost_its_digits_is_passed_on_for_what_it_is(export):
    media = {"id": 1.799e16, "text": "Hello", "timestamp": "2026-03-09T07:41:00+0000"}
    assert export(facebook_graph, {"a.json": json.dumps({"data": [media]})}).column("id") == [1.799e16]


def test_a_post_that_breaks_off_in_its_comments_gives_those_that_are_whole(export):
    comments = [{**COMMENT, "id": f"5001_{at}"} for at in range(3)]
    post = json.dumps({"id": "31337_5001", "message": "New!", "created_time": "…", "comments": {"data": comments}})
    read = export(facebook_graph, {"a.json": '{"data": [' + post[: post.index("5001_2")]})
    assert read.column("id") == ["5001_0", "5001_1"]
    assert read.column("in_reply_to") == ["31337_5001", "31337_5001"]
    assert [raw[:20] for raw, _ in read.quarantined] == ['{"id": "31337_5001",', '{"id": "']


def test_a_conversation_that_breaks_off_keeps_its_thread(export):
    text = export(facebook_graph, "facebook_graph_conversations.json").documents[0].text
    read = export(facebook_graph, {"a.json": text[: text.index('"m_1"')]})
    assert (read.column("id"), read.column("thread")) == (["m_2"], ["t_100"])
    assert read.column("visibility") == ["private"]
    assert len(read.broken) == 1


def test_comments_within_comments_within_comments_end_somewhere(export):
    comment: dict = dict(COMMENT)
    for at in range(150):
        comment = {**COMMENT, "id": f"5001_{at}", "comments": {"data": [comment]}}
    read = export(facebook_graph, {"a.json": json.dumps({"data": [comment]})})
    assert len(read.found) == 51
    assert [reason for _, reason in read.quarantined] == ["It lies too deep in other comments."]


@pytest.mark.parametrize("name", NAMES)
def test_no_odd_value_anywhere_raises_and_nothing_is_doubled(export, mangled, name):
    whole = export(facebook_graph, name)
    lines = [whole.documents[0].text] if name.endswith(".json") else whole.documents[0].text.splitlines()
    for line in lines:
        for odd in mangled(json.loads(line)):
            for us in ((), ("31337",)):
                read = export(facebook_graph, {name: json.dumps(odd)}, *us)
                assert len(read.found) <= len(whole.found) + 3


@pytest.mark.parametrize("name", NAMES)
def test_every_cut_of_a_file_is_read_as_far_as_it_goes(export, name):
    text = export(facebook_graph, name).documents[0].text
    ids = set(export(facebook_graph, name).column("id"))
    for at in range(0, len(text), 7):
        read = export(facebook_graph, {name: text[:at]})
        assert set(read.column("id")) <= ids
        assert len(read.found) == len(set(read.column("id")))


@pytest.mark.parametrize("name", NAMES)
def test_the_format_is_known_by_its_keys_also_where_the_head_is_cut(export, name):
    text = export(facebook_graph, name).documents[0].text
    assert facebook_graph.looks_like(name, text)
    assert facebook_graph.looks_like("whatever", text[:600])


@pytest.mark.parametrize(
    "head",
    [
        '{"id": "1", "text": "Hello", "posted_at": "2026-03-09T07:41:00+0000", "author.followers": 3}',
        '{"id": "1", "message": "Hello", "created_time": "2026-03-09T07:41:00Z", "guid": "x"}',
        '{"data": [{"id": "1", "text": "Hello", "edit_history_tweet_ids": ["1"], "created_at": "2026-03-09T07:41:00.000Z"}]}',
        '{"participants": [{"name": "A"}], "messages": [{"sender_name": "A", "timestamp_ms": 1773042060000}]}',
        '{"object": "whatsapp_business_account", "entry": []}',
        '{"object": "page"}',
        "created_time,message\n2026-03-09T07:41:00+0000,Hello",
        "",
    ],
)
def test_other_files_are_not_taken_for_it(head):
    assert not facebook_graph.looks_like("a.json", head)
