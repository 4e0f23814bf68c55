"""A reply is too long for the shortest channel.

A post on X has room for 280 letters, of which Japanese, Chinese and Korean ones count two.

Wrong:
    reply thanks
      ja "{author.name}さま、お知らせいただきありがとうございます。担当の者がお調べいたします。お知らせいただきありがとうございます。担当の者がお調べいたします。お知らせいただきありがとうございます。担当の者がお調べいたします。お知らせいただきありがとうございます。担当の者がお調べいたします。お知らせいただきありがとうございます。担当の者がお調べいたします。"

Right:
    reply thanks
      ja "{author.name}さま、お知らせいただきありがとうございます。"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.drafts import drafts
from engine.language.checks.finding import finding, part_of
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK606"
SEVERITY = Severity.WARNING

ROOM = 280
"""Source: X, twitter-text configuration version 3, `maxWeightedTweetLength`."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Source: the same, `ranges`: code points that count one; every other counts two."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every draft of the playbook's own file that does not fit, its slots counted as they are written."""
    for draft in drafts(playbook):
        length = weight(draft.text.text)
        if length > ROOM:
            message = f"this draft is too long for a post on X: it counts {length}, and there is room for {ROOM}"
            label = "no room from here on"
            yield finding(
                CODE, SEVERITY, message, part_of(draft.text, _room(draft.text.text), len(draft.text.text)), label
            )


def weight(text: str) -> int:
    """How long X takes the text to be.

    >>> weight("fire"), weight("発火")
    (4, 4)
    """
    return sum(1 if _is_light(letter) else 2 for letter in text)


def _room(text: str) -> int:
    """How many letters of the text fit."""
    total = 0
    for number, letter in enumerate(text):
        total += weight(letter)
        if total > ROOM:
            return number
    return len(text)


def _is_light(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _LIGHT)
