"""Facebook and Instagram: what Meta's Graph API answers, and what its webhooks deliver, saved to files.

Read are answers with `data` (and `paging`), one or many after each other, and single objects: posts and media with their
comments inside, comments with their replies inside, comments alone; conversations of Messenger and Instagram with their
messages inside, messages alone; and deliveries of webhooks (`{"object": "page", "entry": [...]}`).

- A comment under a post opens a thread, the replies to it belong to that; a post is its own. `in_reply_to` is the comment
  or post that is answered, `extra.post` the post or media, `extra.post_kind` is post, comment or reply.
- Ours is what the page wrote whose id begins the ids of its posts (`<page>_<post>`); what the owner wrote of all media that
  have their comments inside, where it is one (assumed: one asks for the comments under one's own media); in conversations
  what is tagged `sent`, and who takes part in all of them, where there are two; in deliveries what is an echo, and the
  account that they are for. Accounts given as our own go before these guesses.
- There are no followers, and no author where the person did not agree (`from` is missing). Comments of restricted users and
  under finished live videos are missing.

Source: Graph API v24 reference (Comment, Post, IG Comment, IG Media, Conversation, Message) and its changelog of
2021-10-20 (developers.facebook.com).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.facebook_webhooks import Deliveries
from engine.inbox.pick import as_object, common_member, is_ours, name_of, objects, opened, pick, words

NAME = "facebook-graph"
ABOUT = "Facebook and Instagram comments and messages from Meta's Graph API and webhooks"

Object = Mapping[str, object]

_TIME = r'\s*:\s*"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\+0000"'
_FACEBOOK = re.compile(rf'"created_time"{_TIME}')
_INSTAGRAM = re.compile(rf'"timestamp"{_TIME}')
_DELIVERY = re.compile(r'"object"\s*:\s*"(?:page|instagram)"')
_POST_ID = re.compile("[0-9]+_[0-9]+")
_PAGE_OF = re.compile(r'"(?:id|post_id)"\s*:\s*"([0-9]+)_[0-9]+"')
_EDGES = (
    "data", "posts.data", "feed.data", "published_posts.data", "visitor_posts.data", "tagged.data", "media.data",
    "conversations.data",
)  # fmt: skip
"""Where answers have their objects: at the top, or under what was asked for of a page or account."""
_DEEPEST = 50
"""Comments within comments; Facebook has two levels."""
_INSIDE = ("comments", "replies", "messages")
_CONTENT = ("message", "text", "caption", "created_time", "timestamp", "from")
_POST_ONLY = frozenset({
    "story", "status_type", "shares", "full_picture", "is_published", "attachments", "caption", "media_type",
    "media_product_type", "media_url", "comments_count",
})  # fmt: skip
_COMMENT_ONLY = frozenset({
    "text", "like_count", "comment_count", "attachment", "can_comment", "can_hide", "can_like", "can_remove",
    "can_reply_privately", "user_likes",
})  # fmt: skip
_INSTAGRAM_ONLY = frozenset({"text", "caption", "timestamp", "username", "media_type", "media_product_type"})


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - an answer may be saved under any name
    """Whether it is JSON with the keys of the Graph API and times as only it writes them.

    >>> looks_like("a.json", '{"data": [{"created_time": "2026-03-09T07:41:00+0000", "message": "Hello", "id": "1_2"}]}')
    True
    >>> looks_like("a.jsonl", '{"id": "1", "text": "Hello", "posted_at": "2026-03-09T07:41:00+0000"}')
    False
    """
    if head.lstrip()[:1] not in {"{", "["} or '"posted_at"' in head:
        return False
    return bool(
        (_DELIVERY.search(head) and '"entry"' in head)
        or (_FACEBOOK.search(head) and re.search(r'"(?:message|from|story|messages|comments)"\s*:', head))
        or (_INSTAGRAM.search(head) and re.search(r'"(?:text|caption)"\s*:', head) and '"id"' in head)
    )


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """Posts, comments and private messages; `us` are ids, handles or names of pages and accounts."""
    ours, platforms = _around(documents, us)
    deliveries = Deliveries(ours)
    for at, document in enumerate(documents):
        for one in opened(document, *_EDGES, "entry"):
            if isinstance(one, Broken):
                yield from _salvaged(document, one, ours)
            elif one.path == "entry" or not as_object(one.value).keys().isdisjoint({"changes", "messaging", "standby"}):
                yield from deliveries.entry(document, one, platforms.get((at, one.page)))
            elif isinstance(one.value, dict) and {"sender", "recipient"} <= one.value.keys():
                yield deliveries.event(document, one, None, None)
            else:
                yield from _read(document, one, ours, _Above())


def _around(documents: Sequence[Document], us: frozenset[str]) -> tuple[frozenset[str], dict[tuple[int, int], object]]:
    """Ids and handles of our accounts; and for each delivery, by the places of document and value, what it is about."""
    ours: set[str] = set()
    owners: set[frozenset[str]] = set()
    platforms: dict[tuple[int, int], object] = {}
    conversations: dict[str, set[frozenset[str]]] = defaultdict(set)
    for at, document in enumerate(documents):
        ours.update(_PAGE_OF.findall(document.text))
        for one in opened(document, *_EDGES, "entry", "object"):
            value = as_object(one.value) if isinstance(one, Element) else {}
            if isinstance(one, Element) and one.path == "object":
                platforms[at, one.page] = one.value
            elif isinstance(one, Element) and one.path == "entry":
                ours.update(words(value.get("id")))
            elif "comments" in value and "created_time" not in value:
                owners.add(frozenset(words([value.get("username"), pick(value, "owner.id", "owner")])))
            elif members := _members(value):
                conversations[_platform(value)].add(members)
    owners.discard(frozenset())
    if len(owners) == 1:
        ours |= next(iter(owners))
    ours.update(filter(None, map(common_member, conversations.values())))
    guessed = frozenset(one.casefold() for one in ours)
    return us | (guessed & us or guessed), platforms


def _people(value: Object) -> list[dict[str, object]]:
    """Who a conversation or a message names."""
    return [
        person
        for path in ("participants.data", "from", "to.data", "messages.data")
        for one in objects(pick(value, path))
        for person in (_people(one) if path == "messages.data" else [one])
    ]


def _members(value: Object) -> frozenset[str]:
    """The ids of the accounts of a conversation; none of what is no conversation or private message."""
    if "messages" not in value and "to" not in value and "participants" not in value:
        return frozenset()
    return frozenset(id_ for one in _people(value) if (id_ := name_of(one.get("id"))) is not None)


def _platform(value: Object) -> str:
    return "instagram" if any("username" in one for one in _people(value)) else "messenger"


@dataclass(frozen=True, slots=True)
class _Above:
    """What something lies in: the post or media, the comment, the conversation, and whose it is; None where unknown."""

    post: object = None
    comment: object = None
    conversation: object = None
    private: bool = False
    depth: int = 0
    account: str | None = None
    platform: str | None = None


def _read(document: Document, one: Element, ours: frozenset[str], above: _Above) -> Iterator[Found | Broken | Dropped]:
    """A post, comment, conversation or message, and what lies in it."""
    value = one.value
    if not isinstance(value, dict):
        yield Broken(document, one.start, one.end, "It is JSON, but no object.")
        return
    if above.depth > _DEEPEST:
        yield Broken(document, one.start, one.end, "It lies too deep in other comments.")
        return
    inside = [path for key in _INSIDE if (path := _path(key, value)) is not None]
    id_ = name_of(value.get("id")) or ""
    if "messages" in value or "participants" in value or id_.startswith("t_"):
        below = _Above(conversation=value.get("id"), private=True, platform=_platform(value))
        if not inside:
            yield Dropped("conversations without messages")
    elif above.private or ("to" in value and not _POST_ID.fullmatch(id_)):
        yield Found(_direct_message(value, ours, above), document, one.start, one.end)
        return
    else:
        below = _below(value, ours, above)
        if pick(value, *_CONTENT) is not None:
            yield Found(_public(value, ours, above), document, one.start, one.end)
        elif not inside:
            yield Broken(document, one.start, one.end, "It has neither a text nor a time nor an author.")
    for inner in walk(document, *inside, start=one.start, end=one.end):
        yield from (
            [inner]
            if isinstance(inner, Broken)
            else _read(document, inner, ours, replace(below, depth=above.depth + 1))
        )


def _path(key: str, value: Object) -> str | None:
    """Where the elements under a key lie: in a list, or in an edge with `data`."""
    inside = value.get(key)
    return key if isinstance(inside, list) else f"{key}.data" if "data" in as_object(inside) else None


def _salvaged(document: Document, broken: Broken, ours: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """What can be read of a post or conversation that breaks off; what stands before it is quarantined."""
    for one in (broken, *walk(document, *_EDGES, start=broken.start, end=broken.end)):
        parts = list(walk(document, "id", *(f"{key}.data" for key in _INSIDE), start=one.start, end=one.end))
        inside = [part for part in parts if isinstance(part, Broken) or part.path != "id"]
        first = next((part for part in inside if isinstance(part, Element)), None)
        if first is None:
            continue
        id_ = next((part.value for part in parts if isinstance(part, Element) and part.path == "id"), None)
        key = first.path.partition(".")[0]
        above = _Above(conversation=id_, private=True)
        if key != "messages":
            above = _below({"id": id_, key: {"data": [first.value]}}, ours, _Above())
            yield Broken(document, one.start, first.start, broken.reason)
        for part in inside:
            yield from [part] if isinstance(part, Broken) else _read(document, part, ours, above)
        return
    yield broken


def _below(value: Object, ours: frozenset[str], above: _Above) -> _Above:
    """What stands above the comments in a post, media or comment."""
    id_ = value.get("id")
    if _is_post(value):
        names = [
            (name_of(id_) or "").partition("_")[0],
            value.get("username"),
            pick(value, "owner.id", "owner", "from.id"),
        ]
        return _Above(post=id_, account=next((name_of(one) for one in names if is_ours(ours, one)), None))
    return replace(above, comment=id_ if above.comment is None else above.comment)


def _is_post(value: Object) -> bool:
    """Whether it is a post or a media rather than a comment, which may have comments inside too."""
    if not _POST_ONLY.isdisjoint(value) or "comments" not in value:
        return not _POST_ONLY.isdisjoint(value)
    first = next(iter(objects(pick(value, "comments.data", "comments"))), {})
    _, underscore, own = (name_of(value.get("id")) or "").partition("_")
    # Facebook's comments are called <post>_<comment>, without the page
    return not underscore or (name_of(first.get("id")) or f"{own}_").startswith(f"{own}_")


def _public(value: Object, ours: frozenset[str], above: _Above) -> dict[str, object]:
    is_post = _is_post(value)
    parent = None if is_post else pick(value, "parent.id", "parent_id") if above.comment is None else above.comment
    names = [pick(value, one) for one in ("from.id", "from.username", "username", "from.name", "owner.id")]
    media = above.post if above.post is not None else pick(value, "media.id")
    is_comment = media is not None or not _COMMENT_ONLY.isdisjoint(value)
    return {
        "id": value.get("id"),
        "text": _text(value, pictures=is_post or "attachment" in value),
        "posted_at": pick(value, "created_time", "timestamp"),
        "updated_at": value.get("updated_time"),
        "channel": "facebook" if _INSTAGRAM_ONLY.isdisjoint(value) else "instagram",
        "visibility": "public",
        "direction": "outbound" if is_ours(ours, *names) else None,
        "account": _below(value, ours, above).account,
        "link": pick(value, "permalink_url", "permalink"),
        "thread": value.get("id") if parent is None else parent,
        "in_reply_to": None if is_post else media if parent is None else parent,
        "author.id": pick(value, "from.id", "owner.id"),
        "author.name": pick(value, "from.name"),
        "author.handle": pick(value, "from.username", "username"),
        "likes": pick(value, "like_count", "reactions.summary.total_count", "likes.summary.total_count"),
        "shares": pick(value, "shares.count"),
        "replies": pick(value, "comment_count", "comments_count", "comments.summary.total_count"),
        "post.sponsored": pick(value, "media.ad_id") is not None or None,
        "mention.tagged": any(is_ours(ours, one.get("id")) for one in objects(value.get("message_tags"))) or None,
        "extra.post": value.get("id") if is_post else media,
        "extra.post_kind": "post" if is_post else "reply" if parent is not None else "comment" if is_comment else None,
        "extra.hidden": pick(value, "is_hidden", "hidden"),
    }


def _text(value: Object, *, pictures: bool) -> object:
    """What was written; nothing where there may be pictures alone."""
    text = pick(value, "message", "text", "caption")
    return "" if text is None and pictures else text


def _direct_message(value: Object, ours: frozenset[str], above: _Above) -> dict[str, object]:
    sender, people = as_object(value.get("from")), _people(value)
    tags = {name_of(one.get("name")) for one in objects(pick(value, "tags.data"))}
    names = (sender.get(key) for key in ("id", "username", "name"))
    return {
        "id": value.get("id"),
        "text": _text(value, pictures=any(key in value for key in ("attachments", "shares", "sticker", "story"))),
        "posted_at": value.get("created_time"),
        "channel": above.platform or _platform(value),
        "visibility": "private",
        "direction": "outbound" if is_ours(ours, *names) or "sent" in tags else None,
        "account": next(
            (name_of(one.get("id")) for one in people if is_ours(ours, one.get("id"), one.get("username"))), None
        ),
        "thread": above.conversation,
        "author.id": sender.get("id"),
        "author.name": sender.get("name"),
        "author.handle": sender.get("username"),
    }
