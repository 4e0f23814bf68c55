"""The sheet: decided messages as one lazy table, with what the report needs of each row worked out beside it.

Nothing is read row by row: figures are asked of the sheet as lazy frames and answered together (`asking.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from engine.clock import CLOCK_COLUMNS, NOTIFY
from engine.decision import HAND_OFF, RESPOND_PUBLICLY, TAKE_PRIVATE
from engine.message import CHANNELS

WANTS = (RESPOND_PUBLICLY, TAKE_PRIVATE, HAND_OFF)
"""The decisions after which somebody waits for us."""

NOT_SOCIAL = frozenset({"email", "chat", "phone", "sms", "web", "review", "store"})
SOCIAL = tuple(one for one in CHANNELS if one not in NOT_SOCIAL)
"""Assumption: networks, their messengers and forums are social; mail, telephone, our own chat, forms and shops are not."""

USUAL = (
    "none", "minimal", "private", "few", "low", "minor", "small", "quiet", "limited", "medium", "moderate", "normal", "some",
    "high", "major", "large", "loud", "public", "wide", "many", "severe", "viral", "critical", "extreme",
)  # fmt: skip
"""Assumption: levels from low to high where the caller does not name the scales; others stand before them, by name."""

MOST_BUCKETS = 120
_TIME = pl.Datetime("us", "UTC")
_EVERY = (
    ("1h", timedelta(hours=1)),
    ("1d", timedelta(days=1)),
    ("1w", timedelta(days=7)),
    ("1mo", timedelta(days=31)),
    ("1q", timedelta(days=92)),
    ("1y", timedelta(days=366)),
)
_FEW_HOURS = timedelta(hours=48)

_TEXTS = ("id", "thread", "channel", "lang", "decision", "team", "severity", "exposure", "rule", "because", "priority")
_DECIDED: dict[str, Any] = {
    **dict.fromkeys(_TEXTS, pl.String()),
    **dict.fromkeys(("assign", "reply", "playbook", "playbook_version", "engine_version"), pl.String()),
    **dict.fromkeys(("sentiment", "troll"), pl.Float64()),
    **dict.fromkeys(("path", "unknown", "tags"), pl.List(pl.String)),
    **dict.fromkeys(("posted_at", *CLOCK_COLUMNS), _TIME),
    "notify": NOTIFY,
    "pause_publishing": pl.Boolean(),
}

MESSAGE: dict[str, Any] = {
    **dict.fromkeys(
        ("text", "direction", "visibility", "account", "link", "author.id", "author.name", "author.handle", "topic"),
        pl.String(),
    ),
    **dict.fromkeys(("product", "answered_by"), pl.String()),
    **dict.fromkeys(("author.followers", "likes", "shares", "replies", "views", "reach"), pl.Int64()),
    **dict.fromkeys(("thread.turns", "thread.our_replies", "author.messages"), pl.Int64()),
    **dict.fromkeys(("author.known", "author.verified"), pl.Boolean()),
    **dict.fromkeys(("answered_at", "resolved_at"), _TIME),
    "rating": pl.Float64(),
    "tags": pl.List(pl.String),
}
"""The columns of a message that the report looks at; in the sheet each is called `message.NAME`."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table and what is said of all of it.

    `frame` has every column of a decision and of `MESSAGE` (null where the file has none), `terms`, and: `row` (UInt32,
    from 0), `ours`, `wants`, `answered` (null: the file does not tell), `peer`, `waited` and `solved` (seconds), `due`,
    `late` (null: due, and the file does not tell of answers), `rank` (Int64; the smaller, the sooner a person looks),
    `desk`, `bucket`, `cell`, `label`. `told` are the message columns that the file tells something in.
    """

    frame: pl.LazyFrame
    told: frozenset[str]
    as_of: datetime | None
    first: datetime | None
    last: datetime | None
    zone: str
    every: str
    scales: Mapping[str, tuple[str, ...]]
    inbound: int
    outbound: int

    @property
    def asked(self) -> pl.LazyFrame:
        """The messages to us."""
        return self.frame.filter(~pl.col("ours"))

    @property
    def sent(self) -> pl.LazyFrame:
        """Our own messages."""
        return self.frame.filter(pl.col("ours"))

    def tells(self, *names: str) -> bool:
        """Whether the file tells something in each of these message columns."""
        return self.told.issuperset(names)

    def lacks(self, *names: str) -> dict[str, Any]:
        """A figure that cannot be known from this file, with the columns that would bring it."""
        return {"known": False, "needs": [f"message.{one}" for one in names if one not in self.told]}


def sheet_of(
    given: pl.LazyFrame,
    *,
    as_of: datetime | None = None,
    zone: str = "UTC",
    scales: Mapping[str, Sequence[str]] | None = None,
) -> Sheet:
    """Look a table over once and work out what the figures are asked of.

    Args:
        given: see `engine.report.morning`.
        as_of: the moment that is spoken of; by default the latest moment in the table.
        zone: where days and hours are cut.
        scales: the levels of severity and exposure, lowest first.
    """
    ZoneInfo(zone)
    schema = given.collect_schema()
    frame = _complete(given, frozenset(schema.names()))
    seen = frame.select(*_glance(schema.names())).collect().row(0, named=True)
    told = {name for name in MESSAGE if seen.get(f"has {name}")}
    if "message.answered_at" in schema and seen["outbound"]:
        told.add("answered_at")  # nobody answered, which the file would tell
    if seen["has terms"]:
        told.add("terms")
    first, last = seen["first"], seen["last"]
    moments = [one for one in (last, seen["answered"], seen["resolved"], seen["sent"]) if one is not None]
    moment = as_of.astimezone(UTC) if as_of else max(moments, default=None)
    levels = {
        name: tuple((scales or {}).get(name) or _in_usual_order(seen[f"levels {name}"]))
        for name in ("severity", "exposure")
    }
    every = _every(first, last)
    return Sheet(
        _worked_out(frame, told, moment, zone, every, levels),
        frozenset(told),
        moment,
        first,
        last,
        zone,
        every,
        levels,
        seen["inbound"],
        seen["outbound"],
    )


def _complete(given: pl.LazyFrame, there: frozenset[str]) -> pl.LazyFrame:
    wanted = _DECIDED | {f"message.{name}": kind for name, kind in MESSAGE.items()} | {"terms": pl.List(pl.String)}
    columns = [
        (pl.col(name).cast(kind, strict=False) if name in there else pl.lit(None, kind)).alias(name)
        for name, kind in wanted.items()
    ]
    ours = pl.col("decision").is_null() & (pl.col("message.direction").fill_null("outbound") == "outbound")
    return given.select(columns).with_row_index("row").with_columns(ours=ours)


def _glance(there: Sequence[str]) -> list[pl.Expr]:
    inbound = ~pl.col("ours")
    posted = pl.col("posted_at")
    looked = [pl.col(f"message.{name}").is_not_null().any().alias(f"has {name}") for name in MESSAGE]
    return [
        *looked,
        pl.lit("terms" in there).alias("has terms"),
        posted.filter(inbound).min().alias("first"),
        posted.filter(inbound).max().alias("last"),
        posted.filter(~inbound).max().alias("sent"),
        pl.col("message.answered_at").max().alias("answered"),
        pl.col("message.resolved_at").max().alias("resolved"),
        inbound.sum().alias("inbound"),
        (~inbound).sum().alias("outbound"),
        *(pl.col(name).drop_nulls().unique().implode().alias(f"levels {name}") for name in ("severity", "exposure")),
    ]


def _in_usual_order(levels: Sequence[str]) -> list[str]:
    places = {name: place for place, name in enumerate(USUAL)}
    return sorted(levels, key=lambda one: (places.get(one.lower(), -1), one))


def _every(first: datetime | None, last: datetime | None) -> str:
    """How long a piece of the time line is: an hour up to two days, then the shortest that gives few enough pieces."""
    if first is None or last is None:
        return "1d"
    span = last - first
    if span <= _FEW_HOURS:
        return "1h"
    return next((name for name, length in _EVERY[1:] if span / length <= MOST_BUCKETS), "1y")


def _worked_out(
    frame: pl.LazyFrame,
    told: set[str],
    moment: datetime | None,
    zone: str,
    every: str,
    levels: Mapping[str, tuple[str, ...]],
) -> pl.LazyFrame:
    now = pl.lit(moment, _TIME)
    answer, resolved, posted = (pl.col(one) for one in ("message.answered_at", "message.resolved_at", "posted_at"))
    wants = pl.col("decision").is_in(WANTS)
    is_told, is_solved_told = "answered_at" in told, "resolved_at" in told
    no = pl.lit(value=False)
    answered = (answer.is_not_null() & (answer <= now)).fill_null(no) if is_told else pl.lit(None, pl.Boolean)
    solved = (resolved.is_not_null() & (resolved <= now)).fill_null(no) if is_solved_told else pl.lit(None, pl.Boolean)
    peer = answered & (pl.col("message.answered_by") == "peer").fill_null(no)
    due = pl.min_horizontal("acknowledge_by", "reply_by")
    passed = wants & (due < now).fill_null(no)
    unsolved = (wants & (pl.col("resolve_by") < now).fill_null(no) & ~solved).fill_null(no)
    late = (passed & ~answered) | unsolved
    waited = (answer - posted).dt.total_microseconds() / 1e6
    took = (resolved - posted).dt.total_microseconds() / 1e6
    team = pl.col("team")
    return frame.with_columns(
        wants=wants,
        answered=answered,
        solved=solved,
        peer=peer.fill_null(no),
        due=due,
        late=pl.when(pl.col("ours")).then(None).otherwise(late),
        waited=pl.when(answered & ~peer.fill_null(no) & (waited >= 0)).then(waited),
        took=pl.when(solved & (took >= 0)).then(took),
        desk=pl.coalesce(team, "assign"),
        label=pl.when(team.is_not_null())
        .then(pl.concat_str(pl.col("decision"), pl.lit(" to "), team))
        .otherwise("decision"),
        bucket=posted.dt.convert_time_zone(zone).dt.truncate(every),
        severity_place=_place("severity", levels["severity"]),
        exposure_place=_place("exposure", levels["exposure"]),
    ).with_columns(rank=_rank())


def _place(scale: str, levels: Sequence[str]) -> pl.Expr:
    """A level's place in its scale from 1; 0 for none, and for one that the scale does not have."""
    places = {name: place for place, name in enumerate(levels, 1)}
    return pl.col(scale).replace_strict(places, default=0, return_dtype=pl.Int64)


def _rank() -> pl.Expr:
    """Who waits comes first, then by severity, then who waits too long, then by exposure, then in the file's order."""
    waits = pl.col("wants").fill_null(value=False) & ~pl.col("answered").fill_null(value=False)
    late = pl.col("late").fill_null(pl.col("wants") & (pl.col("due").is_not_null())).fill_null(value=False)
    most = 255
    bands = (~waits).cast(pl.Int64) * 256 + (most - pl.col("severity_place").clip(0, most))
    bands = (bands * 2 + (~late).cast(pl.Int64)) * 256 + (most - pl.col("exposure_place").clip(0, most))
    return bands * 2**32 + pl.col("row").cast(pl.Int64)
