"""Google Business Profile: reviews, our answers, translations."""

from __future__ import annotations

import json

import pytest

from engine.inbox import google_business
from engine.inbox.pick import made_id

PAGE = "google_business_page.json"
SHARED = {"channel": "review", "visibility": "public", "account": "accounts/111/locations/222"}


def test_reviews_and_our_answers_to_them(export):
    read = export(google_business, PAGE)
    assert read.messages == [
        SHARED
        | {
            "id": "AbFvOqk1",
            "thread": "AbFvOqk1",
            "text": "ケトルから煙が出ました😡\n二回も！",
            "posted_at": "2026-03-09T07:41:23.045123456Z",
            "updated_at": "2026-03-09T13:11:23.045123456+05:30",
            "direction": "inbound",
            "author.name": "花子",
            "rating": 2,
        },
        SHARED
        | {
            "id": made_id("AbFvOqk1", "answer"),
            "thread": "AbFvOqk1",
            "in_reply_to": "AbFvOqk1",
            "text": "申し訳ございません。\n\n(Translated by Google)\nSorry.",
            "posted_at": "2026-03-10T01:00:00Z",
            "direction": "outbound",
        },
        SHARED
        | {
            "id": "AbFvOqk2",
            "thread": "AbFvOqk2",
            "text": "",
            "posted_at": "2026-03-09T08:00:00Z",
            "updated_at": "2026-03-09T08:00:00Z",
            "direction": "inbound",
            "rating": 5,
        },
    ]
    assert read.dropped == ["rejected answers"]
    reason = "It is no review: it has no `reviewId`, `starRating` or `comment`."
    assert read.quarantined == [('{"reviewer": {"displayName": "Ben"}}', reason), ("7", reason)]


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("(Translated by Google) Good\n\n(Original)\nよい", "よい"),
        ("(Translated by Google) Good\n\n(Original)\nA (Original) taste", "A (Original) taste"),
        ("(Translated by Google) Good", "(Translated by Google) Good"),
        ("よい (Original)", "よい (Original)"),
        ("(Translated by Google) Good\n\n(Original)\n", "(Translated by Google) Good\n\n(Original)\n"),
        (None, ""),
        (["よい"], ["よい"]),
    ],
)
def test_of_a_translated_text_the_original_is_kept(export, comment, text):
    one = {"reviewId": "a", "starRating": "ONE", "comment": comment}
    assert export(google_business, {"r.json": json.dumps(one)}).column("text") == [text]


@pytest.mark.parametrize(
    ("said", "stars"), [("ONE", 1), ("STAR_RATING_UNSPECIFIED", None), (4, 4), ("SIX", "SIX"), (None, None)]
)
def test_stars_are_numbers_and_unspecified_is_unknown(export, said, stars):
    one = {"reviewId": "a", "starRating": said}
    assert export(google_business, {"r.json": json.dumps(one)}).column("rating") == [stars]


@pytest.mark.parametrize(
    "wrap",
    [
        '{"reviews": [ONE]}',
        '{"locationReviews": [{"name": "accounts/1/locations/2", "review": ONE}]}',
        "[ONE]",
        "ONE",
    ],
)
def test_a_review_is_the_same_in_every_wrapping(export, wrap):
    one = '{"reviewId": "a", "starRating": "ONE", "comment": "Bad", "reviewReply": {"comment": "Sorry"}}'
    read = export(google_business, {"r.json": wrap.replace("ONE", one)}).messages
    assert [(each["text"], each["thread"], each.get("rating")) for each in read] == [
        ("Bad", "a", 1),
        ("Sorry", "a", None),
    ]


def test_a_page_of_several_places_says_which_place(export):
    page = '{"locationReviews": [{"name": "accounts/1/locations/2", "review": {"reviewId": "a", "starRating": "ONE"}}]}'
    assert export(google_business, {"r.json": page}).column("account") == ["accounts/1/locations/2"]


def test_an_answer_that_was_changed_keeps_its_id(export):
    one = {"reviewId": "a", "starRating": "ONE", "reviewReply": {"comment": "Sorry"}}
    before = export(google_business, {"r.json": json.dumps(one)}).column("id")
    one["reviewReply"] = {"comment": "Sorry, and thank you.", "updateTime": "2026-03-11T01:00:00Z"}
    assert export(google_business, {"r.json": json.dumps(one)}).column("id") == before


def test_a_page_that_breaks_off_gives_all_reviews_before(export):
    text = export(google_business, PAGE).documents[0].text
    read = export(google_business, {PAGE: text[: text.index('"FIVE"')]})
    assert read.column("rating") == [2, None]
    assert len(read.broken) == 1


def test_it_is_told_from_other_json(export):
    assert google_business.looks_like(PAGE, export(google_business, PAGE).documents[0].text[:600])
    assert not google_business.looks_like("a.jsonl", '{"id": "1", "text": "\\"starRating\\": \\"FIVE\\" reviewId"}')


def test_no_odd_value_anywhere_raises_or_doubles_a_message(export, mangled):
    sample = json.loads(export(google_business, PAGE).documents[0].text)
    for odd in mangled(sample):
        assert len(export(google_business, {PAGE: json.dumps(odd)}).found) <= 5
