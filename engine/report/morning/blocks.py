"""What a page is made of: sections of blocks, a block being a chart with its table, a table, or notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell. `text` is escaped unless it is `Markup`; `share` (0 to 1) is also shown as a bar."""

    text: str | Markup
    href: str | None = None
    number: bool = False
    look: str = ""
    share: float | None = None


@dataclass(slots=True)
class Table:
    """A table; the first cell of a row is its heading. `numbers` are the places of the columns of numbers."""

    caption: str
    heads: Sequence[str]
    rows: list[list[Cell]]
    numbers: frozenset[int] = frozenset()


@dataclass(slots=True)
class Block:
    """A figure with a heading. `needs` says what would bring a figure that this file does not tell."""

    id: str
    title: str
    notes: list[str | Markup] = field(default_factory=list)
    chart: Markup | None = None
    table: Table | None = None
    folded: bool = False
    series: Table | None = None
    """The numbers of the chart, folded, where the table is of something else."""
    needs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A part of the page, named after the report that it is."""

    id: str
    title: str
    lead: str = ""
    blocks: list[Block] = field(default_factory=list)
