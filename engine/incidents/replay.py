"""Recorded incidents through a playbook: what was expected, what was decided, and where they part.

Each message is decided by the specification, so that a failure can be explained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.batch.single import Explained
from engine.clock import CLOCK_COLUMNS, due_one, notify_one
from engine.decision import label
from engine.evaluate import one
from engine.evaluate.explain import Explainer, duration_text
from engine.incidents.gather import gather, rows_of
from engine.incidents.recorded import (
    LISTS,
    NOTHING,
    SAID,
    Incident,
    Incidents,
    Recorded,
    later,
    mistake,
    moment_of,
    seconds_of,
)
from engine.language.diagnostics import Diagnostic
from engine.language.suggest import nearest
from engine.message import FIELDS, SIGNALS, time_text
from engine.plan import TEXT_FACTS, Ending, Plan
from engine.signals.facts import FactReader

FACTS = (*(one.name for one in FIELDS if one.derived), *(one.name for one in SIGNALS), *TEXT_FACTS)
"""What may be recorded with a message beside its fields and the watches of the playbook."""


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
    """What a file expects and this playbook can never say: scales, levels, rules and facts that it does not have."""
    levels = {scale.name: scale.levels for scale in plan.scales}
    rules = {arm.rule for node in plan.nodes for arm in node.arms}
    found: list[Diagnostic] = []
    facts = (*FACTS, *plan.always_unknown)
    for recorded in (each for it in incidents.incidents for each in it.messages):
        for name in recorded.facts:
            if name not in facts:
                near = nearest(name, facts)
                meant = f"did you mean `{near}`?" if near else f"a fact is one of {', '.join(facts)}"
                found.append(mistake("HK607", f"no fact is called `{name}`", recorded.span, meant))
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
    """Every message of which something is expected, or that breaks a guarantee of the plan; and what could not be read."""
    reader = FactReader(plan)
    gathered, findings = gather(incidents, plan, reader)
    verdicts: list[Verdict] = []
    for incident, recorded, message, facts in rows_of(gathered):
        trace = one.decide(plan, facts)
        said = said_of(plan, trace.ending, trace.path, trace.levels, message)
        missed = [*missed_of(recorded, incident, said)]
        missed += [Missed("guarantee", promise.title, promise.text) for promise in one.broken(plan, trace)]
        if recorded.expected or incident.never or missed:
            explainer = Explainer(plan, reader.found_terms(message["text"]) if missed else {})
            explained = Explained(message, trace, explainer, plan)
            verdicts.append(Verdict(incidents, incident, recorded, explained, tuple(missed)))
    return verdicts, findings


def said_of(
    plan: Plan, ending: Ending, path: tuple[str, ...], levels: Mapping[str, str], message: Mapping[str, Any]
) -> dict[str, Any]:
    """What a decision says, by the names under which it can be expected: words, lists of them, or moments."""
    return {
        **levels,
        **due_one(plan, ending, message),
        "posted_at": message.get("posted_at"),
        "notify": tuple(one["who"] for one in notify_one(ending, message)),
        "decision": ending.decision,
        "team": ending.team,
        "rule": ending.rule,
        "path": path,
        "reply": ending.reply,
        "priority": ending.priority,
        "assign": ending.assign,
        "because": ending.because,
        "pause_publishing": "yes" if ending.pause_publishing else "no",
        "tags": ending.tags,
        "carries": ending.modifiers,
    }


def missed_of(recorded: Recorded, incident: Incident, said: Mapping[str, Any]) -> Iterator[Missed]:
    """What was expected of a message and is not said of it."""
    decided = (said["decision"], said["team"])
    for expected in recorded.expected:
        if expected.name == "not":
            if _is(decided, expected.values):
                yield Missed("decision", f"not {' to '.join(expected.values)}", label(*decided))
        elif expected.name in CLOCK_COLUMNS:
            got = said[expected.name]
            if got != _moment(expected.values[0], said["posted_at"]):
                yield Missed(expected.name, expected.values[0], _since(got, said["posted_at"]))
        elif expected.name in LISTS:
            got = said[expected.name]
            if expected.values == (NOTHING,) and not got:
                continue
            if got != expected.values if expected.name == "path" else not set(expected.values) <= set(got):
                yield Missed(expected.name, ", ".join(expected.values), ", ".join(got) or NOTHING)
        elif (said.get(expected.name) or NOTHING) != expected.values[0]:
            yield Missed(expected.name, expected.values[0], str(said.get(expected.name) or NOTHING))
    for never in incident.never:
        if _is(decided, tuple(one for one in never if one)):
            yield Missed("decision", f"never {label(*never)}", label(*decided))


def _moment(words: str, posted: datetime | None) -> datetime | None:
    """When something should be due: a moment, or so long after the message."""
    seconds = seconds_of(words)
    if seconds is not None:
        return (later(posted, seconds) if posted is not None else None) or datetime.max.replace(tzinfo=UTC)
    return moment_of(words)


def _since(moment: datetime | None, posted: datetime | None) -> str:
    """When something is due, and how long that is after the message."""
    if moment is None or posted is None:
        return NOTHING
    return f"{time_text(moment)}, {duration_text((moment - posted).total_seconds())} after the message"


def _is(decided: tuple[str, str | None], words: tuple[str, ...]) -> bool:
    """Whether a decision is the one that these words name; one without a team stands for all teams."""
    return decided[: len(words)] == words


def would_be(verdict: Verdict) -> list[str]:
    """What the smallest changes would have been that lead to the expected decision, if there are any."""
    said = {one.name: one.values[0] for one in verdict.message.expected}
    wanted = label(said["decision"], said.get("team")) if "decision" in said else None
    explained = verdict.explained
    others = explained.explainer.why_not(explained.trace, most=None)
    return [f"would be {one.would_be} if {' and '.join(one.needs)}" for one in others if one.would_be == wanted]
