"""Talkwalker: pages of results, the stream, older saves."""

from __future__ import annotations

import json

import pytest

from engine.inbox import talkwalker

PAGE, STREAM = "talkwalker_page.json", "talkwalker_stream.ndjson"
TWEET = {
    "id": "1898642210435801089",
    "text": "このケトル、煙が出ます😡 R&D asleep?",
    "posted_at": 1773042060000,
    "channel": "x",
    "visibility": "public",
    "link": "http://twitter.com/mika_reads/statuses/1898642210435801089",
    "thread": "http://twitter.com/akane_help/statuses/1898642210435800000",
    "lang": "ja",
    "author.id": "777",
    "author.name": "Mika",
    "author.handle": "mika_reads",
    "author.followers": 2400,
    "likes": 12,
    "shares": 3,
    "replies": 4,
    "views": 900,
    "reach": 2400,
    "tags": ["isQuestion"],
    "sentiment": -1.0,
    "extra.engagement": 19,
}


def test_results_of_a_page(export):
    read = export(talkwalker, PAGE)
    assert read.messages == [
        TWEET,
        {
            "id": "https://news.example/kettles",
            "text": "Kettles recalled\n\nA maker of kettles",
            "posted_at": 1773000000000,
            "channel": "web",
            "visibility": "public",
            "link": "https://news.example/kettles",
            "thread": "https://news.example/kettles",
            "lang": "en",
            "sentiment": 0.0,
        },
    ]
    reason = "It is no result: it has no `url`, `external_id` or `content`."
    assert read.quarantined == [('{"data": {"lang": "en"}}', reason), ('"x"', reason)]


def test_our_own_posts_are_known_by_name_only(export):
    assert export(talkwalker, PAGE, "mika_reads").column("direction") == ["outbound", None]


def test_the_stream_has_a_result_a_line(export):
    read = export(talkwalker, STREAM)
    assert read.messages == [
        {
            "id": "https://reviews.example/1",
            "text": "Broke at once.",
            "posted_at": 1773042060000,
            "channel": "review",
            "visibility": "public",
            "link": "https://reviews.example/1",
            "thread": "https://reviews.example/1",
            "rating": 1.0,
        }
    ]
    assert read.dropped == ["control lines of the stream"]
    assert len(read.broken) == 1


@pytest.mark.parametrize(
    "wrap",
    [
        '{"result_content": {"data": [{"data": ONE}]}}',
        '{"result_content": {"data": [ONE]}}',
        '{"result_content": [{"data": ONE}]}',
        '{"result": {"content": [{"data": ONE}]}}',
        '{"result": {"content": [{"data": [ONE]}]}}',
        '{"result_content": {"data": {"0": {"data": ONE}}}}',
        "[ONE]",
        "ONE",
    ],
)
def test_a_result_is_the_same_in_every_wrapping(export, wrap):
    one = json.dumps(json.loads(export(talkwalker, PAGE).documents[0].text)["result_content"]["data"][0]["data"])
    assert export(talkwalker, {"r.json": wrap.replace("ONE", one)}).messages == [TWEET]


@pytest.mark.parametrize(
    ("source", "channel"),
    [
        (["SOCIALMEDIA", "SOCIALMEDIA_FACEBOOK"], "facebook"),
        ("YOUTUBE", "youtube"),
        (["BLOG", "BLOG_OTHER"], "web"),
        (["MESSAGEBOARD"], "forum"),
        (["PODCAST"], None),
        ({"a": 1}, None),
    ],
)
def test_where_a_result_was_found(export, source, channel):
    assert export(talkwalker, {"r.json": json.dumps({"url": "u", "source_type": source})}).column("channel") == [
        channel
    ]


@pytest.mark.parametrize(
    ("said", "read"), [(5, 1.0), (-2, -0.4), ("3", 0.6), ("neutral", 0.0), (None, None), (True, True), ("odd", "odd")]
)
def test_sentiment_is_a_fifth_of_what_it_says(export, said, read):
    assert export(talkwalker, {"r.json": json.dumps({"url": "u", "sentiment": said})}).column("sentiment") == [read]


@pytest.mark.parametrize(("points", "stars"), [(10, 5.0), (3, 1.5), (0, None), ("x", "x")])
def test_ten_points_are_five_stars(export, points, stars):
    assert export(talkwalker, {"r.json": json.dumps({"url": "u", "rating": points})}).column("rating") == [stars]


def test_an_id_that_lost_its_digits_is_passed_on_as_it_stands(export):
    assert export(talkwalker, {"r.json": '{"external_id": 1.898642e18, "url": "u"}'}).column("id") == [1.898642e18]


def test_it_is_told_from_other_json(export):
    for name in (PAGE, STREAM):
        assert talkwalker.looks_like(name, export(talkwalker, name).documents[0].text[:900])
    assert not talkwalker.looks_like("a.jsonl", '{"id": "1", "text": "source_type search_indexed"}')


def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled):
    sample = json.loads(export(talkwalker, PAGE).documents[0].text)
    for odd in mangled(sample):
        assert len(export(talkwalker, {PAGE: json.dumps(odd)}).found) <= 3
