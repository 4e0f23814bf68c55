"""A ladder, a reply, business hours or an outcome is never used.

No decision escalates to the ladder, says the reply, counts in the hours, or leads to the outcome.

Wrong:
    playbook "Acme"
    ladder pr
      at once notify "pr-duty"
    step start
      otherwise -> no reply needed

Right:
    playbook "Acme"
    ladder pr
      at once notify "pr-duty"
    step start
      otherwise -> hand off to marketing escalate pr
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.language import syntax as s
from engine.language.checks.finding import finding
from engine.language.checks.parts import clocks, decides, modifier_names, targets
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK503"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every such definition of the playbook's own file that no decision uses."""
    if not decides(playbook):
        return
    promised = (guarantee.promise for guarantee in playbook.guarantees)
    outcomes = {one.name.text for one in (*targets(playbook), *promised) if isinstance(one, s.OutcomeName)}
    hours = {clock.hours.text for clock in clocks(playbook) if clock.hours}
    ladders = {name.text for name in modifier_names(playbook, "escalate")}
    replies = {name.text for name in modifier_names(playbook, "say")}
    yield from _unused(playbook, playbook.hours, hours, "hours `{}` are never used", "no deadline counts in them")
    yield from _unused(playbook, playbook.outcomes, outcomes, "the outcome `{}` is never used", "nothing leads to it")
    yield from _unused(
        playbook, playbook.ladders, ladders, "the ladder `{}` is never used", "no decision escalates to it"
    )
    yield from _unused(playbook, playbook.replies, replies, "the reply `{}` is never used", "no decision says it")


def _unused(
    playbook: Playbook, table: Mapping[str, s.Named], used: set[str], message: str, label: str
) -> Iterator[Diagnostic]:
    for name, one in table.items():
        if name not in used and playbook.is_main(one.name.span):
            yield finding(CODE, SEVERITY, message.format(name), one.name.span, label)
