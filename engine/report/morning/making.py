"""What the sections of a page are made with: the figures, the lists behind them, the language, and the charts so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from markupsafe import Markup

from engine.report.morning.blocks import Block, Cell
from engine.report.morning.charts import drawn
from engine.report.morning.lists import Lists
from engine.report.morning.tongue import Tongue, own, shown

_LABEL = 34


@dataclass(slots=True)
class Making:
    """Charts are numbered as they are drawn, so that their ids differ."""

    tongue: Tongue
    figures: Mapping[str, dict[str, Any]]
    lists: Lists
    charts: int = 0

    def say(self, text: str, **values: object) -> str:
        """A sentence of ours."""
        return self.tongue.say(text, **values)

    def marked(self, text: str, **values: object) -> Markup:
        """A sentence of ours with values that are marked up, or escaped."""
        return Markup(self.tongue.template(text)).format(**values)  # noqa: S704  a sentence of ours

    def chart(self, specification: Mapping[str, Any], title: str, description: str) -> Markup:
        """A chart, drawn."""
        self.charts += 1
        return Markup(drawn(specification, self.charts, title, description))  # noqa: S704  written by ElementTree

    def number(self, amount: float | None, href: str | None = None, look: str = "") -> Cell:
        """A cell with a number."""
        return Cell(self.tongue.count(amount), href if amount else None, number=True, look=look)

    def share(self, part: float | None, whole: float | None, *, bar: bool = True) -> Cell:
        """A cell with a share."""
        filled = part / whole if bar and part is not None and whole else None
        return Cell(self.tongue.share(part, whole), number=True, share=filled)

    def time(self, seconds: float | None) -> Cell:
        """A cell with a duration."""
        return Cell(self.tongue.span(seconds), number=True)

    def name(self, text: str | None, href: str | None = None, nothing: str = "") -> Cell:
        """A cell with an author's word, or with a word of ours where there is none."""
        return Cell(own(text), href) if text else Cell(nothing or self.say("not known"), href, look="faint")

    def label(self, text: str | None, nothing: str = "") -> str:
        """A word for a chart: plain, on one line, short."""
        return " ".join(shown(text, _LABEL).split()) if text else nothing or self.say("not known")

    def unknown(self, block: Block, figure: Mapping[str, Any]) -> bool:
        """Whether a figure cannot be told; the block then says what would bring it."""
        if figure["known"]:
            return False
        block.needs = [str(one) for one in figure.get("needs", ())]
        return True

    def pieces(self, moments: Iterable[str], every: str) -> dict[str, tuple[str, str]]:
        """For each beginning of a piece of the time line, its beginning and end as local times without a zone."""
        ordered = sorted(set(moments))
        starts = pl.Series([datetime.fromisoformat(one) for one in ordered], dtype=pl.Datetime("us", "UTC"))
        local = starts.dt.convert_time_zone(self.tongue.zone).dt.replace_time_zone(None)
        ends = local.dt.offset_by(every)
        written = "%Y-%m-%dT%H:%M:%S"
        return {
            one: (start, end)
            for one, start, end in zip(ordered, local.dt.strftime(written), ends.dt.strftime(written), strict=True)
        }


def distinct(labels: Sequence[str]) -> list[str]:
    """Labels that differ from one another, by spaces that are not seen.

    >>> [len(one) for one in distinct(["a", "a", "b"])]
    [1, 2, 1]
    """
    seen: dict[str, int] = {}
    found = []
    for one in labels:
        times = seen.get(one, 0)
        seen[one] = times + 1
        found.append(one + "\u2060" * times)
    return found
