"""The sections on how we answered: the Engagement, Team and Task Performance reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.report.morning.blocks import Block, Cell, Section, Table
from engine.report.morning.making import Making
from engine.report.morning.overview import volume
from engine.report.morning.punctual import punctual


def engagement(making: Making) -> Section:
    """Inbound messages and responses."""
    say = making.say
    section = Section(
        "engagement",
        say("Engagement report"),
        say("What came in and how it was answered, against what the playbook promises."),
    )
    section.blocks = [
        *volume(making),
        *punctual(making, "first_answers", "channel"),
        *punctual(making, "resolutions", "channel"),
        _peers(making),
    ]
    return section


def team(making: Making) -> Section:
    """Response rates and times per team and person."""
    say = making.say
    section = Section("team", say("Team report"), say("The same by team, and the work of each of our people."))
    section.blocks = [
        *punctual(making, "first_answers", "team"),
        *punctual(making, "resolutions", "team"),
        _people(making),
    ]
    return section


def _peers(making: Making) -> Block:
    say, figure = making.say, making.figures["peers"]
    block = Block("peers", say("Answered by other customers"))
    if making.unknown(block, figure):
        return block
    href = making.lists.href("peer")
    rows = [
        [
            making.name(one["channel"], making.lists.href("channel", one["channel"])),
            making.number(one["answered_by_peers"], href),
            making.share(one["answered_by_peers"], one["answered"]),
        ]
        for one in figure["of"]
    ]
    rows.append(
        [
            Cell(say("all together"), look="total"),
            making.number(figure["answered_by_peers"], href),
            making.share(figure["answered_by_peers"], figure["answered"]),
        ]
    )
    block.table = Table(
        block.title, [say("channel"), say("messages"), say("share of the answered")], rows, frozenset({1, 2})
    )
    return block


def _people(making: Making) -> Block:
    say, figure = making.say, making.figures["colleagues"]
    block = Block("colleagues", say("Our people"))
    if making.unknown(block, figure):
        return block
    rows = []
    for one in figure["of"]:
        row = [making.name(one["who"]), making.number(one["sent"]), making.number(one["conversations"])]
        if figure["answers_known"]:
            row += [
                making.number(one["first_answers"]),
                making.time(one["median"]),
                making.time(one["p90"]),
                making.share(one["kept"], one["kept"] + one["broken"]),
            ]
        rows.append(row)
    heads = [say("who"), say("sent"), say("conversations")]
    if figure["answers_known"]:
        heads += [say("first answers"), say("median"), say("9 in 10 within"), say("in time")]
    block.table = Table(block.title, heads, rows, frozenset(range(1, len(heads))))
    block.notes.append(
        say("As the export names the authors of our messages; where all post under one name, they are one row.")
    )
    return block


def tasks(making: Making) -> Section:
    """Task use and completion."""
    say, figure = making.say, making.figures["tasks"]
    section = Section(
        "tasks", say("Task Performance report"), say("Hand-offs and assignments: how many, and what became of them.")
    )
    block = Block("tasks-made", say("Tasks and their completion"))
    rows = []
    for one in figure["of"]:
        href = making.lists.href("team", one["team"])
        rows.append([making.name(one["team"], href), *_task_cells(making, one, href)])
    rows.append([Cell(say("all together"), look="total"), *_task_cells(making, figure, None)])
    heads = [say("team or desk"), say("made"), say("answered"), say("resolved"), say("completion")]
    block.table = Table(block.title, heads, rows, frozenset(range(1, len(heads))))
    block.notes.append(
        say("Of all messages, {share} became a task.", share=making.tongue.share(figure["made"], figure["messages"]))
    )
    if not figure["resolved_known"]:
        block.notes.append(say("The file does not tell what was resolved; completion is the share that was answered."))
    section.blocks = [block]
    return section


def _task_cells(making: Making, one: Mapping[str, Any], href: str | None) -> list[Cell]:
    done = one["resolved"] if one["resolved"] is not None else one["answered"]
    return [
        making.number(one["made"], href),
        making.number(one["answered"]),
        making.number(one["resolved"]),
        making.share(done, one["made"]),
    ]
