"""Recorded incidents through a playbook: what was expected, what was decided, and where they part.

The messages of an incident are one import: threads, earlier messages of an author and our replies are worked out from
them, and from nothing else. Each is decided by the specification, so that a failure can be explained.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from engine.batch.single import Explained
from engine.batch.work import fields_of, join_threads, thread_facts_of
from engine.evaluate import one
from engine.evaluate.explain import Explainer
from engine.inbox import Inbox, read_bytes, thread_facts
from engine.inbox.threads import FIELDS, told
from engine.incidents.recorded import SAID, Incident, Incidents, Recorded, mistake
from engine.language.diagnostics import Diagnostic
from engine.language.suggest import nearest
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that was expected of a message, and what was said instead."""

    name: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One message replayed. It is as expected when nothing is `missed`."""

    incidents: Incidents
    incident: Incident
    message: Recorded
    explained: Explained
    missed: tuple[Missed, ...]


def check_against(incidents: Incidents, plan: Plan) -> list[Diagnostic]:
    """What a file expects and this playbook can never say: scales, levels and rules that it does not have."""
    levels = {scale.name: scale.levels for scale in plan.scales}
    rules = {arm.rule for node in plan.nodes for arm in node.arms}
    found: list[Diagnostic] = []
    for expected in (each for it in incidents.incidents for message in it.messages for each in message.expected):
        known: tuple[str, ...] = ()
        what = ""
        if expected.name in levels:
            known, what = levels[expected.name], f"`{expected.name}` has no level"
        elif expected.name == "rule":
            known, what = tuple(sorted(rules)), "the playbook has no rule"
        elif expected.name not in (*SAID, "not"):
            near = nearest(expected.name, (*SAID, "not", *levels))
            message = f"a decision says no `{expected.name}`, and the playbook has no scale of this name"
            found.append(mistake("HK607", message, expected.span, f"did you mean `{near}`?" if near else None))
        if known and expected.values[0] not in known:
            near = nearest(expected.values[0], known)
            help_ = f"did you mean `{near}`?" if near else f"it has {', '.join(known)}" if len(known) < 20 else None
            found.append(mistake("HK607", f"{what} `{expected.values[0]}`", expected.span, help_))
    return found


def replay(incidents: Incidents, plan: Plan) -> tuple[list[Verdict], list[Diagnostic]]:
    """Every message of which something is expected; and what could not be read."""
    reader = FactReader(plan)
    verdicts: list[Verdict] = []
    findings: list[Diagnostic] = []
    for incident in incidents.incidents:
        messages, bad = _messages(incidents, incident, plan)
        findings += bad
        for recorded, explained in _explained(incident, messages, plan, reader):
            missed = tuple(_missed(recorded, incident, explained))
            if recorded.expected or incident.never:
                verdicts.append(Verdict(incidents, incident, recorded, explained, missed))
    return verdicts, findings


def _messages(incidents: Incidents, incident: Incident, plan: Plan) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """An incident's messages with what the whole of it tells about each."""
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
    return messages.filter(pl.col("direction").ne_missing("outbound")), bad


def _explained(
    incident: Incident, messages: pl.DataFrame, plan: Plan, reader: FactReader
) -> Iterator[tuple[Recorded, Explained]]:
    if not messages.height:
        return
    messages = with_language(messages)
    facts = reader.read(messages)
    for message, known in zip(messages.iter_rows(named=True), facts.iter_rows(named=True), strict=True):
        explainer = Explainer(plan, reader.found_terms(message["text"]))
        yield incident.messages[message["line"] - 1], Explained(message, one.decide(plan, known), explainer, plan)


def _missed(recorded: Recorded, incident: Incident, explained: Explained) -> Iterator[Missed]:
    said = explained.record()
    decided = (said["decision"], said["team"])
    for expected in recorded.expected:
        if expected.name == "not":
            if _is(decided, expected.values):
                yield Missed("decision", f"not {' to '.join(expected.values)}", label(*decided))
        elif expected.name == "tags":
            if not set(expected.values) <= set(said["tags"]):
                yield Missed("tags", ", ".join(expected.values), ", ".join(said["tags"]) or "none")
        elif said.get(expected.name) != expected.values[0]:
            yield Missed(expected.name, expected.values[0], str(said.get(expected.name) or "none"))
    for never in incident.never:
        if _is(decided, tuple(one for one in never if one)):
            yield Missed("decision", f"never {label(*never)}", label(*decided))


def _is(decided: tuple[str, str | None], words: tuple[str, ...]) -> bool:
    """Whether a decision is the one that these words name; one without a team stands for all teams."""
    return decided[: len(words)] == words


def label(decision: str, team: str | None) -> str:
    """A decision in words.

    >>> label("hand off", "safety")
    'hand off to safety'
    """
    return f"{decision} to {team}" if team else decision


def would_be(verdict: Verdict) -> list[str]:
    """What the smallest changes would have been that lead to the expected decision, if there are any."""
    said = {one.name: one.values[0] for one in verdict.message.expected}
    wanted = label(said["decision"], said.get("team")) if "decision" in said else None
    others = verdict.explained.explainer.as_dict(verdict.explained.trace)["why_not"]
    return [
        f"would be {one['would_be']} if {' and '.join(one['needs'])}" for one in others if one["would_be"] == wanted
    ]
