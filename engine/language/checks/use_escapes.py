"""A used file lies outside the playbook's folder.

A playbook may use files in its own folder, in folders below it, and those that come with Hikeshi. It may not climb out
with `..`, start at the root of the disk, or follow a link to somewhere else: a playbook that somebody sends you should
not be able to read your other files.

Wrong:
    use "../secret"

Right:
    use "std/en"
"""

from __future__ import annotations

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity

CODE = "HK113"
SEVERITY = Severity.ERROR


def report(use: s.Use) -> Diagnostic:
    """Say that this path is not allowed."""
    if not use.path.text:
        return finding(CODE, SEVERITY, "`use` needs the name of a playbook", use.path.span, "nothing is named here")
    return finding(
        CODE,
        SEVERITY,
        "a playbook may only use files in its own folder or below it",
        use.path.span,
        "this leads outside",
        help='copy the file beside this playbook and use it by its name, such as `use "our_terms"`',
    )
