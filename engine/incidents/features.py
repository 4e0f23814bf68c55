"""Features: recorded incidents in Gherkin, a scenario each, with steps that need no code.

A feature is one of ours when a step of it names a playbook; others are left to whoever wrote them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.incidents.recorded import Incident, Incidents, mistake
from engine.incidents.scene import Scene, StepError
from engine.incidents.steps import Given, step_for
from engine.language.diagnostics import Diagnostic
from engine.language.source import Source, Span

FEATURE = ".feature"
_OURS = re.compile(r'^\s*\S+\s*(?:the playbook\s+"|プレイブックは\s*["「])[^"「」\n]+["」]\s*$', re.MULTILINE)
_LARGEST = 10 * 1024 * 1024


def belongs(path: Path) -> bool:
    """Whether a feature names a playbook."""
    try:
        return path.stat().st_size <= _LARGEST and bool(_OURS.search(path.read_text("utf-8-sig", errors="replace")))
    except OSError:
        return False


def load_feature(path: Path) -> tuple[Incidents | None, list[Diagnostic]]:
    """Read a feature, and say what is wrong with it.

    Raises:
        OSError: it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(str(path), "")
        return None, [mistake("HK611", f"it is not UTF-8: byte {error.start + 1} cannot be read", Span(source, 0, 0))]
    return read_feature(Source(str(path), text.replace("\r\n", "\n")))


def read_feature(source: Source) -> tuple[Incidents | None, list[Diagnostic]]:
    """Like `load_feature`, of a text."""
    try:
        document: Any = Parser().parse(source.text)
        document["uri"] = source.name
        scenarios: Any = Compiler().compile(document)
    except CompositeParserException as error:
        return None, [_no_gherkin(source, one) for one in error.errors]
    except ParserException as error:
        return None, [_no_gherkin(source, error)]
    except RecursionError:
        return None, [mistake("HK611", "it is nested too deeply", Span(source, 0, 0))]
    reading = _Reading(source, _lines(document))
    incidents = [reading.scenario(one) for one in scenarios]
    if not incidents and not reading.findings:
        reading.findings.append(mistake("HK604", "there are no scenarios in it", reading.line(1)))
    if reading.findings:
        return None, reading.findings
    return Incidents(source, reading.playbook or "", tuple(incidents)), []


def _no_gherkin(source: Source, error: Any) -> Diagnostic:
    number = (getattr(error, "location", None) or {}).get("line", 1)
    said = re.sub(r"^\(\d+:\d+\): ", "", str(error))
    if said.startswith("expected:"):
        said = "this is no line that Gherkin knows here"
    return mistake("HK611", said, _line(source, number))


def _line(source: Source, number: int) -> Span:
    """A line without the blanks around it."""
    number = min(number, len(source.line_starts))
    line = source.line(number)
    start = source.line_starts[number - 1] + len(line) - len(line.lstrip())
    return Span(source, start, start + len(line.strip()))


def _lines(document: Any) -> dict[str, int]:
    """The line of everything in the document that has an id."""
    found: dict[str, int] = {}
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "id" in one and "location" in one:
                found[one["id"]] = one["location"]["line"]
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return found


@dataclass(slots=True)
class _Reading:
    """Scenarios to incidents, with what is wrong on the way."""

    source: Source
    lines: dict[str, int]
    playbook: str | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def line(self, number: int) -> Span:
        return _line(self.source, number)

    def scenario(self, pickle: Any) -> Incident:
        span = self.line(pickle["location"]["line"])
        scene = Scene()
        for step in pickle["steps"]:
            at = self.lines[step["astNodeIds"][0]]
            try:
                self.step(scene, step, at)
            except StepError as error:
                found = mistake(error.code, str(error), self.line(at), error.help)
                if found not in self.findings:  # a step of the background, once for every scenario
                    self.findings.append(found)
        name = pickle["name"] or f"line {pickle['location']['line']}"
        self.names[name] += 1
        if self.names[name] > 1:
            name = f"{name} ({self.names[name]})"
        if not self.findings:
            self.whole(scene, span)
        return Incident(name, tuple(scene.recorded()), tuple(scene.never), span)

    def whole(self, scene: Scene, span: Span) -> None:
        """What a scenario must have: a playbook, which is the same in the whole feature, and something that should be."""
        if scene.playbook is None:
            self.findings.append(
                mistake("HK604", "no step names the playbook", span, 'write `Given the playbook "care.playbook"`')
            )
        elif self.playbook not in {None, scene.playbook}:
            self.findings.append(
                mistake("HK606", "the scenarios of a feature have one playbook, and this names another", span)
            )
        self.playbook = self.playbook or scene.playbook
        if not scene.never and not any(one.expected for one in scene.recorded()):
            self.findings.append(mistake("HK604", "the scenario says of no message what should be decided", span))

    def step(self, scene: Scene, step: Any, at: int) -> None:
        found, places = step_for(step["text"])
        rows = step.get("argument", {}).get("dataTable", {}).get("rows")
        table = [[cell["value"] for cell in row["cells"]] for row in rows] if rows else None
        spans = [self.line(one) for one in self.rows_below(at, len(table))] if table else []
        found.take(scene, Given(places, table, self.line(at), spans))

    def rows_below(self, at: int, count: int) -> list[int]:
        """The lines of a step's table."""
        numbers = range(at + 1, len(self.source.line_starts) + 1)
        return [one for one in numbers if self.source.line(one).lstrip().startswith("|")][:count]
