"""Which messages stand behind each number: short lists, the most urgent first, and a filter that gives all of them.

Every message is shown once, as a card; lists refer to it. So that the page stays small, at most `MOST_CARDS` are shown:
what needs a person first, then some of every list, then more of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from engine.decision import HAND_OFF, IGNORE_AS_TROLL
from engine.message import SIGNAL
from engine.report.morning.asking import jsonable
from engine.report.morning.attention import SOON
from engine.report.morning.sheet import Sheet
from engine.report.morning.talk import MOST, all_tags

MOST_CARDS = 320
LONG, SHORT = 25, 10
_ROUNDS = (2, 4, 7, SHORT)
_JOIN = "\x1f"
_TIME = pl.Datetime("us", "UTC")

Key = tuple[str, str]
"""The kind of list and the value that its messages share: `("channel", "x")`."""


@dataclass(slots=True)
class Listing:
    """A list: how many messages it stands for, the rows that are shown, and the filter that gives all.

    `where` is a condition in SQL; `table` says of what: `decisions` or `inbox`.
    """

    key: Key
    total: int
    ranks: list[int]
    where: str
    table: str = "decisions"
    number: int = 0
    shown: list[int] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The place of the list in the page."""
        return f"list-{self.number}"


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of a report, by key."""

    by_key: Mapping[Key, Listing]

    def href(self, kind: str, value: str | None = "") -> str | None:
        """A link to a list, or None when there is no such list or it is empty."""
        found = self.by_key.get((kind, value or ""))
        return f"#{found.anchor}" if found else None

    def rows(self) -> list[int]:
        """The rows of all cards, each once, the most urgent first."""
        ranks = {rank for one in self.by_key.values() for rank in one.shown}
        return [row_of(rank) for rank in sorted(ranks)]


def row_of(rank: int) -> int:
    """The row that a rank belongs to.

    >>> row_of(7 * 2**32 + 12)
    12
    """
    return rank & 0xFFFFFFFF


def cell_key(down: str | None, across: str | None) -> str:
    """The value of a cell of the heat map."""
    return f"{down or ''}{_JOIN}{across or ''}"


def lists_of(sheet: Sheet, spikes: list[dict[str, Any]]) -> Lists:
    """Choose the messages of every list, in one reading of the sheet."""
    fixed = _fixed(sheet, spikes)
    grouped = _grouped(sheet)
    asked = [_of_all(sheet.asked.filter(what)) for what, _ in fixed.values()]
    asked += [_of_each(frame, open_ended=one in _OPEN_ENDED) for one, frame in grouped.items()]
    found = pl.collect_all(asked)
    listings: dict[Key, Listing] = {}
    for (key, (_, where)), frame in zip(fixed.items(), found[: len(fixed)], strict=True):
        total, ranks = frame.row(0)
        if total:
            listings[key] = Listing(key, total, sorted(ranks)[:LONG], where)
    for kind, frame in zip(grouped, found[len(fixed) :], strict=True):
        for value, total, ranks in frame.sort("messages", "value", descending=[True, False]).iter_rows():
            table, where = _where(kind, value, sheet)
            name = jsonable(value)
            listings[kind, name] = Listing((kind, name), total, sorted(ranks)[:SHORT], where, table)
    for number, one in enumerate(listings.values(), 1):
        one.number = number
    _choose(list(listings.values()), urgent={key for key in fixed if key[0] == "now"})
    return Lists(listings)


def _of_all(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.select(pl.len().alias("messages"), pl.col("rank").bottom_k(LONG).implode().alias("ranks"))


def _of_each(frame: pl.LazyFrame, *, open_ended: bool) -> pl.LazyFrame:
    counted = frame.filter(pl.col("value").is_not_null()).group_by("value")
    table = counted.agg(pl.len().alias("messages"), pl.col("rank").bottom_k(SHORT).alias("ranks"))
    return table.sort("messages", "value", descending=[True, False]).head(MOST) if open_ended else table


def _fixed(sheet: Sheet, spikes: list[dict[str, Any]]) -> dict[Key, tuple[pl.Expr, str]]:
    """Lists with a condition of their own."""
    moment = pl.lit(sheet.as_of, _TIME)
    at = _sql(jsonable(sheet.as_of)) if sheet.as_of else "NULL"
    soon = _sql(jsonable(sheet.as_of + SOON)) if sheet.as_of else "NULL"
    waits = pl.col("wants") & ~pl.col("answered").fill_null(value=False)
    due, later = pl.col("due"), pl.col("follow_up_at")
    top = sheet.scales["severity"][-1] if sheet.scales["severity"] else None
    critical = pl.col("severity") == pl.lit(top, pl.String)
    wants_sql = "decision IN ('respond publicly', 'take private', 'hand off')"
    due_sql = "least(acknowledge_by, reply_by)"
    unanswered = "-- answered_at IS NULL" if sheet.tells("answered_at") else ""
    late = pl.col("late") if sheet.tells("answered_at") else pl.lit(value=False)
    found: dict[Key, tuple[pl.Expr, str]] = {
        ("now", "overdue"): (late, f"{wants_sql} AND {due_sql} < {at} {unanswered}"),
        ("now", "due_passed"): (pl.col("wants") & (due < moment), f"{wants_sql} AND {due_sql} < {at}"),
        ("now", "critical"): (critical & waits, f"severity = {_sql(top or '')} {unanswered}"),
        ("now", "handed_off"): ((pl.col("decision") == HAND_OFF) & waits, f"decision = 'hand off' {unanswered}"),
        ("now", "follow_ups"): (later <= moment, f"follow_up_at <= {at}"),
        ("now", "follow_ups_next"): (
            (later > moment) & (later <= moment + SOON),
            f"follow_up_at > {at} AND follow_up_at <= {soon}",
        ),
        ("now", "due_soon"): (waits & (due >= moment) & (due <= moment + SOON), f"{wants_sql} AND {due_sql} <= {soon}"),
        ("now", "pause"): (pl.col("pause_publishing"), "pause_publishing"),
        ("now", "waiting"): (waits, f"{wants_sql} {unanswered}"),
        ("troll", ""): (pl.col("decision") == IGNORE_AS_TROLL, "decision = 'ignore as troll'"),
        ("peer", ""): (pl.col("peer"), "answered_by = 'peer'"),
        ("new", ""): (~pl.col("message.author.known"), '"author.known" = false'),
    }
    if sheet.tells("answered_at"):
        del found["now", "due_passed"]
    for number, one in enumerate(spikes):
        first, last = (datetime.fromisoformat(one[end]) for end in ("from", "to"))
        inside = (pl.col("posted_at") >= pl.lit(first, _TIME)) & (pl.col("posted_at") < pl.lit(last, _TIME))
        found["spike", str(number)] = (inside, f"posted_at >= {_sql(one['from'])} AND posted_at < {_sql(one['to'])}")
    return found


_OPEN_ENDED = frozenset(
    {"tag", "topic", "product", "term", "unknown", "account", "because", "team", "channel", "decision"}
)


def _grouped(sheet: Sheet) -> dict[str, pl.LazyFrame]:
    """A list for each value of a column: frames of `value` and `rank`."""
    low, high = SIGNAL["sentiment"].cuts
    bad, even, good = SIGNAL["sentiment"].levels
    mood = pl.col("sentiment")
    values: dict[str, pl.Expr] = {
        "decision": pl.col("label"),
        "team": pl.when("wants").then(pl.col("desk").fill_null("")),
        "channel": pl.col("channel").fill_null(""),
        "cell": pl.concat_str(pl.col("severity").fill_null(""), pl.lit(_JOIN), pl.col("exposure").fill_null("")),
        "bucket": pl.col("bucket").dt.convert_time_zone("UTC"),
        "mood": pl.when(mood < low)
        .then(pl.lit(bad))
        .when(mood >= high)
        .then(pl.lit(good))
        .when(mood.is_not_null())
        .then(pl.lit(even)),
        "stars": pl.col("message.rating").round().cast(pl.Int64).cast(pl.String),
        "account": pl.col("message.account"),
        "topic": pl.col("message.topic"),
        "product": pl.col("message.product"),
        "because": pl.when(pl.col("decision") == IGNORE_AS_TROLL).then("because"),
    }
    listed = {"tag": all_tags(), "term": pl.col("terms").list.unique(), "unknown": pl.col("unknown").list.unique()}
    frames = {kind: sheet.asked.select(value.alias("value"), "rank") for kind, value in values.items()}
    for kind, value in listed.items():
        frames[kind] = sheet.asked.select(value.alias("value"), "rank").explode("value")
    return frames


def _where(kind: str, value: Any, sheet: Sheet) -> tuple[str, str]:
    """The filter that gives all messages of a list, and the table that it is for."""
    text = _sql(str(value))
    match kind:
        case "decision":
            decision, _, team = str(value).partition(" to ")
            return "decisions", f"decision = {_sql(decision)}" + (f" AND team = {_sql(team)}" if team else "")
        case "team" if value == "":
            return "decisions", "team IS NULL AND assign IS NULL"
        case "team":
            return "decisions", f"coalesce(team, assign) = {text}"
        case "cell":
            levels = zip(("severity", "exposure"), str(value).split(_JOIN), strict=True)
            return "decisions", " AND ".join(
                f"{name} = {_sql(one)}" if one else f"{name} IS NULL" for name, one in levels
            )
        case "bucket":
            return (
                "decisions",
                f"posted_at >= {_sql(jsonable(value))} AND posted_at < {_sql(jsonable(_end(value, sheet)))}",
            )
        case "tag":
            return "decisions", f"list_contains(tags, {text})"
        case "unknown":
            return "decisions", f"list_contains(unknown, {text})"
        case "because":
            return "decisions", f"decision = 'ignore as troll' AND because = {text}"
        case "mood":
            low, high = SIGNAL["sentiment"].cuts
            spans = {"negative": f"sentiment < {low}", "positive": f"sentiment >= {high}"}
            return "decisions", spans.get(str(value), f"sentiment >= {low} AND sentiment < {high}")
        case "channel":
            return "decisions", f"channel = {text}" if value else "channel IS NULL"
        case "stars":
            return "inbox", f"round(rating) = {value}"
        case "term":
            return "inbox", f"text mentions {value}"
        case _:
            return "inbox", f"{kind} = {text}"


def _end(start: datetime, sheet: Sheet) -> datetime:
    """Where a piece of the time line ends."""
    local = pl.Series([start], dtype=_TIME).dt.convert_time_zone(sheet.zone).dt.offset_by(sheet.every)
    end: datetime = local.dt.convert_time_zone("UTC").item()
    return end


def _sql(text: str) -> str:
    """A text as SQL writes it.

    >>> _sql("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _choose(listings: list[Listing], urgent: set[Key]) -> None:
    """Fill `shown` of every list, with at most `MOST_CARDS` different messages in all."""
    chosen: set[int] = set()

    def take(one: Listing, most: int) -> None:
        for rank in one.ranks[:most]:
            if rank in chosen or len(chosen) < MOST_CARDS:
                chosen.add(rank)

    for one in listings:
        if one.key in urgent and one.key != ("now", "waiting"):
            take(one, LONG)
    for most in _ROUNDS:
        for one in listings:
            take(one, most)
    for one in listings:
        one.shown = [rank for rank in one.ranks if rank in chosen]
