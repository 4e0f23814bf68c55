"""Talkwalker: results of a search as its API gives them, saved page by page or streamed.

Pages are `{"result_content": {"data": [{"data": {...}}, ...]}}`, the stream is one `{"chunk_result": {...}}` a line; older
saves have `{"result": {"content": [...]}}`, and a list of documents is read as well. Everything was found in public, so
nothing in it was addressed to us, and only `--us` tells which posts are our own.

It can tell the network, sentiment, reach, engagement, language, and for some networks likes, shares, comments and
followers. It cannot tell private messages. The text of news is cut after its first words by Talkwalker.

Source: Talkwalker developer documentation (developer.talkwalker.com), "Search Results API", "Streaming API", "Talkwalker
Documents: Field Information", "Uploading reviews" (`rating` is 0 to 10). Assumption: sentiment is -5 to 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, is_ours, made_id, objects, pick, words
from engine.inbox.wording import begins_as_json, headed, polarity

NAME = "talkwalker"
ABOUT = "Talkwalker search results, as its API gives them"

CHANNELS = (
    ("TWITTER", "x"), ("FACEBOOK", "facebook"), ("INSTAGRAM", "instagram"), ("YOUTUBE", "youtube"), ("TIKTOK", "tiktok"),
    ("LINKEDIN", "linkedin"), ("REDDIT", "reddit"), ("THREADS", "threads"), ("BLUESKY", "bluesky"),
    ("REVIEW", "review"), ("MESSAGEBOARD", "forum"), ("FORUM", "forum"), ("BLOG", "web"), ("NEWS", "web"),
    ("PRESS", "web"), ("MAGAZINE", "web"), ("WEB", "web"),
)  # fmt: skip
"""A part of `source_type` (`SOCIALMEDIA_TWITTER`, `ONLINENEWS_MAGAZINE`) -> channel; the first that fits holds."""

SENTIMENT_MOST = 5
"""Assumption: sentiment is a whole number from -5 to 5."""

STARS_EACH = 2
"""Points of `rating` for a star: ten points are five stars."""

_PATHS = ("", "result_content", "result_content.data", "result.content", "chunk_result.data")
_ANY = re.compile(r'"(?:result_content|source_type|chunk_result)"\s*:')
_OWN = re.compile(r'"(?:search_indexed|extra_author_attributes|extra_source_attributes|tags_internal)"\s*:')


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is results of Talkwalker, by the names of its documents' fields.

    >>> looks_like("r.json", '{"result_content": {"data": [{"data": {"url": "https://a.example", "search_indexed": 1}}]}}')
    True
    """
    return begins_as_json(head) and bool(_ANY.search(head) and _OWN.search(head))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """All results, in the order of the pages.

    >>> page = '{"result_content": {"data": [{"data": {"url": "https://a.example/1", "content": "It smokes.", "sentiment": -5}}]}}'
    >>> [one.fields["sentiment"] for one in messages([Document("", "r.json", page)], frozenset()) if isinstance(one, Found)]
    [-1.0]
    """
    for document in documents:
        for one in walk(document, *_PATHS):
            if isinstance(one, Broken):
                yield one
            elif one.path == "" and pick(one.value, "chunk_control", "chunk_type") is not None:
                yield Dropped("control lines of the stream")
            else:
                yield from _results(one, document, us)


def _results(one: Element, document: Document, us: frozenset[str]) -> Iterator[Found | Broken]:
    """One result; or several, where somebody saved them as an object with a number for each."""
    value = as_object(one.value)
    several = [each for key, each in value.items() if key.isdigit()]
    for found in [
        result for each in several or [value] for result in objects(pick(each, "data")) or [dict(as_object(each))]
    ]:
        if pick(found, "url", "external_id") is None and pick(found, "content", "title") is None:
            yield Broken(document, one.start, one.end, "It is no result: it has no `url`, `external_id` or `content`.")
        else:
            yield Found(_fields(found, us), document, one.start, one.end)


def _fields(result: Mapping[str, object], us: frozenset[str]) -> dict[str, object]:
    author, article = pick(result, "extra_author_attributes"), pick(result, "article_extended_attributes")
    writer = (pick(author, "id"), pick(result, "external_author_id"), pick(author, "short_name"))
    text = headed(pick(result, "title"), pick(result, "content", "content_snippet"))
    tags = [*words(pick(result, "tags_customer")), *words(pick(result, "tags_internal"))]
    followers = ("twitter_followers", "instagram_followers", "facebook_followers")
    return {
        "id": pick(result, "external_id", "url") or made_id(pick(result, "published"), writer[0], text),
        "text": text,
        "posted_at": pick(result, "published"),
        "channel": _channel(result),
        "visibility": "public",
        "direction": "outbound" if is_ours(us, *writer) else None,
        "link": pick(result, "url"),
        "thread": pick(result, "parent_url", "url"),
        "lang": pick(result, "lang"),
        "author.id": pick(author, "id") or pick(result, "external_author_id"),
        "author.name": pick(author, "name"),
        "author.handle": pick(author, "short_name"),
        "author.followers": pick(pick(result, "source_extended_attributes"), *followers),
        "likes": pick(article, "twitter_likes", "facebook_likes", "instagram_likes", "youtube_likes"),
        "shares": pick(article, "twitter_retweets", "facebook_shares"),
        "replies": pick(article, "num_comments"),
        "views": pick(article, "twitter_impressions", "twitter_video_views", "youtube_views"),
        "reach": pick(result, "reach"),
        "rating": _rating(pick(result, "rating")),
        "tags": tags or None,
        "sentiment": _sentiment(pick(result, "sentiment")),
        "extra.engagement": pick(result, "engagement"),
    }


def _channel(result: Mapping[str, object]) -> str | None:
    said = " ".join([*words(pick(result, "source_type")), *words(pick(result, "external_provider"))]).upper()
    return next((channel for part, channel in CHANNELS if part in said), None)


def _sentiment(value: object) -> object:
    number = _number(value)
    return polarity(value) if number is None else number / SENTIMENT_MOST


def _rating(value: object) -> object:
    """Stars; no points at all are none that a review can have, and so unknown."""
    number = _number(value)
    return value if number is None else number / STARS_EACH if number >= STARS_EACH else None


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
