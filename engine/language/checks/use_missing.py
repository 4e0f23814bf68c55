"""A used file does not exist.

`use` looks beside the playbook that says it, then beside the playbook you started, then among the playbooks that come
with Hikeshi. The ending `.playbook` may be left out.

Wrong:
    use "std/eng"

Right:
    use "std/en"
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.language import syntax as s
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity

CODE = "HK112"
SEVERITY = Severity.ERROR


def report(use: s.Use, known: Iterable[str]) -> Diagnostic:
    """Say that nothing is called so; `known` are the files that could have been used."""
    return finding(
        CODE,
        SEVERITY,
        f"there is no playbook `{use.path.text}` to use",
        use.path.span,
        "not found beside this playbook, nor among those that come with Hikeshi",
        help=unknown_name(use.path.text, known),
    )
