"""Who wrote and who answered: new and returning customers, fellow customers, our own people, our pages and networks."""

from __future__ import annotations

import polars as pl

from engine.message import SIGNAL
from engine.report.morning.asking import Asked, different, rows
from engine.report.morning.sheet import SOCIAL, Sheet

MOST_PEOPLE = 30
_LOW, _HIGH = SIGNAL["sentiment"].cuts


def customers(sheet: Sheet) -> Asked:
    """Authors: new ones, those who only wrote on social channels, those who came back, those won back.

    `new` are those of whom the file says that they did not write before, `known_before` those who did; null when it never
    says so. `first_seen` are those of whom nothing from before is known. Social only: every message came on a social
    channel. Won back: the first message with a sentiment was negative, the last is positive.
    """
    if not sheet.tells("author.id"):
        _ = yield {}
        return sheet.lacks("author.id")
    mood = pl.col("sentiment").sort_by("posted_at", "row").drop_nulls()
    known = pl.col("message.author.known").sort_by("posted_at", "row").first()
    author = (
        sheet.asked.filter(pl.col("message.author.id").is_not_null())
        .group_by("message.author.id")
        .agg(
            pl.len().alias("messages"),
            known.alias("known"),
            pl.col("channel").is_in(SOCIAL).fill_null(value=False).all().alias("social"),
            pl.col("thread").drop_nulls().n_unique().alias("threads"),
            (mood.first() < _LOW).alias("began_badly"),
            (mood.last() >= _HIGH).alias("ended_well"),
        )
    )
    fresh = ~pl.col("known")
    unseen = fresh.fill_null(value=True)
    found = yield {
        "all": author.select(
            authors=pl.len(),
            new=fresh.sum(),
            new_social_only=(fresh & pl.col("social")).sum(),
            first_seen=unseen.sum(),
            first_seen_social_only=(unseen & pl.col("social")).sum(),
            known_before=pl.col("known").sum(),
            wrote_again=(pl.col("threads") > 1).sum(),
            won_back=(pl.col("began_badly") & pl.col("ended_well")).sum(),
            unhappy_at_first=pl.col("began_badly").sum(),
        ),
    }
    told = rows(found["all"])[0]
    says = told["new"] > 0
    if not says:
        told |= {"new": None, "new_social_only": None}
    if not told["new"] and not told["known_before"]:
        told["known_before"] = None
    return {"known": True, "new_known": says, **told}


def peers(sheet: Sheet) -> Asked:
    """Messages that a fellow customer answered before us, per channel."""
    if not sheet.tells("answered_by"):
        _ = yield {}
        return sheet.lacks("answered_by", "author.id")
    measures = [pl.col("peer").sum().alias("answered_by_peers"), pl.col("answered").sum().alias("answered")]
    found = yield {"all": sheet.asked.select(measures), "of": sheet.asked.group_by("channel").agg(measures)}
    some = found["of"].filter(pl.col("answered") > 0).sort("answered_by_peers", "channel", descending=[True, False])
    return {"known": True, **rows(found["all"])[0], "of": rows(some)}


def colleagues(sheet: Sheet) -> Asked:
    """Our own people: messages sent, conversations, and the first answers that each of them gave."""
    if not sheet.outbound or not (sheet.tells("author.id") or sheet.tells("author.name")):
        _ = yield {}
        return {"known": False, "needs": ["message.direction", "message.author.id", "message.author.name"]}
    ours = sheet.sent.with_columns(who=pl.coalesce("message.author.name", "message.author.handle", "message.author.id"))
    asked = {"sent": ours.group_by("who").agg(pl.len().alias("sent"), different("thread").alias("conversations"))}
    if sheet.tells("answered_at"):
        moments = (
            ours.filter(pl.col("thread").is_not_null() & pl.col("posted_at").is_not_null())
            .group_by("thread", "posted_at")
            .agg(pl.col("who").min())
        )
        answered = sheet.asked.filter(pl.col("waited").is_not_null()).select(
            "thread", "waited", "reply_by", "acknowledge_by", posted_at="message.answered_at"
        )
        promise = pl.coalesce("reply_by", "acknowledge_by")
        asked["answers"] = (
            answered.join(moments, on=["thread", "posted_at"])
            .group_by("who")
            .agg(
                pl.len().alias("first_answers"),
                pl.col("waited").median().alias("median"),
                pl.col("waited").quantile(0.9, "linear").alias("p90"),
                (pl.col("posted_at") <= promise).sum().alias("kept"),
                (pl.col("posted_at") > promise).sum().alias("broken"),
            )
        )
    found = yield asked
    table = found["sent"]
    if "answers" in found:
        table = table.join(found["answers"], on="who", how="left")
        table = table.with_columns(pl.col("first_answers", "kept", "broken").fill_null(0))
    table = table.sort("sent", "who", descending=[True, False])
    return {
        "known": True,
        "answers_known": "answers" in found,
        "people": table.height,
        "of": rows(table.head(MOST_PEOPLE)),
    }


def profiles(sheet: Sheet) -> Asked:
    """Each of our accounts and pages on each network: what came, how it was met, what we sent and whom it reached."""
    keys = [pl.col("channel").alias("network"), pl.col("message.account").alias("account")]
    nothing = pl.lit(None, pl.UInt32)
    told = sheet.tells("answered_at")
    came = sheet.asked.group_by(keys).agg(
        pl.len().alias("messages"),
        pl.col("wants").sum().alias("want_answer"),
        ((pl.col("wants") & pl.col("answered")).sum() if told else nothing).alias("answered"),
        pl.col("waited").filter(pl.col("wants")).median().alias("median"),
        pl.col("sentiment").mean().alias("sentiment"),
        pl.col("message.rating").mean().alias("rating"),
    )
    went = sheet.sent.group_by(keys).agg(pl.len().alias("sent"), _known_sum("message.reach").alias("reach"))
    found = yield {"came": came, "went": went}
    table = found["came"].join(found["went"], on=["network", "account"], how="full", coalesce=True, nulls_equal=True)
    table = table.with_columns(pl.col("messages", "want_answer", "sent").fill_null(0))
    table = table.sort("messages", "sent", "network", "account", descending=[True, True, False, False])
    return {
        "known": True,
        "accounts_known": sheet.tells("account"),
        "answered_known": told,
        "pages": table.height,
        "of": rows(table.head(MOST_PEOPLE)),
    }


def _known_sum(name: str) -> pl.Expr:
    """A sum, or null where nothing is known."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())
