"""Threads, against a version that walks from message to message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inbox import open_inbox, structure, thread_facts
from engine.inbox.threads import FACTS, told

START = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = {
    "id": pl.String, "thread": pl.String, "in_reply_to": pl.String, "posted_at": pl.Datetime("us", "UTC"),
    "direction": pl.String, "author.id": pl.String, "children": pl.List(pl.String),
}  # fmt: skip

NAMES = st.sampled_from([str(at) for at in range(9)])
ROWS = st.lists(
    st.fixed_dictionaries({
        "id": st.one_of(NAMES, NAMES, st.none()),
        "thread": st.one_of(st.none(), st.none(), st.sampled_from(["T", "U", "3"])),
        "in_reply_to": st.one_of(st.none(), NAMES, st.just("gone")),
        "posted_at": st.one_of(st.none(), st.integers(0, 6).map(lambda hour: START + timedelta(hours=hour))),
        "direction": st.sampled_from(["inbound", "outbound", None]),
        "author.id": st.sampled_from(["a", "b", None]),
        "children": st.one_of(st.none(), st.lists(NAMES, max_size=2)),
    }),
    max_size=12,
)  # fmt: skip


def threads_by_hand(rows: list[dict]) -> list[object]:
    by_id: dict[str, int] = {}
    for at, row in enumerate(rows):
        if row["id"] is not None:
            by_id.setdefault(row["id"], at)
    told: dict[str, str] = {}
    for row in rows:
        if row["id"] is not None:
            for child in row["children"] or []:
                told.setdefault(child, row["id"])
    named = [row["in_reply_to"] if row["in_reply_to"] is not None else told.get(row["id"]) for row in rows]
    found = []
    for at in range(len(rows)):
        way, here = [], at
        while rows[here]["thread"] is None and here not in way and named[here] in by_id and by_id[named[here]] != here:
            way.append(here)
            here = by_id[named[here]]
        if here in way:
            here = min(way[way.index(here) :])
            found.append(rows[here]["id"])
        elif rows[here]["thread"] is not None:
            found.append(rows[here]["thread"])
        elif named[here] is not None and named[here] not in by_id:
            found.append(named[here])
        else:
            found.append(rows[here]["id"])
    parents = [by_id.get(name) if name is not None else None for name in named]
    return [found, [None if parent == at else parent for at, parent in enumerate(parents)]]


def facts_by_hand(rows: list[dict]) -> list[dict]:
    threads, parents = threads_by_hand(rows)
    order = sorted(range(len(rows)), key=lambda at: (rows[at]["posted_at"] is None, rows[at]["posted_at"] or START, at))
    place = {at: number for number, at in enumerate(order)}
    ours = [row["direction"] == "outbound" for row in rows]
    found = []
    for at, row in enumerate(rows):
        same = [one for one in order if one == at or (threads[one] is not None and threads[one] == threads[at])]
        before = [one for one in same if place[one] < place[at]]
        after = [one for one in same if place[one] > place[at] and rows[one]["posted_at"] is not None]
        timed = row["posted_at"] is not None
        replies = [one for one in before if ours[one]]
        unanswered = [one for one in [*before, at] if not replies or place[one] > place[replies[-1]]]
        by_us = next((rows[one]["posted_at"] for one in after if ours[one]), None)
        by_peer = min(
            (
                rows[one]["posted_at"]
                for one in range(len(rows))
                if parents[one] == at
                and place[one] > place[at]
                and rows[one]["posted_at"] is not None
                and not ours[one]
                and None not in (row["author.id"], rows[one]["author.id"])
                and row["author.id"] != rows[one]["author.id"]
            ),
            default=None,
        )
        peer = by_peer is not None and (by_us is None or by_peer < by_us)
        author = [one for one in order if rows[one]["author.id"] == row["author.id"] and place[one] < place[at]]
        wrote = len(author) if row["author.id"] is not None else None
        found.append(
            {
                "thread": threads[at],
                "thread.turns": len(before) + 1,
                "thread.our_replies": len(replies),
                "thread.age": (row["posted_at"] - rows[same[0]]["posted_at"]).total_seconds() if timed else None,
                "author.messages": wrote,
                "since.our_reply": (row["posted_at"] - rows[replies[-1]]["posted_at"]).total_seconds()
                if replies and timed
                else None,
                "waiting.since": rows[unanswered[0]]["posted_at"],
                "answered_at": by_peer if peer else by_us,
                "answered_by": "peer" if peer else "brand" if by_us is not None else None,
                "author.known": True if wrote else None,
            }
        )
    return found


@given(ROWS)
@settings(max_examples=600, deadline=None)
def test_facts_are_those_of_a_walk_from_message_to_message(rows) -> None:
    facts = thread_facts(told(pl.DataFrame(rows, schema=SCHEMA)))
    assert facts.columns == list(FACTS)
    assert facts.to_dicts() == facts_by_hand(rows)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_rows_does_not_matter(rows, random) -> None:
    rows = [
        row | {"id": str(at), "posted_at": START + timedelta(minutes=at), "children": None}
        for at, row in enumerate(rows)
    ]
    for at, row in enumerate(rows):  # answers go to earlier messages, so there are no circles
        if row["in_reply_to"] is not None and (row["in_reply_to"] == "gone" or int(row["in_reply_to"]) >= at):
            row["in_reply_to"] = "gone"
    mixed = rows.copy()
    random.shuffle(mixed)
    facts = thread_facts(told(pl.DataFrame(rows, schema=SCHEMA))).to_dicts()
    shuffled = thread_facts(told(pl.DataFrame(mixed, schema=SCHEMA))).to_dicts()
    assert [shuffled[mixed.index(row)] for row in rows] == facts


def test_messages_that_share_a_missing_parent_belong_together() -> None:
    rows = [{"id": "a", "in_reply_to": "gone"}, {"id": "b", "in_reply_to": "gone"}, {"id": "c", "in_reply_to": "b"}]
    facts = thread_facts(told(pl.DataFrame(rows, schema=SCHEMA)))
    assert facts["thread"].to_list() == ["gone"] * 3


def test_messages_that_answer_each_other_in_a_circle_do_not_hang() -> None:
    count = 1001
    rows = [{"id": str(at), "in_reply_to": str((at + 1) % count)} for at in range(count)] + [
        {"id": "x", "in_reply_to": "7"}
    ]
    assert thread_facts(told(pl.DataFrame(rows, schema=SCHEMA)))["thread"].unique().to_list() == ["0"]


def test_a_long_thread() -> None:
    count = 20_000
    rows = [
        {"id": str(at), "in_reply_to": str(at - 1), "posted_at": START + timedelta(seconds=at)} for at in range(count)
    ]
    facts = thread_facts(told(pl.DataFrame(rows[::-1], schema=SCHEMA)))
    assert facts["thread"].unique().to_list() == ["-1"]
    assert facts["thread.turns"].to_list() == list(range(count, 0, -1))


def test_no_rows() -> None:
    assert thread_facts(told(pl.DataFrame(schema=SCHEMA))).height == 0


def test_structure_says_where_each_row_lies(write) -> None:
    rows = [
        '{"id": "1", "text": "a"}',
        "broken",
        '{"id": "2", "text": "b", "in_reply_to": "1"}',
        '{"id": "3", "text": "c"}',
    ]
    found = structure(open_inbox(write("a.jsonl", "\n".join(rows))), size=1)
    assert found.select("id", "piece", "line").rows() == [("1", 0, 1), ("2", 2, 1), ("3", 3, 1)]


def test_answers_listed_by_an_export_join_threads(write) -> None:
    content = """tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id
1,a,True,Tue Oct 31 22:08:27 +0000 2017,help,"2,3",
2,Brand,False,Tue Oct 31 22:10:27 +0000 2017,hello,,
3,b,True,Tue Oct 31 22:09:27 +0000 2017,me too,,
"""
    facts = thread_facts(structure(open_inbox(write("a.csv", content))))
    assert facts["thread"].to_list() == ["1", "1", "1"]
    assert facts["answered_by"].to_list() == ["peer", None, "brand"]
    assert facts["thread.turns"].to_list() == [1, 3, 2]
