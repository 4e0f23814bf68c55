"""The drafts of replies: in which language they are, and where a wording stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import part_of
from engine.language.playbook import Playbook
from engine.language.source import Span


def wordings(playbook: Playbook, patterns: dict[str, re.Pattern[str]]) -> Iterator[tuple[s.Draft, list[Span]]]:
    """Each draft in which its language's pattern is found, and where."""
    for draft in drafts(playbook):
        pattern = patterns.get(language(draft))
        places = [part_of(draft.text, *found.span()) for found in pattern.finditer(draft.text.text)] if pattern else []
        if pattern and places:
            yield draft, places


def language(draft: s.Draft) -> str:
    """`en` for `en`, `en_GB` and `en.uk` alike."""
    return re.split(r"[._]", draft.lang.text, maxsplit=1)[0].lower()


def drafts(playbook: Playbook) -> Iterator[s.Draft]:
    """The drafts that the playbook's own file declares."""
    for reply in playbook.replies.values():
        if playbook.is_main(reply.name.span):
            yield from reply.drafts


def slots(text: s.Text) -> Iterator[tuple[str, Span]]:
    """The `{slots}` of a draft, without their braces, and where each stands."""
    start = text.text.find("{")
    while start >= 0:
        end = text.text.find("}", start)
        if end < 0:
            return
        yield text.text[start + 1 : end].strip(), part_of(text, start, end + 1)
        start = text.text.find("{", end)
