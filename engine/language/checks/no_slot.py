"""A reply has no slot.

A draft without a slot such as `{author.name}` reads the same to everybody, and people notice when it is posted twice.

Wrong:
    reply thanks
      en "Thank you for your kind words."

Right:
    reply thanks
      en "Thank you for your kind words, {author.name}."
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.drafts import drafts, slots
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK605"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every draft of the playbook's own file that says the same to everybody."""
    for draft in drafts(playbook):
        if not any(slots(draft.text)):
            message = "this draft reads the same to everybody"
            help_ = "add a slot such as `{author.name}`"
            yield finding(CODE, SEVERITY, message, draft.text.span, "no slot in it", help=help_)
