"""The cards of the shown messages: who wrote what, what was decided and why, by when, and the trace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from engine.clock import CLOCK_COLUMNS
from engine.incidents.masking import masked
from engine.report.morning.asking import rows
from engine.report.morning.lists import Lists
from engine.report.morning.paths import Way, Ways
from engine.report.morning.sheet import Sheet
from engine.report.morning.tongue import language, shown

_READ = 2_000
"""Characters of a text that are looked at; enough that what is shown is masked as it would be in the whole."""
_SHOWN = 600
_LINES = 60
"""Conditions of a trace that are shown."""
_TRACES = 1_500_000
"""About how many bytes of traces a page has; the messages that are least urgent show their path only."""
_WORD = 200

Explain = Callable[[Sequence[str]], Mapping[str, dict[str, Any]]]

_COLUMNS = (
    "row", "rank", "id", "posted_at", "channel", "lang", "decision", "team", "severity", "exposure", "rule", "path", "because",
    "unknown", *CLOCK_COLUMNS, "notify", "tags", "priority", "assign", "reply", "answered", "late", "due", "wants", "peer",
    "message.answered_at", "message.visibility", "message.account", "message.author.name", "message.author.handle",
    "message.author.id", "message.author.followers", "message.topic", "message.product",
)  # fmt: skip


@dataclass(slots=True)
class Card:
    """A message as it is shown. `said` is the record with what the sheet adds, as JSON can hold it."""

    number: int
    said: dict[str, Any]
    text: str | None
    lang: str | None
    who: str | None
    link: str | None
    way: Way | None
    steps: list[dict[str, Any]] = field(default_factory=list)
    levels: list[dict[str, str]] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)
    draft: str | None = None

    @property
    def about(self) -> str:
        """What it is about, in a few words."""
        parts = [self.said["message.topic"], self.said["message.product"]]
        return " · ".join(one for one in parts if one)


def cards_of(
    sheet: Sheet, lists: Lists, ways: Ways, explain: Explain | None, *, mask: bool, keep: Collection[str]
) -> dict[int, Card]:
    """The cards of all listed messages, by row, the most urgent first."""
    wanted = lists.rows()
    text = pl.col("message.text").str.slice(0, _READ).alias("text")
    link = pl.when(pl.col("message.link").str.len_bytes() <= _READ).then("message.link").alias("link")
    table = sheet.frame.filter(pl.col("row").is_in(wanted)).select(*_COLUMNS, text, link).collect().sort("rank")
    told = rows(table)
    traces = explain([one["id"] for one in told if one["id"] is not None]) if explain and told else {}
    found: dict[int, Card] = {}
    left = _TRACES
    for number, one in enumerate(told, 1):
        read = one.pop("text")
        if read is not None and mask:
            read = masked(read, keep)
        way = ways.of(one["path"], number) if one["path"] else None
        who = one["message.author.handle"] or one["message.author.name"] or one["message.author.id"]
        card = Card(
            number,
            one,
            None if read is None else shown(read, _SHOWN),
            language(one["lang"], read or ""),
            who,
            _safe(one.pop("link")),
            way,
        )
        trace = traces.get(one["id"])
        if trace is not None and left > 0:
            left -= _explain(card, trace, keep if mask else None)
        found[one["row"]] = card
    return found


def _safe(link: str | None) -> str | None:
    """A link to the web, or None for anything else.

    >>> _safe("https://example.com/a?b"), _safe("javascript:alert(1)"), _safe("https://user:word@example.com")
    ('https://example.com/a?b', None, None)
    """
    if not link or not link.isprintable() or any(one.isspace() for one in link):
        return None
    try:
        parts = urlsplit(link)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return link if is_web else None


def _explain(card: Card, trace: Mapping[str, Any], keep: Collection[str] | None) -> int:
    """Put a trace's lines on a card; returns about how many bytes they take."""

    def calm(text: object) -> str:
        cut = str(text)[:_READ]
        return " ".join(shown(masked(cut, keep) if keep is not None else cut, _WORD).split())

    lines = size = 0
    for visit in trace.get("path", ()):
        step: dict[str, Any] = {"step": calm(visit["step"]), "took": calm(visit["took"]), "tried": [], "more": 0}
        for tried in visit["tried"]:
            if lines >= _LINES and tried["rule"] != visit["took"]:
                step["more"] += 1
                continue
            lines += 1
            seen = tried["seen"]
            alone = len(seen) == 1
            named = bool(seen) and seen[0]["condition"] == tried["condition"]
            line = {
                "value": tried["value"],
                "condition": calm(tried["condition"]),
                "seen": calm(seen[0]["seen"]) if alone and seen[0]["seen"] != seen[0]["value"] else "",
                "parts": []
                if alone
                else [
                    {"value": atom["value"], "condition": calm(atom["condition"]), "seen": calm(atom["seen"])}
                    for atom in seen[named:][:8]
                ],
            }
            size += 60 + _bytes(line["condition"], line["seen"])
            size += sum(90 + _bytes(part["condition"], part["seen"]) for part in line["parts"])
            step["tried"].append(line)
        card.steps.append(step)
    for name, level in trace.get("levels", {}).items():
        card.levels.append({"name": calm(name), "level": calm(level["level"]), "rule": calm(level["rule"])})
    for one in trace.get("why_not", ()):
        needs = " & ".join(calm(need) for need in one["needs"])
        card.why_not.append(f"{calm(one['would_be'])}: {needs}")
    return size + sum(60 + _bytes(one["rule"]) for one in card.levels) + _bytes(*card.why_not)


def _bytes(*texts: str) -> int:
    return sum(len(one.encode()) for one in texts)
