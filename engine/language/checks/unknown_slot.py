"""A slot names no field of the message.

`{author.name}` in a draft is filled from the message. A slot that names nothing would reach the customer as it stands.

Wrong:
    reply thanks
      en "Thank you, {name}."

Right:
    reply thanks
      en "Thank you, {author.name}."
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.drafts import drafts, slots
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.message import FIELD

CODE = "HK607"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every slot in a draft of the playbook's own file that cannot be filled."""
    for draft in drafts(playbook):
        for slot, place in slots(draft.text):
            if slot not in FIELD and slot not in playbook.fields and slot not in playbook.broken:
                known = [*FIELD, *playbook.fields]
                by_ending = next((name for name in known if name.endswith(f".{slot}")), None) if slot else None
                help_ = f"did you mean `{by_ending}`?" if by_ending else unknown_name(slot, known)
                yield finding(
                    CODE, SEVERITY, f"no message field is called `{slot}`", place, "cannot be filled", help=help_
                )
