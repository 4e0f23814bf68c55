"""The X API: answers of version 2 with old and new names, streams, direct messages, version 1.1."""

from __future__ import annotations

import json

import pytest

from engine.inbox import x_api

POST = {"id": "1898642210435801089", "text": "Hello", "edit_history_tweet_ids": ["1898642210435801089"]}


def page(*posts: dict, **around: object) -> str:
    return json.dumps({"data": list(posts), **around})


def test_a_page_gives_its_posts_with_their_authors_and_not_those_that_were_only_referred_to(export):
    assert export(x_api, "x_api_page.json", "akane_help").messages == [
        {
            "id": "1898642210435801089",
            "text": "@akane_help my kettle smokes & smells >:( What now? 🔥",
            "posted_at": "2026-03-09T07:41:00.000Z",
            "channel": "x",
            "visibility": "public",
            "account": "akane_help",
            "link": "https://x.com/mika_reads/status/1898642210435801089",
            "thread": "1898642210435801089",
            "lang": "en",
            "author.id": "2244994101",
            "author.name": "Mika Sato",
            "author.handle": "mika_reads",
            "author.followers": 15230,
            "author.verified": False,
            "likes": 41,
            "shares": 12,
            "replies": 3,
            "views": 9120,
            "mention.tagged": True,
            "extra.post_kind": "post",
            "extra.quotes": 2,
            "extra.verified_type": "none",
        },
        {
            "id": "1898643000000000001",
            "text": "@mika_reads Please unplug it.",
            "posted_at": "2026-03-09T07:52:11.000Z",
            "channel": "x",
            "visibility": "public",
            "direction": "outbound",
            "account": "31337",
            "link": "https://x.com/akane_help/status/1898643000000000001",
            "thread": "1898642210435801089",
            "in_reply_to": "1898642210435801089",
            "lang": "en",
            "author.id": "31337",
            "author.name": "Akane Help",
            "author.handle": "akane_help",
            "author.followers": 88000,
            "author.verified": True,
            "likes": 2,
            "shares": 0,
            "replies": 1,
            "views": 310,
            "mention.tagged": False,
            "extra.post_kind": "reply",
            "extra.quotes": 0,
            "extra.verified_type": "business",
        },
        {
            "id": "1898644000000000007",
            "text": "RT @mika_reads: @akane_help my kettle smokes & smells…",
            "posted_at": "2026-03-09T08:00:00.000Z",
            "channel": "x",
            "visibility": "public",
            "account": "akane_help",
            "lang": "en",
            "author.id": "990",
            "mention.tagged": True,
            "extra.post_kind": "repost",
        },
    ]


def test_renamed_fields_and_the_full_text_of_a_long_post_are_known_and_a_user_may_be_in_another_answer(export):
    read = export(x_api, "x_api_renamed.json")
    assert read.messages == [
        {
            "id": "2012345678901234567",
            "text": "電気ケトルから煙が出ました。とても怖かったです。全文はここまで続きます。",
            "posted_at": "2026-08-01T23:59:59.123Z",
            "channel": "x",
            "visibility": "public",
            "link": "https://x.com/sato_k/status/2012345678901234567",
            "thread": "2012345678901234500",
            "lang": "ja",
            "author.id": "555",
            "author.name": "佐藤",
            "author.handle": "sato_k",
            "author.verified": True,
            "likes": 9,
            "shares": 4,
            "replies": 0,
            "views": 77,
            "extra.post_kind": "quote",
            "extra.quotes": 1,
            "extra.verified_type": "blue",
        }
    ]
    assert read.dropped == ["answers without messages"]


def test_direct_messages_are_private_and_ours_are_those_of_whoever_is_in_all_conversations(export):
    read = export(x_api, "x_api_direct.json")
    assert read.messages == [
        {
            "id": "1990000000000000003",
            "text": "Is it safe & sound?",
            "posted_at": "2026-03-09T09:00:00.000Z",
            "channel": "x",
            "visibility": "private",
            "account": "31337",
            "thread": "31337-900",
            "author.id": "900",
            "author.name": "Ben",
            "author.handle": "ben_w",
        },
        {
            "id": "1990000000000000002",
            "text": "",
            "posted_at": "2026-03-09T08:59:00.000Z",
            "channel": "x",
            "visibility": "private",
            "direction": "outbound",
            "account": "31337",
            "thread": "31337-901",
            "author.id": "31337",
        },
    ]
    assert read.dropped == ["joins and leaves"]


def test_version_1_1_knows_the_full_text_its_own_account_and_direct_messages(export):
    assert export(x_api, "x_api_old.json").messages == [
        {
            "id": "1898642210435801089",
            "text": "@akane_help the lid came off and the water went everywhere <3",
            "posted_at": "Mon Mar 09 07:41:00 +0000 2026",
            "channel": "x",
            "visibility": "public",
            "account": "akane_help",
            "link": "https://x.com/ben_w/status/1898642210435801089",
            "in_reply_to": "1898000000000000000",
            "lang": "id",
            "author.id": "900",
            "author.name": "Ben",
            "author.handle": "ben_w",
            "author.followers": 310,
            "author.verified": False,
            "likes": 6,
            "shares": 5,
            "replies": 1,
            "mention.tagged": True,
            "extra.post_kind": "reply",
            "extra.quotes": 0,
        },
        {
            "id": "1990000000000000009",
            "text": "A new lid is on its way.",
            "posted_at": "1773046800000",
            "channel": "x",
            "visibility": "private",
            "direction": "outbound",
            "account": "31337",
            "thread": "900-31337",
            "author.id": "31337",
            "author.name": "Akane Help",
            "author.handle": "akane_help",
            "author.followers": 88000,
            "author.verified": True,
        },
    ]


@pytest.mark.parametrize(
    "text",
    [
        page({**POST, "id": "1"}, {**POST, "id": "2"}, {**POST, "id": "3"}),
        page({**POST, "id": "1"}) + "\n" + page({**POST, "id": "2"}, {**POST, "id": "3"}),
        "[" + page({**POST, "id": "1"}, {**POST, "id": "2"}) + "," + page({**POST, "id": "3"}) + "]",
        "\r\n".join(json.dumps({**POST, "id": one}) for one in "123"),
        json.dumps([{**POST, "id": one} for one in "123"]),
        json.dumps({**POST, "id": "1"})
        + "\n"
        + page({**POST, "id": "2"})
        + "\n\n"
        + json.dumps({"data": {**POST, "id": "3"}}),
    ],
    ids=["a page", "pages", "an array of pages", "a post a line", "an array of posts", "a mixture"],
)
def test_pages_and_bare_posts_may_follow_each_other_in_any_way(export, text):
    read = export(x_api, {"a.json": text})
    assert (read.column("id"), read.broken, read.dropped) == (["1", "2", "3"], [], [])
    assert [json.loads(read.documents[0].text[one.start : one.end])["id"] for one in read.found] == ["1", "2", "3"]


def test_a_page_that_breaks_off_gives_all_that_came_before_and_the_rest_is_quarantined(export):
    whole = page({**POST, "id": "1"}, {**POST, "id": "2"}, {**POST, "id": "3"}, includes={"users": []})
    cut = whole[: whole.index('"3"')]
    read = export(x_api, {"a.json": cut})
    assert read.column("id") == ["1", "2"]
    assert read.quarantined == [('{"id": ', "It is not valid JSON (expecting value at line 1).")]


def test_a_broken_line_costs_that_line_only(export):
    text = json.dumps({**POST, "id": "1"}) + '\n{"id": "2", "text": "Hel\n' + json.dumps({**POST, "id": "3"})
    read = export(x_api, {"a.jsonl": text})
    assert read.column("id") == ["1", "3"]
    assert [raw.strip() for raw, _ in read.quarantined] == ['{"id": "2", "text": "Hel']


def test_what_is_no_post_says_why(export):
    read = export(x_api, {"a.json": page(POST, 7, {"lang": "en"}, None)})  # type: ignore[arg-type]
    assert read.column("id") == [POST["id"]]
    assert read.quarantined == [
        ("7", "It is JSON, but no object."),
        ('{"lang": "en"}', "It is no post: it has neither `id` nor `text`."),
        ("null", "It is JSON, but no object."),
    ]


def test_an_id_that_lost_its_digits_is_passed_on_for_what_it_is(export):
    assert export(x_api, {"a.json": '{"data": [{"id": 1.6185E+18, "text": "a"}]}'}).column("id") == [1.6185e18]
    assert export(x_api, {"a.json": '{"data": [{"id": 1898642210435801089, "text": "a"}]}'}).column("id") == [
        1898642210435801089
    ]


def test_a_user_of_the_same_answer_goes_before_one_of_another(export):
    first = page({**POST, "id": "1", "author_id": "5"}, includes={"users": [{"id": "5", "username": "old_name"}]})
    second = page({**POST, "id": "2", "author_id": "5"}, includes={"users": [{"id": "5", "username": "new_name"}]})
    third = page({**POST, "id": "3", "author_id": "5"})
    read = export(x_api, {"a.json": first, "b.json": second + third})
    assert read.column("author.handle") == ["old_name", "new_name", "new_name"]


def test_without_users_followers_are_unknown_and_not_zero(export):
    [message] = export(x_api, {"a.json": page({**POST, "author_id": "5"})}).messages
    assert message == {
        "id": POST["id"], "text": "Hello", "channel": "x", "visibility": "public", "author.id": "5",
    }  # fmt: skip


def test_a_flattened_post_carries_its_author(export):
    post = {
        **POST,
        "author_id": "5",
        "author": {"id": "5", "username": "mika", "public_metrics": {"followers_count": 3}},
    }
    read = export(x_api, {"a.jsonl": json.dumps(post)})
    assert (read.column("author.handle"), read.column("author.followers")) == (["mika"], [3])


def test_of_an_edited_post_only_the_newest_version_in_the_export_counts(export):
    history = ["10", "11", "12"]
    old, new = ({**POST, "id": one, "edit_history_tweet_ids": history} for one in ("10", "11"))
    read = export(x_api, {"a.json": page(new, old)})
    assert (read.column("id"), read.dropped) == (["11"], ["older versions of edited posts"])
    assert export(x_api, {"a.json": page(old)}).column("id") == ["10"]


def test_our_own_id_is_enough_to_know_our_handle(export):
    users = {"users": [{"id": "31337", "username": "Akane_Help"}]}
    posts = ({**POST, "id": "1", "text": "@akane_help hello"}, {**POST, "id": "2", "author_id": "31337"})
    read = export(x_api, {"a.json": page(*posts, includes=users)}, "31337")
    assert read.column("mention.tagged") == [True, False]
    assert read.column("direction") == [None, "outbound"]


def test_whether_we_are_tagged_is_unknown_where_it_cannot_be_told(export):
    posts = page({**POST, "text": "Ask @akane_help"}, {**POST, "text": "Ask akane@help.example"})
    assert export(x_api, {"a.json": posts}).column("mention.tagged") == [None, None]
    assert export(x_api, {"a.json": posts}, "31337").column("mention.tagged") == [None, False]
    assert export(x_api, {"a.json": posts}, "other").column("mention.tagged") == [False, False]


def test_without_references_only_what_shows_is_told_of_the_kind_of_a_post(export):
    posts = page(POST, {**POST, "in_reply_to_user_id": "5"}, {**POST, "text": "RT @mika: Hello"})
    assert export(x_api, {"a.json": posts}).column("extra.post_kind") == [None, "reply", "repost"]


def test_a_language_that_x_could_not_tell_is_unknown(export):
    posts = (dict(POST, lang=one) for one in ("und", "qme", "zxx", "iw", "ja", "zh"))
    assert export(x_api, {"a.json": page(*posts)}).column("lang") == [None, None, None, "he", "ja", "zh"]


def test_notices_of_a_stream_are_counted_and_no_messages(export):
    text = '{"delete":{"status":{"id":1}}}\n\r\n{"errors":[{"title":"operational-disconnect"}]}\n{"meta":{"result_count":0}}'
    read = export(x_api, {"a.jsonl": text})
    assert read.dropped == ["notices of a stream", "answers without messages", "answers without messages"]
    assert read.found == read.broken == []


def test_a_byte_that_is_no_text_costs_one_post(export):
    text = page({**POST, "id": "1"}, {**POST, "id": "2", "text": "bad"}, {**POST, "id": "3"}).replace("bad", "b\udcffd")
    read = export(x_api, {"a.json": text})
    assert read.column("id") == ["1", "3"]
    assert [reason for _, reason in read.quarantined] == ["It is not valid UTF-8."]


@pytest.mark.parametrize("name", ["x_api_page.json", "x_api_renamed.json", "x_api_direct.json", "x_api_old.json"])
def test_no_odd_value_anywhere_raises_and_no_post_is_doubled(export, mangled, name):
    sample = json.loads(next(iter(export(x_api, name).documents)).text)
    most = len(export(x_api, name).found)
    for odd in mangled(sample):
        for us in ((), ("akane_help",)):
            read = export(x_api, {name: json.dumps(odd)}, *us)
            assert len(read.found) <= most + 3


@pytest.mark.parametrize("name", ["x_api_page.json", "x_api_renamed.json", "x_api_direct.json", "x_api_old.json"])
def test_every_cut_of_a_file_is_read_as_far_as_it_goes(export, name):
    text = export(x_api, name).documents[0].text
    ids = export(x_api, name).column("id")
    before = 0
    for at in range(0, len(text), 7):
        read = export(x_api, {name: text[:at]})
        assert read.column("id") == ids[: len(read.found)]
        assert len(read.found) >= before
        before = len(read.found)


@pytest.mark.parametrize("name", ["x_api_page.json", "x_api_renamed.json", "x_api_direct.json", "x_api_old.json"])
def test_the_format_is_known_by_its_keys_also_where_the_head_is_cut(export, name):
    text = export(x_api, name).documents[0].text
    assert x_api.looks_like(name, text)
    assert x_api.looks_like("whatever", text[:900])


@pytest.mark.parametrize(
    "head",
    [
        '{"id": "1", "text": "Hello", "posted_at": "2026-03-09T07:41:00Z", "author.followers": 3}',
        '{"id": "1", "text": "Hello", "posted_at": "2026-03-09", "public_metrics": {}}',
        'window.YTD.tweets.part0 = [{"tweet": {"in_reply_to_status_id": "1"}}]',
        '[{"tweet": {"id": "1", "in_reply_to_status_id_str": "2"}}]',
        '{"data": [{"id": "1_2", "message": "Hello", "created_time": "2026-03-09T07:41:00+0000"}]}',
        '{"id": 1, "ticket": {"author_id": 5, "conversation_id": 3}}',
        'id,text\n1,"public_metrics": 3',
        "",
    ],
)
def test_other_files_are_not_taken_for_it(head):
    assert not x_api.looks_like("a.json", head)
