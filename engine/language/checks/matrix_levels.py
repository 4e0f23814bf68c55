"""A matrix does not have every level of its two scales once.

`matrix crisis: severity by exposure` has one row for each level of `severity` and one column for each level of
`exposure`, in any order. Both must be scales of the playbook.

Wrong:
    playbook "Acme"
    scale anger: calm < angry
      angry when sentiment is negative
      calm  otherwise
    scale size: small < big
      big   when author.followers >= 10k
      small otherwise
    matrix start: anger by size
      |       | small  | big     |
      | angry | public | private |

Right:
    playbook "Acme"
    scale anger: calm < angry
      angry when sentiment is negative
      calm  otherwise
    scale size: small < big
      big   when author.followers >= 10k
      small otherwise
    matrix start: anger by size
      |       | small  | big     |
      | angry | public | private |
      | calm  | none   | none    |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import listed
from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import whole_rows
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import type_of

CODE = "HK407"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every side of a matrix that is not the levels of a scale."""
    for matrix in playbook.matrices.values():
        rows = [row.level for row in whole_rows(matrix)]
        for scale, levels, what in ((matrix.down, rows, "row"), (matrix.across, list(matrix.head), "column")):
            if scale.text in playbook.scales:
                yield from _unlike(playbook.scales[scale.text], scale, levels, what)
            elif scale.text not in playbook.broken:
                type_ = type_of(playbook, scale.text)
                label = "not declared here or in a used file" if type_ is None else f"it is {type_.in_words}"
                help_ = unknown_name(scale.text, playbook.scales) if type_ is None else None
                yield finding(CODE, SEVERITY, f"no scale is called `{scale.text}`", scale.span, label, help=help_)


def _unlike(scale: s.Scale, side: s.Name, written: Iterable[s.Name], what: str) -> Iterator[Diagnostic]:
    levels = tuple(dict.fromkeys(level.text for level in scale.levels))
    seen: dict[str, s.Name] = {}
    for name in written:
        if name.text not in levels:
            message = f"`{scale.name.text}` has no level `{name.text}`"
            help_ = unknown_name(name.text, levels)
            yield finding(CODE, SEVERITY, message, name.span, f"it is {listed(levels)}", help=help_)
        elif name.text in seen:
            also = [(seen[name.text].span, "first here")]
            yield finding(CODE, SEVERITY, f"the {what} `{name.text}` stands twice", name.span, "again here", also=also)
        seen.setdefault(name.text, name)
    missing = [level for level in levels if level not in seen]
    if missing:
        message = f"this matrix has no {what} for {' and '.join(f'`{level}`' for level in missing)}"
        yield finding(CODE, SEVERITY, message, side.span, f"every level of `{side.text}` needs one")
