"""Figures counted message by message, in plain Python, for tests to hold the report against."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.message import time_text
from engine.report.morning import report
from tests.report import sheets
from tests.report.sheets import frame

ZONE = "Asia/Tokyo"
WANTS = ("respond publicly", "take private", "hand off")
SOCIAL = {"x", "facebook"}
Row = dict[str, Any]


class Counted:
    """The same rows, as plain Python looks at them."""

    def __init__(self, rows: list[Row]) -> None:
        blank = dict.fromkeys(sheets.SCHEMA)
        every = [blank | {"place": place} | row for place, row in enumerate(rows)]
        self.sent = [one for one in every if one["decision"] is None]
        self.asked = [one for one in every if one["decision"] is not None]
        moments = [one["posted_at"] for one in every]
        moments += [one[f"message.{name}"] for one in every for name in ("answered_at", "resolved_at")]
        self.now = max((one for one in moments if one), default=None)
        self.told = {
            name[8:] for one in every for name in sheets.SCHEMA if name.startswith("message.") and one[name] is not None
        }
        if self.sent:
            self.told.add("answered_at")
        self.every = every

    def answered(self, one: Row) -> bool:
        return one["message.answered_at"] is not None and one["message.answered_at"] <= self.now

    def peer(self, one: Row) -> bool:
        return self.answered(one) and one["message.answered_by"] == "peer"

    def solved(self, one: Row) -> bool:
        return one["message.resolved_at"] is not None and one["message.resolved_at"] <= self.now

    def waited(self, one: Row) -> float | None:
        if one["posted_at"] is None or not self.answered(one) or self.peer(one):
            return None
        wait = (one["message.answered_at"] - one["posted_at"]).total_seconds()
        return wait if wait >= 0 else None

    def due(self, one: Row) -> datetime | None:
        return min((at for at in (one["acknowledge_by"], one["reply_by"]) if at), default=None)

    def passed(self, at: datetime | None) -> bool:
        return at is not None and self.now is not None and at < self.now


def wants(one: Row) -> bool:
    return one["decision"] in WANTS


def ninth(values: list[float]) -> float | None:
    """The ninth decile, between neighbours in proportion."""
    if not values:
        return None
    ordered = sorted(values)
    place = 0.9 * (len(ordered) - 1)
    low = int(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def middle(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return statistics.median(known) if known else None


def mean(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return round(sum(known) / len(known), 4) if known else None


def total(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None


def near(found: Any, wanted: Any) -> None:
    """The same, numbers up to the rounding of the figures."""
    assert found == pytest.approx(wanted, abs=2e-4) if isinstance(wanted, float) else found == wanted


def alike(found: list[Row], wanted: dict[Any, Row], *names: str) -> None:
    """The rows of a figure, by the values of `names`, are the wanted ones."""
    keyed = {tuple(one[name] for name in names) if len(names) > 1 else one[names[0]]: one for one in found}
    assert len(keyed) == len(found)
    assert set(keyed) == set(wanted)
    for key, row in wanted.items():
        for name, value in row.items():
            near(keyed[key][name], value)


def figures(rows: list[Row]) -> Row:
    scales = {"severity": sheets.SEVERITY, "exposure": sheets.EXPOSURE}
    return report(frame(rows).lazy(), title="Test", zone=ZONE, scales=scales).figures()


def grouped(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for one in rows:
        found[key(one)].append(one)
    return found


def moment(at: datetime) -> str:
    return time_text(at.astimezone(UTC))
