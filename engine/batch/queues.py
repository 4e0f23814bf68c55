"""Work queues: one CSV a team, the most urgent first, for people who work a list from top to bottom.

Hand-offs go to their team; what is to be answered goes to whom the playbook assigns it, else to `care`. Trolls and what
needs no reply are in no queue, nor is what we have answered already. A queue that is empty now is written empty, so that
nobody works yesterday's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from engine.batch.cells import harmless
from engine.inbox.quarantine import Atomic

CARE = "care"
_PRIORITIES = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_DUE = ("acknowledge_by", "reply_by", "resolve_by")
_MARK = "\ufeff"
"""So that Excel takes the file for UTF-8."""
_LONGEST = 80
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Source: Microsoft, Naming Files, Paths, and Namespaces."""
COLUMNS = (
    "due", "overdue", "priority", "severity", "exposure", "decision", "channel", "who", "followers", "text", "because",
    "draft", "tags", "link", "follow_up_at", "id", "thread", "posted_at",
)  # fmt: skip


def write_queues(
    folder: Path, sheet: pl.LazyFrame, *, as_of: datetime | None = None, levels: Sequence[str] | None = None
) -> dict[str, int]:
    """Write the queues of a sheet (see `engine.batch.sheet`).

    Ordered by priority, severity, the earliest time that something is due, when it was written, and id.

    Args:
        folder: where; made when it is not there. Queues of an earlier run without a message now are emptied.
        sheet: one row a message; columns that it lacks are empty.
        as_of: what is due before it is overdue; the latest time of the sheet when None.
        levels: of the scale `severity`, the lowest first.

    Returns:
        How many messages each queue has, by the queue's name.

    Raises:
        OSError: something could not be written.
    """
    there = sheet.collect_schema().names()

    def column(name: str, kind: pl.DataType) -> pl.Expr:
        return pl.col(name).cast(kind) if name in there else pl.lit(None, kind)

    text, time = pl.String(), pl.Datetime("us", "UTC")
    answerable = pl.col("decision").is_in(["respond publicly", "take private"])
    answered = column("message.answered_by", text).eq_missing(pl.lit("brand"))
    assigned = pl.coalesce(column("assign", text), pl.lit(CARE))
    queue = pl.when(pl.col("decision") == "hand off").then(column("team", text)).when(answerable).then(assigned)
    tags = pl.col("tags").list.join(", ") if "tags" in there else pl.lit(None, text)
    names = [column(f"message.author.{name}", text) for name in ("name", "handle")]
    work = sheet.filter(~answered).select(
        queue.alias("queue"),
        pl.min_horizontal(*(column(name, time) for name in _DUE)).alias("due"),
        *(column(name, text).alias(name) for name in ("priority", "severity", "exposure", "decision", "channel")),
        pl.coalesce(*names).alias("who"),
        column("message.author.followers", pl.Int64()).alias("followers"),
        column("message.text", text).alias("text"),
        column("because", text).alias("because"),
        column("reply", text).alias("draft"),
        tags.alias("tags"),
        column("message.link", text).alias("link"),
        column("follow_up_at", time).alias("follow_up_at"),
        *(column(name, text).alias(name) for name in ("id", "thread")),
        column("posted_at", time).alias("posted_at"),
    )
    work = work.filter(pl.col("queue").is_not_null())
    moment = (
        pl.lit(as_of, time)
        if as_of is not None
        else pl.lit(sheet.select(column("posted_at", time).max()).collect().item())
    )
    rank = {level: place for place, level in enumerate(levels or ())}
    ordered = (
        work.with_columns(pl.when(pl.col("due") < moment).then(pl.lit("yes")).alias("overdue"))
        .sort(
            pl.col("priority").replace_strict(_PRIORITIES, default=_PRIORITIES["normal"], return_dtype=pl.Int64),
            -pl.col("severity").replace_strict(rank, default=-1, return_dtype=pl.Int64),
            "due",
            "posted_at",
            "id",
            nulls_last=True,
        )
        .collect()
    )
    folder.mkdir(exist_ok=True)
    counts = {str(name): rows.height for (name,), rows in ordered.group_by("queue", maintain_order=True)}
    files = _files(sorted(counts))
    for name, rows in ordered.partition_by("queue", as_dict=True).items():
        _write(folder / files[str(name[0])], rows)
    for file in folder.glob("*.csv"):
        if file.name not in files.values() and _is_ours(file):
            _write(file, ordered.clear())
    return counts


def _write(path: Path, rows: pl.DataFrame) -> None:
    texts = [name for name, kind in rows.schema.items() if kind == pl.String]
    shown = rows.with_columns(harmless(pl.col(name)).alias(name) for name in texts).select(COLUMNS)
    with Atomic(path) as file:
        file.write((_MARK + shown.write_csv(datetime_format="%Y-%m-%dT%H:%M:%SZ")).encode())


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline().decode("utf-8", "replace").strip() == _MARK + ",".join(COLUMNS)


def _files(names: Sequence[str]) -> dict[str, str]:
    """A file for each queue, that every system can have: no two differ by case only.

    >>> _files(["PR", "pr", "../legal", "con", "広報"])
    {'PR': 'PR.csv', 'pr': 'pr-2.csv', '../legal': 'legal.csv', 'con': 'con-queue.csv', '広報': '広報.csv'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        calm = "".join(one if one.isalnum() or one in " -_" else " " for one in name)
        calm = " ".join(calm.split()).strip()[:_LONGEST].strip() or "queue"
        if _RESERVED.fullmatch(calm):
            calm += "-queue"
        free, number = calm, 1
        while free.casefold() in taken:
            number += 1
            free = f"{calm}-{number}"
        taken.add(free.casefold())
        found[name] = f"{free}.csv"
    return found
