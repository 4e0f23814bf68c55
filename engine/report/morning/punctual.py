"""The blocks on first answers and resolutions: how long they took, and how often they came in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from engine.report.morning import plots
from engine.report.morning.blocks import Block, Cell, Table
from engine.report.morning.making import Making, distinct

EXPECTED = "Of consumers, 40% to 42% are said to expect an answer within one hour, and 76% to 79% within 24 hours; the sources differ, so this is no target."
"""Source: Northridge Group, State of Customer Service Experience (42%, within one hour), and two articles on care in social
media that quote 40%/79% and 40%/76% without naming theirs."""

_TICKS = (1, 5, 15, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000)
_MOST_ROWS = 15
_TITLES = {
    ("first_answers", "channel"): "First answers per channel",
    ("first_answers", "team"): "First answers and response rate per team",
    ("resolutions", "channel"): "Resolutions per channel",
    ("resolutions", "team"): "Resolutions per team",
}
_PROMISES = {
    "first_answers": (("acknowledge", "acknowledged in time"), ("reply", "answered in time")),
    "resolutions": (("resolve", "resolved in time"),),
}
_KINDS = (("kept", "in time", "good"), ("broken", "too late or still waiting", "bad"), ("open", "not due yet", "none"))

Parts = Sequence[tuple[str, str | None, Mapping[str, Any]]]
"""What the clocks are told of, each with its label and its link."""


def punctual(making: Making, figure_name: str, key: str) -> list[Block]:
    """The blocks of one clock by channel or team."""
    say, figure = making.say, making.figures[figure_name]
    block = Block(f"{figure_name.replace('_', '-')}-{key}", say(_TITLES[figure_name, key]))
    if making.unknown(block, figure):
        return [block]
    nothing = say("our own desk") if key == "team" else ""
    every: list[dict[str, Any]] = figure[f"by_{key}"][:_MOST_ROWS]
    labels = distinct([making.label(one[key], nothing) for one in every])
    parts = [(label, making.lists.href(key, one[key]), one) for label, one in zip(labels, every, strict=True)]
    first = figure_name == "first_answers"
    promises = _PROMISES[figure_name]
    rows = [[making.name(one[key], href, nothing), *_cells(making, one, href, promises)] for _, href, one in parts]
    if len(every) > 1:
        href = making.lists.href("now", "waiting")
        rows.append([Cell(say("all together"), look="total"), *_cells(making, figure["all"], href, promises)])
    heads = [say("team") if key == "team" else say("channel"), say("want an answer")]
    heads += [say("response rate"), say("no answer known")] if first else [say("resolved"), say("not resolved")]
    heads += [say("median"), say("9 in 10 within"), *(say(words) for _, words in promises)]
    heads += [say("within 1 hour"), say("within 24 hours")] if first else []
    block.chart = _waits(making, block.title, parts)
    block.table = Table(block.title, heads, rows, frozenset(range(1, len(heads))))
    block.notes.append(
        say(
            "Times and shares are of messages that want an answer. In time: of the promises that were kept or broken; those not due yet are left out."
        )
    )
    if first and key == "channel":
        block.notes.append(say(EXPECTED))
    return [block, *(more for promise in promises if (more := _kept(making, block, parts, promise)))]


def _cells(making: Making, one: Mapping[str, Any], href: str | None, promises: Sequence[tuple[str, str]]) -> list[Cell]:
    if "answered" in one:
        done, missing = one["answered"] + one["answered_by_peers"], one["no_answer_known"]
    else:
        done, missing = one["resolved"], one["not_resolved"]
    row = [
        making.number(one["want_answer"], href),
        making.share(done, one["want_answer"]),
        making.number(missing, href),
    ]
    row += [making.time(one["median"]), making.time(one["p90"])]
    for kind, _ in promises:
        row.append(making.share(one[f"{kind}_kept"], one[f"{kind}_kept"] + one[f"{kind}_broken"], bar=False))
    if "answered" in one:
        within = (one["within_1_hour"], one["within_24_hours"])
        row += [making.share(amount, one["want_answer"], bar=False) for amount in within]
    return row


def _waits(making: Making, title: str, parts: Parts) -> Markup | None:
    """From the median to the ninth decile, one line a part."""
    say, span = making.say, making.tongue.span
    points = []
    for name, href, one in parts:
        if one["median"] is not None:
            times = {"median": span(one["median"]), "p90": span(one["p90"])}
            said = say("{name}: median {median}, 9 in 10 within {p90}", name=name, **times)
            low, high = max(one["median"], 1), max(one["p90"], 1)
            points.append({"name": name, "median": low, "p90": high, "href": href, "said": said})
    if not points:
        return None
    ticks = [(seconds, span(seconds)) for seconds in _TICKS]
    described = say(
        "From the median (dot) to the time within which 9 in 10 were done (tick), on a scale that grows tenfold."
    )
    return making.chart(plots.waits(points, ticks), title, described)


def _kept(making: Making, of: Block, parts: Parts, promise: tuple[str, str]) -> Block | None:
    """How many promises of a kind were kept, broken, or are not due yet."""
    say = making.say
    kind, words = promise
    block = Block(
        f"{of.id}-{kind}", f"{of.title}: {say(words)}" if making.tongue.lang == "en" else f"{of.title}：{say(words)}"
    )
    points, rows = [], []
    for name, href, one in parts:
        amounts = [one[f"{kind}_{its}"] for its, _, _ in _KINDS]
        if not sum(amounts):
            continue
        rows.append([Cell(name, href), *(making.number(amount) for amount in amounts)])
        for order, (amount, (_, said, _)) in enumerate(zip(amounts, _KINDS, strict=True)):
            if amount:
                point = {"name": name, "series": say(said), "order": order, "amount": amount, "href": href}
                points.append(point | {"said": f"{name} · {say(said)}: {making.tongue.count(amount)}"})
    if not points:
        return None
    names = [str(row[0].text) for row in rows]
    series = [(say(said), shade) for _, said, shade in _KINDS]
    described = say("Bars in parts: promises kept, broken, and not due yet.")
    block.chart = making.chart(plots.shares(points, names, series), block.title, described)
    heads = [say("part"), *(say(said) for _, said, _ in _KINDS)]
    block.series = Table(block.title, heads, rows, frozenset({1, 2, 3}))
    return block
