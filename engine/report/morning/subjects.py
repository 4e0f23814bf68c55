"""The sections on what people talk about: the Tag and Keyword reports, sentiment and satisfaction."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from engine.report.morning import plots
from engine.report.morning.blocks import Block, Cell, Section, Table
from engine.report.morning.making import Making, distinct

_MOODS = (("negative", "negative", "bad"), ("neutral", "neutral", "none"), ("positive", "positive", "good"))
_SHARPLY = 2.0


def tags(making: Making) -> Section:
    """Tags, topics and products with their course."""
    say = making.say
    section = Section("tags", say("Tag report"), say("What the messages are about, and what is growing."))
    section.blocks = [
        _worded(making, "tags", "tag", say("Tags")),
        _worded(making, "topics", "topic", say("Recurring topics")),
        _worded(making, "products", "product", say("Products")),
    ]
    if making.figures["topics"]["known"]:
        section.blocks[1].notes.append(
            say(
                "A topic recurs when three people or more ask about it: a question worth an answer that can be linked to."
            )
        )
    return section


def terms(making: Making) -> Section:
    """Keyword use."""
    say = making.say
    section = Section(
        "keywords", say("Keyword report"), say("Which of the playbook's term lists the messages mention.")
    )
    section.blocks = [_worded(making, "terms", "term", say("Terms that fired"))]
    return section


def _worded(making: Making, figure_name: str, kind: str, title: str) -> Block:
    say, figure, tongue = making.say, making.figures[figure_name], making.tongue
    block = Block(f"{figure_name}-use", title)
    if making.unknown(block, figure):
        return block
    every: list[dict[str, Any]] = figure["of"]
    if not every:
        block.notes.append(say("None was found."))
        return block
    lasting = "last" in every[0]
    labels = distinct([making.label(one[kind]) for one in every])
    rows, points = [], []
    pieces = making.pieces(
        (part["from"] for one in every for part in one["course"]), making.figures["timeline"]["every"]
    )
    for one, name in zip(every, labels, strict=True):
        href = making.lists.href(kind, one[kind])
        row = [making.name(one[kind], href), making.number(one["messages"], href), making.number(one["people"])]
        row += [making.share(one["negative"], one["messages"])]
        if lasting:
            row.append(making.number(one["last"], look="bad" if _grows(one) else ""))
            row.append(making.number(one["usual"]))
        if kind == "topic":
            row.append(Cell(say("recurs") if one["recurs"] else "" if one["recurs"] is not None else "–"))
        rows.append(row)
        for part in one["course"]:
            start, end = pieces[part["from"]]
            said = f"{name} · {tongue.piece(part['from'], making.figures['timeline']['every'])}: {tongue.count(part['messages'])}"
            points.append(
                {"name": name, "from": start, "to": end, "amount": part["messages"], "href": href, "said": said}
            )
    if len(pieces) > 1:
        specification = plots.course(points, labels, tongue.axis(making.figures["timeline"]["every"]))
    else:
        whole = [
            {
                "name": name,
                "amount": one["messages"],
                "shown": tongue.count(one["messages"]),
                "href": making.lists.href(kind, one[kind]),
                "said": f"{name}: {tongue.count(one['messages'])}",
            }
            for one, name in zip(every, labels, strict=True)
        ]
        specification = plots.bars(whole)
    block.chart = making.chart(specification, title, say("How often each came up over time; the darker, the more."))
    heads = [title if kind == "tag" else say(kind), say("messages"), say("people"), say("negative")]
    heads[0] = say({"tag": "tag", "topic": "topic", "product": "product", "term": "term list"}[kind])
    if lasting:
        heads += [say("latest"), say("usual before")]
    if kind == "topic":
        heads.append(say("recurring"))
    block.table = Table(title, heads, rows, frozenset(range(1, 6 if lasting else 4)))
    if figure["different"] > len(every):
        block.notes.append(
            say("The {n} most frequent of {all} are shown.", n=len(every), all=tongue.count(figure["different"]))
        )
    return block


def _grows(one: dict[str, Any]) -> bool:
    """Whether the latest piece of time has far more than usual."""
    usual = one["usual"]
    return usual is not None and one["last"] >= 3 and one["last"] > _SHARPLY * max(usual, 1)


def satisfaction(making: Making) -> Section:
    """Sentiment and ratings."""
    section = Section("satisfaction", making.say("Sentiment and satisfaction"))
    section.blocks = [*_sentiment(making), _rating(making)]
    return section


def _sentiment(making: Making) -> list[Block]:
    say, figure, tongue = making.say, making.figures["sentiment"], making.tongue
    block = Block("sentiment", say("Sentiment"))
    if making.unknown(block, figure):
        return [block]
    rows = []
    for kind, word, _ in _MOODS:
        amount = next(one["messages"] for one in figure["of"] if one["mood"] == kind)
        href = making.lists.href("mood", kind)
        rows.append([Cell(say(word), href), making.number(amount, href), making.share(amount, figure["measured"])])
    block.table = Table(block.title, [say("sentiment"), say("messages"), say("share")], rows, frozenset({1, 2}))
    block.notes.append(
        say(
            "On a scale from −1 to 1: median {median}, mean {mean}.",
            median=tongue.decimal(figure["median"]),
            mean=tongue.decimal(figure["mean"]),
        )
    )
    if figure["not_measured"]:
        block.notes.append(say("Messages without a sentiment: {n}.", n=tongue.count(figure["not_measured"])))
    every = making.figures["timeline"]["every"]
    pieces = making.pieces((one["from"] for one in figure["course"]), every)
    points = []
    for one in figure["course"]:
        order, (_, word, _) = next((place, its) for place, its in enumerate(_MOODS) if its[0] == one["mood"])
        start, end = pieces[one["from"]]
        said = f"{tongue.piece(one['from'], every)} · {say(word)}: {tongue.count(one['messages'])}"
        href = making.lists.href("bucket", one["from"])
        points.append(
            {
                "from": start,
                "to": end,
                "series": say(word),
                "order": order,
                "amount": one["messages"],
                "href": href,
                "said": said,
            }
        )
    if points:
        series = [(say(word), shade) for _, word, shade in _MOODS]
        block.chart = making.chart(
            plots.stacked(points, series, tongue.axis(every), share=True, height=180),
            block.title,
            say("Stacked shares: negative, neutral and positive messages over time."),
        )
    return [block]


def _rating(making: Making) -> Block:
    say, figure, tongue = making.say, making.figures["rating"], making.tongue
    block = Block("rating", say("Ratings"))
    if making.unknown(block, figure):
        return block
    points, rows = [], []
    for one in reversed(figure["of"]):
        href = making.lists.href("stars", str(one["stars"]))
        name = "★" * max(0, min(5, one["stars"])) or str(one["stars"])
        shown = tongue.count(one["messages"])
        points.append(
            {"name": name, "amount": one["messages"], "shown": shown, "href": href, "said": f"{name}: {shown}"}
        )
        rows.append(
            [
                Cell(Markup("{}").format(name), href),
                making.number(one["messages"], href),
                making.share(one["messages"], figure["rated"]),
            ]
        )
    if len({one["name"] for one in points}) == len(points):
        block.chart = making.chart(
            plots.bars(points), block.title, say("Bars: how many messages gave each number of stars.")
        )
    block.table = Table(block.title, [say("stars"), say("messages"), say("share")], rows, frozenset({1, 2}))
    block.folded = True
    block.notes.append(
        say(
            "{n} ratings, mean {mean}, median {median}.",
            n=tongue.count(figure["rated"]),
            mean=tongue.decimal(figure["mean"]),
            median=tongue.count(figure["median"]),
        )
    )
    return block
