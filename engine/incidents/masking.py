"""Personal data in texts, masked so that a text can be kept in a repository and is still read as before.

What a person can be reached or looked up by is replaced by something of the same form: digits become zeros, addresses
of mail become `someone@example.com`, handles `@someone`. More is masked than `signals/personal_data.py` calls personal data,
since what slips through stays for ever. Names within a text, birthdays and addresses in other forms are not recognised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from engine.plan import Plan
from engine.signals.personal_data import PATTERNS

_, _, _, _POST, _TOWN, _STREET, _NUMBER, _CODE, _NUMBER_JA = (re.compile(one) for one in PATTERNS)
_MAIL = re.compile(
    r"""(?:"[^"\n]{1,64}"|[^\s@<>()"「」、。,;:]{1,64})@[^\s@<>()"'「」、。,;:]{1,63}\.[^\s@<>()"'「」、。,;:]{1,63}"""
)
_HANDLE = re.compile(r"(?<![\w@.])@[\w.-]{2,}")
_LINK = re.compile(r"(?i)(?:https?://|www\.)[!-~]+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|jp|de|uk|fr|nl|io|me)/[!-~]*")
_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)?[0-9](?:[ \t.()/ー-]{0,2}[0-9]){6,24}(?![0-9A-Za-z])")
"""Seven digits and more, as in telephone, card and account numbers."""
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9](?:$|[ T,;])")
_TOKEN = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z-]*[0-9])(?=[0-9A-Za-z-]*[A-Za-z])[0-9A-Za-z-]{6,40}(?![0-9A-Za-z])")
"""Letters and digits in one word, as in the codes of bookings, parcels and accounts."""
_TURNS = re.compile(r"[A-Za-z][0-9]|[0-9][A-Za-z]")
_UPPER = re.compile(r"[A-Z0-9]{5,8}(?=[^A-Z0-9]|$)")
_FEWEST = 5


def own_words(plan: Plan) -> set[str]:
    """What masking leaves, in lower case: the words that a playbook looks for, the brand's names and handles among them."""
    return {phrase.text.lower() for phrases in plan.lists.values() for phrase in phrases}


def masked(text: str, keep: Collection[str]) -> str:
    """The text without what people can be found by; handles and codes in `keep` (in lower case) stay, as the brand's own.

    A text in which nothing is masked stays as it is; another is in NFKC. Cost grows with the text's length.

    >>> masked("Mail me: jo@shop.test, order number 48213", ())
    'Mail me: someone@example.com, order number 00000'
    >>> masked("@acme ask @jo_smith, 090-1234-5678", {"@acme"})
    '@acme ask @someone, 000-0000-0000'
    """
    plain = unicodedata.normalize("NFKC", text)
    found = _LINK.sub("https://example.com/", plain)
    found = _MAIL.sub("someone@example.com", found)
    found = _HANDLE.sub(lambda one: one[0] if one[0].rstrip(".").lower() in keep else "@someone", found)
    found = _POST.sub(lambda one: _zeros(one[0]), found)
    found = _DIGITS.sub(lambda one: one[0] if _DATE.match(one[0]) else _zeros(one[0]), found)
    for pattern in (_NUMBER, _NUMBER_JA):
        found = pattern.sub(lambda one: _zeros(one[0]) if _is_long(one[0]) else one[0], found)
    found = _TOWN.sub(lambda one: f"{one[0][0]}○○{_zeros(_from_digit(one[0]))}", found)
    found = _STREET.sub(_street, found)
    found = _CODE.sub(lambda one: _UPPER.sub(lambda code: "X" * len(code[0]), one[0]), found)
    found = _TOKEN.sub(lambda one: one[0] if one[0].lower() in keep or not _is_code(one[0]) else _hidden(one[0]), found)
    return text if found == plain else found


def _is_long(text: str) -> bool:
    """Whether a number is one of an order or an account, and no year, date or amount."""
    return sum(one.isdecimal() for one in text) >= _FEWEST and not re.search(r"(?:19|20)[0-9]{2}[-/年]", text)


def _is_code(word: str) -> bool:
    """Whether letters and digits change places as they do in codes: `H7QK2M`, and not `SKL204` or `covid-19`."""
    return len(_TURNS.findall(word)) > 1 or sum(one.isdecimal() for one in word) >= _FEWEST


def _hidden(word: str) -> str:
    return "".join("0" if one.isdecimal() else "X" if one.isalpha() else one for one in word)


def _zeros(text: str) -> str:
    return "".join("0" if one.isdecimal() else one for one in text)


def _from_digit(text: str) -> str:
    return text[next(i for i, character in enumerate(text) if character.isdecimal()) :]


def _street(found: re.Match[str]) -> str:
    words = found[0].split(" ")
    before = found[0][: len(found[0]) - len(found[0].lstrip(" ,.;:("))]
    return f"{before}1 Example {words[-1]}"
