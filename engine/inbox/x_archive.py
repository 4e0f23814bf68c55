"""X archive: what an account gets when it downloads its own data.

A ZIP archive (or the folder in it) with some sixty files of JavaScript; read are `data/tweets.js`, `data/direct-messages.js`
and `data/direct-messages-group.js` with their parts, and `data/account.js`, which says whose archive it is. Older archives
call them `tweet.js` and `direct-message.js`, and the oldest do not wrap their posts in `tweet`.

- The posts are the account's own, so they are from us; what others wrote to it in public is not in an archive. Direct
  messages are there from both sides; whose are ours is known from `account.js`, else from who takes part in all
  conversations, where there are two.
- There are no followers and no numbers of replies and views. Likes and reposts are those of the day of the download; a
  repost's are those of the post that it repeats, so they are left out.
- Posts of more than 280 characters may be cut. A quote cannot be told from a post with a link.

Source: the `README.txt` and `manifest.js` of archives of 2023 to 2026; timhutton/twitter-archive-parser (GPL-3.0) for the
older shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from engine.inbox.document import Broken, Document, Dropped, Element, Found
from engine.inbox.pick import as_object, common_member, name_of, opened, pick
from engine.inbox.x_posts import author, old_post, private

NAME = "x-archive"
ABOUT = "an X account's own data as downloaded (tweets.js, direct-messages.js)"

_FILE = re.compile(r"(?:tweets?|direct-messages?(?:-group)?|account)(?:-part[0-9]+)?\.js")
_HEAD = re.compile(r"\s*window\s*\.\s*YTD\s*\.\s*(?:tweets?|direct_messages?(?:_group)?|account)\s*\.\s*part[0-9]+\s*=")
_POST, _ACCOUNT, _CONVERSATION, _MESSAGES = (
    "tweet", "account", "dmConversation.conversationId", "dmConversation.messages",
)  # fmt: skip
_CONVERSATION_ID = re.compile(r'"conversationId"\s*:\s*"([0-9]+)-([0-9]+)"')
_ACCOUNT_ID = "accountId"


def wanted(name: str) -> bool:
    """Whether a file of an archive is read.

    >>> [wanted(one) for one in ("data/tweets.js", "twitter-2026/data/direct-messages-part1.js", "data/like.js")]
    [True, True, False]
    """
    return _FILE.fullmatch(PurePosixPath(name.replace("\\", "/")).name) is not None


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - the file says itself what it is
    """Whether it is one of an archive's files that are read.

    >>> looks_like("data/tweets.js", "window.YTD.tweets.part0 = [ {"), looks_like("data/like.js", "window.YTD.like.part0 = [")
    (True, False)
    """
    return _HEAD.match(head) is not None


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """The account's posts, and its direct messages from both sides; `us` are ids or handles."""
    owner = _owner(documents)
    names = (name_of(owner.get(key)) for key in ("id", "username"))
    ours = us | {name.casefold() for name in names if name is not None}
    for document in documents:
        conversation: tuple[int, object] = (-1, None)
        for one in opened(document, _POST, _ACCOUNT, _CONVERSATION, _MESSAGES):
            if isinstance(one, Broken):
                yield one
            elif one.path == _CONVERSATION:
                conversation = (one.page, one.value)
            elif one.path == _MESSAGES:
                yield _direct_message(document, one, ours, conversation[1] if conversation[0] == one.page else None)
            elif one.path != _ACCOUNT:
                yield _post(document, one, ours, owner)


def _owner(documents: Sequence[Document]) -> Mapping[str, object]:
    """Whose archive it is, as a user of API v2; empty when it does not say."""
    for document in documents:
        if _ACCOUNT_ID in document.text:
            for one in opened(document, _ACCOUNT):
                account = as_object(one.value) if isinstance(one, Element) else {}
                if id_ := name_of(account.get(_ACCOUNT_ID)):
                    return {
                        "id": id_,
                        "username": account.get("username"),
                        "name": account.get("accountDisplayName"),
                    }
    pairs = (pair for document in documents for pair in _CONVERSATION_ID.findall(document.text))
    owner = common_member(map(frozenset, pairs))
    return {"id": owner} if owner else {}


def _post(
    document: Document, one: Element, ours: frozenset[str], owner: Mapping[str, object]
) -> Found | Broken | Dropped:
    if not isinstance(one.value, dict):
        return Broken(document, one.start, one.end, "It is JSON, but no object.")
    if "dmConversation" in one.value:
        return Dropped("conversations without messages")
    if pick(one.value, "id_str", "id", "full_text", "text") is None:
        return Broken(document, one.start, one.end, "It is no post: it has neither `id` nor `full_text`.")
    fields = old_post(one.value, ours, as_object(one.value.get("user")) or owner)
    return Found(fields | {"direction": "outbound"}, document, one.start, one.end)


def _direct_message(
    document: Document, one: Element, ours: frozenset[str], conversation: object
) -> Found | Broken | Dropped:
    if not isinstance(one.value, dict):
        return Broken(document, one.start, one.end, "It is JSON, but no object.")
    message = one.value.get("messageCreate")
    if message is None and [type(inside) for inside in one.value.values()] == [dict]:
        return Dropped("system lines")  # joins, leaves and new names of a group: an object under what happened
    if pick(message, "id", "text") is None:
        return Broken(document, one.start, one.end, "It is no direct message: it has neither `id` nor `text`.")
    sender, recipient = pick(message, "senderId"), pick(message, "recipientId")
    both = [*(name_of(conversation) or "").split("-"), sender, recipient]
    fields = private(pick(message, "id"), pick(message, "text"), ours, author({}, sender), both)
    return Found(
        fields | {"posted_at": pick(message, "createdAt"), "thread": conversation}, document, one.start, one.end
    )
