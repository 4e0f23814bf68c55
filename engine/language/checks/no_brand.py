"""A condition asks for the brand, but no brand is named.

`text mentions brand` looks for the names in the `brand` statement. Without one it could never be true.

Wrong:
    define about_us: text mentions brand

Right:
    brand "Acme", "アクメ"
    define about_us: text mentions brand
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK214"
SEVERITY = Severity.ERROR

_BRAND = re.compile(r"^\s*(?:extend\s+|replace\s+)?brand\b", re.MULTILINE)


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every question for a brand that has no name."""
    if playbook.brand or (playbook.broken and any(_BRAND.search(file.span.source.text) for file in playbook.files)):
        return
    for condition in playbook.inner_conditions():
        if isinstance(condition, s.Mentions) and condition.words is None:
            yield finding(
                CODE,
                SEVERITY,
                "this playbook does not say what the brand is called",
                condition.span,
                "needs the brand's names",
                help='add a statement such as `brand "Acme"`',
            )
