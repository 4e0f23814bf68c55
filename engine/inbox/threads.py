"""Threads: which messages belong together, and what each message's thread and author had done before it.

Everything is worked out for a whole import at once, with sorts and jumps instead of a walk per message, so a thread may be
scattered over the file in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.inbox.formats import pieces, read
from engine.inbox.piece import DTYPES, PIECE_SIZE, Inbox, Piece
from engine.inbox.twitter_support import CHILDREN
from engine.message import Kind

FIELDS = ("id", "thread", "in_reply_to", "posted_at", "direction", "author.id")
"""What threads are made of."""

FACTS = (
    "thread", "thread.turns", "thread.our_replies", "thread.age", "author.messages", "since.our_reply", "answered_at",
    "answered_by", "author.known",
)  # fmt: skip
"""What `thread_facts` gives, in order."""

Numbers = npt.NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max
_SECOND = 1e6


def structure(inbox: Inbox, size: int = PIECE_SIZE) -> pl.DataFrame:
    """Read what threads are made of, of the whole inbox.

    Returns:
        `FIELDS`, `children` (List of String; only for exports that list a message's answers), `piece` (UInt32, the
        piece's number) and `line` (UInt32, as in `Batch.messages`), in input order. Quarantined rows are left out, so
        join back on (`piece`, `line`), or on `id`.
    """
    frames = [structure_of(inbox, piece) for piece in pieces(inbox, size)]
    if not frames:
        empty = {name: DTYPES[Kind.TIME] if name == "posted_at" else pl.String() for name in FIELDS}
        return pl.DataFrame(schema=empty | {"piece": pl.UInt32(), "line": pl.UInt32()})
    return pl.concat(frames)


def structure_of(inbox: Inbox, piece: Piece) -> pl.DataFrame:
    """Like `structure`, of one piece."""
    answers = inbox.columns.of(CHILDREN) is not None and inbox.format == "twitter-support"
    fields: Sequence[str] = (*FIELDS, CHILDREN) if answers else FIELDS
    messages = read(inbox, piece, fields, {CHILDREN: Kind.LIST}).messages
    messages = messages.with_columns(pl.lit(piece.number, pl.UInt32).alias("piece"))
    return messages.rename({CHILDREN: "children"} if answers else {})


def thread_facts(structure: pl.DataFrame) -> pl.DataFrame:
    """What each message's thread and author had done, in the rows' order.

    "Earlier" and "later" in a thread are by (`posted_at`, then row); rows without a time come after all that have one.

    Args:
        structure: `FIELDS`, one row a message; any value may be null (a null `direction` is inbound). With `children`
            (List of String) also the ids that answer the message.

    Returns:
        thread: String; as given, else the thread of the message that it answers, else the id of its thread's first
            message. Messages whose parent is not in the import are in the thread that is named by the parent's id.
        thread.turns: Int64, messages of the thread up to this one, with it.
        thread.our_replies: Int64, outbound messages of the thread before this one.
        thread.age: Float64, seconds since the thread's first message; null without a time.
        author.messages: Int64, the author's messages before this one in the import; null without an author.
        since.our_reply: Float64, seconds since our last message before this one; null when there is none.
        answered_at: Datetime us UTC, the first later message of the thread by us, or by another person when it answers
            this message directly.
        answered_by: `brand` or `peer`.
        author.known: True when author.messages > 0, else null.

    >>> rows = {"id": ["1", "2"], "in_reply_to": [None, "1"], "direction": ["inbound", "outbound"]}
    >>> unknown = {"thread": pl.String, "author.id": pl.String, "posted_at": pl.Datetime("us", "UTC")}
    >>> frame = pl.DataFrame(rows).with_columns(pl.lit(None, kind).alias(name) for name, kind in unknown.items())
    >>> thread_facts(frame)["thread"].to_list()
    ['1', '1']
    """
    count = structure.height
    names = structure["id"].cast(pl.String)
    parent, parent_name = _parents(structure, names)
    thread = _threads(structure["thread"].cast(pl.String), names, parent, parent_name)
    times = structure["posted_at"].cast(pl.Datetime("us", "UTC")).dt.epoch("us").fill_null(_NEVER).to_numpy()
    ours = (structure["direction"] == "outbound").fill_null(value=False).to_numpy()
    groups = _groups(thread)
    order = np.lexsort((np.arange(count), times, groups))
    facts = _in_thread(groups[order], times[order], ours[order], order)
    answered_at, peer = _answers(structure, parent, times, ours, facts.pop("next_ours"))
    earlier = _author(structure["author.id"].cast(pl.String), times)
    columns = {"thread": thread} | {name: pl.Series(values) for name, values in facts.items()}
    return pl.DataFrame(columns | {"author.messages": earlier}).select(
        pl.col("thread"),
        pl.col("thread.turns"),
        pl.col("thread.our_replies"),
        pl.col("thread.age").fill_nan(None),
        pl.col("author.messages"),
        pl.col("since.our_reply").fill_nan(None),
        _time(answered_at).alias("answered_at"),
        _who(answered_at, peer).alias("answered_by"),
        pl.when(pl.col("author.messages") > 0).then(pl.lit(value=True)).alias("author.known"),
    )


def _groups(words: pl.Series) -> Numbers:
    """A number for each word, the row where it first stands; a null is alone."""
    rows = pl.int_range(words.len(), eager=True)
    first = pl.DataFrame({"word": words, "row": rows}).select(pl.col("row").first().over("word"))["row"]
    return first.zip_with(words.is_not_null(), rows).to_numpy()


def _time(micros: Numbers) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == _NEVER), None).cast(pl.Datetime("us", "UTC"))


def _who(micros: Numbers, peer: npt.NDArray[np.bool_]) -> pl.Series:
    words = pl.Series(peer).replace_strict({True: "peer", False: "brand"}, return_dtype=pl.String)
    return words.set(pl.Series(micros == _NEVER), None)


def _parents(structure: pl.DataFrame, names: pl.Series) -> tuple[Numbers, pl.Series]:
    """For each row the row that it answers (itself when that is not in the import) and the id that it answers."""
    count = structure.height
    named = structure["in_reply_to"].cast(pl.String)
    rows = (
        pl.DataFrame({"id": names, "row": pl.int_range(count, eager=True)}).drop_nulls("id").unique("id", keep="first")
    )
    if "children" in structure.columns:
        told = (
            pl.DataFrame({"by": names, "child": structure["children"]})
            .explode("child")
            .drop_nulls()
            .unique("child", keep="first")
        )
        joined = pl.DataFrame({"child": names}).join(told, on="child", how="left", maintain_order="left")
        named = named.zip_with(named.is_not_null(), joined["by"])
    found = pl.DataFrame({"id": named}).join(rows, on="id", how="left", maintain_order="left")["row"]
    own = np.arange(count)
    parent = np.where(found.is_null().to_numpy(), own, found.fill_null(0).to_numpy())
    return parent, named


def _threads(given: pl.Series, names: pl.Series, parent: Numbers, parent_name: pl.Series) -> pl.Series:
    """Each row's thread: the nearest given one on the way up, else the name of the way's end."""
    count = len(parent)
    own = np.arange(count)
    has = given.is_not_null().to_numpy()
    jump = np.where(has, own, parent)
    jump = _cut_cycles(jump)
    while not np.array_equal(further := jump[jump], jump):
        jump = further
    named = given.zip_with(given.is_not_null(), parent_name).zip_with(
        pl.Series(has) | (parent_name.is_not_null() & pl.Series(parent == own)), names
    )
    return named.gather(jump)


def _cut_cycles(jump: Numbers) -> Numbers:
    """Messages that answer each other in a circle: the circle's first row becomes its end."""
    count = len(jump)
    own = np.arange(count)
    steps = max(count, 1).bit_length() + 1
    far, lowest = jump.copy(), np.minimum(jump, own)
    for _ in range(steps):
        if np.array_equal(jump[far], far):
            return jump
        lowest = np.minimum(lowest, lowest[far])
        far = far[far]
    on_circle = np.unique(far[jump[far] != far])
    ends = on_circle[lowest[on_circle] == on_circle]
    jump = jump.copy()
    jump[ends] = ends
    return jump


def _in_thread(
    groups: Numbers, times: Numbers, ours: npt.NDArray[np.bool_], order: Numbers
) -> dict[str, npt.NDArray[Any]]:
    """Facts of messages that lie sorted by thread, time and row; given back in the rows' own order."""
    count = len(groups)
    place = np.arange(count)
    first = np.concatenate([[True], groups[1:] != groups[:-1]]) if count else np.zeros(0, bool)
    start = np.maximum.accumulate(np.where(first, place, 0)) if count else place
    timed = times != _NEVER
    our_before: Numbers = np.cumsum(ours) - ours
    age = np.where(timed, (times - times[start]) / _SECOND, np.nan)
    since = np.full(count, np.nan)
    last_ours = np.maximum.accumulate(np.where(ours, place, -1)) if count else place
    previous = np.concatenate([[-1], last_ours[:-1]]) if count else place
    has = (previous >= start) & timed
    since[has] = (times[has] - times[previous[has]]) / _SECOND
    back = np.empty(count, np.int64)
    back[order] = place
    facts = {
        "thread.turns": place - start + 1,
        "thread.our_replies": our_before - our_before[start],
        "thread.age": age,
        "since.our_reply": since,
        "next_ours": _next_ours(groups, times, ours),
    }
    return {name: values[back] for name, values in facts.items()}


def _next_ours(groups: Numbers, times: Numbers, ours: npt.NDArray[np.bool_]) -> Numbers:
    """When we next wrote in the thread, after each message; `_NEVER` when we did not."""
    count = len(groups)
    place = np.arange(count)
    following = np.minimum.accumulate(np.where(ours, place, count)[::-1])[::-1] if count else place
    following = np.concatenate([following[1:], [count]]) if count else place
    inside = np.minimum(following, max(count - 1, 0))
    good = (following < count) & (groups[inside] == groups) if count else np.zeros(0, bool)
    return np.where(good, times[inside], _NEVER) if count else place


def _answers(
    structure: pl.DataFrame, parent: Numbers, times: Numbers, ours: npt.NDArray[np.bool_], next_ours: Numbers
) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """When each message was first answered, and whether by another person; ours goes first at the same time."""
    count = len(parent)
    author = _groups(structure["author.id"].cast(pl.String))
    known = structure["author.id"].is_not_null().to_numpy()
    own = np.arange(count)
    later = (times > times[parent]) | ((times == times[parent]) & (own > parent))
    other = (author != author[parent]) & known & known[parent]
    peers = (parent != own) & later & other & ~ours & (times != _NEVER)
    by_peer = np.full(count, _NEVER)
    np.minimum.at(by_peer, parent[peers], times[peers])
    return np.minimum(next_ours, by_peer), by_peer < next_ours


def _author(author: pl.Series, times: Numbers) -> pl.Series:
    """How many messages the author wrote before each message."""
    groups = _groups(author)
    count = len(groups)
    order = np.lexsort((np.arange(count), times, groups))
    sorted_groups = groups[order]
    place = np.arange(count)
    first = np.concatenate([[True], sorted_groups[1:] != sorted_groups[:-1]]) if count else np.zeros(0, bool)
    before = place - np.maximum.accumulate(np.where(first, place, 0)) if count else place
    found = np.empty(count, np.int64)
    found[order] = before
    return pl.Series(found).set(author.is_null(), None)
