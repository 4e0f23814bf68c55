"""Terminal and JUnit output of recorded incidents: what was expected, what was decided, and why."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from rich.console import Console, Group, RenderableType
from rich.padding import Padding

from engine.decision import label
from engine.incidents import Coverage, Mutation, Verdict
from engine.incidents.mutation import EQUIVALENT, KILLED, SURVIVED, UNTOLD, Fate
from engine.incidents.replay import would_be
from engine.report.terminal import path_of, visible

_SHOWN = 200


def failure(verdict: Verdict) -> RenderableType:
    """A message that was not decided as expected: what was expected, what was said, its path, the nearest way there."""
    place = verdict.message.span
    said = verdict.explained.explainer.as_dict(verdict.explained.trace)
    parts: list[RenderableType] = [visible(" ".join(str(verdict.explained.message["text"] or "").split())[:_SHOWN])]
    parts += [
        f"breaks [red]{visible(one.expected)}[/]: {visible(one.got)}"
        if one.name == "guarantee"
        else f"{visible(one.name)} should be [green]{visible(one.expected)}[/], is [red]{visible(one.got)}[/]"
        for one in verdict.missed
    ]
    parts += [f"because {visible(said['because'])}", path_of(said)]
    parts += [visible(one) for one in would_be(verdict)]
    head = f"[bold red]failed[/]  {visible(verdict.incident.name)}, message {visible(verdict.message.id)}"
    return Group(f"{head}  [dim]{visible(place.source.name)}:{place.line}[/]", Padding(Group(*parts), (0, 0, 1, 2)))


def failure_text(verdict: Verdict) -> str:
    """A failure as plain text."""
    written = io.StringIO()
    Console(file=written, width=120, highlight=False).print(failure(verdict))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def summary(verdicts: Sequence[Verdict]) -> str:
    """The last line."""
    failed = sum(bool(one.missed) for one in verdicts)
    incidents = len({(one.incidents.source.name, one.incident.name) for one in verdicts})
    return f"{len(verdicts) - failed} passed, {failed} failed ({incidents} incident{'s' if incidents != 1 else ''})"


def coverage(found: Coverage) -> str:
    """How much of a playbook its incidents reach, and which edges and outcomes they do not."""
    shares = ", ".join(f"{one.reached} of {one.of} {name} ({one.percent:.0f}%)" for name, one in found.shares.items())
    lines = [f"[bold]{visible(found.playbook)}[/]: {shares}"]
    if found.missed:
        lines.append(f"  no message took {visible(', '.join(found.missed))}")
    known = [(one, [it for it in one.unseen if it != "unknown"]) for one in found.conditions]
    lines += [
        f"  never {' or '.join(unseen)}: {visible(one.text)}  [dim]{visible(one.owner)}[/]"
        for one, unseen in known
        if unseen
    ]
    never = sum(one.unseen == ["unknown"] for one in found.conditions)
    if never:
        lines.append(f"  [dim]{never} more {'was' if never == 1 else 'were'} never unknown[/]")
    return "\n".join(lines)


def mutation(found: Mutation) -> RenderableType:
    """The score of a mutation run, and the mutants that nobody noticed, each with its place and change."""
    counts = {fate: len(found.of(fate)) for fate in (KILLED, SURVIVED, UNTOLD, EQUIVALENT)}
    said = ", ".join(f"{amount} {fate}" for fate, amount in counts.items() if amount)
    parts: list[RenderableType] = [
        f"[bold]{visible(found.playbook)}[/]: of {len(found.fates)} faults {found.score:.1f}% are noticed ({said})"
    ]
    for fate, what in _UNNOTICED.items():
        if counts[fate]:
            parts.append(f"[bold]{fate}[/]: {what}")
            parts += [_mutant(one) for one in found.of(fate)]
    return Group(*parts)


_UNNOTICED = {
    SURVIVED: "a recorded message is decided otherwise, and nothing that is expected says so",
    UNTOLD: "every recorded message is decided as before",
}


def _mutant(one: Fate) -> str:
    place = one.mutant.span
    by = f"\n    [dim]{visible(one.by[0])}, message {visible(one.by[1])}: {visible(one.told)}[/]" if one.by else ""
    return f"  {visible(place.source.name)}:{place.line}  {visible(one.mutant.kind)}: {visible(one.mutant.change)}{by}"


def junit(verdicts: Sequence[Verdict]) -> str:
    """All verdicts as JUnit XML: a test suite a file, a test case a message.

    Source: the JUnit XML format as Jenkins and GitLab read it (testsuites, testsuite, testcase, failure).
    """
    root = ET.Element("testsuites")
    suites: dict[str, ET.Element] = {}
    for one in verdicts:
        name = one.incidents.source.name
        if name not in suites:
            suites[name] = ET.SubElement(root, "testsuite", name=name)
        case = ET.SubElement(suites[name], "testcase", classname=_xml(one.incident.name), name=_xml(one.message.id))
        if one.missed:
            said = "; ".join(f"{each.name} should be {each.expected}, is {each.got}" for each in one.missed)
            decided = one.explained.record()
            failed = ET.SubElement(case, "failure", message=_xml(said))
            failed.text = _xml(f"{label(decided['decision'], decided['team'])} by {' > '.join(decided['path'])}")
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _xml(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
