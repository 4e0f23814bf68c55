"""Google Business Profile: reviews of our places, from the API or from Google Takeout.

The API (`accounts.locations.reviews.list`) gives pages `{"reviews": [...], "averageRating": ...}`, its batch variant
`{"locationReviews": [...]}`; Takeout ("Google Business Profile") has files `reviews.json` of the same make. Our answer is
part of the review and becomes a message from us in its thread; one that Google rejected was never seen and is dropped.

Google puts a translation before the text: `(Translated by Google) ... (Original) ...`. Only what stands after `(Original)`
is kept; a text in which only one of the two marks stands is kept as it is.

It can tell stars, the place and our answers. It cannot tell who wrote (names only, and many are anonymous), the language, or
anything about reach. A review with stars alone has an empty text.

Source: Google, "Business Profile APIs: REST Resource accounts.locations.reviews" (developers.google.com/my-business). The
marks of a translation are not documented; Assumption: as reviews in public code show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, made_id, pick
from engine.inbox.wording import begins_as_json

NAME = "google-business"
ABOUT = "Google Business Profile reviews, from the API or Google Takeout"

STARS: dict[object, int | None] = {
    "ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "STAR_RATING_UNSPECIFIED": None,
}  # fmt: skip
"""`starRating`. Source: Google, enum StarRating."""

_STARS = re.compile(r'"starRating"\s*:\s*"(?:ONE|TWO|THREE|FOUR|FIVE|STAR_RATING_UNSPECIFIED)"')
_OWN = re.compile(r'"(?:reviewId|reviewer|createTime)"\s*:')
_TRANSLATED = re.compile(r"\s*\(Translated by Google\).*?\(Original\)\s*(.*\S)\s*", re.DOTALL)
_LOCATION = re.compile(r"(?P<place>.*locations/[^/]+)(?:/reviews/(?P<review>[^/]+))?")


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is reviews of Google Business, by how they write their stars.

    >>> looks_like("reviews.json", '{"reviews": [{"reviewId": "a", "starRating": "FIVE"}]}')
    True
    """
    return begins_as_json(head) and bool(_STARS.search(head) and _OWN.search(head))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:  # noqa: ARG001 - all formats are asked alike
    """All reviews in the order of the files, each with our answer behind it.

    >>> page = '{"reviews": [{"reviewId": "a", "starRating": "TWO", "reviewReply": {"comment": "Sorry!"}}]}'
    >>> [one.fields["text"] for one in messages([Document("", "r.json", page)], frozenset()) if isinstance(one, Found)]
    ['', 'Sorry!']
    """
    for document in documents:
        for one in walk(document, "", "reviews", "locationReviews"):
            if isinstance(one, Broken):
                yield one
            else:
                yield from _review(one, document)


def _review(one: Element, document: Document) -> Iterator[Found | Broken | Dropped]:
    review = as_object(pick(one.value, "review")) or as_object(one.value)
    path = pick(review, "name") or pick(one.value, "name")
    place = _LOCATION.fullmatch(path) if isinstance(path, str) else None
    number = pick(review, "reviewId") or (place and place["review"])
    if number is None and pick(review, "starRating", "comment") is None:
        yield Broken(document, one.start, one.end, "It is no review: it has no `reviewId`, `starRating` or `comment`.")
        return
    stars, reviewer = pick(review, "starRating"), pick(review, "reviewer")
    posted, text = pick(review, "createTime"), _original(pick(review, "comment"))
    number = number or made_id(path, pick(reviewer, "displayName"), posted, text)
    shared = {
        "channel": "review",
        "visibility": "public",
        "account": place["place"] if place else None,
        "thread": number,
    }
    fields = {
        **shared,
        "id": number,
        "text": text,
        "posted_at": posted,
        "updated_at": pick(review, "updateTime"),
        "direction": "inbound",
        "author.name": None if pick(reviewer, "isAnonymous") is True else pick(reviewer, "displayName"),
        "rating": STARS.get(stars, stars) if isinstance(stars, str) else stars,
    }
    yield Found(fields, document, one.start, one.end)
    answer = as_object(pick(review, "reviewReply"))
    if pick(answer, "reviewReplyState", "state") == "REJECTED":
        yield Dropped("rejected answers")
    elif pick(answer, "comment") is not None:
        yield Found({**shared, **_answer(answer, number)}, document, one.start, one.end)


def _answer(answer: Mapping[str, object], review: object) -> dict[str, object]:
    return {
        "id": made_id(review, "answer"),
        "text": _original(pick(answer, "comment")),
        "posted_at": pick(answer, "updateTime"),
        "direction": "outbound",
        "in_reply_to": review,
    }


def _original(comment: object) -> object:
    found = _TRANSLATED.fullmatch(comment) if isinstance(comment, str) else None
    return found[1] if found else "" if comment is None else comment
