"""The page of a coverage: the playbook itself, with what was seen of each condition, rule and cell beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine import resources
from engine.incidents import Coverage, Suite
from engine.incidents.coverage import Condition
from engine.language import syntax as s
from engine.language.playbook import Playbook
from engine.language.source import Source, Span
from engine.report.pages import page

_SIGNS = {"good": "●", "half": "◐", "bad": "○"}


@dataclass(slots=True)
class _Mark:
    """A piece of the playbook with what was seen of it; `note` is said at the end of its line."""

    span: Span
    style: str
    note: str = ""
    anchor: str = ""


def coverage_page(found: Iterable[tuple[Coverage, Suite]]) -> str:
    """One HTML page of the coverages of several playbooks."""
    books = [_book(number, coverage, suite.playbook) for number, (coverage, suite) in enumerate(found, 1)]
    return page("coverage.html", title="What the recorded incidents reach", lang="en", books=books)


def _book(number: int, coverage: Coverage, playbook: Playbook) -> dict[str, object]:
    marks = [*_edges(number, coverage, playbook), *(_condition(one) for one in _innermost(coverage.conditions))]
    library = (str(resources.playbooks() / "std"), "std/")
    files = [one.span.source for one in playbook.files if not one.span.source.name.startswith(library)]
    there = {mark.anchor for mark in marks if mark.span.source in files}
    anchors = [(name, _anchor(number, name)) for name in coverage.missed]
    return {
        "name": coverage.playbook,
        "shares": coverage.shares,
        "missed": [(name, anchor if anchor in there else "") for name, anchor in anchors],
        "files": [{"name": one.name, "lines": list(_lines(one, marks))} for one in files],
    }


def _anchor(number: int, rule: str) -> str:
    return f"b{number}-" + "".join(c if c.isalnum() else "-" for c in rule)


def _edges(number: int, coverage: Coverage, playbook: Playbook) -> Iterator[_Mark]:
    for name, step in playbook.steps.items():
        for place, rule in enumerate(step.rules, 1):
            edge = f"{name}.{place}" if rule.condition is not None else f"{name}.otherwise"
            if edge in coverage.steps:
                times = coverage.steps[edge]
                yield _Mark(rule.target.span, "good" if times else "bad", f"took it: {times:,}", _anchor(number, edge))
    for name, matrix in playbook.matrices.items():
        for row in matrix.rows:
            for head, cell in zip(matrix.head, row.cells, strict=True):
                edge = f"{name}[{row.level.text}, {head.text}]"
                if edge in coverage.cells:
                    times = coverage.cells[edge]
                    yield _Mark(cell.span, "good" if times else "bad", f"{times:,}", _anchor(number, edge))


def _innermost(conditions: Iterable[Condition]) -> Iterator[Condition]:
    return (one for one in conditions if not isinstance(one.condition, s.And | s.Or | s.Not))


def _condition(one: Condition) -> _Mark:
    style = "good" if not one.unseen else "half" if len(one.unseen) < len(one.possible) else "bad"
    return _Mark(one.condition.span, style, ", ".join(f"{name} {one.seen[name]:,}" for name in one.possible))


def _lines(source: Source, marks: list[_Mark]) -> Iterator[dict[str, object]]:
    """Each line of a file, cut into pieces that are marked or not."""
    mine = sorted((one for one in marks if one.span.source is source), key=lambda one: (one.span.start, one.span.end))
    for number in range(1, len(source.line_starts) + 1):
        text = source.line(number)
        start = source.line_starts[number - 1]
        end = start + len(text)
        here = [one for one in mine if one.span.start < end and one.span.end > start]
        begin = [one for one in here if one.span.start >= start]
        pieces: list[tuple[str, str, str]] = []
        at = start
        for one in here:
            first, last = max(one.span.start, at), min(one.span.end, end)
            if first >= last:
                continue
            pieces += [(source.text[at:first], "", ""), (source.text[first:last], one.style, _SIGNS[one.style])]
            at = last
        pieces.append((source.text[at:end], "", ""))
        yield {
            "number": number,
            "anchor": next((one.anchor for one in begin if one.anchor), ""),
            "pieces": [one for one in pieces if one[0]],
            "note": " · ".join(one.note for one in begin),
        }
