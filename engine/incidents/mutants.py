"""Mutants: a playbook with one fault put in.

Thresholds are nudged, comparisons turned round, conditions dropped or negated, rules removed or swapped, levels and
outcomes changed, what an outcome carries left out, terms removed. Only a team's own files are changed, never the standard
library. Watches, hours and ladders have no mutants of their own: a watch is not evaluated, and the others are seen through
deadlines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine import resources
from engine.incidents.faults import Faults, Mutant
from engine.language import syntax as s
from engine.language.playbook import TABLES, Playbook


def mutants(playbook: Playbook) -> list[Mutant]:
    """All mutants of a playbook, in the order of its text; none twice.

    Cost grows with the playbook: some three for each condition, one for each term.
    """
    library = str(resources.playbooks() / "std")
    faults = Faults(playbook)
    found: list[Mutant] = []
    for file in playbook.files:
        if not file.span.source.name.startswith((library, "std/")):
            found += [one for statement in file.statements for one in faults.of(statement) if _counts(playbook, one)]
    unique: dict[Any, Mutant] = {}
    for one in found:
        unique.setdefault((one.statement.span.start, one.statement.span.source.name, one.becomes, one.removed), one)
    return list(unique.values())


def _counts(playbook: Playbook, mutant: Mutant) -> bool:
    """Whether what is changed is in effect, and was not replaced by another file."""
    statement = mutant.statement.definition if isinstance(mutant.statement, s.Extend | s.Replace) else mutant.statement
    match statement:
        case s.Brand():
            return any(one is mutant.removed for one in playbook.brand)
        case s.Terms(name=name):
            return any(one is mutant.removed for one in playbook.terms[name.text].phrases)
        case _:
            assert isinstance(statement, s.Named)
            return getattr(playbook, TABLES[type(statement)]).get(statement.name.text) is statement


def mutated(playbook: Playbook, mutant: Mutant) -> Playbook:
    """The playbook with the fault in it."""
    statement = mutant.statement.definition if isinstance(mutant.statement, s.Extend | s.Replace) else mutant.statement
    if mutant.removed is not None:
        gone = mutant.removed
        if isinstance(statement, s.Brand):
            return replace(playbook, brand=tuple(one for one in playbook.brand if one is not gone))
        assert isinstance(statement, s.Terms)
        whole = playbook.terms[statement.name.text]
        left = replace(whole, phrases=tuple(one for one in whole.phrases if one is not gone))
        return replace(playbook, terms=playbook.terms | {statement.name.text: left})
    after = mutant.becomes.definition if isinstance(mutant.becomes, s.Extend | s.Replace) else mutant.becomes
    assert isinstance(after, s.Named)
    table = TABLES[type(after)]
    return replace(playbook, **{table: getattr(playbook, table) | {after.name.text: after}})


def as_file(playbook: Playbook, mutant: Mutant) -> s.File:
    """The mutant's file with the fault in it, without comments; for `format_file`."""
    (file,) = (one for one in playbook.files if one.span.source is mutant.span.source)
    statements = [mutant.becomes if one is mutant.statement else one for one in file.statements]
    return replace(file, statements=tuple(one for one in statements if one is not None), comments=())
