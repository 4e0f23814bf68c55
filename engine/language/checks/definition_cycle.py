"""A definition depends on itself.

A scale, a score, a named condition or a watch may look at others, but not in a circle: none of them could be worked out
first.

Wrong:
    define angry: loud
    define loud: angry or shares >= 10

Right:
    define angry: sentiment <= -0.5
    define loud: angry or shares >= 10
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.circles import circles
from engine.language.checks.finding import finding
from engine.language.checks.parts import names_used_by
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK409"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every name that closes a circle."""
    nodes: dict[str, s.Named] = {**playbook.watches, **playbook.defines, **playbook.scores, **playbook.scales}
    for name, path in circles({node: list(names_used_by(one)) for node, one in nodes.items()}):
        if len(path) == 2:
            message = f"`{name.text}` depends on itself"
        else:
            message = f"definitions depend on each other in a circle: {' -> '.join(path)}"
        yield finding(CODE, SEVERITY, message, name.span, "this leads back")
