"""Threads: which messages belong together, and what each message's thread and author had done before it.

Everything is worked out for a whole import at once, with sorts and jumps instead of a walk per message, so a thread may be
scattered over the file in any order. Names are compared by two hashes of 64 bits, as ids are elsewhere: numbers are sorted
many times as fast as texts, and take a known and small space.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.inbox.formats import pieces, read
from engine.inbox.piece import DTYPES, PIECE_SIZE, Inbox, Piece
from engine.message import Kind

FIELDS = ("id", "thread", "in_reply_to", "posted_at", "direction", "author.id")
"""What threads are made of."""

CHILDREN = "extra.response_tweet_id"
"""Where Customer Support on Twitter says which messages answer a message."""

FACTS = (
    "thread", "thread.turns", "thread.our_replies", "thread.age", "author.messages", "since.our_reply", "waiting.since",
    "answered_at", "answered_by", "author.known",
)  # fmt: skip
"""What `thread_facts` gives, in order."""

_NAMES = ("id", "thread", "in_reply_to", "author.id")
_BY_AUTHOR = frozenset({"author.messages", "answered_at", "answered_by", "author.known"})
_ANSWERED = frozenset({"answered_at", "answered_by"})

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
_NEVER = np.iinfo(np.int64).max
_SECOND = 1e6


def structure(inbox: Inbox, size: int = PIECE_SIZE) -> pl.DataFrame:
    """Read what threads are made of, of the whole inbox.

    Returns:
        What `told` gives, `piece` (UInt32, the piece's number) and `line` (UInt32, as in `Batch.messages`), in input
        order. Quarantined rows are left out, so join back on (`piece`, `line`).
    """
    frames = [structure_of(inbox, piece) for piece in pieces(inbox, size)]
    if not frames:
        empty = {name: DTYPES[Kind.TIME] if name == "posted_at" else pl.String() for name in FIELDS}
        return told(pl.DataFrame(schema=empty | {"piece": pl.UInt32(), "line": pl.UInt32()}))
    return pl.concat(frames)


def structure_of(inbox: Inbox, piece: Piece, facts: Collection[str] = FACTS) -> pl.DataFrame:
    """Like `structure`, of one piece, and as much as these facts need."""
    fields = [name for name in FIELDS if name != "author.id" or not _BY_AUTHOR.isdisjoint(facts)]
    answers = inbox.columns.of(CHILDREN) is not None and inbox.format == "twitter-support"
    if answers:
        fields.append(CHILDREN)
    messages = read(inbox, piece, fields, {CHILDREN: Kind.LIST}).messages
    messages = messages.with_columns(pl.lit(piece.number, pl.UInt32).alias("piece"))
    return told(messages.rename({CHILDREN: "children"} if answers else {}))


def told(messages: pl.DataFrame) -> pl.DataFrame:
    """What messages tell about threads, in the form in which it is put together.

    Args:
        messages: `FIELDS` (`author.id` may be left out when no fact needs it); any value may be null, and a null
            `direction` is inbound. With `children` (List of String) also the ids that answer the message.

    Returns:
        `NAME.1` and `NAME.2`, the hashes of each name (UInt64, lists of them for `children`; null where there is no
        name); as text only what may become the name of a thread; `ours`; `posted_at`; and the columns not named here.
    """
    columns: list[pl.Expr] = []
    for name in _NAMES:
        if name in messages.columns:
            known = pl.col(name).is_not_null()
            columns += [pl.when(known).then(pl.col(name).hash(seed)).alias(f"{name}.{seed}") for seed in (1, 2)]
    if "children" in messages.columns:
        columns += [
            pl.col("children").list.eval(pl.element().drop_nulls().hash(seed)).alias(f"children.{seed}")
            for seed in (1, 2)
        ]
    threadless = pl.col("thread").is_null()
    columns += [
        pl.when(threadless).then(pl.col("id")).alias("id"),
        pl.when(threadless).then(pl.col("in_reply_to")).alias("in_reply_to"),
        (pl.col("direction") == "outbound").fill_null(value=False).alias("ours"),
    ]
    left_out = [name for name in ("direction", "author.id", "children") if name in messages.columns]
    return messages.with_columns(columns).drop(left_out)


@dataclass(frozen=True, slots=True)
class _Named:
    """A column of names as their hashes; what stands where none is `known` means nothing."""

    one: Hashes
    two: Hashes
    known: Bools

    @classmethod
    def of(cls, structure: pl.DataFrame, name: str) -> _Named:
        first, second = (structure[f"{name}.{seed}"] for seed in (1, 2))
        return cls(first.fill_null(0).to_numpy(), second.fill_null(0).to_numpy(), first.is_not_null().to_numpy())

    def take(self, rows: Numbers | Bools) -> _Named:
        return _Named(self.one[rows], self.two[rows], self.known[rows])

    def where(self, mask: Bools, other: _Named) -> _Named:
        """These names where `mask`, else the others."""
        if mask.all():
            return self
        both = zip((self.one, self.two, self.known), (other.one, other.two, other.known), strict=True)
        return _Named(*(np.where(mask, mine, its) for mine, its in both))

    def sorted(self) -> tuple[Numbers, Bools]:
        """The rows with equal names side by side, in their own order; and where another name than the last begins."""
        order = np.argsort(self.one, kind="stable")
        again = self.one[order][1:] == self.one[order][:-1]
        if again.any():
            apart = self.two[order][1:] != self.two[order][:-1]
            if (again & apart).any():  # names that share a hash, or one that has the hash of no name
                order = np.lexsort((self.two, self.one))
                again = self.one[order][1:] == self.one[order][:-1]
                again &= self.two[order][1:] == self.two[order][:-1]
            known = self.known[order]
            again &= known[1:] & known[:-1]
        begins = np.ones(len(order), dtype=bool)
        begins[1:] = ~again
        return order, begins


def first_rows(structure: pl.DataFrame) -> Bools:
    """Which rows are the first with their id."""
    order, begins = _Named.of(structure, "id").sorted()
    first = np.zeros(len(order), dtype=bool)
    first[order[begins]] = True
    return first


def _find(sought: _Named, among: _Named) -> Numbers:
    """For each name the first row that has it; -1 when there is none."""
    found = np.full(len(sought.one), -1)
    order, begins = among.sorted()
    order = order[begins & among.known[order]]
    one, two = among.one[order], among.two[order]
    left = np.flatnonzero(sought.known)
    at = np.searchsorted(one, sought.one[left])
    while len(left):
        inside = at < len(one)
        left, at = left[inside], at[inside]
        same = one[at] == sought.one[left]
        left, at = left[same], at[same]
        hit = two[at] == sought.two[left]
        found[left[hit]] = order[at[hit]]
        left, at = left[~hit], at[~hit] + 1
    return found


def thread_facts(structure: pl.DataFrame, facts: Collection[str] = FACTS) -> pl.DataFrame:
    """What each message's thread and author had done, in the rows' order.

    "Earlier" and "later" in a thread are by (`posted_at`, then row); rows without a time come after all that have one.
    Cost grows with the rows as sorting does; what is not asked for is not worked out.

    Args:
        structure: what `told` gives, one row a message.
        facts: some of `FACTS`.

    Returns:
        The asked of these columns, in this order:
        thread: String; as given, else the thread of the message that it answers, else the id of its thread's first
            message. Messages whose parent is not in the import are in the thread that is named by the parent's id.
        thread.turns: Int64, messages of the thread up to this one, with it.
        thread.our_replies: Int64, outbound messages of the thread before this one.
        thread.age: Float64, seconds since the thread's first message; null without a time.
        author.messages: Int64, the author's messages before this one in the import; null without an author.
        since.our_reply: Float64, seconds since our last message before this one; null when there is none.
        waiting.since: Datetime us UTC, when the oldest message of the thread came that we had not answered before this one.
        answered_at: Datetime us UTC, the first later message of the thread by us, or by another person when it answers
            this message directly.
        answered_by: `brand` or `peer`.
        author.known: True when author.messages > 0, else null.

    >>> rows = {"id": ["1", "2"], "in_reply_to": [None, "1"], "direction": ["inbound", "outbound"]}
    >>> unknown = {"thread": pl.String, "author.id": pl.String, "posted_at": pl.Datetime("us", "UTC")}
    >>> frame = pl.DataFrame(rows).with_columns(pl.lit(None, kind).alias(name) for name, kind in unknown.items())
    >>> thread_facts(told(frame), ("thread", "thread.turns")).rows()
    [('1', 1), ('1', 2)]
    """
    parent = _parents(structure)
    thread, names = _threads(structure, parent)
    times = structure["posted_at"].cast(pl.Datetime("us", "UTC")).dt.epoch("us").fill_null(_NEVER).to_numpy()
    ours = structure["ours"].to_numpy()
    order, groups = _by_time(names, times)
    found = _in_thread(groups, times[order], ours[order], order)
    waiting = _time(found.pop("waiting.since"))
    columns = {"thread": thread} | {name: pl.Series(values).fill_nan(None) for name, values in found.items()}
    columns["waiting.since"] = waiting
    if not _BY_AUTHOR.isdisjoint(facts):
        author = _Named.of(structure, "author.id")
        if not _ANSWERED.isdisjoint(facts):
            answered_at, peer = _answers(author, parent, times, ours, found["next_ours"])
            columns |= {"answered_at": _time(answered_at), "answered_by": _who(answered_at, peer)}
        earlier = _author(author, times)
        known = pl.Series([True]).new_from_index(0, len(earlier)).set((earlier == 0) | earlier.is_null(), None)
        columns |= {"author.messages": earlier, "author.known": known}
    return pl.DataFrame({name: columns[name] for name in FACTS if name in facts})


def _by_time(names: _Named, times: Numbers) -> tuple[Numbers, Numbers]:
    """The rows sorted by name, time and row; and a number for each name, in that order."""
    order, begins = names.sorted()
    groups: Numbers = np.cumsum(begins) - 1
    alone = begins & np.append(begins[1:], True)
    several = np.flatnonzero(~alone)
    rows = order[several]
    order[several] = rows[np.lexsort((rows, times[rows], groups[several]))]
    return order, groups


def _time(micros: Numbers) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == _NEVER), None).cast(pl.Datetime("us", "UTC"))


def _who(micros: Numbers, peer: npt.NDArray[np.bool_]) -> pl.Series:
    words = pl.Series(peer).replace_strict({True: "peer", False: "brand"}, return_dtype=pl.String)
    return words.set(pl.Series(micros == _NEVER), None)


def _parents(structure: pl.DataFrame) -> Numbers:
    """For each row the row that it answers; itself when that is not in the import."""
    own = np.arange(structure.height)
    ids, named = _Named.of(structure, "id"), _Named.of(structure, "in_reply_to")
    parent = np.full(structure.height, -1)
    if named.known.any():
        parent = _find(named, ids)
    if "children.1" in structure.columns:
        lists = pl.DataFrame({"by": own, "child.1": structure["children.1"], "child.2": structure["children.2"]})
        pairs = lists.filter(pl.Series(ids.known)).explode("child.1", "child.2").drop_nulls()
        listed = _find(ids, _Named.of(pairs, "child"))
        by = ids.take(pairs["by"].to_numpy())
        says = (listed >= 0) & ~named.known
        parent[says] = _find(by.take(listed[says]), ids)
    return np.where(parent < 0, own, parent)


def _threads(structure: pl.DataFrame, parent: Numbers) -> tuple[pl.Series, _Named]:
    """Each row's thread: the nearest given one on the way up, else the name of the way's end; as text and as hashes."""
    given, reply, ids = (_Named.of(structure, name) for name in ("thread", "in_reply_to", "id"))
    if given.known.all():
        return structure["thread"], given
    own = np.arange(len(parent))
    jump = _cut_cycles(np.where(given.known, own, parent))
    while not np.array_equal(further := jump[jump], jump):
        jump = further
    gone = reply.known & (parent == own)
    names = given.where(given.known, reply.where(gone, ids))
    written = structure["in_reply_to"].zip_with(pl.Series(gone), structure["id"])
    written = structure["thread"].zip_with(pl.Series(given.known), written)
    return written.gather(jump), names.take(jump)


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
    oldest = np.maximum(previous + 1, start)
    back = np.empty(count, np.int64)
    back[order] = place
    facts = {
        "thread.turns": place - start + 1,
        "thread.our_replies": our_before - our_before[start],
        "thread.age": age,
        "since.our_reply": since,
        "waiting.since": times[oldest],
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


def _answers(author: _Named, parent: Numbers, times: Numbers, ours: Bools, next_ours: Numbers) -> tuple[Numbers, Bools]:
    """When each message was first answered, and whether by another person; ours goes first at the same time."""
    count = len(parent)
    own = np.arange(count)
    later = (times > times[parent]) | ((times == times[parent]) & (own > parent))
    theirs = author.take(parent)
    other = ((author.one != theirs.one) | (author.two != theirs.two)) & author.known & theirs.known
    peers = (parent != own) & later & other & ~ours & (times != _NEVER)
    by_peer = np.full(count, _NEVER)
    np.minimum.at(by_peer, parent[peers], times[peers])
    return np.minimum(next_ours, by_peer), by_peer < next_ours


def _author(author: _Named, times: Numbers) -> pl.Series:
    """How many messages the author wrote before each message."""
    order, groups = _by_time(author, times)
    place = np.arange(len(order))
    found = np.empty(len(order), np.int64)
    found[order] = place - np.searchsorted(groups, groups)
    return pl.Series(found).set(pl.Series(~author.known), None)
