"""SVG elements. Everything written passes through ElementTree's escaping, and no author's text becomes an attribute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from engine.drawing.colours import HAIRLINE, INK, Paint

FONTS = '"Noto Sans", "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif'


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished piece of a drawing: its size, and its group with the upper left corner at the origin."""

    width: float
    height: float
    group: ET.Element

    def at(self, x: float, y: float) -> ET.Element:
        """The group, moved."""
        self.group.set("transform", f"translate({short(x)},{short(y)})")
        return self.group


def short(number: float) -> str:
    """A coordinate with at most one decimal.

    >>> short(12.04), short(0.25), short(-0.01)
    ('12', '0.2', '0')
    """
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(tag: str, into: ET.Element | None = None, **attributes: str | float) -> ET.Element:
    """A new element; `_` in an attribute's name stands for `-`."""
    written = {
        name.replace("_", "-"): value if isinstance(value, str) else short(value) for name, value in attributes.items()
    }
    return ET.Element(tag, written) if into is None else ET.SubElement(into, tag, written)


def group(hover: Iterable[str] = (), **attributes: str | float) -> ET.Element:
    """A group, with the lines that appear over it as its title."""
    made = element("g", None, **attributes)
    lines = "\n".join(hover)
    if lines:
        element("title", made).text = lines
    return made


def rectangle(
    into: ET.Element,
    size: tuple[float, float],
    fill: str,
    *,
    stroke: str = HAIRLINE,
    thick: float = 1.0,
    round_by: float = 6.0,
) -> None:
    """A rounded rectangle at the origin, its border inside its size."""
    width, height = size
    element(
        "rect",
        into,
        x=thick / 2,
        y=thick / 2,
        width=width - thick,
        height=height - thick,
        rx=round_by,
        fill=fill,
        stroke=stroke,
        stroke_width=thick,
    )


def words(
    into: ET.Element, text: str, at: tuple[float, float], size: float = 12.0, ink: str = INK, **attributes: str | float
) -> None:
    """One line of cleaned text, its baseline at a point."""
    element("text", into, x=at[0], y=at[1], font_size=size, fill=ink, **attributes).text = text


def mark(into: ET.Element, paint: Paint, at: tuple[float, float], ink: str | None = None) -> None:
    """A decision's mark in a box of 12 by 12 with its upper left corner at a point."""
    element(
        "path",
        into,
        d=paint.mark,
        transform=f"translate({short(at[0])},{short(at[1])})",
        fill="none",
        stroke=ink or paint.ink,
        stroke_width=1.5,
        stroke_linejoin="round",
        stroke_linecap="round",
    )
