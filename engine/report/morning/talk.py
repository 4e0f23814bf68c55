"""What people talk about and how: tags, topics, terms, sentiment, ratings."""

from __future__ import annotations

from typing import Any

import polars as pl

from engine.message import SIGNAL
from engine.report.morning.asking import Asked, different, rows
from engine.report.morning.sheet import Sheet

MOST = 15
"""How many tags, topics and terms are told of."""

OFTEN = 3
"""Assumption: a topic that so many people ask about recurs, and is worth an answer that can be linked to."""

LOW, HIGH = SIGNAL["sentiment"].cuts
MOODS = SIGNAL["sentiment"].levels


def tags(sheet: Sheet) -> Asked:
    """The playbook's tags and the source's, with their course over time and the sentiment of their messages."""
    both = sheet.asked.with_columns(tag=all_tags())
    return _lasting(_worded((yield _course(both, "tag")), "tag"))


def all_tags() -> pl.Expr:
    """A message's tags, each once: the playbook's and the source's."""
    nothing = pl.lit([], pl.List(pl.String))
    return pl.concat_list(pl.col("tags").fill_null(nothing), pl.col("message.tags").fill_null(nothing)).list.unique()


def topics(sheet: Sheet) -> Asked:
    """The source's topics; `people` are different authors, and what enough of them ask about `recurs`."""
    if not sheet.tells("topic"):
        _ = yield {}
        return sheet.lacks("topic")
    told = _worded((yield _course(sheet.asked.with_columns(topic="message.topic"), "topic")), "topic")
    for one in told["of"]:
        one["recurs"] = None if one["people"] is None else one["people"] >= OFTEN
    return _lasting(told)


def products(sheet: Sheet) -> Asked:
    """The products that messages name."""
    if not sheet.tells("product"):
        _ = yield {}
        return sheet.lacks("product")
    return _worded((yield _course(sheet.asked.with_columns(product="message.product"), "product")), "product")


def terms(sheet: Sheet) -> Asked:
    """How many messages each of the playbook's term lists was found in."""
    if "terms" not in sheet.told:
        _ = yield {}
        return {"known": False, "needs": ["terms"]}
    listed = sheet.asked.with_columns(term=pl.col("terms").list.unique())
    return _lasting(_worded((yield _course(listed, "term")), "term"))


def _course(frame: pl.LazyFrame, name: str) -> dict[str, pl.LazyFrame]:
    """Counts of each word, and per piece of the time line those of the most frequent."""
    slim = frame.select(name, "bucket", "sentiment", "wants", "message.author.id")
    if frame.collect_schema()[name] == pl.List(pl.String):
        slim = slim.explode(name)
    slim = slim.filter(pl.col(name).is_not_null() & (pl.col(name) != ""))
    counted = slim.group_by(name).agg(
        pl.len().alias("messages"),
        different("message.author.id").alias("people"),
        pl.col("sentiment").mean().alias("sentiment"),
        pl.when(pl.col("sentiment").count() > 0).then((pl.col("sentiment") < LOW).sum()).alias("negative"),
    )
    most = counted.sort("messages", name, descending=[True, False]).head(MOST)
    course = slim.filter(pl.col("bucket").is_not_null()).join(most.select(name), on=name, how="semi")
    over_time = course.group_by(name, pl.col("bucket").alias("from")).agg(pl.len().alias("messages"))
    return {"most": most, "course": over_time, "different": counted.select(pl.len().alias("words"))}


def _worded(found: dict[str, pl.DataFrame], name: str) -> dict[str, Any]:
    told = rows(found["most"])
    course: dict[str, list[dict[str, object]]] = {one[name]: [] for one in told}
    for one in rows(found["course"].sort(name, "from")):
        course[one.pop(name)].append(one)
    for one in told:
        one["course"] = course[one[name]]
    return {"known": True, "different": found["different"].item(), "of": told}


def _lasting(told: dict[str, Any]) -> dict[str, Any]:
    """How the last piece of time compares with the middle of those before it; null where there are too few."""
    listed: list[dict[str, Any]] = told["of"]
    moments = sorted({part["from"] for one in listed for part in one["course"]})
    for one in listed:
        counts = {part["from"]: part["messages"] for part in one["course"]}
        series = [counts.get(moment, 0) for moment in moments]
        one["last"] = series[-1] if series else None
        one["usual"] = pl.Series(series[:-1], dtype=pl.Int64).median() if len(series) > 3 else None
    return told


def sentiment(sheet: Sheet) -> Asked:
    """How pleased the writers are: shares, the middle, and the course over time."""
    level = (
        pl.when(pl.col("sentiment") < LOW)
        .then(pl.lit(MOODS[0]))
        .when(pl.col("sentiment") >= HIGH)
        .then(pl.lit(MOODS[2]))
        .when(pl.col("sentiment").is_not_null())
        .then(pl.lit(MOODS[1]))
        .alias("mood")
    )
    measured = sheet.asked.with_columns(level).filter(pl.col("mood").is_not_null())
    found = yield {
        "all": measured.select(measured=pl.len(), median=pl.col("sentiment").median(), mean=pl.col("sentiment").mean()),
        "of": measured.group_by("mood").agg(pl.len().alias("messages")),
        "course": measured.filter(pl.col("bucket").is_not_null())
        .group_by(pl.col("bucket").alias("from"), "mood")
        .agg(pl.len().alias("messages")),
    }
    whole = rows(found["all"])[0]
    if not whole["measured"]:
        return {"known": False, "needs": ["sentiment"]}
    counts = dict(found["of"].iter_rows())
    return {
        "known": True,
        **whole,
        "not_measured": sheet.inbound - whole["measured"],
        "of": [{"mood": mood, "messages": counts.get(mood, 0)} for mood in MOODS],
        "course": rows(found["course"].sort("from", "mood")),
    }


def rating(sheet: Sheet) -> Asked:
    """Ratings from 1 to 5, rounded to whole stars for counting."""
    if not sheet.tells("rating"):
        _ = yield {}
        return sheet.lacks("rating")
    stars = pl.col("message.rating")
    rated = sheet.asked.filter(stars.is_not_null())
    found = yield {
        "all": rated.select(rated=pl.len(), mean=stars.mean(), median=stars.median()),
        "of": rated.group_by(stars.round().cast(pl.Int64).alias("stars")).agg(pl.len().alias("messages")),
    }
    return {"known": True, **rows(found["all"])[0], "of": rows(found["of"].sort("stars"))}
