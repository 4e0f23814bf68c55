"""App Store reviews: from App Store Connect's API, or from the public RSS feed of an app.

App Store Connect gives `{"data": [{"type": "customerReviews", ...}], "included": [...]}`; asked with
`?include=response` it has our answers too, each a message from us in the review's thread. The feed
(`itunes.apple.com/<country>/rss/customerreviews/id=<app>/json`) needs no account, has the newest 500 reviews of a country,
and no answers.

It can tell stars, the country (`extra.territory`, which is no language), and in the feed the app's version. It cannot tell
who wrote: a nickname is not an account. Nobody's followers, likes or e-mail address are in it.

Source: Apple, "App Store Connect API" (CustomerReview, CustomerReviewResponseV1); the feed as Apple serves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, made_id, name_of, pick
from engine.inbox.wording import begins_as_json, headed

NAME = "app-store"
ABOUT = "App Store reviews, from App Store Connect's API or an app's RSS feed as JSON"

_FEED = "feed.entry"
_REVIEWS, _RESPONSES = "customerReviews", "customerReviewResponses"
_LOOKS = re.compile(r'"type"\s*:\s*"customerReview(?:s|Responses)"|"im:rating"\s*:\s*\{\s*"label"')


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is reviews of the App Store, by Apple's names of what they are.

    >>> looks_like("r.json", '{"data": [{"type": "customerReviews", "id": "0001"}]}')
    True
    """
    return begins_as_json(head) and bool(_LOOKS.search(head))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:  # noqa: ARG001 - all formats are asked alike
    """All reviews in the order of the files, then our answers to them, since these know their review by its own page only.

    >>> page = '{"data": [{"type": "customerReviews", "id": "7", "attributes": {"rating": 1, "body": "It crashes."}}]}'
    >>> [one.fields["rating"] for one in messages([Document("", "r.json", page)], frozenset()) if isinstance(one, Found)]
    [1]
    """
    answers: list[tuple[Document, Element]] = []
    answered: dict[str, object] = {}
    for document in documents:
        app: object = None
        for one in walk(document, "", "data", "included", _FEED):
            kind = pick(one.value, "type") if isinstance(one, Element) else None
            if isinstance(one, Broken):
                yield one
            elif one.path == _FEED or pick(one.value, "im:rating") is not None:
                app = pick(one.value, "im:name.label") or app
                yield _entry(one, document, app)
            elif kind == _RESPONSES:
                answers.append((document, one))
            elif kind in (_REVIEWS, None):
                response = name_of(pick(one.value, "relationships.response.data.id"))
                if response is not None:
                    answered[response] = pick(one.value, "id")
                yield _review(one, document)
            else:
                yield Dropped("descriptions of apps, versions and the like")
    for document, one in answers:
        yield _answer(one, document, answered)


def _review(one: Element, document: Document) -> Found | Broken:
    attributes = as_object(pick(one.value, "attributes"))
    if not attributes:
        return Broken(document, one.start, one.end, "It is no review: it has no `attributes`.")
    text = headed(pick(attributes, "title"), pick(attributes, "body"))
    posted, name = pick(attributes, "createdDate"), pick(attributes, "reviewerNickname")
    number = pick(one.value, "id") or made_id(posted, name, text)
    fields = {
        **_shared(number),
        "id": number,
        "text": text,
        "posted_at": posted,
        "direction": "inbound",
        "author.name": name,
        "rating": pick(attributes, "rating"),
        "extra.territory": pick(attributes, "territory"),
    }
    return Found(fields, document, one.start, one.end)


def _answer(one: Element, document: Document, answered: Mapping[str, object]) -> Found | Broken:
    attributes = as_object(pick(one.value, "attributes"))
    if pick(attributes, "responseBody") is None:
        return Broken(document, one.start, one.end, "It is no answer: it has no `responseBody`.")
    number = pick(one.value, "id")
    review = answered.get(name_of(number) or "") or pick(one.value, "relationships.review.data.id")
    posted = pick(attributes, "lastModifiedDate")
    fields = {
        **_shared(review),
        "id": number or made_id(review, posted, pick(attributes, "responseBody")),
        "text": pick(attributes, "responseBody"),
        "posted_at": posted,
        "direction": "outbound",
        "in_reply_to": review,
    }
    return Found(fields, document, one.start, one.end)


def _entry(one: Element, document: Document, app: object) -> Found | Broken | Dropped:
    """A review of the feed; `app` is the app's name where the feed begins with the app itself."""
    entry = one.value
    if pick(entry, "im:rating") is None:
        if pick(entry, "im:name") is not None:
            return Dropped("descriptions of apps, versions and the like")
        return Broken(document, one.start, one.end, "It is no review: it has no `im:rating`.")
    text = headed(pick(entry, "title.label"), pick(entry, "content.label"))
    posted, name = pick(entry, "updated.label"), pick(entry, "author.name.label")
    number = pick(entry, "id.label") or made_id(posted, name, text)
    fields = {
        **_shared(number),
        "id": number,
        "text": text,
        "posted_at": posted,
        "direction": "inbound",
        "link": pick(entry, "link.attributes.href"),
        "author.name": name,
        "rating": pick(entry, "im:rating.label"),
        "product": app,
        "extra.version": pick(entry, "im:version.label"),
    }
    return Found(fields, document, one.start, one.end)


def _shared(thread: object) -> dict[str, object]:
    return {"channel": "store", "visibility": "public", "thread": thread}
