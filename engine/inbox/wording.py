"""What several sources write alike: JSON, a title over a text, and a feeling as a word."""

from __future__ import annotations

from collections.abc import Mapping

from engine.inbox.pick import pick

POLARITY = {
    "positive": 1.0,
    "negative": -1.0,
    "neutral": 0.0,
    "mixed": 0.0,
}
"""Assumption: a text that is both pleased and displeased lies in the middle."""

UNRATED = frozenset({"", "none", "null", "unclassified", "unrated", "unknown", "not rated", "n/a"})


def begins_as_json(head: str) -> bool:
    """Whether the first character of a file begins a JSON object or array.

    >>> begins_as_json("  [1"), begins_as_json("From: Aiko")
    (True, False)
    """
    return head.lstrip().removeprefix("\ufeff").lstrip()[:1] in ("{", "[")


def polarity(value: object) -> object:
    """A sentiment on -1 to 1 from a source's word; None where the source had none, anything else as it stands.

    Of an object, its label or its number counts; one with neither says nothing that is known here.

    >>> polarity("Positive"), polarity("unclassified"), polarity(0.4), polarity("cheerful"), polarity({"label": "negative"})
    (1.0, None, 0.4, 'cheerful', -1.0)
    """
    if isinstance(value, Mapping):
        return polarity(pick(value, "label", "name", "type", "value", "score"))
    if not isinstance(value, str):
        return value
    word = value.strip().casefold()
    return None if word in UNRATED else POLARITY.get(word, value)


def headed(title: object, text: object) -> object:
    r"""A text under its title, on a line of its own; alone when the text begins with it, as where a source made it up.

    A text that is no text (a list, say) is returned as it stands; one that is missing is empty.

    >>> headed("Kettle", "It smokes."), headed("It smokes", "It smokes. Help!"), headed(None, None)
    ('Kettle\n\nIt smokes.', 'It smokes. Help!', '')
    """
    if text is None:
        text = ""
    if not (isinstance(title, str) and isinstance(text, str) and title.strip()):
        return text
    title, begun = title.strip(), title.strip().rstrip(".…").casefold()
    if text.strip().casefold().startswith(begun):
        return text
    return f"{title}\n\n{text}" if text.strip() else title
