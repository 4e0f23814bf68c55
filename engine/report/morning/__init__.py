"""The report that is opened every morning: one HTML page without a network, and its figures as JSON.

Reading order: `sheet` (the table), `asking` and the figures (`attention`, `flow`, `clocks`, `people`, `talk`, `sent`, `spikes`,
`trust`), `lists` and `cards` (the messages behind them), `charts` and `plots`, the sections (`overview`, `kept`,
`subjects`, `others`), `report_page`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from engine.graph import Graph
from engine.incidents.masking import masked as without_personal
from engine.report.morning import attention, clocks, flow, people, talk, trust
from engine.report.morning.asking import answers, jsonable
from engine.report.morning.cards import Card, Explain, cards_of
from engine.report.morning.lists import Lists, lists_of
from engine.report.morning.paths import Ways
from engine.report.morning.report_page import render
from engine.report.morning.sent import sent
from engine.report.morning.sheet import MESSAGE, Sheet, sheet_of
from engine.report.morning.spikes import Interval, spikes
from engine.report.morning.tongue import LANGUAGES, Tongue
from engine.report.morning.trust import Covered, Unread
from engine.version import VERSION

__all__ = ["LANGUAGES", "Covered", "Explain", "Interval", "Report", "Unread", "report"]

FORMAT = 1
"""Goes up when a key of the figures changes its meaning or goes away."""

_FIGURES: dict[str, Callable[[Sheet], Any]] = {
    "now": attention.now,
    "decisions": flow.decisions,
    "timeline": flow.timeline,
    "heat": flow.heat,
    "per_day": flow.per_day,
    "requests": flow.requests,
    "first_answers": clocks.first_answers,
    "resolutions": clocks.resolutions,
    "tasks": attention.tasks,
    "follow_ups": attention.follow_ups,
    "trolls": attention.trolls,
    "customers": people.customers,
    "peers": people.peers,
    "colleagues": people.colleagues,
    "profiles": people.profiles,
    "tags": talk.tags,
    "topics": talk.topics,
    "products": talk.products,
    "terms": talk.terms,
    "sentiment": talk.sentiment,
    "rating": talk.rating,
    "sent": sent,
    "unknown": trust.unknown,
}


@dataclass(slots=True)
class Report:
    """A report, worked out. The same input gives the same bytes."""

    title: str
    tongue: Tongue
    sheet: Sheet
    _figures: dict[str, dict[str, Any]]
    _lists: Lists
    _cards: dict[int, Card]
    _ways: Ways
    _examples: list[dict[str, object]] = field(default_factory=list)
    _versions: list[str] = field(default_factory=list)

    def html(self) -> str:
        """The page."""
        return render(
            self.title, self.tongue, self._figures, self._lists, self._cards, self._ways, self._examples, self._versions
        )

    def figures(self) -> dict[str, Any]:
        """All figures, as JSON can hold them; see `docs/report.md`."""
        return {
            "format": FORMAT,
            "engine_version": VERSION,
            "title": self.title,
            "zone": self.tongue.zone,
            "playbooks": self._versions,
            **json.loads(json.dumps(self._figures)),
        }


def report(
    sheet: pl.LazyFrame,
    *,
    title: str,
    as_of: datetime | None = None,
    zone: str = "UTC",
    lang: str = "en",
    scales: Mapping[str, Sequence[str]] | None = None,
    graph: Graph | None = None,
    explain: Explain | None = None,
    unread: Unread | None = None,
    dropped: Mapping[str, int] | None = None,
    coverage: Sequence[Covered] | None = None,
    watches: Sequence[Interval] | None = None,
    masked: bool = True,
    keep: Collection[str] = (),
) -> Report:
    """Work out a report of decided messages.

    Args:
        sheet: one row a message: the columns of a decision (`docs/records.md`); where they are known, the message's own
            columns as `message.NAME`; `terms`, the names of the playbook's term lists that the text mentions. `decision` is
            null in our own messages. What a column that is missing would have told is not known, which is said.
        title: the page's, as a rule the brand's name.
        as_of: the moment that is spoken of; by default the latest moment in the sheet, never the wall clock.
        zone: where days are cut and in which times are told.
        lang: `en` or `ja`, for the page's own words.
        scales: the levels of `severity` and `exposure`, lowest first; see `sheet.USUAL` for the order without it.
        graph: the playbook's, to draw.
        explain: gives for the ids of the shown messages what `Explainer.as_dict` says of each; called once at the most.
        unread: the rows that could not be read.
        dropped: the rows that were left out, by reason.
        coverage: how much of each field the inbox has.
        watches: when the playbook's watches were open; None finds spikes by a rule (`spikes`).
        masked: whether personal data in texts are masked.
        keep: handles and codes of ours, in lower case, that are not masked.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
        ValueError: there is no such language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"`{lang}` is none of {', '.join(LANGUAGES)}")
    seen = sheet_of(sheet, as_of=as_of, zone=zone, scales=scales)
    figures: dict[str, dict[str, Any]] = {"sheet": _about(seen)}
    figures |= answers({name: figure(seen) for name, figure in _FIGURES.items()})
    figures["spikes"] = spikes(seen, watches)
    figures["coverage"] = trust.covered(coverage)
    figures["quarantine"] = trust.quarantine(unread, dropped)
    lists = lists_of(seen, figures["spikes"]["of"])
    ways = Ways(graph)
    cards = cards_of(seen, lists, ways, explain, mask=masked, keep=keep)
    examples = [dict(one) for one in (unread.examples if unread else ())][: trust.MOST_EXAMPLES]
    if masked:
        for one in examples:
            one |= {name: without_personal(str(one.get(name, ""))[:2000], keep) for name in ("raw", "reason")}
        for sent_one in figures["sent"].get("furthest", ()):
            sent_one["text"] = without_personal(sent_one["text"] or "", keep)
    return Report(title, _tongue(lang, zone, seen.as_of), seen, figures, lists, cards, ways, examples, _versions(seen))


def _tongue(lang: str, zone: str, as_of: datetime | None) -> Tongue:
    return Tongue(lang, zone, as_of.astimezone(ZoneInfo(zone)).year if as_of else 0)


def _about(sheet: Sheet) -> dict[str, Any]:
    """What the report is of."""
    return {
        "known": True,
        "as_of": jsonable(sheet.as_of),
        "first": jsonable(sheet.first),
        "last": jsonable(sheet.last),
        "inbound": sheet.inbound,
        "outbound": sheet.outbound,
        "not_told": sorted(f"message.{one}" for one in MESSAGE if one not in sheet.told),
    }


def _versions(sheet: Sheet) -> list[str]:
    """The playbooks that decided, with their versions."""
    both = sheet.asked.select("playbook", "playbook_version").unique().collect().sort("playbook", "playbook_version")
    return [" ".join(part for part in row if part) for row in both.iter_rows() if any(row)][:5]
