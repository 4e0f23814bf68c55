"""`hikeshi record`: messages of an export as a recorded incident, so that what happened once can be tested for ever.

Written down are the messages with all fields that are known, the facts that the playbook saw, and what it decides now:
the person who records corrects what should have been decided. Who wrote is masked, and so is what a text tells about people.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine.decision import label
from engine.evaluate import one
from engine.inbox import Inbox
from engine.incidents.gather import chosen
from engine.incidents.masking import masked, own_words
from engine.incidents.reading import read_incidents
from engine.incidents.recorded import Export
from engine.incidents.replay import FACTS, Verdict, replay
from engine.language.source import Source, Span
from engine.message import FIELDS, time_text
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language

MOST = 1000
"""Messages of one recording; more of them stay in their export, to which an incident can point."""

_WHO = ("author.id", "author.name", "author.handle")
_NAMES = ("id", "thread", "in_reply_to")


@dataclass(frozen=True, slots=True)
class Recording:
    """A file of incidents as text, of how many messages, how many of their texts were masked; and what reads otherwise now.

    `unread` says which rows of the inbox could not be read.
    """

    text: str
    messages: int
    masked: int
    changed: tuple[Verdict, ...]
    unread: tuple[str, ...] = ()


class RecordingError(Exception):
    """Nothing can be recorded; the message says why."""


def record(
    plan: Plan,
    inbox: Inbox,
    *,
    name: str,
    playbook: str,
    ids: frozenset[str] | None = None,
    between: tuple[datetime, datetime] | None = None,
) -> Recording:
    """The inbound messages of an inbox with these ids, from the first moment up to the second.

    Raises:
        RecordingError: there are no such messages, or too many.
        InboxError: the inbox cannot be read.
    """
    nowhere = Span(Source(inbox.name, ""), 0, 0)
    export = Export(inbox.path, None, None, between, ids, nowhere)
    extra = [one.name for one in FIELDS if not one.derived]
    messages, unread = chosen(inbox, export, plan, extra)
    if not messages.height:
        timeless = " (a message without a time is never between two)" if between else ""
        raise RecordingError(f"{inbox.name} has no such inbound message{timeless}")
    if messages.height > MOST:
        raise RecordingError(
            f"{messages.height:,} messages are more than {MOST:,}: let an incident point to the export instead (`inbox:`)"
        )
    missing = (ids or frozenset()) - set(messages["id"])
    if missing:
        raise RecordingError(f"{inbox.name} has no inbound message with the id {', '.join(sorted(missing))}")
    messages = with_language(messages)
    reader = FactReader(plan)
    facts = reader.read(messages)
    writer = _Writer(plan, own_words(plan))
    written = [
        writer.message(message, known)
        for message, known in zip(messages.iter_rows(named=True), facts.iter_rows(named=True), strict=True)
    ]
    content = {"playbook": playbook, "incidents": [{"incident": name, "messages": written}]}
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
    incidents, findings = read_incidents(Source("recording", text), playbook)
    assert incidents is not None, findings
    changed = tuple(verdict for verdict in replay(incidents, plan)[0] if verdict.missed)
    return Recording(text, len(written), writer.masked, changed, tuple(unread))


class _Writer:
    """Messages to what stands in the file; the same person gets the same name in all of them."""

    def __init__(self, plan: Plan, kept: set[str]) -> None:
        self.plan = plan
        self.kept = kept
        self.masked = 0
        self.names: dict[tuple[str, str], str] = {}
        self.seen = {*plan.fields, *plan.signals, *plan.text_facts}

    def message(self, message: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        trace = one.decide(self.plan, facts)
        said: dict[str, Any] = {}
        for field in FIELDS:
            value = message.get(field.name)
            if value is not None and not field.derived and field.name != "direction":
                person = next((message[who] for who in _WHO if message.get(who) is not None), "")
                said[field.name] = (
                    self.renamed("author", person) if field.name in _WHO else self.value(field.name, value)
                )
        said |= {name: self.hidden(message[name]) for name in self.plan.declared if message.get(name) is not None}
        known = {name: _plain(facts[name]) for name in FACTS if name in self.seen and name in facts}
        if known:
            said["facts"] = known
        said["expect"] = {"decision": label(trace.ending.decision, trace.ending.team)}
        if "severity" in trace.levels:
            said["expect"]["severity"] = trace.levels["severity"]
        return said

    def value(self, name: str, value: Any) -> Any:
        if name in _NAMES:
            return self.renamed("thread" if name == "thread" else "m", value)
        hidden = self.hidden(value)
        self.masked += name == "text" and hidden != value
        return hidden

    def hidden(self, value: Any) -> Any:
        """A value as YAML holds it, with what people can be found by masked."""
        if isinstance(value, str):
            return masked(value, self.kept)
        return [self.hidden(one) for one in value] if isinstance(value, list) else _plain(value)

    def renamed(self, kind: str, value: str) -> str:
        count = sum(its == kind for its, _ in self.names)
        return self.names.setdefault((kind, value), f"{kind}-{count + 1}" if kind != "m" else f"m{count + 1}")


def _plain(value: Any) -> Any:
    """A value as YAML holds it."""
    if isinstance(value, datetime):
        return time_text(value)
    return value


def beside(playbook: Path, out: Path | None) -> str:
    """The playbook as a file of incidents at `out` names it."""
    return playbook.name if out is None else Path(os.path.relpath(playbook, out.resolve().parent)).as_posix()
