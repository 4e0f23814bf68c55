"""A decision, and what it is made of: one per inbound message, in the inbox's order."""

from __future__ import annotations

RESPOND_PUBLICLY = "respond publicly"
TAKE_PRIVATE = "take private"
HAND_OFF = "hand off"
IGNORE_AS_TROLL = "ignore as troll"
NO_REPLY_NEEDED = "no reply needed"

DECISIONS = (RESPOND_PUBLICLY, TAKE_PRIVATE, HAND_OFF, IGNORE_AS_TROLL, NO_REPLY_NEEDED)

PLAIN_OUTCOMES = {
    "public": RESPOND_PUBLICLY,
    "private": TAKE_PRIVATE,
    "ignore": IGNORE_AS_TROLL,
    "none": NO_REPLY_NEEDED,
}
"""Outcomes that every playbook has without declaring them."""

PRIORITIES = ("low", "normal", "high", "urgent")


def label(decision: str, team: str | None) -> str:
    """A decision in words, as a playbook writes it.

    >>> label("hand off", "safety"), label("take private", None)
    ('hand off to safety', 'take private')
    """
    return f"{decision} to {team}" if team else decision
