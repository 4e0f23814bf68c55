"""No ladder has this name.

`escalate` names a ladder, which says who is told, and when, while nobody has answered.

Wrong:
    outcome pr
      hand off to marketing escalate pr_crisis

Right:
    ladder pr_crisis
      at once notify "pr-duty"
    outcome pr
      hand off to marketing escalate pr_crisis
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import modifier_names
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK207"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every ladder that is not declared."""
    for name in modifier_names(playbook, "escalate"):
        if name.text not in playbook.ladders and name.text not in playbook.broken:
            yield finding(
                CODE,
                SEVERITY,
                f"no ladder is called `{name.text}`",
                name.span,
                "not declared here or in a used file",
                help=unknown_name(name.text, playbook.ladders),
            )
