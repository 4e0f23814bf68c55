"""The messages of recorded incidents with their facts, as a playbook sees them: one table of a whole file.

The messages of an incident are one import: threads, earlier messages of an author and our replies are worked out from
them, and from nothing else. A fact that was recorded with a message is taken as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.batch.whole import read_whole
from engine.batch.work import fields_of, join_threads, thread_facts_of
from engine.inbox import DTYPES, Inbox, InboxError, open_inbox, read_bytes, thread_facts
from engine.inbox.threads import FIELDS, told
from engine.incidents.recorded import Export, Incident, Incidents, Recorded, mistake
from engine.language.diagnostics import Diagnostic
from engine.message import FIELD, SIGNAL, Kind
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language

_YES_NO = {True: True, False: False, "open": True, "closed": False, "yes": True, "no": False, None: None}
_MOST_UNREAD = 3
_MOST = 2.0**53


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inbound messages of a file of incidents: row i of `messages` and of `facts` belongs to `whose[i]`."""

    whose: tuple[tuple[Incident, Recorded], ...]
    messages: pl.DataFrame
    facts: pl.DataFrame


def gather(incidents: Incidents, plan: Plan, reader: FactReader) -> tuple[Gathered, list[Diagnostic]]:
    """Read every message of a file of incidents, and say what could not be read."""
    whose: list[tuple[Incident, Recorded]] = []
    messages: list[pl.DataFrame] = []
    facts: list[pl.DataFrame] = []
    findings: list[Diagnostic] = []
    for incident in incidents.incidents:
        recorded, found = (
            _messages(incidents, incident, plan) if not incident.export else _export(incidents, incident, plan)
        )
        findings += found
        if recorded is None or not recorded[1].height:
            continue
        ours, table = recorded
        table = with_language(table)
        known, wrong = _recorded_facts(reader.read(table), ours, plan)
        findings += wrong
        whose += [(incident, one) for one in ours]
        messages.append(table)
        facts.append(known)
    if not whose:
        return Gathered((), pl.DataFrame(), pl.DataFrame()), findings
    together = [pl.concat(frames, how="diagonal_relaxed") for frames in (messages, facts)]
    return Gathered(tuple(whose), *together), findings


_Read = tuple[list[Recorded], pl.DataFrame] | None


def _messages(incidents: Incidents, incident: Incident, plan: Plan) -> tuple[_Read, list[Diagnostic]]:
    """An incident's own messages, with what the whole of it tells about each."""
    names, declared = fields_of(plan)
    lines = [json.dumps(dict(one.fields), ensure_ascii=False) for one in incident.messages]
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    wanted = list(dict.fromkeys([*names, *FIELDS]))
    batch = read_bytes(Inbox("", incidents.source.name, "jsonl"), data, wanted, declared)
    bad = [mistake("HK608", row.reason, incident.messages[row.line - 1].span) for row in batch.quarantined]
    messages = batch.messages
    ours = messages.filter(pl.col("direction") == "outbound")["line"].to_list()
    bad += [
        mistake("HK608", "it is from us, and so it is not decided", incident.messages[line - 1].span)
        for line in ours
        if incident.messages[line - 1].expected
    ]
    facts = thread_facts_of(plan)
    if facts and messages.height:
        known = thread_facts(told(messages.select(FIELDS)), facts)
        messages = join_threads(messages, known.with_columns(messages["line"]))
    inbound = messages.filter(pl.col("direction").ne_missing("outbound"))
    return ([incident.messages[line - 1] for line in inbound["line"]], inbound), bad


def _export(incidents: Incidents, incident: Incident, plan: Plan) -> tuple[_Read, list[Diagnostic]]:
    """The messages of an incident that are in an export."""
    export = incident.export
    assert export is not None
    path = Path(incidents.source.name).parent / export.path
    try:
        if not path.is_file():
            return None, [mistake("HK608", f"there is no file {export.path} beside this one", export.span)]
        inbox = open_inbox(str(path), format=export.format, tz=export.zone)
        messages, unread = chosen(inbox, export, plan)
    except InboxError as error:
        return None, [mistake("HK608", str(error), export.span)]
    except OSError as error:
        return None, [mistake("HK608", f"{export.path} cannot be read: {error.strerror}", export.span)]
    bad = [mistake("HK608", f"{export.path}: {one}", export.span) for one in unread]
    expected = {one.id: one for one in incident.messages}
    there = set(messages["id"])
    lost = f"{export.path} has no such inbound message, or it was not chosen"
    bad += [mistake("HK608", lost, one.span) for one in incident.messages if one.id not in there]
    return ([expected.get(one) or Recorded(one, {}, (), incident.span) for one in messages["id"]], messages), bad


def chosen(inbox: Inbox, export: Export, plan: Plan, extra: Sequence[str] = ()) -> tuple[pl.DataFrame, list[str]]:
    """The inbound messages of an export that are wanted, with the fields that the plan needs and `extra` ones.

    Returns the messages, and what is wrong with the rows that cannot be read.
    """
    needed, declared = fields_of(plan)
    names = list(dict.fromkeys([*needed, *extra]))
    chosen, unread = [], []
    before = 0
    for batch in read_whole([inbox], names, declared, thread_facts_of(plan)):
        unread += [f"line {row.line + before}: {row.reason}" for row in batch.quarantined]
        before += batch.lines
        messages = batch.messages.filter(pl.col("direction").ne_missing("outbound"))
        if export.between is not None:
            first, end = export.between
            messages = messages.filter((pl.col("posted_at") >= first) & (pl.col("posted_at") < end))
        if export.ids is not None:
            messages = messages.filter(pl.col("id").is_in(list(export.ids)))
        chosen.append(messages)
    if len(unread) > _MOST_UNREAD:
        unread = [*unread[:_MOST_UNREAD], f"and {len(unread) - _MOST_UNREAD} more rows cannot be read"]
    return pl.concat(chosen, how="diagonal_relaxed").unique("id", keep="first", maintain_order=True), unread


def _recorded_facts(facts: pl.DataFrame, whose: list[Recorded], plan: Plan) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """The facts with those that were recorded in their place."""
    findings: list[Diagnostic] = []
    needed = {*plan.fields, *plan.signals, *plan.text_facts, *plan.always_unknown}
    for name in dict.fromkeys(name for one in whose for name in one.facts if name in needed):
        column = facts[name] if name in facts.columns else pl.Series(name, [None] * facts.height, dtype=pl.Boolean)
        values = column.to_list()
        for row, one in enumerate(whose):
            if name not in one.facts:
                continue
            try:
                values[row] = _value(name, one.facts[name], plan)
            except (ValueError, TypeError, OverflowError):
                findings.append(mistake("HK608", f"`{name}` cannot be `{one.facts[name]}`", one.span))
        dtype = column.dtype if column.dtype != pl.Null else DTYPES[_kind(name, plan)]
        facts = facts.with_columns(pl.Series(name, values, dtype=dtype, strict=False))
    return facts, findings


def _kind(name: str, plan: Plan) -> Kind:
    if name in plan.text_facts or name in plan.always_unknown:
        return Kind.YES_NO
    if name in plan.signals:
        return Kind.NUMBER
    return plan.declared.get(name) or FIELD[name].kind


def _value(name: str, value: Any, plan: Plan) -> Any:
    """A recorded fact as the facts of its kind are.

    Raises:
        ValueError, TypeError: it is none.
    """
    if value is None:
        return None
    match _kind(name, plan):
        case Kind.YES_NO:
            if value not in _YES_NO:
                raise ValueError(value)
            return _YES_NO[value]
        case Kind.COUNT | Kind.NUMBER | Kind.DURATION as kind:
            number = float(value)
            low, high = _bounds(name)
            if isinstance(value, bool) or not low <= number <= high or (kind is Kind.COUNT and number != int(number)):
                raise ValueError(value)
            return int(number) if kind is Kind.COUNT else number
        case _:
            return str(value)


def _bounds(name: str) -> tuple[float, float]:
    """Between which numbers a fact lies."""
    if name in SIGNAL:
        return SIGNAL[name].low, SIGNAL[name].high
    return (0, _MOST) if name in FIELD else (-_MOST, _MOST)


def rows_of(gathered: Gathered) -> Iterator[tuple[Incident, Recorded, dict[str, Any], dict[str, Any]]]:
    """Each message with whose it is, its own values and its facts."""
    both = zip(gathered.messages.iter_rows(named=True), gathered.facts.iter_rows(named=True), strict=True)
    for (incident, recorded), (message, facts) in zip(gathered.whose, both, strict=True):
        yield incident, recorded, message, facts
