"""All that `hikeshi test` has to say: verdicts, coverage and mutants, in the terminal, as JSON, JUnit or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.decision import label
from engine.incidents import Coverage, Mutation, Suite, Verdict, coverage, mutate
from engine.incidents.coverage import as_dict as coverage_dict
from engine.incidents.mutation import as_dict as mutation_dict
from engine.report import verdicts as words
from engine.report.coverage_page import coverage_page
from engine.report.terminal import console


@dataclass(frozen=True, slots=True)
class Tested:
    """Playbooks replayed; `mutations` only where they were asked for and nothing failed."""

    verdicts: list[Verdict]
    coverages: list[tuple[Coverage, Suite]]
    mutations: list[Mutation]
    waiting: bool = False
    """Whether mutants were asked for and wait until every message is decided as it should be."""

    @property
    def failed(self) -> bool:
        """Whether a message is not decided as it should be."""
        return any(one.missed for one in self.verdicts)

    @property
    def edges(self) -> float:
        """The lowest share of edges that is reached, of a hundred."""
        return min((one.shares["edges"].percent for one, _ in self.coverages), default=0.0)

    @property
    def score(self) -> float:
        """The lowest share of faults that is noticed, of a hundred."""
        return min((one.score for one in self.mutations), default=0.0)

    def show(self, *, covered: bool) -> None:
        """Print it."""
        out = console()
        for one in self.verdicts:
            if one.missed:
                out.print(words.failure(one))
        for found, _ in self.coverages if covered else []:
            out.print(words.coverage(found), soft_wrap=True)
        for mutation in self.mutations:
            out.print(words.mutation(mutation), soft_wrap=True)
        if self.waiting:
            out.print("no faults were put in: first every message must be decided as it should be")
        out.print(words.summary(self.verdicts))

    def as_dict(self) -> dict[str, object]:
        """As JSON can hold it."""
        return {
            "passed": sum(not one.missed for one in self.verdicts),
            "failed": sum(bool(one.missed) for one in self.verdicts),
            "messages": [_verdict(one) for one in self.verdicts],
            "coverage": [coverage_dict(one) for one, _ in self.coverages],
            "mutation": [mutation_dict(one) for one in self.mutations],
        }

    def junit(self) -> str:
        """As JUnit XML."""
        return words.junit(self.verdicts)

    def page(self) -> str:
        """The coverage as an HTML page."""
        return coverage_page(self.coverages)


def tested(suites: Sequence[Suite], only: str, *, mutants: bool, workers: int) -> Tested:
    """What replayed suites say of incidents with `only` in their names; mutants replay all incidents."""
    chosen = [
        (suite, [one for one in suite.verdicts if only.casefold() in one.incident.name.casefold()]) for suite in suites
    ]
    coverages = [(found, suite) for suite, its in chosen for found in coverage(its)]
    failed = any(one.missed for suite in suites for one in suite.verdicts)
    able = [suite for suite in suites if suite.verdicts] if mutants and not failed else []
    mutations = [mutate(suite.playbook, suite.incidents, workers=workers) for suite in able]
    return Tested([one for _, its in chosen for one in its], coverages, mutations, mutants and failed)


def _verdict(verdict: Verdict) -> dict[str, object]:
    decided = verdict.explained.record()
    return {
        "file": verdict.incidents.source.name,
        "line": verdict.message.span.line,
        "incident": verdict.incident.name,
        "id": verdict.message.id,
        "decided": label(decided["decision"], decided["team"]),
        "path": decided["path"],
        "missed": [{"what": one.name, "expected": one.expected, "got": one.got} for one in verdict.missed],
    }
