"""Small sheets of decided messages, drawn at random, and one with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from engine.report.morning.sheet import _DECIDED, MESSAGE

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")

SCHEMA: dict[str, Any] = (
    _DECIDED | {f"message.{name}": kind for name, kind in MESSAGE.items()} | {"terms": pl.List(pl.String)}
)
"""Every column that the report looks at."""

DECISIONS = ("respond publicly", "take private", "hand off", "ignore as troll", "no reply needed")
SEVERITY = ("low", "medium", "critical")
EXPOSURE = ("quiet", "viral")

_moments = st.none() | st.integers(0, 6 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
_words = st.lists(st.sampled_from(["a", "b", "賛辞", ""]), max_size=3)


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


@st.composite
def _rows(draw: st.DrawFn) -> dict[str, Any]:
    row: dict[str, Any] = {
        "thread": draw(_some("t1", "t2", "t3")),
        "posted_at": draw(_moments),
        "channel": draw(_some("x", "facebook", "email", "phone")),
        "message.author.id": draw(_some("p1", "p2", "p3", "p4")),
        "message.author.name": draw(_some("Aya", "Ben")),
        "message.account": draw(_some("@brand", "@help")),
        "message.thread.turns": draw(_some(1, 2, 7)),
        "message.reach": draw(_some(0, 10, 2500)),
        "message.likes": draw(_some(0, 3)),
        "message.shares": draw(_some(0, 5)),
        "message.text": draw(_some("hello", "遅い", "")),
    }
    if draw(st.integers(0, 3)) == 0:
        return row | {"decision": None, "message.direction": "outbound"}
    decision = draw(st.sampled_from(DECISIONS))
    later = [None, *(timedelta(minutes=minutes) for minutes in (0, 15, 60, 90, 24 * 60, 30 * 60))]
    base = row["posted_at"] or START

    def after() -> datetime | None:
        wait = draw(st.sampled_from(later))
        return base + wait if wait is not None else None

    row |= {name: after() for name in ("acknowledge_by", "reply_by", "resolve_by", "follow_up_at")}
    row |= {
        "decision": decision,
        "team": draw(st.sampled_from(["legal", "press"])) if decision == "hand off" else None,
        "assign": draw(_some("night desk")),
        "severity": draw(_some(*SEVERITY)),
        "exposure": draw(_some(*EXPOSURE)),
        "sentiment": draw(st.none() | st.sampled_from([-1.0, -0.15, 0.0, 0.15, 0.6])),
        "troll": draw(_some(0.2, 0.9)),
        "because": draw(st.sampled_from(["one", "two"])),
        "rule": "start.1",
        "path": ["start.1"],
        "unknown": draw(st.lists(st.sampled_from(["likes", "author.vip"]), max_size=2, unique=True)),
        "tags": draw(_words),
        "pause_publishing": draw(st.booleans()),
        "terms": draw(_words),
        "message.direction": "inbound",
        "message.tags": draw(st.none() | _words),
        "message.topic": draw(_some("delay", "refund", "")),
        "message.rating": draw(_some(1.0, 3.0, 5.0)),
        "message.author.known": draw(_some(True, False)),
        "message.answered_at": after(),
        "message.answered_by": draw(_some("brand", "peer")),
        "message.resolved_at": after(),
    }
    return row


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a sheet with every column; ids are given where a row has none."""
    whole = [
        {"id": f"m{number}"} | dict.fromkeys(SCHEMA) | {"id": f"m{number}"} | row for number, row in enumerate(rows)
    ]
    return pl.DataFrame(whole, schema=SCHEMA)


rows = st.lists(_rows(), max_size=25)
"""Rows of a small sheet, in which anything may be missing."""


def everything(count: int = 60) -> pl.DataFrame:
    """A sheet in which every figure has something to tell."""
    made: list[dict[str, Any]] = []
    for number in range(count):
        posted = START + timedelta(hours=2 * number)
        decision = DECISIONS[number % 5]
        made.append(
            {
                "thread": f"t{number // 2}",
                "posted_at": posted,
                "channel": ("x", "email", "line")[number % 3],
                "lang": ("en", "ja")[number % 2],
                "decision": decision,
                "team": "legal" if decision == "hand off" else None,
                "severity": SEVERITY[number % 3],
                "exposure": EXPOSURE[number % 2],
                "sentiment": (-0.6, 0.0, 0.7)[number % 3],
                "troll": 0.8 if decision == "ignore as troll" else 0.1,
                "rule": f"start.{number % 5 + 1}",
                "path": [f"start.{number % 5 + 1}"],
                "because": "it is so",
                "unknown": ["author.vip"] if number % 4 == 0 else [],
                "acknowledge_by": posted + timedelta(minutes=30),
                "reply_by": posted + timedelta(hours=2),
                "resolve_by": posted + timedelta(days=1),
                "follow_up_at": posted + timedelta(days=2) if number % 3 == 0 else None,
                "notify": [{"who": "duty manager", "at": posted + timedelta(hours=1)}],
                "tags": ["complaint", "返金"][: number % 3],
                "priority": "high",
                "reply": "thanks",
                "pause_publishing": number == 1,
                "playbook": "Test",
                "playbook_version": "abc",
                "terms": ["safety"] if number % 5 == 0 else [],
                "message.text": ("The parcel is late again", "荷物がまだ届きません")[number % 2],
                "message.direction": "inbound",
                "message.account": "@brand",
                "message.link": "https://social.example/p/1",
                "message.author.id": f"p{number % 17}",
                "message.author.handle": f"person{number % 17}",
                "message.author.followers": 10 * number,
                "message.author.known": number % 4 == 0,
                "message.topic": ("delivery", "配送")[number % 2],
                "message.product": "Kettle",
                "message.rating": float(number % 5 + 1),
                "message.tags": ["from the source"],
                "message.thread.turns": number % 7 + 1,
                "message.answered_at": posted + timedelta(minutes=20 * (number % 9)) if number % 4 else None,
                "message.answered_by": ("brand", "peer")[number % 7 == 0] if number % 4 else None,
                "message.resolved_at": posted + timedelta(hours=20) if number % 4 == 0 else None,
            }
        )
        if number % 4:
            made.append(
                {
                    "thread": f"t{number // 2}",
                    "posted_at": posted + timedelta(minutes=20 * (number % 9)),
                    "channel": ("x", "email", "line")[number % 3],
                    "message.direction": "outbound",
                    "message.text": "We are on it",
                    "message.author.name": ("Aya", "Ben")[number % 2],
                    "message.account": "@brand",
                    "message.reach": 100 * number,
                    "message.likes": number,
                }
            )
    return frame(made)
