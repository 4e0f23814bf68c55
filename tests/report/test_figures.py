"""Every figure against the same figure counted message by message, in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given, settings

from engine.report.morning import report
from tests.report import sheets
from tests.report.counted import (
    SOCIAL,
    ZONE,
    Counted,
    Row,
    alike,
    figures,
    grouped,
    mean,
    middle,
    moment,
    near,
    ninth,
    total,
    wants,
)
from tests.report.sheets import frame


@given(sheets.rows)
@settings(max_examples=25)
def test_what_came_and_what_was_decided_is_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows), Counted(rows)
    assert told["sheet"]["inbound"] == len(counted.asked)
    assert told["sheet"]["outbound"] == len(counted.sent)
    assert told["sheet"]["as_of"] == (moment(counted.now) if counted.now else None)
    of = grouped(counted.asked, lambda one: (one["decision"], one["team"]))
    alike(told["decisions"]["of"], {key: {"messages": len(its)} for key, its in of.items()}, "decision", "team")
    timed = [one for one in counted.asked if one["posted_at"]]
    assert told["timeline"]["untimed"] == len(counted.asked) - len(timed)
    of = grouped(timed, lambda one: (_piece(one["posted_at"], told["timeline"]["every"]), one["decision"]))
    alike(told["timeline"]["of"], {key: {"messages": len(its)} for key, its in of.items()}, "from", "decision")
    scaled = [one for one in counted.asked if one["severity"] or one["exposure"]]
    waits = {
        key: {
            "messages": len(its),
            "waiting": sum(wants(one) and not counted.answered(one) for one in its)
            if "answered_at" in counted.told
            else None,
        }
        for key, its in grouped(scaled, lambda one: (one["severity"], one["exposure"])).items()
    }
    alike(told["heat"]["of"], waits, "severity", "exposure")


def _piece(at: datetime, every: str) -> str:
    local = at.astimezone(ZoneInfo(ZONE)).replace(minute=0, second=0, microsecond=0)
    return moment(local.replace(hour=0) if every == "1d" else local)


@given(sheets.rows)
@settings(max_examples=25)
def test_messages_opened_answered_and_resolved_per_day_are_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows)["per_day"], Counted(rows)
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for one in counted.asked:
        if one["posted_at"]:
            days[_piece(one["posted_at"], "1d")]["opened"] += 1
        if counted.answered(one):
            days[_piece(one["message.answered_at"], "1d")]["answered"] += 1
        if counted.solved(one):
            days[_piece(one["message.resolved_at"], "1d")]["resolved"] += 1
    wanted: dict[Any, Row] = {}
    for day, counts in days.items():
        wanted[day] = {"opened": counts["opened"]}
        wanted[day]["answered"] = counts["answered"] if told["answered_known"] else None
        wanted[day]["resolved"] = counts["resolved"] if told["resolved_known"] else None
    alike(told["of"], wanted, "from")


@given(sheets.rows)
@settings(max_examples=25)
def test_answers_and_resolutions_against_their_promises_are_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows), Counted(rows)
    wanting = [one for one in counted.asked if wants(one)]
    for figure, name in (("first_answers", "answered_at"), ("resolutions", "resolved_at")):
        assert told[figure]["known"] == (name in counted.told)
        if not told[figure]["known"]:
            assert told[figure]["needs"] == [f"message.{name}"]
            continue
        measure = _first_answers if figure == "first_answers" else _resolutions
        for key, column in (("channel", "channel"), ("account", "message.account"), ("severity", "severity")):
            of = grouped(wanting, lambda one, column=column: one[column])
            alike(told[figure][f"by_{key}"], {value: measure(counted, its) for value, its in of.items()}, key)
        of = grouped(wanting, lambda one: one["team"] or one["assign"])
        alike(told[figure]["by_team"], {value: measure(counted, its) for value, its in of.items()}, "team")
        for what, value in measure(counted, wanting).items():
            near(told[figure]["all"][what], value)


def _first_answers(counted: Counted, its: list[Row]) -> Row:
    waits = [wait for one in its if (wait := counted.waited(one)) is not None]
    return {
        "want_answer": len(its),
        "answered": sum(counted.answered(one) and not counted.peer(one) for one in its),
        "answered_by_peers": sum(counted.peer(one) for one in its),
        "no_answer_known": sum(not counted.answered(one) for one in its),
        "median": middle(waits),
        "p90": ninth(waits),
        "within_1_hour": sum(one <= 3600 for one in waits),
        "within_24_hours": sum(one <= 86_400 for one in waits),
        **_kept(
            counted,
            [one for one in its if not counted.peer(one)],
            "acknowledge",
            counted.answered,
            "message.answered_at",
        ),
        **_kept(
            counted, [one for one in its if not counted.peer(one)], "reply", counted.answered, "message.answered_at"
        ),
    }


def _resolutions(counted: Counted, its: list[Row]) -> Row:
    took = [
        (one["message.resolved_at"] - one["posted_at"]).total_seconds()
        for one in its
        if counted.solved(one) and one["posted_at"]
    ]
    took = [one for one in took if one >= 0]
    return {
        "want_answer": len(its),
        "resolved": sum(counted.solved(one) for one in its),
        "not_resolved": sum(not counted.solved(one) for one in its),
        "median": middle(took),
        "p90": ninth(took),
        **_kept(counted, its, "resolve", counted.solved, "message.resolved_at"),
    }


def _kept(counted: Counted, its: list[Row], name: str, is_done: Callable[[Row], bool], done: str) -> Row:
    promised = [one for one in its if one[f"{name}_by"]]
    kept = [one for one in promised if is_done(one) and one[done] <= one[f"{name}_by"]]
    still = [one for one in promised if not is_done(one) and not counted.passed(one[f"{name}_by"])]
    return {
        f"{name}_kept": len(kept),
        f"{name}_open": len(still),
        f"{name}_broken": len(promised) - len(kept) - len(still),
    }


@given(sheets.rows)
@settings(max_examples=25)
def test_what_waits_is_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows), Counted(rows)
    now = told["now"]
    is_told = "answered_at" in counted.told
    waiting = [one for one in counted.asked if wants(one) and not counted.answered(one)]
    late = [one for one in waiting if counted.passed(counted.due(one))]
    if "resolved_at" in counted.told:
        late += [
            one
            for one in counted.asked
            if one not in late and wants(one) and counted.passed(one["resolve_by"]) and not counted.solved(one)
        ]
    assert now["answers_known"] == is_told
    assert now["overdue"] == (len(late) if is_told else None)
    assert now["waiting"] == (len(waiting) if is_told else None)
    assert now["due_passed"] == sum(wants(one) and counted.passed(counted.due(one)) for one in counted.asked)
    assert now["critical"] == sum(one["severity"] == "critical" for one in counted.asked)
    assert now["critical_waiting"] == (sum(one["severity"] == "critical" for one in waiting) if is_told else None)
    assert now["handed_off"] == sum(one["decision"] == "hand off" for one in counted.asked)
    assert now["pause_publishing"] == sum(one["pause_publishing"] for one in counted.asked)
    soon = [
        one
        for one in waiting
        if counted.now and (due := counted.due(one)) and counted.now <= due <= counted.now + timedelta(hours=24)
    ]
    assert now["due_soon"] == len(soon)
    handed = grouped([one for one in counted.asked if one["decision"] == "hand off"], lambda one: one["team"])
    alike(
        now["hand_offs"],
        {
            team: {"messages": len(its), "overdue": sum(one in late for one in its) if is_told else None}
            for team, its in handed.items()
        },
        "team",
    )
    tasks = [one for one in counted.asked if one["decision"] == "hand off" or one["assign"]]
    assert told["tasks"]["made"] == len(tasks)
    assert told["tasks"]["answered"] == (sum(counted.answered(one) for one in tasks) if is_told else None)
    later = [one["follow_up_at"] for one in counted.asked if one["follow_up_at"] and counted.now]
    assert told["follow_ups"]["due"] == sum(at <= counted.now for at in later)
    assert told["follow_ups"]["next_day"] == sum(counted.now < at <= counted.now + timedelta(hours=24) for at in later)
    trolls = grouped([one for one in counted.asked if one["decision"] == "ignore as troll"], lambda one: one["because"])
    wanted = {
        why: {"messages": len(its), "troll_median": middle(one["troll"] for one in its)} for why, its in trolls.items()
    }
    alike(told["trolls"]["of"], wanted, "because")


@given(sheets.rows)
@settings(max_examples=25)
def test_people_and_pages_are_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows), Counted(rows)
    _customers(told["customers"], counted)
    if told["peers"]["known"]:
        assert told["peers"]["answered_by_peers"] == sum(counted.peer(one) for one in counted.asked)
    requests = {
        channel: {
            "messages": len(its),
            "want_answer": sum(wants(one) for one in its),
            "conversations": len({one["thread"] for one in its} - {None}) or None,
            "social": None if channel is None else channel in SOCIAL,
        }
        for channel, its in grouped(counted.asked, lambda one: one["channel"]).items()
    }
    alike(told["requests"]["of"], requests, "channel")
    pages = grouped(counted.every, lambda one: (one["channel"], one["message.account"]))
    wanted = {}
    for key, its in pages.items():
        came = [one for one in its if one["decision"] is not None]
        went = [one for one in its if one["decision"] is None]
        wanted[key] = {
            "messages": len(came),
            "want_answer": sum(wants(one) for one in came),
            "median": middle(counted.waited(one) for one in came if wants(one)),
            "sentiment": mean(one["sentiment"] for one in came),
            "rating": mean(one["message.rating"] for one in came),
            "sent": len(went),
            "reach": total(one["message.reach"] for one in went),
        }
    alike(told["profiles"]["of"], wanted, "network", "account")
    if told["sent"]["known"]:
        engaged = [total(one[f"message.{name}"] for name in ("likes", "shares", "replies")) for one in counted.sent]
        assert told["sent"]["sent"] == len(counted.sent)
        assert told["sent"]["reach"] == total(one["message.reach"] for one in counted.sent)
        assert told["sent"]["engagement"] == total(engaged)
        near(told["sent"]["engagement_median"], middle(engaged))
    if told["colleagues"]["known"]:
        mine = grouped(counted.sent, lambda one: one["message.author.name"] or one["message.author.id"])
        alike(told["colleagues"]["of"], {who: {"sent": len(its)} for who, its in mine.items()}, "who")


def _customers(told: Row, counted: Counted) -> None:
    named = [one for one in counted.asked if one["message.author.id"]]
    assert told["known"] == ("author.id" in counted.told)
    if not told["known"]:
        return
    people = []
    for its in grouped(named, lambda one: one["message.author.id"]).values():
        early = datetime.min.replace(tzinfo=UTC)
        ordered = sorted(its, key=lambda one: (one["posted_at"] is not None, one["posted_at"] or early, one["place"]))
        moods = [one["sentiment"] for one in ordered if one["sentiment"] is not None]
        people.append(
            {
                "known": ordered[0]["message.author.known"],
                "social": all(one["channel"] in SOCIAL for one in its),
                "threads": len({one["thread"] for one in its} - {None}),
                "bad": bool(moods) and moods[0] < -0.15,
                "well": bool(moods) and moods[-1] >= 0.15,
            }
        )
    new = [one for one in people if one["known"] is False]
    unseen = [one for one in people if one["known"] is not True]
    assert told["authors"] == len(people)
    assert told["new"] == (len(new) or None)
    assert told["new_social_only"] == (sum(one["social"] for one in new) if new else None)
    known = [one for one in people if one["known"] is True]
    assert told["known_before"] == (len(known) if known or new else None)
    assert told["first_seen"] == len(unseen)
    assert told["first_seen_social_only"] == sum(one["social"] for one in unseen)
    assert told["wrote_again"] == sum(one["threads"] > 1 for one in people)
    assert told["won_back"] == sum(one["bad"] and one["well"] for one in people)


@given(sheets.rows)
@settings(max_examples=25)
def test_what_people_talk_about_is_as_counted_by_hand(rows: list[Row]) -> None:
    told, counted = figures(rows), Counted(rows)
    words = {
        "tags": ("tag", lambda one: [*(one["tags"] or []), *(one["message.tags"] or [])]),
        "topics": ("topic", lambda one: [one["message.topic"]]),
        "terms": ("term", lambda one: one["terms"] or []),
    }
    for figure, (name, read) in words.items():
        if not told[figure]["known"]:
            continue
        having: dict[str, list[Row]] = defaultdict(list)
        for one in counted.asked:
            for word in {*read(one)} - {None, ""}:
                having[word].append(one)
        wanted = {
            word: {
                "messages": len(its),
                "people": len({one["message.author.id"] for one in its} - {None}) or None,
                "sentiment": mean(one["sentiment"] for one in its),
            }
            for word, its in having.items()
        }
        alike(told[figure]["of"], wanted, name)
        for one in told[figure]["of"]:
            assert sum(part["messages"] for part in one["course"]) == sum(
                it["posted_at"] is not None for it in having[one[name]]
            )
    moods = Counter(
        "negative" if one["sentiment"] < -0.15 else "positive" if one["sentiment"] >= 0.15 else "neutral"
        for one in counted.asked
        if one["sentiment"] is not None
    )
    if told["sentiment"]["known"]:
        assert {one["mood"]: one["messages"] for one in told["sentiment"]["of"]} == {
            "negative": 0,
            "neutral": 0,
            "positive": 0,
        } | moods
    else:
        assert not moods
    if told["rating"]["known"]:
        stars = Counter(one["message.rating"] for one in counted.asked if one["message.rating"])
        assert {one["stars"]: one["messages"] for one in told["rating"]["of"]} == stars
    unknown = Counter(name for one in counted.asked for name in one["unknown"])
    assert {one["field"]: one["messages"] for one in told["unknown"]["of"]} == unknown
    assert told["unknown"]["messages"] == sum(bool(one["unknown"]) for one in counted.asked)


@given(sheets.rows)
@settings(max_examples=15)
def test_a_sheet_of_decisions_alone_tells_what_it_can_and_names_what_it_lacks(rows: list[Row]) -> None:
    decided = frame([one for one in rows if one.get("decision")]).select(pl.exclude("^message\\..*$", "terms"))
    made = report(decided.lazy(), title="Test")
    told = made.figures()
    assert told["decisions"]["messages"] == decided.height
    for name in (
        "first_answers",
        "resolutions",
        "customers",
        "peers",
        "topics",
        "rating",
        "sent",
        "colleagues",
        "terms",
    ):
        assert not told[name]["known"], name
        assert told[name]["needs"], name
    assert told["now"]["overdue"] is None
    assert "It takes: message.answered_at" in made.html()


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = sheets.everything()
    first, second = (report(sheet.lazy(), title="Test", lang="ja") for _ in range(2))
    assert first.html() == second.html()
    assert first.figures() == second.figures()


def test_as_of_moves_what_is_overdue_and_what_is_answered() -> None:
    posted = sheets.START
    row = {
        "decision": "respond publicly",
        "posted_at": posted,
        "reply_by": posted + timedelta(hours=1),
        "message.answered_at": posted + timedelta(hours=3),
        "message.direction": "inbound",
    }

    def overdue(hours: float) -> tuple[int, int]:
        told = report(frame([row]).lazy(), title="Test", as_of=posted + timedelta(hours=hours)).figures()["now"]
        return told["overdue"], told["waiting"]

    assert overdue(0.5) == (0, 1)
    assert overdue(2) == (1, 1)
    assert overdue(4) == (0, 0)
