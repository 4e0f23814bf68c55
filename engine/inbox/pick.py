"""Values out of JSON that somebody else wrote: whatever is there instead, nothing raises.

A key that is missing, null or below something that is no object is the same: unknown, None.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.inbox.document import Broken, Document, Element, walk


def as_object(value: object) -> Mapping[str, object]:
    """The value when it is an object, else an empty one.

    >>> as_object({"id": "1"}), as_object(["id"]), as_object(None)
    ({'id': '1'}, {}, {})
    """
    return value if isinstance(value, dict) else {}


def pick(value: object, *paths: str) -> object:
    """What lies under the first of some paths that leads to anything but null; None when none does.

    A path is dotted keys; a key that holds dots itself is found before the path is dug.

    >>> post = {"public_metrics": {"like_count": 0, "repost_count": 2}, "lang": None}
    >>> pick(post, "public_metrics.retweet_count", "public_metrics.repost_count")
    2
    >>> pick(post, "public_metrics.like_count"), pick(post, "lang.code"), pick("no object", "id")
    (0, None, None)
    """
    for path in paths:
        found = as_object(value).get(path)
        if found is None and "." in path:
            found = value
            for key in path.split("."):
                found = as_object(found).get(key)
        if found is not None:
            return found
    return None


def objects(value: object) -> list[dict[str, object]]:
    """The objects of a list; an object alone is a list of one, and what is no object is left out.

    >>> objects([{"id": 1}, None, "x", {"id": 2}]), objects({"id": 3}), objects("x")
    ([{'id': 1}, {'id': 2}], [{'id': 3}], [])
    """
    some = value if isinstance(value, list) else [value]
    return [one for one in some if isinstance(one, dict)]


def words(value: object) -> list[str]:
    """The non-empty texts and numbers of a list, as texts; one alone is a list of one.

    >>> words(["broken", 7, None, "", {"id": 1}]), words("broken"), words(None)
    (['broken', '7'], ['broken'], [])
    """
    some = value if isinstance(value, list) else [value]
    return [text for one in some if (text := name_of(one)) is not None]


def name_of(value: object) -> str | None:
    """An id, handle or name to compare with: a text without blanks around it, a whole number as text; None for the rest.

    >>> name_of(1618500000000000001), name_of(" Akane "), name_of(""), name_of(1.6185e18), name_of(True)
    ('1618500000000000001', 'Akane', None, None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def is_ours(us: frozenset[str], *names: object) -> bool:
    """Whether one of some ids, handles or addresses is in `us` (casefolded, handles without @).

    >>> is_ours(frozenset({"akane_help", "77"}), None, "@Akane_Help"), is_ours(frozenset({"77"}), 77), is_ours(frozenset(), "")
    (True, True, False)
    """
    return any(text.removeprefix("@").casefold() in us for one in names if (text := name_of(one)) is not None)


def made_id(*parts: object) -> str:
    """An id for a message that has none in its source: the same for the same parts, whatever file they came from.

    >>> made_id("Aiko", 1741500000, "箱が空です。")
    '64f97305c583ae62'
    """
    told = "\0".join(one if isinstance(one, str) else json.dumps(one, sort_keys=True) for one in parts)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unescaped(value: object) -> object:
    """A text without HTML entities; anything else as it stands.

    >>> unescaped("salt &amp; pepper"), unescaped(None)
    ('salt & pepper', None)
    """
    return html.unescape(value) if isinstance(value, str) else value


def common_member(groups: Iterable[frozenset[str]]) -> str | None:
    """Who takes part in every conversation, and so owns the export: None unless exactly one does, in two or more.

    >>> common_member([frozenset({"shop", "aiko"}), frozenset({"shop", "ben"})])
    'shop'
    >>> common_member([frozenset({"shop", "aiko"})] * 2)
    """
    different = {one for one in groups if one}
    shared = frozenset.intersection(*different) if len(different) > 1 else frozenset()
    return next(iter(shared)) if len(shared) == 1 else None


def opened(document: Document, *paths: str) -> Iterator[Element | Broken]:
    """A document's top-level values, opened: the elements under some paths, or the value whole where it has none.

    So a file may hold pages, one or many, and bare messages, in any mixture; and of a page that breaks off, all that came
    before is read. `Element.page` counts the top-level values.

    >>> document = Document("", "a.json", '{"data": [{"id": 1}, {"id": 2}]} {"id": 3} {"data": [{"id": 4}, {"i')
    >>> [one.value if isinstance(one, Element) else one.reason[:20] for one in opened(document, "data")]
    [{'id': 1}, {'id': 2}, {'id': 3}, {'id': 4}, 'It is not valid JSON']
    """
    keys = {path.partition(".")[0] for path in paths}
    for page, whole in enumerate(walk(document, "")):
        closed = isinstance(whole, Element) and keys.isdisjoint(as_object(whole.value))
        found = False
        before: list[Broken] = []
        for one in () if closed else walk(document, *paths, start=whole.start, end=whole.end):
            if isinstance(one, Element):
                yield from () if found else before
                found = True
                yield replace(one, page=page)
            elif found:
                yield one
            else:
                before.append(one)
        if not found:
            yield replace(whole, page=page) if isinstance(whole, Element) else whole
