"""The parts of a playbook that several checks look at: numbers, rules, decisions and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import syntax as s
from engine.language.playbook import Playbook, conditions_of
from engine.language.source import Span
from engine.language.types import operand

_LEAVES = (s.Name, s.Text, s.Pattern, Span)


def amounts(playbook: Playbook) -> Iterator[s.Number | s.Duration]:
    """Every number and every length of time, wherever it stands."""
    waiting: list[object] = [*playbook.definitions(), *playbook.guarantees]
    while waiting:
        one = waiting.pop()
        if isinstance(one, s.Number | s.Duration):
            yield one
        elif isinstance(one, tuple):
            waiting.extend(one)
        elif hasattr(one, "__slots__") and not isinstance(one, _LEAVES):
            waiting.extend(getattr(one, slot) for slot in one.__slots__)


def phrases(playbook: Playbook) -> Iterator[s.Phrase]:
    """Every term: of the lists, of the brand, and those written straight into a condition."""
    for terms in playbook.terms.values():
        yield from terms.phrases
    yield from playbook.brand
    for condition in playbook.inner_conditions():
        if isinstance(condition, s.Mentions) and isinstance(condition.words, s.Text):
            yield condition.words


def rules(playbook: Playbook) -> Iterator[s.Rule]:
    """Every rule of every step."""
    for step in playbook.steps.values():
        yield from step.rules


def decided(playbook: Playbook) -> Iterator[tuple[s.Target, tuple[s.Modifier, ...]]]:
    """Every place that decides, and what the decision carries: rules and named outcomes."""
    for rule in rules(playbook):
        yield rule.target, rule.modifiers
    for outcome in playbook.outcomes.values():
        yield outcome.verdict, outcome.modifiers


def modifiers(playbook: Playbook) -> Iterator[s.Modifier]:
    """Everything that decisions carry."""
    for _, several in decided(playbook):
        yield from several


def modifier_names(playbook: Playbook, kind: str) -> Iterator[s.Name]:
    """The names that modifiers of one kind hold, such as the ladders of `escalate`."""
    for modifier in modifiers(playbook):
        if modifier.kind == kind:
            yield from (value for value in modifier.values if isinstance(value, s.Name))


def clocks(playbook: Playbook) -> Iterator[s.Clock]:
    """Every deadline."""
    for modifier in modifiers(playbook):
        yield from (value for value in modifier.values if isinstance(value, s.Clock))


def cells(matrix: s.Matrix) -> Iterator[s.GoTo | s.OutcomeName]:
    """The cells of a matrix, row by row; none of a row that is really the end of the row before it."""
    for row in whole_rows(matrix):
        yield from row.cells


def whole_rows(matrix: s.Matrix) -> Iterator[s.Row]:
    """The rows without those that are the rest of one: an empty cell makes what follows on its line look like a row."""
    before: s.Row | None = None
    for row in matrix.rows:
        short = before is not None and len(before.cells) < len(matrix.head)
        if not (short and before is not None and row.span.line == before.span.line):
            yield row
        before = row


def targets(playbook: Playbook) -> Iterator[s.Target]:
    """Everything that a rule or a matrix cell leads to."""
    yield from (rule.target for rule in rules(playbook))
    for matrix in playbook.matrices.values():
        yield from cells(matrix)


def ways_on(node: s.Step | s.Matrix) -> Iterator[s.Name]:
    """The steps and matrices that a step or matrix leads to."""
    leads = cells(node) if isinstance(node, s.Matrix) else (rule.target for rule in node.rules)
    yield from (target.name for target in leads if isinstance(target, s.GoTo))


def named_in_conditions(playbook: Playbook) -> Iterator[s.Name]:
    """Every name that a condition looks at."""
    for condition in playbook.inner_conditions():
        name = operand(condition)
        if name is not None:
            yield name


def names_used_by(definition: s.Named) -> Iterator[s.Name]:
    """The names that a definition's conditions, score lines, watch key or matrix sides look at."""
    for condition in conditions_of(definition):
        for inner in s.conditions_within(condition):
            name = operand(inner)
            if name is not None:
                yield name
    match definition:
        case s.Score(lines=lines):
            yield from (line.left for line in lines if isinstance(line, s.PointsPer))
        case s.Watch(key=s.Name() as key):
            yield key
        case s.Matrix(down=down, across=across):
            yield from (down, across)
        case _:
            pass


def any_steps(files: Iterable[s.File]) -> bool:
    """Whether one of the files decides anything, rather than only declaring words for others."""
    return any(_decides(one) for file in files for one in file.statements)


def _decides(statement: s.Statement) -> bool:
    one = statement.definition if isinstance(statement, s.Replace) else statement
    return isinstance(one, s.Step | s.Matrix)


def decides(playbook: Playbook) -> bool:
    """Whether it has steps, and all of its statements could be read: only then is something unused for certain."""
    return bool(playbook.steps or playbook.matrices) and not playbook.broken
