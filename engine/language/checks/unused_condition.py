"""Something that is worked out is never looked at.

A scale, score, watch, named condition or extra field that no condition, score, matrix or reply looks at was forgotten,
or is not needed any more. Scales called `severity` and `exposure` are always shown in reports, and so are always used.

Wrong:
    playbook "Acme"
    define loud: shares >= 10
    step start
      otherwise -> no reply needed

Right:
    playbook "Acme"
    define loud: shares >= 10
    step start
      when loud -> respond publicly
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.drafts import slots
from engine.language.checks.finding import finding, kind_of
from engine.language.checks.parts import decides, named_in_conditions, names_used_by
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK502"
SEVERITY = Severity.WARNING

REPORTED = frozenset({"severity", "exposure"})


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every such definition of the playbook's own file that nothing looks at."""
    if not decides(playbook):
        return
    used = {name.text for name in named_in_conditions(playbook)} | REPORTED
    for definition in playbook.definitions():
        used.update(name.text for name in names_used_by(definition))
    for reply in playbook.replies.values():
        used.update(slot for draft in reply.drafts for slot, _ in slots(draft.text))
    for definition in playbook.definitions():
        name = definition.name
        if not isinstance(definition, s.Define | s.Scale | s.Score | s.Watch | s.Field) or name.text in used:
            continue
        if playbook.is_main(name.span):
            message = f"the {kind_of(definition)} `{name.text}` is never used"
            yield finding(CODE, SEVERITY, message, name.span, "nothing looks at it")
