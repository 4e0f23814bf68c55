"""No reply has this name.

`say` names a reply, which holds the draft in each language.

Wrong:
    outcome ask
      take private say "dm_please"

Right:
    reply dm_please
      en "Could you send us a DM, {author.name}?"
    outcome ask
      take private say "dm_please"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding, unknown_name
from engine.language.checks.parts import modifier_names
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK208"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every reply that is not declared."""
    for name in modifier_names(playbook, "say"):
        if name.text not in playbook.replies and name.text not in playbook.broken:
            yield finding(
                CODE,
                SEVERITY,
                f"no reply is called `{name.text}`",
                name.span,
                "not declared here or in a used file",
                help=_help(playbook, name.text),
            )


def _help(playbook: Playbook, name: str) -> str | None:
    if " " in name.strip() or not name.isidentifier():
        return "`say` takes the name of a reply; write the text itself in a `reply` statement"
    return unknown_name(name, playbook.replies)
