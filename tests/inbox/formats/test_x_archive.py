"""X archives: posts and direct messages, new and old shapes, whose archive it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.inbox import x_archive

FOLDER = Path(__file__).parent / "x_archive"
NAMES = ("account.js", "direct-messages.js", "direct-messages-group.js", "tweets.js")
FILES = {f"data/{name}": (FOLDER / name).read_text(encoding="utf-8") for name in NAMES}
WITHOUT_ACCOUNT = {name: text for name, text in FILES.items() if "account" not in name}
DIRECT = {"data/direct-messages.js": FILES["data/direct-messages.js"]}


def test_our_posts_are_outbound_and_answer_what_they_answer(export):
    read = export(x_archive, FILES)
    assert read.messages[-2:] == [
        {
            "id": "1898643000000000001",
            "text": "@mika_reads Please unplug it & call 0120-000-000.",
            "posted_at": "Mon Mar 09 07:52:11 +0000 2026",
            "channel": "x",
            "visibility": "public",
            "direction": "outbound",
            "account": "31337",
            "link": "https://x.com/akane_help/status/1898643000000000001",
            "in_reply_to": "1898642210435801089",
            "lang": "en",
            "author.id": "31337",
            "author.name": "Akane Help",
            "author.handle": "akane_help",
            "likes": "2",
            "shares": "0",
            "mention.tagged": False,
            "extra.post_kind": "reply",
        },
        {
            "id": "1898650000000000003",
            "text": "RT @news_tokyo: ケトルの自主回収について🔥",
            "posted_at": "Mon Mar 09 09:00:00 +0000 2026",
            "channel": "x",
            "visibility": "public",
            "direction": "outbound",
            "account": "31337",
            "link": "https://x.com/akane_help/status/1898650000000000003",
            "lang": "ja",
            "author.id": "31337",
            "author.name": "Akane Help",
            "author.handle": "akane_help",
            "mention.tagged": False,
            "extra.post_kind": "repost",
        },
    ]


def test_direct_messages_are_ours_where_the_account_sent_them(export):
    read = export(x_archive, FILES)
    common = {"channel": "x", "visibility": "private"}
    assert read.messages[:4] == [
        {
            "id": "1990000000000000009",
            "text": "A new lid is on its way.",
            "posted_at": "2026-03-09T09:00:00.000Z",
            "direction": "outbound",
            "account": "31337",
            "thread": "900-31337",
            "author.id": "31337",
            **common,
        },
        {
            "id": "1990000000000000008",
            "text": "",
            "posted_at": "2026-03-09T08:41:00.000Z",
            "account": "31337",
            "thread": "900-31337",
            "author.id": "900",
            **common,
        },
        {
            "id": "1990000000000000007",
            "text": "ふたが外れて、やけどしました >_<",
            "posted_at": "2026-03-08T22:10:00.000Z",
            "account": "31337",
            "thread": "901-31337",
            "author.id": "901",
            **common,
        },
        {
            "id": "1971000000000000001",
            "text": "Hello everyone",
            "posted_at": "2026-02-01T00:01:00.000Z",
            "thread": "1971000000000000000",
            "author.id": "902",
            **common,
        },
    ]
    assert read.dropped == ["system lines", "system lines"]
    assert read.broken == []


def test_without_the_account_file_it_is_who_takes_part_in_all_conversations(export):
    assert export(x_archive, WITHOUT_ACCOUNT).column("direction")[:4] == ["outbound", None, None, None]


def test_one_conversation_does_not_tell_whose_it_is(export):
    pages = json.loads(DIRECT["data/direct-messages.js"].partition("=")[2])
    text = "window.YTD.direct_messages.part0 = " + json.dumps(pages[:1])
    assert export(x_archive, {"direct-messages.js": text}).column("direction") == [None, None]
    assert export(x_archive, {"direct-messages.js": text}, "900").column("direction") == [None, "outbound"]


def test_posts_without_a_wrapper_are_those_of_old_archives(export):
    posts = [one["tweet"] for one in json.loads(FILES["data/tweets.js"].partition("=")[2])]
    old = "window.YTD.tweet.part0 = " + json.dumps(posts, indent=2)
    assert (
        export(x_archive, {"tweet.js": old, "account.js": FILES["data/account.js"]}).messages
        == (export(x_archive, FILES).messages[-2:])
    )


def test_an_archive_that_breaks_off_gives_all_that_came_before(export):
    text = DIRECT["data/direct-messages.js"]
    read = export(x_archive, {"direct-messages.js": text[: text.index("2026-03-08")]})
    assert read.column("id") == ["1990000000000000009", "1990000000000000008"]
    assert read.column("thread") == ["900-31337", "900-31337"]
    [(raw, reason)] = read.quarantined
    assert raw.startswith("{\n")
    assert "1990000000000000007" in raw
    assert reason.startswith("It is not valid JSON (")


def test_what_is_no_message_says_why(export):
    text = 'window.YTD.tweets.part0 = [ 7, {"tweet": []}, {"tweet": {"lang": "en"}}, {"like": {"tweetId": "1"}} ]'
    why = "It is no post: it has neither `id` nor `full_text`."
    assert export(x_archive, {"tweets.js": text}).quarantined == [
        ("7", "It is JSON, but no object."),
        ('{"tweet": []}', why),
        ('{"lang": "en"}', why),
        ('{"like": {"tweetId": "1"}}', why),
    ]
    messages = '[{"messageCreate": {}}, {"x": 3}, {"participantsLeave": {"userIds": ["1"]}}]'
    text = f'window.YTD.direct_messages.part0 = [{{"dmConversation": {{"conversationId": "1-2", "messages": {messages}}}}}]'
    read = export(x_archive, {"direct-messages.js": text})
    why = "It is no direct message: it has neither `id` nor `text`."
    assert read.quarantined == [('{"messageCreate": {}}', why), ('{"x": 3}', why)]
    assert read.dropped == ["system lines"]


def test_an_id_that_javascript_ruined_is_passed_on_for_what_it_is(export):
    text = 'window.YTD.tweets.part0 = [{"tweet": {"id": 1.8986e18, "full_text": "a"}}]'
    assert export(x_archive, {"tweets.js": text}).column("id") == [1.8986e18]


def test_an_archive_reads_a_few_of_its_files():
    names = [
        "data/tweets.js", "data/tweets-part1.js", "data/tweet.js", "tweet.js", "data/direct-messages.js",
        "data/direct-messages-group.js", "data/direct-message-group-part2.js", "data/account.js",
        "twitter-2026-03-09-abc\\data\\tweets.js",
    ]  # fmt: skip
    others = [
        "data/like.js", "data/manifest.js", "data/tweetdeck.js", "data/deleted-tweets.js", "data/tweet-headers.js",
        "data/direct-message-headers.js", "data/account-suspension.js", "__MACOSX/data/._tweets.js", "Your archive.html",
        "data/tweets_media/1-a.jpg", "tweets.json",
    ]  # fmt: skip
    assert [one for one in names if not x_archive.wanted(one)] == []
    assert [one for one in others if x_archive.wanted(one)] == []


@pytest.mark.parametrize("name", list(FILES))
def test_its_files_say_what_they_are(name):
    assert x_archive.looks_like("anything", FILES[name][:200])


@pytest.mark.parametrize(
    "head",
    [
        "window.YTD.like.part0 = [ {", "window.YTD.tweet_headers.part0 = [", '{"id": "1", "text": "window.YTD.tweets"}',
        '[{"tweet": {"id": "1"}}]', "id,text\n1,a", "window.__THAR_CONFIG = {", "",
    ],
)  # fmt: skip
def test_other_files_are_not_taken_for_it(head):
    assert not x_archive.looks_like("data/tweets.js", head)


@pytest.mark.parametrize("name", list(FILES))
def test_no_odd_value_anywhere_raises(export, mangled, name):
    variable, _, text = FILES[name].partition("=")
    for odd in mangled(json.loads(text)):
        read = export(x_archive, FILES | {name: f"{variable}= {json.dumps(odd)}"}, "akane_help")
        assert len(read.found) <= 6 + 3


@pytest.mark.parametrize("name", list(FILES))
def test_every_cut_of_a_file_is_read_as_far_as_it_goes(export, name):
    before = 0
    whole = export(x_archive, {name: FILES[name]}).column("id")
    for at in range(30, len(FILES[name]), 11):
        read = export(x_archive, {name: FILES[name][:at]})
        assert read.column("id") == whole[: len(read.found)]
        assert len(read.found) >= before
        before = len(read.found)
