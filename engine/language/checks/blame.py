"""A reply blames the customer.

Nobody is won back by hearing that it was their fault, even when it was. Say what happens next.

Wrong:
    reply late
      en "{author.name}, you should have called us earlier."

Right:
    reply late
      en "{author.name}, thank you for telling us. We are looking into it now."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.drafts import wordings
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK602"
SEVERITY = Severity.WARNING

WORDINGS = {
    "en": re.compile(
        r"\b(?:you should(?: have|'ve)|your (?:own )?fault|you failed|as (?:I|we) (?:already )?said)\b", re.IGNORECASE
    ),
    "ja": re.compile(r"お客様の責任|お客様が間違|お客様のせい|お客様の過失"),
}
"""Assumption: the wordings that care teams are most often told to avoid; not a complete list."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every such wording in a draft of the playbook's own file."""
    for _, places in wordings(playbook, WORDINGS):
        for place in places:
            yield finding(CODE, SEVERITY, "this blames the customer", place, "say what happens next instead")
