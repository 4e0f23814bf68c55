"""Playbooks use each other in a circle.

When `a` uses `b`, and `b` uses `a`, neither can be read first. Move what both need into a third file, and let both use
that one.

Wrong:
    # a.playbook
    use "b"
    # b.playbook
    use "a"

Right:
    # a.playbook
    use "std/en"
"""

from __future__ import annotations

from pathlib import PurePath

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity

CODE = "HK114"
SEVERITY = Severity.ERROR


def report(use: s.Use, path: tuple[str, ...]) -> Diagnostic:
    """Show the circle; `path` begins and ends with the same file."""
    names = [PurePath(one).stem for one in path]
    return finding(
        CODE,
        SEVERITY,
        f"playbooks use each other in a circle: {' -> '.join(names)}",
        use.path.span,
        "this closes the circle",
    )
