"""X API: what its JSON answers say, saved to files.

Read are answers of API v2 that hold posts or direct messages (`{"data": [...], "includes": {...}, "meta": {...}}`, or one
post under `data`, as streams send them), one or many after each other, in one file or many; posts alone, one a line or in
an array; and the objects of API v1.1 (`full_text`, `user`), also as the Account Activity API delivered them. Both
spellings of a renamed field are known (`retweet_count` and `repost_count`, `referenced_tweets` and `referenced_posts`,
`note_tweet` and `note_post`).

- Authors are joined from `includes.users`, of the same answer first and then of any other. Followers are unknown where
  nobody asked for `expansions=author_id&user.fields=public_metrics`.
- The thread is `conversation_id`. What is only in `includes` (the posts that were answered or quoted) is no message of
  its own: it was not asked for.
- A repost (`RT @...`) is a message with the text that the API gives, which may be cut. Its counts are those of the post
  that it repeats, so they are left out. `extra.post_kind` is post, reply, quote or repost; unknown where nobody asked for
  references.
- Of the versions of an edited post the newest in the export counts.
- Direct messages are private. The account that takes part in all conversations, where there are two, is ours.

Source: X API v2 data dictionary and OpenAPI description 2.167 (docs.x.com, 2026); API v1.1 data dictionary and Account
Activity API payloads (developer.x.com).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found
from engine.inbox.pick import as_object, common_member, is_ours, name_of, objects, opened, pick, unescaped
from engine.inbox.x_posts import Fields, Object, author, kind_of, language, names_of, old_post, post, private, sides

NAME = "x-api"
ABOUT = "answers of the X API (v2, also v1.1): posts and direct messages"

_MESSAGES = ("data", "statuses", "tweet_create_events", "direct_message_events", "events")
_AROUND = ("includes.users", "users", "for_user_id")
_ANSWER = frozenset({"data", "includes", "meta", "errors", "for_user_id", "statuses", "events", "search_metadata"})
_NOTICES = frozenset({"delete", "limit", "warning", "disconnect", "status_withheld", "user_withheld"})
_OLD = frozenset({"full_text", "extended_tweet", "user", "id_str"})
_KINDS = (("retweeted", "repost"), ("reposted", "repost"), ("replied_to", "reply"), ("quoted", "quote"))

_MARK = re.compile(
    r'"(?:edit_history_(?:tweet|post)_ids|referenced_(?:tweets|posts)|note_(?:tweet|post)|dm_conversation_id'
    r'|in_reply_to_user_id|in_reply_to_status_id(?:_str)?|tweet_create_events|public_metrics|newest_id)"\s*:'
    r'|"event_type"\s*:\s*"(?:MessageCreate|ParticipantsJoin|ParticipantsLeave)"'
    r'|"includes"\s*:\s*\{\s*"(?:users|tweets|posts|media)"'
)
_OTHER = re.compile(r'"(?:posted_at|dmConversation|editTweetIds)"\s*:|\{\s*"tweet"\s*:')


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - an answer may be saved under any name
    """Whether it is JSON with keys that only the X API writes.

    >>> looks_like("a.json", '{"data": [{"id": "1", "edit_history_tweet_ids": ["1"], "text": "Hello"}]}')
    True
    >>> looks_like("a.jsonl", '{"id": "1", "text": "Hello", "author.followers": 3}')
    False
    """
    return head.lstrip()[:1] in {"{", "["} and bool(_MARK.search(head)) and not _OTHER.search(head)


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """The posts and direct messages of an export, but for those that are only in `includes`; `us` are ids or handles."""
    around = _Around(documents, us)
    for at, document in enumerate(documents):
        for one in opened(document, *_MESSAGES):
            yield one if isinstance(one, Broken) else _message(document, one, around, (at, one.page))


class _Around:
    """What an export says beside its messages: users, our own accounts, which posts were edited.

    An answer is named by its document's and its own place, both from 0.
    """

    def __init__(self, documents: Sequence[Document], us: frozenset[str]) -> None:
        self.ours = us
        """Ids and handles of our accounts, casefolded."""
        self.references = False
        """Whether the export says which posts a post refers to."""
        self._users: dict[str, Object] = {}
        self._of_answer: dict[tuple[int, int], dict[str, Object]] = {}
        self._versions: dict[str, list[object]] = {}
        conversations: set[frozenset[str]] = set()
        for at, document in enumerate(documents):
            for one in opened(document, *_MESSAGES, *_AROUND):
                if isinstance(one, Element):
                    conversations.add(self._learn(one, (at, one.page)))
        self._own(common_member(conversations))
        for user in self._users.values():
            if is_ours(self.ours, *names_of(user)):
                self._own(*names_of(user))

    def user(self, answer: tuple[int, int], id_: object) -> Object:
        """What is known of a user, from the same answer where it says anything."""
        key = name_of(id_) or ""
        return self._of_answer.get(answer, {}).get(key) or self._users.get(key) or {}

    def is_replaced(self, id_: object) -> bool:
        """Whether a later version of this post is in the export."""
        history = self._versions.get(name_of(id_) or "", [])
        after = history[history.index(id_) + 1 :] if id_ in history else []
        return any(name_of(one) in self._versions for one in after)

    def _own(self, *names: str | None) -> None:
        self.ours |= {one.casefold() for one in names if one is not None}

    def _learn(self, one: Element, answer: tuple[int, int]) -> frozenset[str]:
        """Note what an element says; returns the two accounts of a conversation, if that is what it belongs to."""
        value = as_object(one.value)
        if one.path == "for_user_id":
            self._own(name_of(one.value))
        elif one.path in _AROUND:
            # the Account Activity API has an object of users by their ids
            for user in map(as_object, [value] if "id" in value else value.values()):
                for id_ in names_of(user)[:1]:
                    self._of_answer.setdefault(answer, {})[id_] = self._users[id_] = user
        else:
            self.references |= "referenced_tweets" in value or "referenced_posts" in value
            history = pick(value, "edit_history_tweet_ids", "edit_history_post_ids")
            if isinstance(history, list) and len(history) > 1 and (name := name_of(value.get("id"))):
                self._versions[name] = history
            both = re.fullmatch(r"([0-9]+)-([0-9]+)", name_of(value.get("dm_conversation_id")) or "")
            return frozenset(both.groups() if both else ())
        return frozenset()


def _message(document: Document, one: Element, around: _Around, answer: tuple[int, int]) -> Found | Broken | Dropped:
    value = one.value
    if not isinstance(value, dict):
        return Broken(document, one.start, one.end, "It is JSON, but no object.")
    if one.path == "" and not value.keys().isdisjoint(_ANSWER) and "id" not in value:
        return Dropped("answers without messages")
    if not value.keys().isdisjoint(_NOTICES) and "id" not in value:
        return Dropped("notices of a stream")
    event = value.get("event_type")
    if isinstance(event, str) and event != "MessageCreate":
        return Dropped("joins and leaves" if event.startswith("Participants") else "events that are no messages")
    if isinstance(value.get("message_create"), dict):
        fields = _old_direct_message(value, around, answer)
    elif event is not None or "dm_conversation_id" in value:
        fields = _direct_message(value, around, answer)
    elif pick(value, "id", "id_str", "text", "full_text") is None:
        return Broken(document, one.start, one.end, "It is no post: it has neither `id` nor `text`.")
    elif around.is_replaced(value.get("id")):
        return Dropped("older versions of edited posts")
    elif not value.keys().isdisjoint(_OLD):
        fields = old_post(value, around.ours, as_object(value.get("user")))
    else:
        fields = _post(value, around, answer)
    return Found(fields, document, one.start, one.end)


def _post(value: Object, around: _Around, answer: tuple[int, int]) -> Fields:
    author_id = value.get("author_id")
    user = as_object(value.get("author")) or around.user(answer, author_id)
    text = unescaped(pick(value, "note_tweet.text", "note_post.text", "text"))
    types = {
        name_of(one.get("type")): one.get("id") for one in objects(pick(value, "referenced_tweets", "referenced_posts"))
    }
    answered = value.get("in_reply_to_user_id")
    kind = next((kind for type_, kind in _KINDS if type_ in types), None)
    mentions = objects(pick(value, "entities.mentions"))
    named = [one.get(key) for key in ("username", "id") for one in mentions]
    return post(
        value.get("id"),
        user,
        author_id,
        text,
        kind or kind_of(text, reply=answered is not None, told=around.references),
        {
            "posted_at": value.get("created_at"),
            "thread": value.get("conversation_id"),
            "in_reply_to": types.get("replied_to"),
            "lang": language(value.get("lang")),
            "likes": pick(value, "public_metrics.like_count"),
            "shares": pick(value, "public_metrics.retweet_count", "public_metrics.repost_count"),
            "replies": pick(value, "public_metrics.reply_count"),
            "views": pick(value, "public_metrics.impression_count"),
            "extra.quotes": pick(value, "public_metrics.quote_count"),
            **sides(around.ours, user, author_id, [*named, answered], text),
        },
    )


def _direct_message(value: Object, around: _Around, answer: tuple[int, int]) -> Fields:
    conversation = value.get("dm_conversation_id")
    participants = value.get("participant_ids")
    return private(
        value.get("id"),
        value.get("text"),
        around.ours,
        author(around.user(answer, value.get("sender_id")), value.get("sender_id")),
        participants if isinstance(participants, list) else (name_of(conversation) or "").split("-"),
    ) | {"posted_at": value.get("created_at"), "thread": conversation}


def _old_direct_message(value: Object, around: _Around, answer: tuple[int, int]) -> Fields:
    sender, recipient = (pick(value, f"message_create.{one}") for one in ("sender_id", "target.recipient_id"))
    both = sorted(filter(None, map(name_of, (sender, recipient))), key=lambda one: (len(one), one))
    return private(
        value.get("id"),
        pick(value, "message_create.message_data.text"),
        around.ours,
        author(around.user(answer, sender), sender),
        both,
    ) | {"posted_at": value.get("created_timestamp"), "thread": "-".join(both) if len(both) > 1 else None}
