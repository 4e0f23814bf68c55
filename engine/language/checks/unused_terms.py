"""A term list is never looked for.

Nothing in the playbook mentions the list: a rule was forgotten, or the list is not needed any more.

Wrong:
    playbook "Acme"
    terms safety "caught fire"
    step start
      otherwise -> no reply needed

Right:
    playbook "Acme"
    terms safety "caught fire"
    step start
      when text mentions safety -> take private
      otherwise -> no reply needed
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.finding import finding
from engine.language.checks.parts import decides
from engine.language.checks.unknown_terms import named_lists
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK501"
SEVERITY = Severity.WARNING


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every term list of the playbook's own file that nothing names."""
    if not decides(playbook):
        return
    used = {name.text for name in named_lists(playbook)}
    for name, terms in playbook.terms.items():
        if name not in used and playbook.is_main(terms.name.span):
            yield finding(
                CODE, SEVERITY, f"the term list `{name}` is never used", terms.name.span, "nothing mentions it"
            )
