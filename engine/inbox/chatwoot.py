"""Chatwoot: conversations and their messages, as the API and its webhooks give them.

There is no export of messages in the product (its CSV reports are sums), so teams save what the API answers: lists of
conversations (`{"data": {"payload": [...]}}`), the messages of one (`{"meta": {...}, "payload": [...]}`), single
conversations, or one webhook event a line. A list of conversations holds the **last** message of each only; whoever wants
threads must save the messages of every conversation.

It can tell who answered (`message_type`), the sentiment where the account has it, labels, and whether a post on X was
public. It cannot tell followers, engagement, or when a conversation was resolved. Private notes, activity lines, deleted
messages and automatic mail are no messages.

Source: Chatwoot API reference (chatwoot.com/developers/api); chatwoot/chatwoot, `_conversation.json.jbuilder`, `message.rb`
(message types, deleted messages) and `use channel icon` (names of channels).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, is_ours, made_id, name_of, objects, pick, words
from engine.inbox.wording import begins_as_json, headed, polarity

NAME = "chatwoot"
ABOUT = "Chatwoot conversations and messages, as its API and webhooks give them"

CHANNELS = {
    "email": "email", "twitterprofile": "x", "facebookpage": "messenger", "instagram": "instagram", "line": "line",
    "webwidget": "chat", "whatsapp": "whatsapp", "sms": "sms", "twiliosms": "sms", "tiktok": "tiktok", "voice": "phone",
    "telegram": "telegram",
}  # fmt: skip
"""`Channel::Name` -> channel. A Facebook page's inbox holds its Messenger conversations; `Channel::Api` says nothing."""

_INBOUND, _OUTBOUND = frozenset({"0", "incoming"}), frozenset({"1", "outgoing", "3", "template"})
_ACTIVITY = frozenset({"2", "activity"})
_CHANNEL = re.compile(r'"channel(?:_type)?"\s*:\s*"Channel::\w+"')
_OWN = (re.compile(r'"inbox_id"\s*:'), re.compile(r'"(?:message_type|can_reply|contact_last_seen_at)"\s*:'))


def looks_like(name: str, head: str) -> bool:  # noqa: ARG001 - all formats are asked alike
    """Whether it is conversations or messages of Chatwoot, by the names of its channels or of its keys.

    >>> looks_like("c.json", '{"payload": [{"id": 1, "inbox_id": 2, "message_type": 0}]}')
    True
    """
    return begins_as_json(head) and bool(_CHANNEL.search(head) or all(one.search(head) for one in _OWN))


def messages(documents: Sequence[Document], us: frozenset[str]) -> Iterator[Found | Broken | Dropped]:
    """All messages, conversation by conversation.

    >>> message = '{"id": 5, "content": "Hello?", "message_type": 0, "conversation_id": 9, "inbox_id": 1}'
    >>> [one.fields["direction"] for one in messages([Document("", "m.json", message)], frozenset()) if isinstance(one, Found)]
    ['inbound']
    """
    for document in documents:
        metas = walk(document, "meta") if '"payload"' in document.text else ()
        around = {one.page: as_object(one.value) for one in metas if isinstance(one, Element)}
        for one in walk(document, "", "payload", "data.payload"):
            if isinstance(one, Broken):
                yield one
            else:
                yield from _element(one, document, around.get(one.page, {}) if one.path == "payload" else {}, us)


def _element(
    one: Element, document: Document, meta: Mapping[str, object], us: frozenset[str]
) -> Iterator[Found | Broken | Dropped]:
    """A message or a conversation. `meta` is what a page of messages says of their conversation."""
    value = as_object(one.value)
    if pick(value, "message_type") is not None:
        around = {"meta": meta, **meta, **as_object(pick(value, "conversation"))}
        yield _message(value, around, one, document, us)
        return
    raw = pick(value, "messages")
    inside = objects(raw)
    last = as_object(pick(value, "last_non_activity_message"))
    if pick(last, "id") is not None and all(pick(each, "id") != pick(last, "id") for each in inside):
        inside.append(dict(last))
    if not inside and pick(value, "id") is not None and isinstance(raw, list):
        yield Dropped("conversations without messages")
    elif not inside:
        yield Broken(document, one.start, one.end, "It is neither a message nor a conversation with messages.")
    for each in inside:
        yield _message(each, value, one, document, us)
    for _ in range(len(raw) - len(objects(raw)) if isinstance(raw, list) else 0):
        yield Broken(document, one.start, one.end, "One of its messages is no JSON object.")


def _message(
    message: Mapping[str, object],
    conversation: Mapping[str, object],
    one: Element,
    document: Document,
    us: frozenset[str],
) -> Found | Broken | Dropped:
    kind = (name_of(pick(message, "message_type")) or "").lower()
    if kind in _ACTIVITY:
        return Dropped("system lines")
    if pick(message, "private") is True:
        return Dropped("internal notes")
    if pick(message, "content_attributes.deleted") is True:
        return Dropped("deleted messages")
    if pick(message, "content_attributes.email.auto_reply") is True:
        return Dropped("automatic replies")
    if pick(message, "id") is None and pick(message, "content") is None:
        return Broken(document, one.start, one.end, "It is no message: it has neither `id` nor `content`.")
    return Found(_fields(message, conversation, kind, us), document, one.start, one.end)


def _fields(
    message: Mapping[str, object], conversation: Mapping[str, object], kind: str, us: frozenset[str]
) -> dict[str, object]:
    thread = pick(message, "conversation_id") or pick(conversation, "display_id", "id")
    direction = _direction(message, kind, us)
    channel = _channel(message, conversation)
    labels = pick(conversation, "labels", "meta.labels")
    ours = direction == "outbound"
    return {
        "id": pick(message, "id") or made_id(thread, pick(message, "created_at"), kind, pick(message, "content")),
        "text": headed(pick(message, "content_attributes.email.subject"), pick(message, "content")),
        "posted_at": pick(message, "created_at"),
        "updated_at": pick(message, "updated_at"),
        "channel": channel,
        "visibility": _visibility(conversation, channel),
        "direction": direction,
        "account": pick(message, "inbox.name") or pick(message, "inbox_id") or pick(conversation, "inbox_id"),
        "thread": thread,
        "in_reply_to": pick(message, "content_attributes.in_reply_to"),
        "lang": None if ours else pick(conversation, "additional_attributes.conversation_language"),
        "author.id": _author(message, ours=ours),
        "author.name": pick(message, "sender.name", "sender.available_name"),
        "author.handle": pick(message, "sender.additional_attributes.screen_name"),
        "author.followers": pick(message, "sender.additional_attributes.followers_count"),
        "tags": words(labels) if labels is not None else None,
        "sentiment": polarity(pick(message, "sentiment")),
        "extra.status": pick(conversation, "status"),
        "extra.priority": pick(conversation, "priority"),
    }


def _direction(message: Mapping[str, object], kind: str, us: frozenset[str]) -> str | None:
    if kind in _OUTBOUND or is_ours(us, pick(message, "sender.email")):
        return "outbound"
    if kind in _INBOUND:
        return "inbound"
    sender = (name_of(pick(message, "sender_type", "sender.type")) or "").lower()
    return None if not sender else "inbound" if sender == "contact" else "outbound"


def _author(message: Mapping[str, object], *, ours: bool) -> object:
    """Contacts and agents are numbered apart, so an agent's number alone would be a contact's as well."""
    number = pick(message, "sender.id", "sender_id")
    return f"agent:{name_of(number)}" if ours and name_of(number) else number


def _channel(message: Mapping[str, object], conversation: Mapping[str, object]) -> str | None:
    if pick(conversation, "additional_attributes.type") == "instagram_direct_message":
        return "instagram"
    said = pick(conversation, "meta.channel", "channel", "inbox.channel_type") or pick(message, "inbox.channel_type")
    if not isinstance(said, str):
        return None
    if pick(conversation, "inbox.medium") == "whatsapp":
        return "whatsapp"
    return CHANNELS.get(said.rpartition("::")[2].lower())


def _visibility(conversation: Mapping[str, object], channel: str | None) -> str | None:
    if channel == "x":
        kind = pick(conversation, "additional_attributes.type")
        return "public" if kind == "tweet" else "private" if kind == "direct_message" else None
    return "private" if channel else None
