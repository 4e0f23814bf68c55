"""A row of a matrix has too few or too many cells.

Every row has its level and one cell for each level in the head. No cell may be empty: write `none` where nothing is to
be done.

Wrong:
    playbook "Acme"
    scale anger: calm < angry
      angry when sentiment is negative
      calm  otherwise
    scale size: small < big
      big   when author.followers >= 10k
      small otherwise
    matrix start: anger by size
      |       | small  | big    |
      | angry |        | public |
      | calm  | none   | none   |

Right:
    playbook "Acme"
    scale anger: calm < angry
      angry when sentiment is negative
      calm  otherwise
    scale size: small < big
      big   when author.followers >= 10k
      small otherwise
    matrix start: anger by size
      |       | small  | big    |
      | angry | public | public |
      | calm  | none   | none   |
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import whole_rows
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.source import Span

CODE = "HK406"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every row that does not fit its head."""
    for matrix in playbook.matrices.values():
        torn: set[int] = set()
        for row, rest in pairwise(matrix.rows):
            if row.span.line == rest.span.line and row.span.line not in torn:
                torn.add(row.span.line)
                place = Span(row.span.source, row.span.end - 1, rest.span.start + 1)
                yield finding(CODE, SEVERITY, "a cell of this row is empty", place, "every cell needs an outcome")
        for row in whole_rows(matrix):
            if len(row.cells) != len(matrix.head) and row.span.line not in torn:
                yield _other_length(matrix, row)


def _other_length(matrix: s.Matrix, row: s.Row) -> Diagnostic:
    wanted, found = len(matrix.head), len(row.cells)
    some = "one cell" if found == 1 else f"{found or 'no'} cells"
    message = f"the row `{row.level.text}` has {some} where the head has {wanted}"
    label = "a cell is missing" if found < wanted else "too many cells"
    return finding(CODE, SEVERITY, message, row.span, label)
