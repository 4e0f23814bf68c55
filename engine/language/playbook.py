"""A playbook with all that it uses: every definition in effect, by name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.language import syntax as s
from engine.language.source import Span


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook with all that it uses, every name once. Dictionaries keep the order of declaration."""

    main: s.File
    files: tuple[s.File, ...]
    hours: dict[str, s.Hours] = field(default_factory=dict)
    terms: dict[str, s.Terms] = field(default_factory=dict)
    fields: dict[str, s.Field] = field(default_factory=dict)
    defines: dict[str, s.Define] = field(default_factory=dict)
    scales: dict[str, s.Scale] = field(default_factory=dict)
    scores: dict[str, s.Score] = field(default_factory=dict)
    watches: dict[str, s.Watch] = field(default_factory=dict)
    steps: dict[str, s.Step] = field(default_factory=dict)
    matrices: dict[str, s.Matrix] = field(default_factory=dict)
    outcomes: dict[str, s.Outcome] = field(default_factory=dict)
    ladders: dict[str, s.Ladder] = field(default_factory=dict)
    replies: dict[str, s.Reply] = field(default_factory=dict)
    guarantees: tuple[s.Guarantee, ...] = ()
    brand: tuple[s.Phrase, ...] = ()
    broken: frozenset[str] = frozenset()
    """Names that statements with syntax trouble would have declared: not to be called unknown."""
    incomplete: bool = False
    """A used file is missing, so nothing can be called unknown or unused."""

    @property
    def header(self) -> s.Header | None:
        """The main file's `playbook` statement."""
        return next((one for one in self.main.statements if isinstance(one, s.Header)), None)

    @property
    def name(self) -> str:
        """The title, or the file's name where there is none."""
        return self.header.title.text if self.header else Path(self.main.span.source.name).stem

    @property
    def version(self) -> str:
        """A hash of everything that the playbook is made of: 12 hex digits of SHA-256."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(file.span.source.text.replace("\r\n", "\n").encode())
            digest.update(b"\0")
        return digest.hexdigest()[:12]

    @property
    def decides(self) -> bool:
        """Whether it has a step or a matrix; one that has neither is there to be used by others."""
        return bool(self.steps or self.matrices)

    def is_main(self, span: Span) -> bool:
        """Whether the place is in the playbook's own file rather than in one that it uses."""
        return span.source is self.main.span.source

    def definitions(self) -> Iterator[s.Named]:
        """Every named definition in effect."""
        for table in self._tables().values():
            yield from table.values()

    def conditions(self) -> Iterator[s.Condition]:
        """Every condition in effect, outermost only."""
        for definition in self.definitions():
            yield from conditions_of(definition)
        for guarantee in self.guarantees:
            yield guarantee.condition

    def inner_conditions(self) -> Iterator[s.Condition]:
        """Every condition and every condition within one."""
        for condition in self.conditions():
            yield from s.conditions_within(condition)

    def _tables(self) -> dict[type, dict[str, s.Named]]:
        return {node: getattr(self, table) for node, table in TABLES.items()}


TABLES: dict[type, str] = {
    s.Hours: "hours",
    s.Terms: "terms",
    s.Field: "fields",
    s.Define: "defines",
    s.Scale: "scales",
    s.Score: "scores",
    s.Watch: "watches",
    s.Step: "steps",
    s.Matrix: "matrices",
    s.Outcome: "outcomes",
    s.Ladder: "ladders",
    s.Reply: "replies",
}


def conditions_of(definition: s.Named) -> Iterator[s.Condition]:
    """The conditions that a definition holds, outermost only."""
    match definition:
        case s.Define(condition=condition) | s.Watch(condition=condition):
            yield condition
        case s.Scale(rules=rules) | s.Step(rules=rules):
            yield from (rule.condition for rule in rules if rule.condition is not None)
        case s.Score(lines=lines):
            yield from (line.condition for line in lines if isinstance(line, s.PointsWhen))
        case _:
            pass
