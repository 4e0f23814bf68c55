"""A reply makes the problem small.

`just`, `simply`, `all you need to do`, 〜するだけ and 簡単に tell an upset customer that it was easy all along. The
sentence is better without them.

Wrong:
    reply reset
      en "{author.name}, you just need to reset it."

Right:
    reply reset
      en "{author.name}, please reset it by holding the button for five seconds."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.drafts import wordings
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK601"
SEVERITY = Severity.WARNING

WORDINGS = {
    "en": re.compile(r"\b(?:just|simply|all you (?:need|have) to do)\b", re.IGNORECASE),
    "ja": re.compile(r"するだけ|いただくだけ|簡単に|簡単です"),
}
"""Assumption: the wordings that care teams are most often told to avoid; not a complete list."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every such wording in a draft of the playbook's own file."""
    for _, places in wordings(playbook, WORDINGS):
        for place in places:
            yield finding(CODE, SEVERITY, "this word makes the customer's problem small", place, "leave it out")
