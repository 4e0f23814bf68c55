"""The sections on people and pages, on what was set aside, and on how far the report can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.report.morning import plots
from engine.report.morning.blocks import Block, Cell, Section, Table
from engine.report.morning.making import Making, distinct
from engine.report.morning.tongue import shown
from engine.report.morning.trust import MOST_EXAMPLES

_RAW = 200


def customers(making: Making) -> Section:
    """New, returning and won-back customers."""
    say, figure, tongue = making.say, making.figures["customers"], making.tongue
    section = Section("customers", say("Customers"))
    block = Block("customers-groups", say("New and returning customers"))
    section.blocks = [block]
    if making.unknown(block, figure):
        return section
    new = making.lists.href("new")
    lines = [
        (say("authors in all"), figure["authors"], None),
        (say("new: wrote for the first time"), figure["new"], new),
        (say("new, and on social channels only"), figure["new_social_only"], new),
        (say("nothing known from before"), figure["first_seen"], None),
        (say("nothing known from before, and on social channels only"), figure["first_seen_social_only"], None),
        (say("returning: wrote to us before"), figure["known_before"], None),
        (say("wrote again, in another conversation"), figure["wrote_again"], None),
        (say("unhappy at first"), figure["unhappy_at_first"], None),
        (say("won back: unhappy at first, pleased at last"), figure["won_back"], None),
    ]
    rows = [
        [Cell(name), making.number(amount, href), making.share(amount, figure["authors"])]
        for name, amount, href in lines
    ]
    block.table = Table(block.title, [say("authors"), say("number"), say("share")], rows, frozenset({1, 2}))
    if not figure["new_known"]:
        block.notes.append(say("The file does not say of anybody that this was the first time; a dash is not a zero."))
    social = tongue.share(figure["first_seen_social_only"], figure["authors"])
    block.notes.append(
        say("Whom you would not reach without social channels: up to {share} of the authors.", share=social)
    )
    return section


def sent(making: Making) -> Section:
    """Reach and engagement of our own messages."""
    say, figure, tongue = making.say, making.figures["sent"], making.tongue
    section = Section("sent", say("Sent Messages report"), say("Our own messages, and how far they went."))
    block = Block("sent-reach", say("Reach and engagement"))
    section.blocks = [block]
    if making.unknown(block, figure):
        return section
    columns = ("sent", "conversations", "reach", "views", "likes", "shares", "replies", "engagement")
    rows = [[making.name(one["channel"]), *(making.number(one[name]) for name in columns)] for one in figure["of"]]
    if len(rows) > 1:
        rows.append([Cell(say("all together"), look="total"), *(making.number(figure[name]) for name in columns)])
    heads = [say("channel"), *(say(name) for name in columns)]
    block.table = Table(block.title, heads, rows, frozenset(range(1, len(heads))))
    block.notes.append(
        say(
            "Reach is known of {reach} and engagement of {engaged} of {sent} sent messages; a dash is not a zero.",
            reach=tongue.count(figure["reach_known"]),
            engaged=tongue.count(figure["engagement_known"]),
            sent=tongue.count(figure["sent"]),
        )
    )
    if figure["furthest"]:
        far = Block("sent-furthest", say("Those that went furthest"))
        table = [
            [
                making.name(one["text"] or one["id"]),
                making.name(one["channel"]),
                Cell(tongue.moment(one["posted_at"])),
                *(making.number(one[name]) for name in ("reach", "views", "engagement")),
            ]
            for one in figure["furthest"]
        ]
        heads = [say("message"), say("channel"), say("when"), say("reach"), say("views"), say("engagement")]
        far.table = Table(far.title, heads, table, frozenset({3, 4, 5}))
        section.blocks.append(far)
    return section


def profiles(making: Making) -> Section:
    """Profile and page reports."""
    say, figure, tongue = making.say, making.figures["profiles"], making.tongue
    section = Section(
        "profiles", say("Profile and Page report"), say("Each network, and each of our accounts and pages on it.")
    )
    block = Block("profiles-pages", say("Networks, profiles and pages"))
    rows = []
    for one in figure["of"]:
        href = (
            making.lists.href("account", one["account"])
            if one["account"]
            else making.lists.href("channel", one["network"])
        )
        row = [making.name(one["network"], href)]
        if figure["accounts_known"]:
            row.append(making.name(one["account"], href))
        row += [
            making.number(one["messages"], href),
            making.share(one["answered"], one["want_answer"]),
            making.time(one["median"]),
        ]
        row += [
            Cell(tongue.decimal(one["sentiment"]), number=True),
            Cell(tongue.decimal(one["rating"]), number=True),
            making.number(one["sent"]),
            making.number(one["reach"]),
        ]
        rows.append(row)
    heads = [
        say("network"),
        say("messages"),
        say("response rate"),
        say("first answer, median"),
        say("sentiment, mean"),
        say("rating, mean"),
        say("sent"),
        say("reach"),
    ]
    if figure["accounts_known"]:
        heads.insert(1, say("account or page"))
    else:
        block.notes.append(say("Not known from this file: {what}.", what="message.account"))
    block.table = Table(block.title, heads, rows, frozenset(range(2 if figure["accounts_known"] else 1, len(heads))))
    section.blocks = [block]
    return section


def trolls(making: Making) -> Section:
    """Trolls set aside, with reasons."""
    say, figure = making.say, making.figures["trolls"]
    section = Section(
        "trolls",
        say("Trolls set aside"),
        say(
            "Messages that get no answer because they look like trolling. Worth a look: when unsure, a message is genuine."
        ),
    )
    block = Block("trolls-reasons", say("Reasons"))
    if figure["messages"]:
        rows = []
        for one in figure["of"]:
            href = making.lists.href("because", one["because"])
            rows.append(
                [
                    making.name(one["because"], href),
                    making.number(one["messages"], href),
                    Cell(making.tongue.decimal(one["troll_median"]), number=True),
                ]
            )
        block.table = Table(
            block.title, [say("because"), say("messages"), say("how likely, median")], rows, frozenset({1, 2})
        )
    else:
        block.notes.append(say("None was set aside."))
    section.blocks = [block]
    return section


def trust(making: Making, examples: Sequence[Mapping[str, object]]) -> Section:
    """What was unknown, what the inbox covers, what could not be read."""
    say = making.say
    section = Section(
        "trust",
        say("How far this can be trusted"),
        say("What the export did not tell, and what could not be read. Unknown is not zero."),
    )
    section.blocks = [_unknown(making), _coverage(making), *_quarantine(making, examples)]
    return section


def _unknown(making: Making) -> Block:
    say, figure, tongue = making.say, making.figures["unknown"], making.tongue
    block = Block("unknown", say("Unknown, and it mattered"))
    block.notes.append(
        say(
            "In {n} of {all} messages something was unknown that a rule asked about.",
            n=tongue.count(figure["messages"]),
            all=tongue.count(making.figures["decisions"]["messages"]),
        )
    )
    if not figure["of"]:
        return block
    labels = distinct([making.label(one["field"]) for one in figure["of"]])
    points, rows = [], []
    for one, name in zip(figure["of"], labels, strict=True):
        href = making.lists.href("unknown", one["field"])
        amount = tongue.count(one["messages"])
        points.append(
            {"name": name, "amount": one["messages"], "shown": amount, "href": href, "said": f"{name}: {amount}"}
        )
        rows.append(
            [
                making.name(one["field"], href),
                making.number(one["messages"], href),
                making.share(one["messages"], making.figures["decisions"]["messages"]),
            ]
        )
    block.chart = making.chart(
        plots.bars(points, "faint"), block.title, say("Bars: in how many messages each field was unknown and mattered.")
    )
    block.table = Table(block.title, [say("field"), say("messages"), say("share")], rows, frozenset({1, 2}))
    block.folded = True
    return block


def _coverage(making: Making) -> Block:
    say, figure = making.say, making.figures["coverage"]
    block = Block("coverage", say("What the inbox covers"))
    if making.unknown(block, figure):
        return block
    rows = [
        [
            making.name(one["field"]),
            making.number(one["known"]),
            making.number(one["unknown"]),
            making.number(one["invalid"], look="bad" if one["invalid"] else ""),
            making.share(one["known"], one["known"] + one["unknown"] + one["invalid"]),
        ]
        for one in figure["of"]
    ]
    block.table = Table(
        block.title,
        [say("field"), say("known"), say("unknown"), say("unreadable"), say("share known")],
        rows,
        frozenset({1, 2, 3, 4}),
    )
    return block


def _quarantine(making: Making, examples: Sequence[Mapping[str, object]]) -> Iterator[Block]:
    say, figure = making.say, making.figures["quarantine"]
    block = Block("quarantine", say("Rows that could not be read"))
    yield block
    for one in figure["dropped"]:
        block.notes.append(
            say("Left out: {reason} ({n}).", reason=shown(one["reason"], _RAW), n=making.tongue.count(one["rows"]))
        )
    if making.unknown(block, figure):
        return
    if not figure["rows"]:
        block.notes.append(say("Every row could be read."))
        return
    if figure["file"]:
        block.notes.append(say("All of them are in {file}.", file=shown(figure["file"], _RAW)))
    rows = [[making.name(one["reason"]), making.number(one["rows"])] for one in figure["reasons"]]
    rows.append([Cell(say("all together"), look="total"), making.number(figure["rows"])])
    block.table = Table(block.title, [say("reason"), say("rows")], rows, frozenset({1}))
    if examples:
        some = Block("quarantine-examples", say("Some of them"))
        table = [
            [
                making.name(str(one.get("inbox", ""))),
                Cell(str(one.get("line", "")), number=True),
                making.name(str(one.get("reason", ""))),
                Cell(shown(str(one.get("raw", "")), _RAW), look="raw"),
            ]
            for one in examples[:MOST_EXAMPLES]
        ]
        some.table = Table(some.title, [say("inbox"), say("line"), say("reason"), say("row")], table, frozenset({1}))
        yield some
