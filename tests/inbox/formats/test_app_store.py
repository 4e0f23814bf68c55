"""App Store: App Store Connect's reviews with our answers, and the public feed."""

from __future__ import annotations

import json

import pytest

from engine.inbox import app_store

PAGE, FEED = "app_store_page.json", "app_store_feed.json"
FIRST = "00000193-f7fb-5203-538a-6cdb00000001"
STORE = {"channel": "store", "visibility": "public"}


def test_reviews_and_our_answers_to_them(export):
    read = export(app_store, PAGE)
    assert read.messages == [
        STORE
        | {
            "id": FIRST,
            "thread": FIRST,
            "text": "落ちる\n\n更新してから毎回落ちます😭 A & B",
            "posted_at": "2026-03-09T08:10:55-07:00",
            "direction": "inbound",
            "author.name": "ヤマ",
            "rating": 1,
            "extra.territory": "JPN",
        },
        STORE
        | {
            "id": "00000193-f7fb-5203-538a-6cdb00000002",
            "thread": "00000193-f7fb-5203-538a-6cdb00000002",
            "text": "Love it",
            "posted_at": "2026-03-09T09:00:00-07:00",
            "direction": "inbound",
            "author.name": "Ben",
            "rating": 5,
            "extra.territory": "USA",
        },
        STORE
        | {
            "id": "resp-1",
            "thread": FIRST,
            "in_reply_to": FIRST,
            "text": "申し訳ございません。1.2.1 で直りました。",
            "posted_at": "2026-03-10T01:00:00-07:00",
            "direction": "outbound",
        },
    ]
    assert [reason for _, reason in read.quarantined] == [
        "It is no review: it has no `attributes`.",
        "It is no review: it has no `attributes`.",
        "It is no answer: it has no `responseBody`.",
    ]
    assert read.dropped == ["descriptions of apps, versions and the like"]


def test_reviews_of_the_feed(export):
    read = export(app_store, FEED)
    assert read.messages == [
        STORE
        | {
            "id": "6290024630",
            "thread": "6290024630",
            "text": "便利\n\nとても便利です",
            "posted_at": "2026-03-09T08:10:55-07:00",
            "direction": "inbound",
            "link": "https://itunes.apple.com/jp/review?id=1",
            "author.name": "ハナ",
            "rating": "4",
            "product": "Akane",
            "extra.version": "3.4.3",
        }
    ]
    assert read.dropped == ["descriptions of apps, versions and the like"]
    assert [reason for _, reason in read.quarantined] == ["It is no review: it has no `im:rating`."]


def test_a_feed_with_one_review_is_no_list(export):
    feed = json.loads(export(app_store, FEED).documents[0].text)
    feed["feed"]["entry"] = feed["feed"]["entry"][1]
    assert export(app_store, {"f.json": json.dumps(feed)}).column("id") == ["6290024630"]


def test_an_answer_finds_its_review_on_another_page_or_says_it_itself(export):
    response = {"type": "customerReviewResponses", "id": "r", "attributes": {"responseBody": "Sorry!"}}
    review = {
        "type": "customerReviews",
        "id": "7",
        "attributes": {"rating": 2, "body": "Meh"},
        "relationships": {"response": {"data": {"id": "r"}}},
    }
    files = {"a.json": json.dumps({"data": response}), "b.json": json.dumps({"data": [review]})}
    assert export(app_store, files).column("thread") == ["7", "7"]
    response["relationships"] = {"review": {"data": {"id": "8"}}}
    assert export(app_store, {"a.json": json.dumps({"data": response})}).column("in_reply_to") == ["8"]
    del response["relationships"]
    assert export(app_store, {"a.json": json.dumps({"data": response})}).messages == [
        STORE | {"id": "r", "text": "Sorry!", "direction": "outbound"}
    ]


@pytest.mark.parametrize("wrap", ['{"data": [ONE]}', '{"data": ONE}', "[ONE]", "ONE"])
def test_a_review_is_the_same_in_every_wrapping(export, wrap):
    one = '{"type": "customerReviews", "id": "7", "attributes": {"rating": 2, "title": "Meh", "body": ""}}'
    read = export(app_store, {"r.json": wrap.replace("ONE", one)})
    assert [(each["id"], each["text"]) for each in read.messages] == [("7", "Meh")]
    assert [each.document.text[each.start : each.end] for each in read.found] == [one]


def test_a_page_that_breaks_off_gives_all_reviews_before(export):
    text = export(app_store, PAGE).documents[0].text
    read = export(app_store, {PAGE: text[: text.index('"body": "Love')]})
    assert read.column("id") == [FIRST]
    assert len(read.broken) == 1


def test_it_is_told_from_other_json(export):
    for name in (PAGE, FEED):
        assert app_store.looks_like(name, export(app_store, name).documents[0].text[:900])
    assert not app_store.looks_like("a.json", '{"data": [{"id": "1", "text": "customerReviews im:rating"}]}')


@pytest.mark.parametrize("name", [PAGE, FEED])
def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled, name):
    sample = json.loads(export(app_store, name).documents[0].text)
    for odd in mangled(sample):
        assert len(export(app_store, {name: json.dumps(odd)}).found) <= 4
