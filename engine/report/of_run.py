"""What a run gives beside its decisions: the report as a page or as figures, and the teams' work queues."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from engine.batch.decisions import joined
from engine.batch.explained import explain_some
from engine.batch.queues import write_queues
from engine.batch.run import Sheets, Summary
from engine.batch.sheet import FACTS, FIELDS, MESSAGE
from engine.batch.whole import read_whole
from engine.batch.work import fields_of, thread_facts_of
from engine.graph import Graph
from engine.inbox import FieldCoverage, Inbox
from engine.inbox.quarantine import field_of
from engine.incidents.masking import own_words
from engine.plan import Plan
from engine.report.morning import Report, Unread, report

_EXAMPLES = 20


def sheet_of(sheets: Sheets) -> pl.LazyFrame:
    """The sheets of a run as one."""
    return (
        pl.concat([pl.scan_parquet(path) for path in sheets.paths], how="diagonal_relaxed")
        if sheets.paths
        else (pl.LazyFrame(schema={"id": pl.String, "decision": pl.String, "rule": pl.String}))
    )


def report_of_run(
    plan: Plan,
    graph: Graph,
    sheets: Sheets,
    *,
    lang: str,
    as_of: datetime | None,
    zone: str | None,
    masked: bool,
    us: Sequence[str] = (),
) -> Report:
    """The report of a finished run; see `engine.report.morning.report`."""
    sheet = sheet_of(sheets)
    summary = sheets.summary
    return report(
        sheet,
        title=plan.name,
        as_of=as_of,
        zone=zone or zone_of(plan),
        lang=lang,
        scales={scale.name: scale.levels for scale in plan.scales},
        graph=graph,
        explain=partial(explain_some, plan, sheet),
        unread=_unread(summary, sheets.quarantine),
        dropped=_dropped(summary),
        coverage=_coverage(plan, sheet, summary),
        masked=masked,
        keep=_own(plan, us),
    )


def report_of_decisions(
    decisions: pl.DataFrame,
    inboxes: Sequence[Inbox],
    plan: Plan | None,
    graph: Graph | None,
    *,
    title: str,
    lang: str,
    as_of: datetime | None,
    zone: str | None,
    masked: bool,
    us: Sequence[str] = (),
) -> Report:
    """The report of decisions that were written before, with what their inboxes and their playbook can add."""
    sheet = decisions
    if inboxes:
        names, declared = fields_of(plan) if plan is not None else ([], {})
        facts = dict.fromkeys((*FACTS, *(thread_facts_of(plan) if plan is not None else ())))
        wanted = list(dict.fromkeys([*_MESSAGE, *names, *FIELDS]))
        sheet = joined(decisions, (batch.messages for batch in read_whole(inboxes, wanted, declared, tuple(facts))))
    lazy = sheet.lazy()
    return report(
        lazy,
        title=title,
        as_of=as_of,
        zone=zone or (zone_of(plan) if plan is not None else "UTC"),
        lang=lang,
        scales={scale.name: scale.levels for scale in plan.scales} if plan is not None else None,
        graph=graph,
        explain=partial(explain_some, plan, lazy) if plan is not None and inboxes else None,
        masked=masked,
        keep=_own(plan, us),
    )


def _own(plan: Plan | None, us: Sequence[str]) -> set[str]:
    """What masking leaves: our own accounts, and the words that the playbook looks for."""
    names = {one.strip().removeprefix("@").lower() for one in us}
    return names | {f"@{one}" for one in names} | (own_words(plan) if plan is not None else set())


_MESSAGE = ("id", "text", "posted_at", "channel", "lang", "thread", "direction")


def queues_of_run(plan: Plan, sheets: Sheets, folder: Path, as_of: datetime | None) -> Mapping[str, int]:
    """Write the work queues of a finished run."""
    levels = next((scale.levels for scale in plan.scales if scale.name == "severity"), None)
    return write_queues(folder, sheet_of(sheets), as_of=as_of, levels=levels)


def zone_of(plan: Plan) -> str:
    """The zone that a playbook's hours are in, when all are in one; else UTC."""
    zones = {hours.zone for hours in plan.hours.values()}
    return zones.pop() if len(zones) == 1 else "UTC"


def _unread(summary: Summary, quarantine: Path | None) -> Unread:
    examples: list[dict[str, Any]] = []
    if quarantine is not None:
        with quarantine.open("rb") as file:
            for line, _ in zip(file, range(_EXAMPLES), strict=False):
                examples.append(json.loads(line))
    return Unread(summary.quarantined, dict(summary.reasons), examples, str(quarantine) if quarantine else None)


def _dropped(summary: Summary) -> dict[str, int]:
    more = {"older versions of a message": summary.superseded} if summary.superseded else {}
    return dict(summary.dropped) | more


def _coverage(plan: Plan, sheet: pl.LazyFrame, summary: Summary) -> list[FieldCoverage]:
    """How much is known of the fields that the playbook looks at."""
    there = sheet.collect_schema().names()
    fields = [name for name in plan.fields if MESSAGE + name in there]
    inbound = sheet.filter(pl.col("decision").is_not_null())
    counted = inbound.select(
        pl.len().alias("messages"), *(pl.col(MESSAGE + name).count().alias(name) for name in fields)
    )
    known = counted.collect().row(0, named=True)
    bad: dict[str, int] = {}
    for reason, amount in summary.reasons.items():
        field = field_of(reason)
        if field is not None:
            bad[field] = bad.get(field, 0) + amount
    return [FieldCoverage(one, known[one], known["messages"] - known[one], bad.get(one, 0)) for one in fields]
