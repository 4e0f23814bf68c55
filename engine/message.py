"""A message and its fields: the facts a playbook looks at.

Every reader maps to these names. A missing value is unknown, never zero. Times are UTC; durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a field's values are, and so what they can be compared with."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    YES_NO = "yes/no"
    TIME = "time"
    DURATION = "duration"
    LIST = "list"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class MessageField:
    """One field. `words` are a category's known values; `closed` means that there are no others.

    `derived` fields are worked out from the import and not read; `low` and `high` bound a number.
    """

    name: str
    kind: Kind
    about: str
    words: tuple[str, ...] = ()
    closed: bool = False
    derived: bool = False
    low: float | None = None
    high: float | None = None


CHANNELS = (
    "x", "facebook", "instagram", "messenger", "line", "youtube", "tiktok", "linkedin", "reddit", "threads", "bluesky",
    "whatsapp", "email", "chat", "phone", "sms", "web", "forum", "review", "store", "dm",
)  # fmt: skip


def _text(name: str, about: str) -> MessageField:
    return MessageField(name, Kind.TEXT, about)


def _count(name: str, about: str, *, derived: bool = False) -> MessageField:
    return MessageField(name, Kind.COUNT, about, derived=derived, low=0)


def _yes_no(name: str, about: str) -> MessageField:
    return MessageField(name, Kind.YES_NO, about)


FIELDS: tuple[MessageField, ...] = (
    _text("id", "the message's own name; unique in an import"),
    _text("text", "what was written"),
    MessageField("posted_at", Kind.TIME, "when it was written"),
    MessageField("updated_at", Kind.TIME, "when the source last changed it"),
    MessageField("resolved_at", Kind.TIME, "when the source says that the matter was closed"),
    MessageField("channel", Kind.CATEGORY, "where it was written", CHANNELS),
    MessageField("visibility", Kind.CATEGORY, "who can read it", ("public", "private"), closed=True),
    MessageField("direction", Kind.CATEGORY, "to us or from us", ("inbound", "outbound"), closed=True),
    _text("account", "which of our accounts, pages or inboxes it came to"),
    _text("link", "where it can be read"),
    _text("thread", "the conversation it belongs to"),
    _text("in_reply_to", "the message that it answers"),
    MessageField(
        "lang",
        Kind.CATEGORY,
        "its language, BCP 47; guessed from the text when missing",
        ("en", "ja", "de", "es", "fr", "it", "ko", "nl", "pt", "zh", "th"),
    ),
    _text("author.id", "the author's account"),
    _text("author.name", "what the author is called"),
    _text("author.handle", "the author's handle"),
    _count("author.followers", "how many follow the author"),
    _yes_no("author.verified", "the platform verified the account"),
    _yes_no("author.vip", "on our list of important people"),
    _yes_no("author.known", "wrote to us before"),
    _count("likes", "likes of the message"),
    _count("shares", "reposts and shares of the message"),
    _count("replies", "replies to the message"),
    _count("views", "times seen"),
    _count("reach", "people reached"),
    _yes_no("post.sponsored", "the thread hangs under a post that we paid for"),
    _yes_no("mention.tagged", "addressed to us, not merely about us"),
    MessageField("sentiment", Kind.NUMBER, "sentiment, where the source has it", low=-1, high=1),
    MessageField("rating", Kind.NUMBER, "stars of a review", low=1, high=5),
    _text("product", "the product, as the source names it"),
    _text("topic", "the topic, as the source names it"),
    MessageField("tags", Kind.LIST, "tags, as the source has them"),
    MessageField("answered_at", Kind.TIME, "when somebody first answered", derived=True),
    MessageField("answered_by", Kind.CATEGORY, "who first answered", ("brand", "peer"), closed=True, derived=True),
    _count("thread.turns", "messages of the thread so far, this one included", derived=True),
    _count("thread.our_replies", "our messages in the thread before this one", derived=True),
    MessageField("thread.age", Kind.DURATION, "time since the thread's first message", derived=True, low=0),
    _count("author.messages", "the author's messages in this import before this one", derived=True),
    MessageField("since.our_reply", Kind.DURATION, "time since our last message in the thread", derived=True, low=0),
)

FIELD: dict[str, MessageField] = {one.name: one for one in FIELDS}

AFTERWARDS = frozenset({"answered_at", "answered_by", "updated_at", "resolved_at"})
"""Known only after the message was decided: for reports, never for conditions."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A number read out of the text. Level `i` holds from `cuts[i - 1]` (included) up to `cuts[i]` (not included)."""

    name: str
    about: str
    low: float
    high: float
    levels: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()


SIGNALS: tuple[Signal, ...] = (
    Signal("sentiment", "how pleased the writer is", -1, 1, ("negative", "neutral", "positive"), (-0.15, 0.15)),
    Signal("troll", "hostile, vague and aimed at everything", 0, 1, ("unlikely", "possible", "likely"), (0.3, 0.5)),
    Signal("specificity", "how much concrete detail there is", 0, 1),
    Signal("hostility", "how much it attacks", 0, 1),
)
"""Assumption: the cuts are first estimates; sentiment's were set so that a single mild word does not leave `neutral`."""

SIGNAL: dict[str, Signal] = {one.name: one for one in SIGNALS}


def time_text(moment: datetime) -> str:
    """A moment in UTC as records write it.

    >>> time_text(datetime.fromisoformat("2026-03-09T07:41:00+00:00"))
    '2026-03-09T07:41:00Z'
    """
    return moment.isoformat().replace("+00:00", "Z")
