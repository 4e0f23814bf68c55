"""Texts that people wrote, without what would move a cursor or what a page cannot hold."""

from __future__ import annotations


def plain(text: str) -> str:
    """A text without control characters.

    >>> plain("a" + chr(0) + "b")
    'a�b'
    """
    return "".join(c if c.isprintable() or c in "\n\u3000" else "\N{REPLACEMENT CHARACTER}" for c in text)
