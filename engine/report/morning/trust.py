"""How far the report can be trusted: what was unknown and mattered, what each field covers, what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from engine.report.morning.asking import Asked, rows
from engine.report.morning.sheet import Sheet

MOST_UNKNOWN = 20
MOST_REASONS = 20
MOST_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Unread:
    """The rows that could not be read. Examples have `inbox`, `line`, `reason`, `raw`; `file` is where all of them are."""

    rows: int
    reasons: Mapping[str, int]
    examples: Sequence[Mapping[str, object]] = field(default_factory=tuple)
    file: str | None = None


class Covered(Protocol):
    """How many rows have a field, how many do not, and how many had something there that could not be read."""

    @property
    def name(self) -> str:
        """The field's name."""

    @property
    def known(self) -> int:
        """Rows that have it."""

    @property
    def unknown(self) -> int:
        """Rows that do not."""

    @property
    def invalid(self) -> int:
        """Rows that were not read because of it."""


def unknown(sheet: Sheet) -> Asked:
    """The fields that were unknown and mattered to a decision, the most frequent first."""
    each = sheet.asked.select("unknown").explode("unknown").filter(pl.col("unknown").is_not_null())
    found = yield {
        "of": each.group_by(pl.col("unknown").alias("field")).agg(pl.len().alias("messages")),
        "all": sheet.asked.select((pl.col("unknown").list.len().fill_null(0) > 0).sum().alias("messages")),
    }
    ordered = found["of"].sort("messages", "field", descending=[True, False])
    return {"known": True, **rows(found["all"])[0], "of": rows(ordered.head(MOST_UNKNOWN))}


def covered(coverage: Sequence[Covered] | None) -> dict[str, Any]:
    """How much of each field the inbox has."""
    if coverage is None:
        return {"known": False, "needs": ["coverage"]}
    of = [{"field": one.name, "known": one.known, "unknown": one.unknown, "invalid": one.invalid} for one in coverage]
    return {"known": True, "of": of}


def quarantine(unread: Unread | None, dropped: Mapping[str, int] | None) -> dict[str, Any]:
    """The rows that could not be read, by reason; and those left out on purpose."""
    left_out = [{"reason": reason, "rows": rows} for reason, rows in (dropped or {}).items()]
    if unread is None:
        return {"known": False, "needs": ["unread"], "dropped": left_out}
    reasons = sorted(unread.reasons.items(), key=lambda one: (-one[1], one[0]))
    return {
        "known": True,
        "rows": unread.rows,
        "file": unread.file,
        "different_reasons": len(reasons),
        "reasons": [{"reason": reason, "rows": rows} for reason, rows in reasons[:MOST_REASONS]],
        "dropped": left_out,
    }
