"""There is nothing to extend or replace.

`extend` and `replace` change what a used file declares. Without such a definition the word is a slip, or the `use` line
is missing.

Wrong:
    extend terms anger "shambles"

Right:
    terms anger "shambles"
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.language import syntax as s
from engine.language.checks.finding import finding, kind_of, unknown_name
from engine.language.diagnostics import Diagnostic, Severity

CODE = "HK116"
SEVERITY = Severity.ERROR


def report(change: str, one: s.Named, known: Iterable[str]) -> Diagnostic:
    """Say that nothing of this name exists; `change` is `extend` or `replace`."""
    name = one.name.text
    others = [other for other in known if other != name]
    return finding(
        CODE,
        SEVERITY,
        f"there is no {kind_of(one)} `{name}` to {change}",
        one.name.span,
        "no used file declares it",
        help=unknown_name(name, others) or f"leave out `{change}` to declare a new one",
    )
