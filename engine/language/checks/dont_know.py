"""A reply says that we do not know, or cannot.

`I don't know`, `I can't`, `not my department`, わかりません and できません end the conversation. Say who will find out,
and by when, or what can be done.

Wrong:
    reply ask
      en "{author.name}, I don't know when it is back."

Right:
    reply ask
      en "{author.name}, I am asking our team and will tell you by tomorrow."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.drafts import wordings
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK603"
SEVERITY = Severity.WARNING

WORDINGS = {
    "en": re.compile(
        r"\b(?:(?:I|we) (?:do not|don't|don’t) know|(?:I|we) (?:cannot|can not|can't|can’t)"
        r"|not (?:my|our) department)\b",
        re.IGNORECASE,
    ),
    "ja": re.compile(r"(?:わか|分か)りません|できません|出来ません|(?:わか|分か)りかねます"),
}
"""Assumption: the wordings that care teams are most often told to avoid; not a complete list."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every such wording in a draft of the playbook's own file."""
    for _, places in wordings(playbook, WORDINGS):
        for place in places:
            yield finding(
                CODE, SEVERITY, "this leaves the customer without a way on", place, "say what you will do instead"
            )
