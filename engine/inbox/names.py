"""Which column is which field, told by its name: what the exports that we know call things.

Source: the exporters' own headers, as listed in their documentation (Brandwatch, Meltwater, Hootsuite, Zendesk, Google
Play, Kaggle's Customer Support on Twitter, X API v2).
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.inbox.piece import EXTRA, Column
from engine.inbox.wording import POLARITY, UNRATED
from engine.message import FIELD

KNOWN: dict[str, tuple[str, ...]] = {
    "id": (
        "message id",
        "tweet id",
        "post id",
        "comment id",
        "review id",
        "mention id",
        "resource id",
        "guid",
        "external id",
        "document id",
        "ticket id",
        "id str",
        "uuid",
        "number",
    ),
    "text": (
        "message",
        "content",
        "body",
        "full text",
        "review text",
        "review body",
        "review",
        "text content",
        "message text",
        "tweet text",
        "tweet",
        "comment",
        "comment text",
        "post text",
        "hit sentence",
        "snippet",
        "description",
        "post",
        "本文",
        "内容",
        "テキスト",
        "メッセージ",
        "コメント",
    ),
    "posted_at": (
        "posted at",
        "created at",
        "created time",
        "createdat",
        "created date",
        "published",
        "published at",
        "timestamp",
        "date",
        "datetime",
        "time",
        "sent at",
        "received at",
        "review submit date and time",
        "投稿日時",
        "日時",
    ),
    "channel": ("network", "medium", "platform", "source type", "page type", "チャネル"),
    "updated_at": ("updated", "last updated", "modified at", "review last update date and time", "更新日時"),
    "resolved_at": ("solved at", "closed at", "解決日時"),
    "visibility": (),
    "direction": ("message direction",),
    "account": ("channel display name", "profile name", "page name", "inbox name"),
    "link": ("url", "permalink", "perma link", "post url", "review link"),
    "thread": ("conversation id", "thread id", "dm conversation id", "case id", "conversation"),
    "in_reply_to": (
        "in response to tweet id",
        "in reply to status id",
        "in reply to status id str",
        "parent id",
        "reply to",
        "in reply to id",
        "twitter reply to",
    ),
    "lang": ("language", "language code", "reviewer language", "言語"),
    "author.id": ("author id", "user id", "sender id", "from id", "requester id", "twitter author id", "x author id"),
    "author.name": (
        "author name",
        "author",
        "full name",
        "display name",
        "sender name",
        "requester",
        "user name",
        "name",
    ),
    "author.handle": ("author handle", "handle", "screen name", "username", "twitter screen name"),
    "author.followers": (
        "followers",
        "followers count",
        "follower count",
        "author followers",
        "twitter followers",
        "x followers",
        "user followers count",
        "フォロワー数",
    ),
    "author.verified": (
        "verified",
        "author verified",
        "twitter verified",
        "x verified",
        "is verified",
        "user verified",
    ),
    "author.vip": ("vip", "author vip"),
    "author.known": (),
    "likes": ("like count", "favorite count", "favourites", "favorites", "twitter likes", "x likes"),
    "shares": ("retweet count", "repost count", "retweets", "reposts", "share count", "twitter retweets", "x reposts"),
    "replies": ("reply count", "comment count", "comments", "twitter reply count", "x replies"),
    "views": ("view count", "impressions", "impression count"),
    "reach": ("estimated reach",),
    "post.sponsored": ("sponsored", "is sponsored", "paid partnership", "is boosted"),
    "mention.tagged": ("tagged", "is tagged"),
    "sentiment": (),
    "rating": ("star rating", "stars", "score"),
    "product": ("product name", "app", "package name"),
    "topic": ("category", "subject area"),
    "tags": ("labels", "tag"),
}
"""Message field -> names of columns, calm (see `calm`), the likeliest first."""

ENOUGH = ("id", "text")
"""Fields without which no message can be read."""

INBOUND = (
    ("true", "inbound"),
    ("1", "inbound"),
    ("1.0", "inbound"),
    ("false", "outbound"),
    ("0", "outbound"),
    ("0.0", "outbound"),
)
"""What a column called `inbound` says."""

SENTIMENT = (
    *((word, str(value)) for word, value in POLARITY.items()),
    *((word, "") for word in sorted(UNRATED) if word),
)
"""What a column called `sentiment` says in words; `""` is unknown."""


def calm(name: str) -> str:
    """A column's name without what exports vary: case, outer spaces, `_` and `-` for a space.

    >>> calm(" Tweet_ID")
    'tweet id'
    """
    return " ".join(name.strip("\ufeff \t").casefold().replace("_", " ").replace("-", " ").split())


def detected(header: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a header that are fields of a message; Hikeshi's own dotted names come first, the rest is extra.

    >>> [(one.field, one.source) for one in detected(["Tweet ID", "body", "Plan Name"])]
    [('id', 'Tweet ID'), ('text', 'body'), ('extra.Plan_Name', 'Plan Name')]
    """
    taken: dict[str, Column] = {}
    used: set[str] = set()

    def take(field: str, source: str, values: tuple[tuple[str, str], ...] = ()) -> None:
        if field not in taken and source not in used:
            taken[field] = Column(field, source, values=values)
            used.add(source)

    for source in header:
        if source.strip() in FIELD:
            take(source.strip(), source, SENTIMENT if source.strip() == "sentiment" else ())
    by_name = {calm(source): source for source in reversed(header) if source.strip()}
    for field, names in KNOWN.items():
        for name in (calm(field), calm(field.replace(".", " ")), *names):
            if name in by_name and field not in taken:
                take(field, by_name[name], SENTIMENT if field == "sentiment" else ())
    if "inbound" in by_name:
        take("direction", by_name["inbound"], INBOUND)
    for source in header:
        if source.strip() and source not in used:
            take(extra_name(source), source)
    order = {field: at for at, field in enumerate(FIELD)}
    return tuple(sorted(taken.values(), key=lambda one: order.get(one.field, len(order))))


def extra_name(source: str) -> str:
    """What a further column is called in a playbook: `extra.`, then its name with anything but letters and digits as `_`.

    >>> extra_name("Account age (days)"), extra_name("extra.plan")
    ('extra.Account_age_days', 'extra.plan')
    """
    name = source.strip("\ufeff \t")
    if name.startswith(EXTRA) and name != EXTRA:
        return name
    words = "".join(one if one.isalnum() or one == "." else " " for one in name).split()
    return EXTRA + ("_".join(words) or "column")
