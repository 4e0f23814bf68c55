"""The page of a difference: totals, broken guarantees, what changes with examples, and how the rules fare."""

from __future__ import annotations

from engine.decision import DECISIONS, label
from engine.incidents import Difference, Group, Said
from engine.report.changes import before
from engine.report.pages import page


def changes_page(found: Difference, old: str, new: str) -> str:
    """One HTML page of what a change of a playbook would have decided otherwise, all groups of changes included."""
    order = {name: i for i, name in enumerate(DECISIONS)}
    outcomes = sorted({*found.before, *found.after}, key=lambda one: (order[one[0]], one[1] or ""))
    fired = found.rules.fired
    return page(
        "changes.html",
        title="What changes",
        lang="en",
        old=old,
        new=new,
        found=found,
        totals=[(label(*one), found.before[one], found.after[one]) for one in outcomes],
        groups=[_group(one) for one in found.groups],
        rules=[(rule, found.rules.held.get(rule), times, before(found, rule)) for rule, times in fired.items()],
    )


def _group(group: Group) -> dict[str, object]:
    was, now = group.before, group.after
    head = label(was.decision, was.team)
    if group.what == "decision":
        head += f" → {label(now.decision, now.team)}"
    gone = [("-", one) for one in was.carries if one not in now.carries]
    new = [("+", one) for one in now.carries if one not in was.carries]
    weighed = [
        ("±", f"{name} {level} → {its}")
        for (name, level), (_, its) in zip(was.levels, now.levels, strict=True)
        if level != its
    ]
    return {
        "head": head,
        "severity": dict(now.levels).get("severity", ""),
        "messages": group.messages,
        "was": _rule(was),
        "now": _rule(now),
        "details": [*gone, *new, *weighed],
        "examples": group.examples,
    }


def _rule(said: Said) -> str:
    return f"{said.rule}, because {said.because}"
