"""What each kind of chart looks like, as Vega-Lite. Labels arrive ready: plain, short and different from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.report.morning.charts import colour, heat

Rows = Sequence[Mapping[str, Any]]
"""Points; every one may have `href` (None: no link) and `said`, what is shown over it."""

ROW = 26
_UTC = {"type": "utc"}


_MOST_TICKS = 12


def _axis(**more: Any) -> dict[str, Any]:
    return {"title": None, **more}


def _dates(points: Rows, dates: str, align: str = "left") -> dict[str, Any]:
    """An axis of times, named at the beginning of some of the pieces."""
    starts = sorted({one["from"] for one in points})
    if "%H" not in dates:
        starts = list({one[:10]: one for one in reversed(starts)}.values())[::-1]
    some = starts[:: -(-len(starts) // _MOST_TICKS)] if starts else []
    values = [round(datetime.fromisoformat(f"{one}+00:00").timestamp() * 1000) for one in some]
    return _axis(format=dates, grid=False, values=values, labelAlign=align, labelOverlap=True, labelFlush=False)


def _piled(points: Rows, by: str) -> list[dict[str, Any]]:
    """Points of the same `by` on top of one another, in their order: `low` and `high` of each, and as shares of the whole."""
    sums: dict[Any, float] = {}
    piled: list[dict[str, Any]] = []
    for one in sorted(points, key=lambda it: it["order"]):
        low = sums.get(one[by], 0)
        sums[one[by]] = low + one["amount"]
        piled.append({**one, "low": low, "high": sums[one[by]]})
    for one in piled:
        one |= {"low_share": one["low"] / sums[one[by]], "high_share": one["high"] / sums[one[by]]}
    return piled


def _linked(points: Rows) -> dict[str, Any]:
    """The encodings of links and hovering texts."""
    some = any(one.get("href") for one in points)
    return {"description": {"field": "said"}} | ({"href": {"field": "href"}} if some else {})


def stacked(
    points: Rows, series: Sequence[tuple[str, str]], dates: str, *, share: bool = False, height: int = 240
) -> dict[str, Any]:
    """Bars over time, stacked: points have `from`, `to` (local, naive), `series`, `order`, `amount`."""
    low, high = ("low_share", "high_share") if share else ("low", "high")
    look = {"format": "%"} if share else {"format": "~s" if _most(points, "from") >= 10_000 else "d", **_whole(points)}
    return {
        "height": height,
        "data": {"values": _piled(points, "from")},
        "mark": {"type": "rect", "stroke": colour("paper"), "strokeWidth": 1},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "scale": _UTC, "axis": _dates(points, dates)},
            "x2": {"field": "to"},
            "y": {"field": low, "type": "quantitative", "axis": _axis(tickCount=5, **look)},
            "y2": {"field": high},
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": [name for name, _ in series], "range": [colour(its) for _, its in series]},
            },
            **_linked(points),
        },
    }


def _whole(points: Rows) -> dict[str, Any]:
    return {"tickMinStep": 1} if _most(points, "from") < 10 else {}


def _most(points: Rows, by: str) -> float:
    sums: dict[Any, float] = {}
    for one in points:
        sums[one[by]] = sums.get(one[by], 0) + one["amount"]
    return max(sums.values(), default=0)


def grid(
    points: Rows, down: Sequence[str], across: Sequence[str], title_down: str, title_across: str
) -> dict[str, Any]:
    """A heat map with its numbers: points have `down`, `across`, `amount`."""
    most = max((one["amount"] for one in points), default=0)
    shaded = [{**one, "shade": colour(heat(one["amount"], most)), **_on(one["amount"], most)} for one in points]
    x = {
        "field": "across",
        "type": "ordinal",
        "sort": list(across),
        "axis": _axis(title=title_across, orient="top", labelAngle=0),
    }
    y = {"field": "down", "type": "ordinal", "sort": list(down), "axis": _axis(title=title_down, titlePadding=16)}
    return {
        "height": 44 * len(down),
        "data": {"values": shaded},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": colour("paper"), "strokeWidth": 2},
                "encoding": {"fill": {"field": "shade", "type": "nominal", "scale": None}, **_linked(points)},
            },
            {
                "mark": {"type": "text", "fontSize": 13, "aria": False},
                "encoding": {
                    "text": {"field": "shown", "type": "nominal"},
                    "fill": {"field": "inked", "type": "nominal", "scale": None},
                    **_linked(points),
                },
            },
        ],
    }


def _on(amount: float, most: float) -> dict[str, str]:
    dark = heat(amount, most) in ("heat3", "heat4", "heat5")
    return {
        "inked": colour("onheat" if dark else "ink" if amount else "faint"),
        "shown": f"{amount:,}" if amount else "·",
    }


def course(points: Rows, names: Sequence[str], dates: str) -> dict[str, Any]:
    """How often each name came up over time: points have `name`, `from`, `to`, `amount`; the darker the more."""
    most = max((one["amount"] for one in points), default=0)
    shaded = [{**one, "shade": colour(heat(one["amount"], most))} for one in points]
    return {
        "height": ROW * len(names),
        "data": {"values": shaded},
        "mark": {"type": "rect", "stroke": colour("paper"), "strokeWidth": 1.5},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "scale": _UTC, "axis": _dates(points, dates)},
            "x2": {"field": "to"},
            "y": {"field": "name", "type": "nominal", "sort": list(names), "axis": _axis()},
            "fill": {"field": "shade", "type": "nominal", "scale": None},
            **_linked(points),
        },
    }


def bars(points: Rows, shade: str = "accent") -> dict[str, Any]:
    """One bar a name, the number at its end: points have `name`, `amount`, `shown`, in order."""
    names = [one["name"] for one in points]
    y = {"field": "name", "type": "nominal", "sort": names, "axis": _axis()}
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": {"nice": False, "padding": 0}}
    return {
        "height": ROW * len(points),
        "data": {"values": list(points)},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "fill": colour(shade), "cornerRadiusEnd": 2}, "encoding": _linked(points)},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "aria": False},
                "encoding": {"text": {"field": "shown", "type": "nominal"}},
            },
        ],
    }


def shares(points: Rows, names: Sequence[str], series: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Bars of the whole width in parts: points have `name`, `series`, `order`, `amount`, `shown` (in the part)."""
    y = {"field": "name", "type": "nominal", "sort": list(names), "axis": _axis()}
    scale = {"domain": [name for name, _ in series], "range": [colour(its) for _, its in series]}
    return {
        "height": ROW * len(names),
        "data": {"values": _piled(points, "name")},
        "mark": {"type": "bar", "stroke": colour("paper"), "strokeWidth": 1},
        "encoding": {
            "x": {"field": "low_share", "type": "quantitative", "axis": _axis(format="%", tickCount=5)},
            "x2": {"field": "high_share"},
            "y": y,
            "color": {"field": "series", "type": "nominal", "scale": scale},
            **_linked(points),
        },
    }


def waits(points: Rows, ticks: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """From the median to the ninth decile on a scale of times: points have `name`, `median`, `p90` (seconds)."""
    names = [one["name"] for one in points]
    low = min(one["median"] for one in points)
    high = max(one["p90"] for one in points)
    marks = [one for one in ticks if low / 3 <= one[0] <= high * 3] or [ticks[0]]
    labels = "{" + ",".join(f"'{seconds}':'{text}'" for seconds, text in marks) + "}[datum.value]"
    axis = _axis(values=[seconds for seconds, _ in marks], labelExpr=labels)
    span = [min(low, marks[0][0]) / 1.2, max(high, marks[-1][0]) * 1.2]
    x = {"type": "quantitative", "scale": {"type": "log", "domain": span, "nice": False}, "axis": axis}
    y = {"field": "name", "type": "nominal", "sort": names, "axis": _axis()}
    return {
        "height": ROW * len(points),
        "data": {"values": list(points)},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "stroke": colour("accent"), "strokeWidth": 3},
                "encoding": {"x": {"field": "median", **x}, "x2": {"field": "p90"}, **_linked(points)},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 110, "fill": colour("accent"), "opacity": 1},
                "encoding": {"x": {"field": "median", **x}, **_linked(points)},
            },
            {
                "mark": {"type": "tick", "fill": colour("accent"), "thickness": 3, "size": 14},
                "encoding": {"x": {"field": "p90", **x}, **_linked(points)},
            },
        ],
    }


def lines(points: Rows, series: Sequence[tuple[str, str]], dates: str) -> dict[str, Any]:
    """Lines over time, each with a dash of its own: points have `from`, `series`, `amount`."""
    names = [name for name, _ in series]
    dashes = [[1, 0], [7, 4], [2, 3]][: len(series)]
    return {
        "height": 220,
        "data": {"values": list(points)},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "scale": _UTC, "axis": _dates(points, dates, "center")},
            "y": {"field": "amount", "type": "quantitative", "axis": _axis(tickCount=5, format="~s", tickMinStep=1)},
            "color": {
                "field": "series",
                "type": "nominal",
                "scale": {"domain": names, "range": [colour(its) for _, its in series]},
                "legend": {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 300},
            },
        },
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.2},
                "encoding": {
                    "strokeDash": {"field": "series", "type": "nominal", "scale": {"domain": names, "range": dashes}}
                },
            },
            {"mark": {"type": "point", "filled": True, "size": 46, "opacity": 1}, "encoding": _linked(points)},
        ],
    }


def spikes(points: Rows, marked: Rows, dates: str) -> dict[str, Any]:
    """The course of all messages, with bands where it spiked: `marked` have `from`, `to`, `href`, `said`."""
    time = {"field": "from", "type": "temporal", "scale": _UTC, "axis": _dates(points, dates)}
    bands: dict[str, Any] = {
        "data": {"values": list(marked)},
        "mark": {"type": "rect", "fill": colour("bad"), "fillOpacity": 0.22, "stroke": colour("bad"), "strokeWidth": 1},
        "encoding": {
            "x": {"field": "from", "type": "temporal", "scale": _UTC},
            "x2": {"field": "to"},
            **_linked(marked),
        },
    }
    line: dict[str, Any] = {
        "data": {"values": list(points)},
        "mark": {"type": "area", "interpolate": "step-after", "fill": colour("accent"), "fillOpacity": 0.85},
        "encoding": {
            "x": time,
            "y": {"field": "amount", "type": "quantitative", "axis": _axis(tickCount=5, format="~s", tickMinStep=1)},
        },
    }
    return {"height": 180, "layer": [line, bands] if marked else [line]}
