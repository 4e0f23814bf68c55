"""The sections on what came: the Trends report, and the Engagement report's number of messages."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decision import DECISIONS, label
from engine.report.morning import plots
from engine.report.morning.blocks import Block, Cell, Section, Table
from engine.report.morning.charts import DECIDED
from engine.report.morning.lists import cell_key
from engine.report.morning.making import Making
from engine.report.morning.tongue import own

SERIES = {
    "respond publicly": "Respond publicly",
    "take private": "Take private",
    "hand off": "Hand off",
    "ignore as troll": "Ignore as troll",
    "no reply needed": "No reply needed",
}
"""The decisions as a page says them."""


def decision_said(making: Making, decision: str | None) -> str:
    """A decision in the page's language."""
    return making.say(SERIES[decision]) if decision in SERIES else making.say("not known")


def trends(making: Making) -> Section:
    """The Trends report: decisions, their course, severity by exposure, spikes."""
    section = Section(
        "trends", making.say("Trends report"), making.say("What was decided, when, and how grave it was.")
    )
    section.blocks = [_decisions(making), _timeline(making), _heat(making), _spikes(making)]
    return section


def _decisions(making: Making) -> Block:
    say, figure = making.say, making.figures["decisions"]
    block = Block("decisions", say("Decisions"))
    rows = []
    for one in figure["of"]:
        href = making.lists.href("decision", label(one["decision"], one["team"]))
        said = decision_said(making, one["decision"])
        text = making.marked("{decision}: {team}", decision=said, team=own(one["team"])) if one["team"] else said
        look = f"decided {DECIDED.get(one['decision'], '')}"
        rows.append(
            [
                Cell(text, href, look=look),
                making.number(one["messages"], href),
                making.share(one["messages"], figure["messages"]),
            ]
        )
    heads = [say("decision"), say("messages"), say("share")]
    block.table = Table(block.title, heads, rows, frozenset({1, 2}))
    return block


def _timeline(making: Making) -> Block:
    say, figure = making.say, making.figures["timeline"]
    block = Block("timeline", say("Decisions over time"))
    if figure["untimed"]:
        block.notes.append(say("Messages without a time, not drawn: {n}.", n=making.tongue.count(figure["untimed"])))
    if not figure["of"]:
        block.notes.append(say("No message has a time."))
        return block
    every = figure["every"]
    pieces = making.pieces((one["from"] for one in figure["of"]), every)
    series = [(decision_said(making, one), DECIDED[one]) for one in DECISIONS]
    points, rows = [], []
    for moment, (start, end) in pieces.items():
        href = making.lists.href("bucket", moment)
        named = making.tongue.piece(moment, every)
        counts = {one["decision"]: one["messages"] for one in figure["of"] if one["from"] == moment}
        for order, one in enumerate(DECISIONS):
            if one in counts:
                said = f"{named} · {decision_said(making, one)}: {making.tongue.count(counts[one])}"
                points.append(
                    {
                        "from": start,
                        "to": end,
                        "series": decision_said(making, one),
                        "order": order,
                        "amount": counts[one],
                        "href": href,
                        "said": said,
                    }
                )
        whole = sum(counts.values())
        rows.append(
            [Cell(named, href), *(making.number(counts.get(one, 0)) for one in DECISIONS), making.number(whole, href)]
        )
    block.chart = making.chart(
        plots.stacked(points, series, making.tongue.axis(every)),
        block.title,
        say("Stacked bars: how many messages got each decision, over time."),
    )
    heads = [say("from"), *(decision_said(making, one) for one in DECISIONS), say("messages")]
    block.table = Table(block.title, heads, rows, frozenset(range(1, len(heads))))
    block.folded = True
    return block


def _heat(making: Making) -> Block:
    say, figure = making.say, making.figures["heat"]
    block = Block("heat", say("Severity × exposure"))
    if not figure["of"]:
        block.notes.append(say("The playbook has no scales called severity or exposure."))
        return block
    counts = {(one["severity"], one["exposure"]): one for one in figure["of"]}
    down = _levels(figure["severity"], {one[0] for one in counts}, reverse=True)
    across = _levels(figure["exposure"], {one[1] for one in counts})
    points, rows = [], []
    for level in down:
        row = [making.name(level)]
        for seen in across:
            one = counts.get((level, seen), {"messages": 0, "waiting": 0})
            href = making.lists.href("cell", cell_key(level, seen)) if one["messages"] else None
            waiting = making.tongue.count(one["waiting"])
            said = f"{making.label(level)} × {making.label(seen)}: {making.tongue.count(one['messages'])}"
            said += "" if one["waiting"] is None else say(" ({n} without an answer)", n=waiting)
            points.append(
                {
                    "down": making.label(level),
                    "across": making.label(seen),
                    "amount": one["messages"],
                    "href": href,
                    "said": said,
                }
            )
            row.append(making.number(one["messages"], href))
        rows.append(row)
    names = ([making.label(one) for one in down], [making.label(one) for one in across])
    block.chart = making.chart(
        plots.grid(points, *names, say("severity"), say("exposure")),
        block.title,
        say("A grid: how many messages have each pair of severity and exposure."),
    )
    block.table = Table(block.title, [say("severity"), *names[1]], rows, frozenset(range(1, len(across) + 1)))
    block.folded = True
    return block


def _levels(scale: list[str], seen: set[str | None], *, reverse: bool = False) -> list[str | None]:
    """A scale's levels, with those that it does not have and with none where there are such messages."""
    others: list[str | None] = [*sorted(one for one in seen if one is not None and one not in scale)]
    none: list[str | None] = [None] if None in seen else []
    return [*(reversed(scale) if reverse else scale), *others, *none]


def _spikes(making: Making) -> Block:
    say, figure, tongue = making.say, making.figures["spikes"], making.tongue
    block = Block("spikes", say("Spikes on the time line"))
    every = figure["every"]
    length = {"10m": say("10 minutes"), "1h": say("hour")}[every]
    if figure["watched"]:
        block.notes.append(say("The bands are when the playbook's watches were open."))
    else:
        block.notes.append(
            say("A spike is a time with far more messages than usual before it; counted by {length}.", length=length)
        )
    if not figure["line"]:
        block.notes.append(say("No message has a time."))
        return block
    rows, marked = [], []
    ends = making.pieces([*(one["from"] for one in figure["of"]), *(one["to"] for one in figure["of"])], every)
    for number, one in enumerate(figure["of"]):
        href = making.lists.href("spike", str(number))
        named = tongue.period(one["from"], one["to"])
        marked.append(
            {
                "from": ends[one["from"]][0],
                "to": ends[one["to"]][0],
                "href": href,
                "said": f"{named}: {tongue.count(one['messages'])}",
            }
        )
        row = [
            Cell(named, href),
            making.number(one["messages"], href),
            making.number(one["peak"]),
            making.number(one["usual"]),
        ]
        if figure["watched"]:
            row.insert(1, making.name(one["watch"] + (f" ({one['key']})" if one["key"] else "")))
        rows.append(row)
    local = making.pieces((one["from"] for one in figure["line"]), every)
    points = [{"from": local[one["from"]][0], "amount": one["messages"]} for one in figure["line"]]
    block.chart = making.chart(
        plots.spikes(points, marked, tongue.axis("1h" if len(points) < 72 else "1d")),
        block.title,
        say("The course of all messages; {n} times stand out.", n=tongue.count(figure["found"])),
    )
    course = [[Cell(tongue.moment(one["from"])), making.number(one["messages"])] for one in figure["line"]]
    block.series = Table(block.title, [say("from"), say("messages")], course, frozenset({1}))
    if not rows:
        block.notes.append(say("None was found."))
        return block
    if figure["found"] > len(rows):
        block.notes.append(say("The {n} strongest of {all} are shown.", n=len(rows), all=tongue.count(figure["found"])))
    heads = [say("when"), say("messages"), say("most in one {length}", length=length), say("usual before")]
    if figure["watched"]:
        heads.insert(1, say("watch"))
    block.table = Table(block.title, heads, rows, frozenset(range(2 if figure["watched"] else 1, len(heads))))
    return block


def volume(making: Making) -> Iterator[Block]:
    """How much came: per day, and per channel with its complexity."""
    say, figure, tongue = making.say, making.figures["per_day"], making.tongue
    titles = {"1d": say("Opened, answered, resolved per day"), "1w": say("Opened, answered, resolved per week")}
    block = Block("per-day", titles.get(figure["every"], say("Opened, answered, resolved over time")))
    if figure["of"]:
        kinds = [
            ("opened", say("opened"), "accent"),
            ("answered", say("first answered"), "second"),
            ("resolved", say("resolved"), "third"),
        ]
        kinds = [one for one in kinds if one[0] == "opened" or figure[f"{one[0]}_known"]]
        pieces = making.pieces((one["from"] for one in figure["of"]), figure["every"])
        points, rows = [], []
        for one in figure["of"]:
            named = tongue.piece(one["from"], figure["every"])
            href = making.lists.href("bucket", one["from"])
            points += [
                {
                    "from": pieces[one["from"]][0],
                    "series": its,
                    "amount": one[kind],
                    "href": href,
                    "said": f"{named} · {its}: {tongue.count(one[kind])}",
                }
                for kind, its, _ in kinds
            ]
            rows.append(
                [
                    Cell(named, href),
                    *(making.number(one[kind], href if kind == "opened" else None) for kind, _, _ in kinds),
                ]
            )
        block.chart = making.chart(
            plots.lines(points, [(its, shade) for _, its, shade in kinds], tongue.axis(figure["every"])),
            block.title,
            say("Lines: messages that came, that were first answered, and that were resolved."),
        )
        block.table = Table(
            block.title, [say("from"), *(its for _, its, _ in kinds)], rows, frozenset(range(1, len(kinds) + 1))
        )
        block.folded = True
        block.notes += [
            say("Not known from this file: {what}.", what=its)
            for kind, its in (("answered", say("first answered")), ("resolved", say("resolved")))
            if not figure[f"{kind}_known"]
        ]
    yield block
    yield _requests(making)


def _requests(making: Making) -> Block:
    say, figure = making.say, making.figures["requests"]
    block = Block("requests", say("Requests and their complexity per channel"))
    block.notes.append(say("Turns are the messages of a conversation, ours included. Long: more than five."))
    rows = []
    for one in figure["of"]:
        href = making.lists.href("channel", one["channel"])
        kind = say("social") if one["social"] else say("other") if one["channel"] else say("not known")
        row = [
            making.name(one["channel"], href),
            Cell(kind),
            making.number(one["messages"], href),
            making.number(one["want_answer"]),
        ]
        row += [
            making.number(one["conversations"]),
            making.number(one["turns_median"]),
            making.number(one["turns_p90"]),
            making.number(one["long"]),
        ]
        rows.append(row)
    heads = [say("channel"), say("kind"), say("messages"), say("want an answer"), say("conversations")]
    heads += [say("turns, median"), say("turns, 9 in 10 at most"), say("long")]
    block.table = Table(block.title, heads, rows, frozenset(range(2, len(heads))))
    if not figure["turns_known"]:
        block.notes.append(say("Not known from this file: {what}.", what="message.thread.turns"))
    return block
