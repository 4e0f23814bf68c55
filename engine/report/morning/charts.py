"""Charts: drawn by Vega-Lite without a browser, then reduced to what a page under a strict policy can hold.

Only shapes, texts and links into the page are kept. Colours become classes, so that the style sheet gives them for light
and dark; links are for the mouse, as everything that is linked stands in the table beside the chart as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

WIDTH = 900
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"

COLOURS = {
    name: f"#0101{number:02x}"
    for number, name in enumerate(
        (
            "ink", "faint", "line", "paper", "public", "private", "handoff", "troll", "none", "good", "half", "bad",
            "accent", "second", "third", "band", "heat0", "heat1", "heat2", "heat3", "heat4", "heat5", "onheat",
        ),
        1,
    )
}  # fmt: skip
"""Stand-ins by which the colours of a drawing are found; the style sheet says what they are."""

DECIDED = {
    "respond publicly": "public",
    "take private": "private",
    "hand off": "handoff",
    "ignore as troll": "troll",
    "no reply needed": "none",
}

_KEPT = frozenset({
    "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform", "opacity", "fill-opacity", "stroke-opacity",
    "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "text-anchor", "font-size", "font-weight",
})  # fmt: skip
_TAGS = frozenset({"g", "path", "rect", "line", "text", "tspan", "circle"})
_NOTHING = frozenset({"", "M0,0h0v0h0Z"})
_LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{2,}")


def colour(name: str) -> str:
    """A colour's stand-in for a specification."""
    return COLOURS[name]


def heat(amount: float, most: float) -> str:
    """The shade of a cell: 0 for nothing, up to 5.

    >>> heat(0, 10), heat(1, 10), heat(10, 10)
    ('heat0', 'heat2', 'heat5')
    """
    if amount <= 0:
        return "heat0"
    return f"heat{1 + min(4, int(5 * (amount / most) ** 0.6))}"


def drawn(specification: Mapping[str, Any], number: int, title: str, description: str) -> str:
    """A chart as an SVG element for a page. `number` makes its ids its own.

    Args:
        specification: Vega-Lite without its schema, size and looks. A mark's `description` becomes what is shown over it, and
            its `href` is kept when it begins with `#`.
        number: different for every chart of a page.
        title: what it is.
        description: what it shows, in a sentence.
    """
    import vl_convert  # it takes a while to load

    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 14, "right": 14, "top": 2, "bottom": 2},
        "config": _LOOKS,
        **specification,
    }
    root = ET.fromstring(vl_convert.vegalite_to_svg(whole))  # noqa: S314  drawn here, one line above
    size = tuple(float(root.get(side, "0")) for side in ("width", "height"))
    made = ET.Element("svg", {"viewBox": f"0 0 {size[0]:.0f} {size[1]:.0f}", "role": "img"})
    made.set("aria-labelledby", f"chart-{number}-title chart-{number}-desc")
    ET.SubElement(made, "title", {"id": f"chart-{number}-title"}).text = title
    ET.SubElement(made, "desc", {"id": f"chart-{number}-desc"}).text = description
    _keep(root, made)
    return ET.tostring(made, encoding="unicode")


def _keep(given: ET.Element, into: ET.Element) -> None:
    """Copy what may stay of the children of an element."""
    for one in given:
        tag = one.tag.removeprefix(_SVG)
        if tag == "a":
            _, sign, place = one.get(_LINK, "").rpartition("#")
            linked = ET.Element("a", {"href": f"#{place}", "tabindex": "-1"}) if sign else ET.Element("g")
            _keep(one, linked)
            if len(linked):
                into.append(linked)
            continue
        if tag not in _TAGS or one.get("display") == "none" or (tag == "path" and one.get("d", "") in _NOTHING):
            continue
        if one.get("class") == "background":
            continue
        kept = ET.Element(tag, {name: _short(value) for name, value in one.attrib.items() if name in _KEPT})
        names = [_class(kind, one.get(kind)) for kind in ("fill", "stroke")]
        if any(names):
            kept.set("class", " ".join(name for name in names if name))
        for kind in ("fill", "stroke"):
            if one.get(kind) in ("none", "transparent"):
                kept.set(kind, "none")
        kept.text = one.text
        if one.get("aria-label") and one.get("role") == "graphics-symbol" and tag != "g":
            ET.SubElement(kept, "title").text = one.get("aria-label")
        _keep(one, kept)
        if tag == "g" and not len(kept):
            continue
        if tag == "g" and not kept.attrib:
            into.extend(list(kept))
        else:
            into.append(kept)


_CLASSES = {code: name for name, code in COLOURS.items()}


def _class(kind: str, value: str | None) -> str | None:
    name = _CLASSES.get(value or "")
    return f"{kind[0]}-{name}" if name else None


def _short(value: str) -> str:
    return _LONG_NUMBER.sub(lambda one: f"{float(one[0]):.1f}".removesuffix(".0"), value)


_INK, _FAINT, _LINE = (COLOURS[name] for name in ("ink", "faint", "line"))
_LOOKS: dict[str, Any] = {
    "font": "Noto Sans JP, Noto Sans CJK JP, Noto Sans, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _FAINT,
        "gridColor": _LINE,
        "domainColor": _LINE,
        "tickColor": _LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 220,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {
        "labelColor": _INK,
        "titleColor": _FAINT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "symbolType": "square",
        "symbolStrokeWidth": 0,
        "orient": "top",
        "title": None,
        "labelLimit": 260,
        "columnPadding": 18,
    },
    "text": {"fontSize": 12, "fill": _INK},
    "bar": {"discreteBandSize": {"band": 0.72}},
}
