"""The page: tiles of what needs a person now, the sections, the graph, the lists and the messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.report.morning import kept, others, overview, subjects
from engine.report.morning.blocks import Section
from engine.report.morning.cards import Card
from engine.report.morning.lists import Key, Listing, Lists, row_of
from engine.report.morning.making import Making
from engine.report.morning.overview import decision_said
from engine.report.morning.paths import Ways
from engine.report.morning.tongue import Tongue, own, shown
from engine.report.pages import page

_MOST_URGENT = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """A number of the first screen."""

    amount: str
    words: str
    href: str | None
    look: str = ""


@dataclass(frozen=True, slots=True)
class Drawer:
    """A list as it is shown: its title, its cards, and how to get the rest."""

    anchor: str
    title: str
    total: int
    cards: list[Card]
    where: str
    table: str
    home: str
    """The figure that it belongs to."""


def render(
    title: str,
    tongue: Tongue,
    figures: Mapping[str, dict[str, Any]],
    lists: Lists,
    cards: Mapping[int, Card],
    ways: Ways,
    examples: Sequence[Mapping[str, object]],
    versions: Sequence[str],
) -> str:
    """The whole page."""
    making = Making(tongue, figures, lists)
    sections: list[Section] = [
        overview.trends(making),
        kept.engagement(making),
        kept.team(making),
        kept.tasks(making),
        subjects.tags(making),
        subjects.terms(making),
        subjects.satisfaction(making),
        others.customers(making),
        others.sent(making),
        others.profiles(making),
        others.trolls(making),
        others.trust(making, examples),
    ]
    return page(
        "report.html",
        styles=("report.css",),
        more_style=ways.style(),
        title=title,
        lang=tongue.lang,
        say=making.say,
        marked=making.marked,
        colon="：" if tongue.lang == "ja" else ": ",
        own=own,
        shown=shown,
        tongue=tongue,
        decision_said=lambda one: decision_said(making, one),
        figures=figures,
        tiles=_tiles(making),
        hand_offs=[(one, lists.href("team", one["team"])) for one in figures["now"]["hand_offs"]],
        urgent=_urgent(lists, cards),
        follow_ups=_follow_ups(lists, cards),
        more_follow_ups=[
            (lists.href("now", kind), words)
            for kind, words in (
                ("follow_ups", making.say("all that are due")),
                ("follow_ups_next", making.say("the next 24 hours")),
            )
            if lists.href("now", kind)
        ],
        full=replace(tongue, year=0),
        sections=sections,
        drawers=[_drawer(making, one, cards) for one in lists.by_key.values()],
        cards=list(cards.values()),
        ways=list(ways.by_path.values()),
        graph=ways.svg(),
        versions=versions,
        is_late=lambda card, name: _is_late(card, name, figures["now"]["as_of"]),
    )


def _tiles(making: Making) -> list[Tile]:
    say, now, count, href = making.say, making.figures["now"], making.tongue.count, making.lists.href
    tiles = []
    if now["answers_known"]:
        tiles.append(
            Tile(
                count(now["overdue"]),
                say("overdue, and no answer known"),
                href("now", "overdue"),
                _alarm(now["overdue"]),
            )
        )
    else:
        tiles.append(
            Tile(
                count(now["due_passed"]),
                say("due already; the file does not tell what was answered"),
                href("now", "due_passed"),
                "",
            )
        )
    if now["top_severity"] is not None:
        waiting = now["critical_waiting"] if now["answers_known"] else now["critical"]
        words = (
            say("{level}, waiting (of {n})", level=shown(now["top_severity"], 30), n=count(now["critical"]))
            if now["answers_known"]
            else shown(now["top_severity"], 30)
        )
        tiles.append(Tile(count(waiting), words, href("now", "critical"), _alarm(waiting)))
    handed = now["handed_off_waiting"] if now["answers_known"] else now["handed_off"]
    words = (
        say("handed off, waiting (of {n})", n=count(now["handed_off"])) if now["answers_known"] else say("handed off")
    )
    tiles.append(Tile(count(handed), words, href("now", "handed_off")))
    tiles.append(Tile(count(now["due_soon"]), say("due within 24 hours"), href("now", "due_soon")))
    tiles.append(Tile(count(making.figures["follow_ups"]["due"]), say("follow-ups due"), href("now", "follow_ups")))
    if now["pause_publishing"]:
        tiles.append(
            Tile(count(now["pause_publishing"]), say("ask to pause planned posts"), href("now", "pause"), "half")
        )
    spikes = making.figures["spikes"]["found"]
    tiles.append(Tile(count(spikes), say("spikes on the time line"), "#spikes" if spikes else None))
    unread = making.figures["quarantine"]
    if unread["known"]:
        tiles.append(
            Tile(
                count(unread["rows"]),
                say("rows that could not be read"),
                "#quarantine" if unread["rows"] else None,
                "half" if unread["rows"] else "",
            )
        )
    return tiles


def _alarm(amount: int | None) -> str:
    return "bad" if amount else ""


def _urgent(lists: Lists, cards: Mapping[int, Card]) -> list[Card]:
    """The messages that a person looks at first: what is critical, overdue or handed off, and waits."""
    ranks = {
        rank for key in ("critical", "overdue", "due_passed", "handed_off") for rank in _shown(lists, ("now", key))
    }
    return [cards[row_of(rank)] for rank in sorted(ranks)[:_MOST_URGENT]]


def _follow_ups(lists: Lists, cards: Mapping[int, Card]) -> list[Card]:
    found = [cards[row_of(rank)] for key in ("follow_ups", "follow_ups_next") for rank in _shown(lists, ("now", key))]
    return sorted(found, key=lambda one: one.said["follow_up_at"])[:_MOST_URGENT]


def _shown(lists: Lists, key: Key) -> list[int]:
    found = lists.by_key.get(key)
    return found.shown if found else []


def _drawer(making: Making, one: Listing, cards: Mapping[int, Card]) -> Drawer:
    shown_cards = [cards[row_of(rank)] for rank in one.shown]
    return Drawer(
        one.anchor, _titled(making, one), one.total, shown_cards, shown(one.where, 600), one.table, _HOMES[one.key[0]]
    )


_KINDS = {
    "decision": "Decision: {value}",
    "team": "Team: {value}",
    "channel": "Channel: {value}",
    "mood": "Sentiment: {value}",
    "stars": "Stars: {value}",
    "account": "Account: {value}",
    "topic": "Topic: {value}",
    "product": "Product: {value}",
    "because": "Set aside: {value}",
    "tag": "Tag: {value}",
    "term": "Term list: {value}",
    "unknown": "Unknown: {value}",
}
_HOMES = {
    "now": "now",
    "decision": "decisions",
    "bucket": "timeline",
    "cell": "heat",
    "spike": "spikes",
    "channel": "requests",
    "team": "first-answers-team",
    "tag": "tags-use",
    "topic": "topics-use",
    "product": "products-use",
    "term": "terms-use",
    "mood": "sentiment",
    "stars": "rating",
    "account": "profiles-pages",
    "because": "trolls-reasons",
    "troll": "trolls-reasons",
    "peer": "peers",
    "new": "customers-groups",
    "unknown": "unknown",
}
_FIXED = {
    ("now", "overdue"): "Overdue, and no answer known",
    ("now", "due_passed"): "Due already",
    ("now", "critical"): "Critical, and waiting",
    ("now", "handed_off"): "Handed off, and waiting",
    ("now", "follow_ups"): "Follow-ups due",
    ("now", "follow_ups_next"): "Follow-ups of the next 24 hours",
    ("now", "due_soon"): "Due within 24 hours",
    ("now", "pause"): "Ask to pause planned posts",
    ("now", "waiting"): "Waiting for an answer",
    ("troll", ""): "Trolls set aside",
    ("peer", ""): "Answered by other customers",
    ("new", ""): "New customers",
}


def _titled(making: Making, one: Listing) -> str:
    """What a list is of, in words."""
    kind, value = one.key
    if one.key in _FIXED:
        return making.say(_FIXED[one.key])
    if kind == "bucket":
        return making.say("From {when}", when=making.tongue.piece(value, making.figures["timeline"]["every"]))
    if kind == "spike":
        spike = making.figures["spikes"]["of"][int(value)]
        return making.say("Spike: {when}", when=making.tongue.period(spike["from"], spike["to"]))
    if kind == "cell":
        return " × ".join(making.label(level) for level in value.split("\x1f"))
    if kind == "decision":
        decision, _, team = value.partition(" to ")
        value = decision_said(making, decision) + (f" → {team}" if team else "")
    if kind == "mood":
        value = making.say(value)
    return making.say(_KINDS[kind], value=making.label(value, making.say("our own desk") if kind == "team" else ""))


def _is_late(card: Card, name: str, as_of: str | None) -> bool:
    """Whether a promise of a card is past and nothing is known that kept it."""
    due = card.said[name]
    if due is None or as_of is None or not card.said["wants"]:
        return False
    moments = (datetime.fromisoformat(due), datetime.fromisoformat(as_of))
    return name != "follow_up_at" and moments[0] < moments[1] and card.said["answered"] is not True
