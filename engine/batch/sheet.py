"""What a report and work queues are made of: one row a message, with what was decided and what the message was.

Columns are those of `engine.batch.record.as_frame` (null on messages from us, which are not decided), then each field of
the message as `message.FIELD`, then `terms` (List of String: the playbook's term lists that the text mentions). `thread`
is the one that was worked out.
"""

from __future__ import annotations

import polars as pl

from engine.batch.record import MESSAGE_COLUMNS, as_frame
from engine.evaluate.columns import Decided
from engine.inbox import Inbox, Piece, read
from engine.plan import Plan

MESSAGE = "message."

FIELDS = (
    "visibility", "account", "link", "author.id", "author.name", "author.handle", "author.followers", "author.verified",
    "author.known", "likes", "shares", "replies", "views", "reach", "rating", "topic", "product", "tags", "resolved_at",
)  # fmt: skip
"""Fields that a sheet has beside those that the playbook looks at; a value that cannot be read is unknown there."""

FACTS = (
    "thread", "thread.turns", "thread.our_replies", "author.messages", "author.known", "answered_at", "answered_by",
)  # fmt: skip
"""What only the whole import can tell, and a sheet says."""


def sheet(
    plan: Plan,
    task: tuple[Inbox, Piece],
    messages: pl.DataFrame,
    inbound: pl.DataFrame,
    decided: Decided,
    known: pl.DataFrame,
) -> pl.DataFrame:
    """The sheet of a piece.

    Args:
        plan: what decided.
        task: the inbox and its piece.
        messages: the piece's messages, those from us too, with their `line`.
        inbound: those that are not from us, as they were decided.
        decided: their decisions.
        known: `FACTS` of the piece's messages, by line.
    """
    said = as_frame(plan, inbound, decided).drop(MESSAGE_COLUMNS)
    said = said.with_columns(_terms(plan, decided), inbound["line"], inbound["lang"].alias("lang"))
    message = messages.join(
        _more(*task, [name for name in FIELDS if name not in messages.columns]),
        on="line",
        how="left",
        maintain_order="left",
    )
    own = [name for name in message.columns if name != "line"]
    facts = [name for name in known.columns if name != "line"]
    whole = (
        message.rename({name: MESSAGE + name for name in own})
        .join(known.rename({name: f"known.{name}" for name in facts}), on="line", how="left", maintain_order="left")
        .join(said, on="line", how="left", maintain_order="left")
    )
    return whole.select(
        pl.col(f"{MESSAGE}id").alias("id"),
        pl.col("known.thread").alias("thread"),
        pl.col(f"{MESSAGE}posted_at").alias("posted_at"),
        pl.col(f"{MESSAGE}channel").alias("channel"),
        pl.coalesce("lang", f"{MESSAGE}lang").alias("lang"),
        *(name for name in said.columns if name not in ("line", "lang", "terms")),
        *(f"{MESSAGE}{name}" for name in own if name not in facts),
        *(_either(name, given=name in own) for name in facts),
        "terms",
    )


def _either(name: str, *, given: bool) -> pl.Expr:
    """What the source says of a fact, where it says it, else what the import tells."""
    known = pl.col(f"known.{name}")
    return (pl.coalesce(f"{MESSAGE}{name}", known) if given else known).alias(MESSAGE + name)


def _more(inbox: Inbox, piece: Piece, fields: list[str]) -> pl.DataFrame:
    """Further fields by line. Where a row cannot be read for one of them, they are read one by one, so that it loses no more."""
    whole = read(inbox, piece, ["id", *fields])
    if not whole.quarantined:
        return whole.messages.drop("id")
    found = read(inbox, piece, ["id"]).messages.select("line")
    for name in fields:
        alone = read(inbox, piece, ["id", name]).messages.drop("id")
        found = found.join(alone, on="line", how="left", maintain_order="left")
    return found


def _terms(plan: Plan, decided: Decided) -> pl.Series:
    names = [name for name in plan.lists if name in decided.facts.columns]
    if not names:
        return pl.Series("terms", [[]] * decided.facts.height, dtype=pl.List(pl.String))
    each = [pl.when(pl.col(name) > 0).then(pl.lit(name)) for name in names]
    return decided.facts.select(pl.concat_list(each).list.drop_nulls().alias("terms")).to_series()
