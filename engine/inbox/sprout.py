"""Sprout Social: messages as its API's messages endpoint gives them, saved page by page.

The Smart Inbox itself has no export; a developer asks `POST /v1/<customer>/messages` and saves the answers
(`{"data": [...], "paging": {...}}`). What a message has depends on the `fields` asked for and on the network, so anything
may be missing here.

It can tell the network, public from private (`post_type`), what we wrote (`from` is the profile, or Sprout sent it), tags,
Sprout's sentiment, the case, and whether the post was boosted. Likes and the like are known of our own posts mostly. It
cannot tell followers of most authors, or which message an answer belongs to.

Source: Sprout Social API (api.sproutsocial.com/docs, "Messages"; changelog 2025-02 `case_id`, 2025-07 `language_code` and
`is_boosted`). Assumption: names of networks beyond those that the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, is_ours, made_id, name_of, pick
from engine.inbox.wording import begins_as_json, headed, polarity

NAME = "sprout"
ABOUT = "Sprout Social messages, as its API gives them"

CHANNELS = {
    "twitter": "x", "x": "x", "facebook": "facebook", "fb_instagram_account": "instagram", "instagram": "instagram",
    "linkedin": "linkedin", "linkedin_company": "linkedin", "youtube": "youtube", "tiktok": "tiktok", "threads": "threads",
    "bluesky": "bluesky", "reddit": "reddit", "whatsapp": "whatsapp", "google_my_business": "review",
    "google_business": "review", "trustpilot": "review", "tripadvisor": "review", "yelp": "review", "glassdoor": "review",
    "apple_app_store": "store", "google_play_store": "store", "google_play": "store",
}  # fmt: skip
"""`network`, in small letters -> channel; other networks keep their name."""

_PRIVATE = re.compile(r"DIRECT_?MESSAGE|PRIVATE_?MESSAGE|(?:^|_)DM(?:_|$)")
_SENT = re.compile(r"PUBLISHED|(?:^|_)SENT(?:_|$)")
_LOOKS = tuple(
    re.compile(rf'"(?:{keys})"\s*:')
    for keys in ("guid", "post_type|post_category", "customer_profile_id|profile_guid|perma_link")
)


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is messages of Sprout, by three names that only it has together.

    >>> looks_like("p.json", '{"data": [{"guid": "twitter:1", "post_type": "TWEET", "profile_guid": "twitter:9"}]}')
    True
    """
    return begins_as_json(head) and all(one.search(head) for one in _LOOKS)


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """All messages, in the order of the pages.

    >>> page = '{"data": [{"guid": "twitter:1", "post_type": "TWITTER_DIRECT_MESSAGE", "text": "Hello?"}]}'
    >>> [one.fields["visibility"] for one in messages([Document("", "p.json", page)], frozenset()) if isinstance(one, Found)]
    ['private']
    """
    for document in documents:
        for one in walk(document, "", "data"):
            if isinstance(one, Broken):
                yield one
            elif pick(one.value, "guid") is None and pick(one.value, "text") is None:
                yield Broken(document, one.start, one.end, "It is no message: it has neither `guid` nor `text`.")
            else:
                yield Found(_fields(one, us), document, one.start, one.end)


def _fields(one: Element, us: frozenset[str]) -> dict[str, object]:
    message = as_object(one.value)
    author, metrics = as_object(pick(message, "from")), pick(message, "metrics")
    kind = (name_of(pick(message, "post_type")) or "").upper()
    network = (name_of(pick(message, "network")) or "").lower()
    private = bool(_PRIVATE.search(kind)) or network == "whatsapp"
    channel = CHANNELS.get(network, network) or None
    made = made_id(pick(message, "created_time"), pick(author, "guid", "screen_name"), pick(message, "text"))
    return {
        "id": pick(message, "guid") or made,
        "text": headed(None, pick(message, "text")),
        "posted_at": pick(message, "created_time"),
        "updated_at": pick(message, "updated_time"),
        "channel": "messenger" if private and channel == "facebook" else channel,
        "visibility": "private" if private else "public" if kind else None,
        "direction": _direction(message, author, us, kind),
        "account": pick(message, "profile_guid", "customer_profile_id"),
        "link": pick(message, "perma_link", "permalink"),
        "thread": pick(message, "case_id"),
        "in_reply_to": pick(message, "parent.guid", "parent_guid"),
        "lang": pick(message, "language_code"),
        "author.id": pick(author, "guid", "id"),
        "author.name": pick(author, "name"),
        "author.handle": pick(author, "screen_name", "username"),
        "author.followers": pick(author, "follower_count", "followers_count"),
        "author.verified": pick(author, "is_verified", "verified"),
        "likes": pick(metrics, "lifetime.likes", "lifetime.reactions"),
        "shares": pick(metrics, "lifetime.shares_count", "lifetime.shares"),
        "replies": pick(metrics, "lifetime.comments_count", "lifetime.comments"),
        "views": pick(metrics, "lifetime.impressions"),
        "reach": pick(metrics, "lifetime.impressions_unique"),
        "post.sponsored": pick(message, "is_boosted"),
        "rating": pick(message, "rating", "review.rating"),
        "tags": _tags(message),
        "sentiment": polarity(pick(message, "sentiment")),
        "extra.post_type": pick(message, "post_type"),
    }


def _direction(
    message: Mapping[str, object], author: Mapping[str, object], us: frozenset[str], kind: str
) -> str | None:
    """Ours when Sprout sent it or the profile wrote it; else to us where the author is named, and unknown where not."""
    guid, profile = name_of(pick(author, "guid")), name_of(pick(message, "profile_guid"))
    category = f"{kind} {name_of(pick(message, 'post_category')) or ''}".upper()
    if any(_SENT.search(one) for one in category.split()) or pick(message, "internal.sent_by") is not None:
        return "outbound"
    if (guid is not None and guid == profile) or is_ours(us, guid, pick(author, "id", "screen_name", "username")):
        return "outbound"
    return "inbound" if guid is not None and profile is not None else None


def _tags(message: Mapping[str, object]) -> list[str] | None:
    """Tags by name; a page that was asked without names has numbers, which say nothing."""
    raw = pick(message, "tags", "internal.tags")
    if not isinstance(raw, list):
        return None
    names = (one if isinstance(one, str) else pick(one, "text", "name", "label") for one in raw)
    return [one for one in names if isinstance(one, str) and one] or None
