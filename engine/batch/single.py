"""One message, with its trace: what `explain` shows, and what a program asks for one decision."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from engine.batch.record import MESSAGE_COLUMNS, constant_part
from engine.batch.whole import read_whole
from engine.batch.work import fields_of, thread_facts_of
from engine.clock import due_one, notify_one
from engine.evaluate import one
from engine.evaluate.explain import Explainer
from engine.evaluate.trace import Trace
from engine.inbox import Inbox, InboxError
from engine.inbox.jsonl import read_bytes
from engine.inbox.piece import kinds
from engine.message import SIGNALS, time_text
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language


@dataclass(frozen=True, slots=True)
class Explained:
    """One message, how it was decided, and who can explain it."""

    message: dict[str, Any]
    trace: Trace
    explainer: Explainer
    plan: Plan

    def record(self) -> dict[str, Any]:
        """The decision's record, as a run would write it."""
        way = tuple(visit.arm for visit in self.trace.visits)
        said = {name: self.message.get(name) for name in MESSAGE_COLUMNS}
        said["posted_at"] = _written(said["posted_at"])
        said |= {signal.name: self.trace.facts.get(signal.name) for signal in SIGNALS}
        said |= constant_part(self.plan, way, self.trace.unknown, self.trace.levels)
        ending = self.trace.ending
        said |= {name: _written(at) for name, at in due_one(self.plan, ending, self.message).items()}
        told = notify_one(ending, self.message)
        return said | {"notify": [{"who": one["who"], "at": _written(one["at"])} for one in told]}


def _written(moment: datetime | None) -> str | None:
    return time_text(moment) if moment is not None else None


def explain_message(plan: Plan, message: Mapping[str, Any], reader: FactReader | None = None) -> Explained:
    """Decide one message, given in the names of the message format; `id` may be left out.

    Raises:
        InboxError: the message cannot be read, with the reason.
    """
    line = json.dumps({"id": "1", **message}, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    names, declared = fields_of(plan)
    batch = read_bytes(Inbox("", "the message", "jsonl"), line, kinds(names, declared))
    if batch.quarantined or not batch.messages.height:
        reason = batch.quarantined[0].reason if batch.quarantined else "it is empty"
        msg = f"the message cannot be read: {reason}"
        raise InboxError(msg)
    return _explain(plan, batch.messages, reader)


def explain_id(plan: Plan, inboxes: Sequence[Inbox], name: str, wanted: str) -> Explained:
    """Decide one message of an import, its thread included; `name` is what people call the import.

    Raises:
        InboxError: no readable message has this id, or it is one of ours, which are not decided.
    """
    names, declared = fields_of(plan)
    for batch in read_whole(inboxes, names, declared, thread_facts_of(plan)):
        found = batch.messages.filter(pl.col("id") == wanted).head(1)
        if found.height:
            if found["direction"][0] == "outbound":
                msg = f"message {wanted} of {name} is from us: only inbound messages are decided"
                raise InboxError(msg)
            return _explain(plan, found, None)
    msg = f"{name} has no readable message with the id {wanted}"
    raise InboxError(msg)


def _explain(plan: Plan, messages: pl.DataFrame, reader: FactReader | None) -> Explained:
    reader = reader or FactReader(plan)
    messages = with_language(messages)
    facts = reader.read(messages).row(0, named=True)
    trace = one.decide(plan, facts)
    explainer = Explainer(plan, reader.found_terms(messages["text"][0]))
    return Explained(messages.row(0, named=True), trace, explainer, plan)
