"""A reply apologises more than once.

One apology is heard; the second sounds like a form letter. Use the room to say what happens next.

Wrong:
    reply late
      en "Sorry, {author.name}. We apologise for the delay."

Right:
    reply late
      en "Sorry for the delay, {author.name}. Your parcel leaves today."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.drafts import wordings
from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK604"
SEVERITY = Severity.WARNING

WORDINGS = {
    "en": re.compile(r"\b(?:sorry|apolog(?:y|ies|i[sz]e[sd]?|i[sz]ing)|forgive us|pardon)\b", re.IGNORECASE),
    "ja": re.compile(r"申し訳|お詫び|おわび|すみません|ごめん|ご迷惑をお"),
}
"""Assumption: the usual wordings of an apology; not a complete list."""


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every second apology in a draft of the playbook's own file."""
    for _, places in wordings(playbook, WORDINGS):
        if len(places) > 1:
            message = "this reply apologises more than once"
            yield finding(CODE, SEVERITY, message, places[1], "once is enough")
