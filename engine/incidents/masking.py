"""Personal data in texts, masked so that a text can be kept in a repository and is still read as before.

What a person can be reached or looked up by is replaced by something of the same form: digits become zeros, addresses
of mail become `someone@example.com`, handles `@someone`. Names within a text are not recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from engine.signals.personal_data import CARD, PATTERNS

_MAIL, _PHONE, _MOBILE, _POST, _TOWN, _STREET, _NUMBER, _CODE, _NUMBER_JA = (re.compile(one) for one in PATTERNS)
_CARD = re.compile(CARD)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_.]{2,}")
_LINK = re.compile(r"https?://\S+")
_UPPER = re.compile(r"[A-Z0-9]{5,8}(?=[^A-Z0-9]|$)")


def masked(text: str, keep: Collection[str]) -> str:
    """The text without what people can be found by; handles in `keep` (in lower case) stay, as the brand's own.

    A text in which nothing is masked stays as it is; another is in NFKC.

    >>> masked("Mail me: jo@shop.test, order number 48213", ())
    'Mail me: someone@example.com, order number 00000'
    >>> masked("@acme ask @jo_smith, 090-1234-5678", {"@acme"})
    '@acme ask @someone, 000-0000-0000'
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _LINK.sub("https://example.com/", plain)
    found = _MAIL.sub("someone@example.com", found)
    found = _HANDLE.sub(lambda one: one[0] if one[0].rstrip(".").lower() in keep else "@someone", found)
    found = _MOBILE.sub(lambda one: _zeros(one[0], but=3), found)
    found = _CARD.sub(lambda one: _zeros(one[0]), found)
    for pattern in (_POST, _PHONE, _NUMBER, _NUMBER_JA):
        found = pattern.sub(lambda one: _zeros(one[0]), found)
    found = _TOWN.sub(lambda one: f"{one[0][0]}○○{_zeros(_from_digit(one[0]))}", found)
    found = _STREET.sub(_street, found)
    found = _CODE.sub(lambda one: _UPPER.sub(lambda code: "X" * len(code[0]), one[0]), found)
    return text if found == plain else found


def _zeros(text: str, but: int = 0) -> str:
    """The text with zeros for its digits, but for the first so many."""
    seen = 0
    out = []
    for character in text:
        seen += character.isdecimal()
        out.append("0" if character.isdecimal() and seen > but else character)
    return "".join(out)


def _from_digit(text: str) -> str:
    return text[next(i for i, character in enumerate(text) if character.isdecimal()) :]


def _street(found: re.Match[str]) -> str:
    words = found[0].split(" ")
    before = found[0][: len(found[0]) - len(found[0].lstrip(" ,.;:("))]
    return f"{before}1 Example {words[-1]}"
