"""Deliveries of Meta's webhooks: what happened on a page, in its Messenger, on an Instagram account.

Deliveries come as it happens and may come twice. A message counts as it first arrived: what the same message is said to be
later (delivered again, edited) is dropped, and so is what is no message: reactions, receipts, buttons that were pressed.

Source: Webhooks reference for Page and Instagram; Messenger Platform, webhook events (developers.facebook.com, 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.inbox.document import Broken, Document, Dropped, Element, Found, walk
from engine.inbox.pick import as_object, is_ours, name_of, pick

Fields = dict[str, object]
_Result = Found | Broken | Dropped

_COMMENTS = frozenset({"comments", "live_comments"})
_REACTIONS = frozenset({"reaction", "like"})
_GONE = frozenset({"remove", "delete"})
_NEW = frozenset({"add", "edit", "edited"})
_EVENTS = {
    "delivery": "receipts and reactions",
    "read": "receipts and reactions",
    "reaction": "receipts and reactions",
    "postback": "pressed buttons",
    "message_edit": "later edits and repeated deliveries",
}


class Deliveries:
    """Reads deliveries one after another; `ours` are ids and handles of our accounts, casefolded."""

    def __init__(self, ours: frozenset[str]) -> None:
        self._ours = ours
        self._seen: set[str] = set()

    def entry(self, document: Document, one: Element, platform: object) -> Iterator[_Result]:
        """What is in an entry; `platform` is the delivery's `object`, `page` or `instagram`, None where unknown."""
        entry = as_object(one.value)
        paths = [key for key in ("changes", "messaging", "standby") if isinstance(entry.get(key), list)]
        if "field" in entry and "value" in entry:
            yield self._change(document, one, entry, platform)
        elif not paths:
            yield Broken(document, one.start, one.end, "It is an entry without changes and messages.")
        for inner in walk(document, *paths, start=one.start, end=one.end):
            if isinstance(inner, Broken):
                yield inner
            elif inner.path == "changes":
                yield self._change(document, inner, entry, platform)
            else:
                yield self.event(document, inner, entry.get("id"), platform)

    def event(self, document: Document, one: Element, account: object, platform: object) -> _Result:
        """What happened in a conversation of this account."""
        return self._event(document, one, as_object(one.value), account, platform)

    def _event(
        self, document: Document, one: Element, event: Mapping[str, object], account: object, platform: object
    ) -> _Result:
        message = event.get("message")
        if not isinstance(message, dict):
            said = next((what for key, what in _EVENTS.items() if key in event), "notices of other kinds")
            return Dropped(said) if event else Broken(document, one.start, one.end, "It is JSON, but no object.")
        if message.get("is_deleted") is True:
            return Dropped("deleted messages")
        sender, recipient = pick(event, "sender.id"), pick(event, "recipient.id")
        outbound = message.get("is_echo") is True or is_ours(self._ours, sender)
        own, other = (sender, recipient) if outbound else (recipient, sender)
        return self._found(
            document,
            one,
            {
                "id": message.get("mid"),
                "text": "" if message.get("text") is None else message["text"],
                "posted_at": event.get("timestamp"),
                "channel": "instagram" if platform == "instagram" else "messenger",
                "visibility": "private",
                "direction": "outbound" if outbound else None,
                "account": account if account is not None else own,
                "thread": f"{name_of(own)}-{name_of(other)}" if name_of(own) and name_of(other) else None,
                "in_reply_to": pick(message, "reply_to.mid"),
                "author.id": sender,
            },
        )

    def _change(self, document: Document, one: Element, entry: Mapping[str, object], platform: object) -> _Result:
        change = as_object(one.value)
        value, field = change.get("value"), name_of(change.get("field"))
        if not isinstance(value, dict):
            return Broken(document, one.start, one.end, "It is a change without an object `value`.")
        if {"sender", "recipient"} <= value.keys():
            return self._event(document, one, value, entry.get("id"), platform)
        if field in _COMMENTS:
            return self._found(document, one, self._instagram_comment(value, entry))
        item, verb = name_of(value.get("item")), name_of(value.get("verb", "add"))
        if item in _REACTIONS:
            return Dropped("receipts and reactions")
        if verb in _GONE:
            return Dropped("deleted messages")
        if field != "feed" or verb not in _NEW:
            return Dropped("notices of other kinds")
        return self._found(document, one, self._facebook_post(value, entry))

    def _found(self, document: Document, one: Element, fields: Fields) -> _Result:
        id_ = name_of(fields["id"])
        if id_ is None and not fields["text"]:
            return Broken(document, one.start, one.end, "It is no message: it has neither an id nor a text.")
        if id_ is not None:
            if id_ in self._seen:
                return Dropped("later edits and repeated deliveries")
            self._seen.add(id_)
        return Found(fields, document, one.start, one.end)

    def _instagram_comment(self, value: Mapping[str, object], entry: Mapping[str, object]) -> Fields:
        id_, parent, media = value.get("id"), value.get("parent_id"), pick(value, "media.id")
        return {
            "id": id_,
            "text": value.get("text"),
            "posted_at": pick(value, "timestamp", "created_time") or entry.get("time"),
            "channel": "instagram",
            "visibility": "public",
            "direction": "outbound"
            if is_ours(self._ours, *(pick(value, f"from.{key}") for key in ("id", "username")))
            else None,
            "account": entry.get("id"),
            "thread": id_ if parent is None else parent,
            "in_reply_to": media if parent is None else parent,
            "author.id": pick(value, "from.id"),
            "author.handle": pick(value, "from.username"),
            "post.sponsored": pick(value, "media.ad_id") is not None or None,
            "extra.post": media,
            "extra.post_kind": "comment" if parent is None else "reply",
        }

    def _facebook_post(self, value: Mapping[str, object], entry: Mapping[str, object]) -> Fields:
        post, comment, parent = value.get("post_id"), value.get("comment_id"), value.get("parent_id")
        is_comment = value.get("item") == "comment"
        if parent == post or not is_comment:
            parent = None
        id_ = comment if is_comment else post
        return {
            "id": id_,
            "text": "" if value.get("message") is None else value["message"],
            "posted_at": value.get("created_time"),
            "channel": "facebook",
            "visibility": "public",
            "direction": "outbound"
            if is_ours(self._ours, *(pick(value, f"from.{key}") for key in ("id", "name")))
            else None,
            "account": entry.get("id"),
            "link": pick(value, "permalink_url", "post.permalink_url") if not is_comment else None,
            "thread": id_ if parent is None else parent,
            "in_reply_to": None if not is_comment else post if parent is None else parent,
            "author.id": pick(value, "from.id"),
            "author.name": pick(value, "from.name"),
            "extra.post": post,
            "extra.post_kind": "post" if not is_comment else "comment" if parent is None else "reply",
            "extra.hidden": value.get("is_hidden"),
        }
