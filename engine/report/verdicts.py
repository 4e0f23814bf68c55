"""Terminal and JUnit output of recorded incidents: what was expected, what was decided, and why."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from rich.console import Group, RenderableType
from rich.padding import Padding

from engine.incidents import Coverage, Verdict
from engine.incidents.replay import label, would_be
from engine.report.terminal import path_of, visible

_SHOWN = 200


def failure(verdict: Verdict) -> RenderableType:
    """A message that was not decided as expected: what was expected, what was said, its path, the nearest way there."""
    place = verdict.message.span
    said = verdict.explained.explainer.as_dict(verdict.explained.trace)
    parts: list[RenderableType] = [visible(" ".join(str(verdict.explained.message["text"] or "").split())[:_SHOWN])]
    parts += [
        f"{visible(one.name)} should be [green]{visible(one.expected)}[/], is [red]{visible(one.got)}[/]"
        for one in verdict.missed
    ]
    parts += [f"because {visible(said['because'])}", path_of(said)]
    parts += [visible(one) for one in would_be(verdict)]
    head = f"[bold red]failed[/]  {visible(verdict.incident.name)}, message {visible(verdict.message.id)}"
    return Group(f"{head}  [dim]{visible(place.source.name)}:{place.line}[/]", Padding(Group(*parts), (0, 0, 1, 2)))


def summary(verdicts: Sequence[Verdict]) -> str:
    """The last line."""
    failed = sum(bool(one.missed) for one in verdicts)
    incidents = len({(one.incidents.source.name, one.incident.name) for one in verdicts})
    return f"{len(verdicts) - failed} passed, {failed} failed ({incidents} incident{'s' if incidents != 1 else ''})"


def coverage(found: Coverage) -> str:
    """Which rules of a playbook its incidents reach."""
    said = f"{visible(found.playbook)}: {found.reached} of {len(found.taken)} rules are reached ({found.percent:.0f}%)"
    return f"{said}; not {visible(', '.join(found.missed))}" if found.missed else said


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
