"""The rules of `standard.playbook`, read as plainly as can be: what every decision is held against, and a peer.

A text is compared after NFKC and case folding. A Latin term stands alone: no letter or digit of a script with word
spaces is its neighbour. A Japanese term may stand anywhere. What counts is how many different terms of a list there are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORD = re.compile("[0-9a-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u07ff\u1e00-\u1eff]")
MESSAGE = ("id", "thread", "posted_at", "channel", "lang")

PUBLIC, PRIVATE, TROLL = ("respond publicly", None), ("take private", None), ("ignore as troll", None)
MARKETING, NOTHING = ("hand off", "marketing"), ("no reply needed", None)

Facts = dict[str, Any]
RULES: tuple[tuple[tuple[str, str | None], Callable[[Facts], bool]], ...] = (
    (PUBLIC, lambda f: f["safety"] > 0 and f["loudness"] >= 50),
    (PRIVATE, lambda f: f["safety"] > 0),
    (PUBLIC, lambda f: f["legal"] > 0 and (f["author.verified"] or f["author.followers"] >= 100_000)),
    (PRIVATE, lambda f: f["legal"] > 0),
    (TROLL, lambda f: f["troll"] >= 2 and f["service"] == 0 and f["extra.account_age_days"] < 30),
    (TROLL, lambda f: f["troll"] > 0 and f["mood"] <= -2 and f["author.followers"] < 200 and f["shares"] < 5),
    (PRIVATE, lambda f: f["service"] > 0 and f["channel"] in {"email", "dm"}),
    (PRIVATE, lambda f: f["service"] > 0 and f["anger"] > 0),
    (PUBLIC, lambda f: f["anger"] > 0 and (f["shares"] >= 100 or f["extra.thread_len"] >= 20)),
    (MARKETING, lambda f: f["praise"] > 0 and f["author.followers"] >= 10_000 and f["anger"] == 0),
    (MARKETING, lambda f: f["praise"] > 0 and f["mood"] >= 2),
    (PUBLIC, lambda f: f["risk"] >= 20 and f["loudness"] >= 20),
    (NOTHING, lambda _: True),
)


def fold(text: str) -> str:
    """What terms and texts are compared in."""
    return unicodedata.normalize("NFKC", text).casefold()


def mentions(text: str, term: str) -> bool:
    """Whether a folded text has a folded term."""
    if term not in text:
        return False
    if not term.isascii():
        return True
    start = text.find(term)
    while start >= 0:
        end = start + len(term)
        if not (start and WORD.match(text[start - 1])) and not WORD.match(text[end : end + 1]):
            return True
        start = text.find(term, start + 1)
    return False


def facts_of(message: dict[str, Any], lists: dict[str, list[str]]) -> Facts:
    """The message with its counts and scores."""
    text = fold(message["text"])
    facts = message | {name: sum(mentions(text, term) for term in terms) for name, terms in lists.items()}
    facts["mood"] = facts["praise"] - facts["anger"] - facts["troll"]
    facts["risk"] = (
        40 * (facts["safety"] > 0)
        + 30 * (facts["legal"] > 0)
        + 10 * min(facts["anger"], 3)
        + 5 * facts["author.verified"]
    )
    facts["loudness"] = (
        facts["author.followers"] / 1000 + 2 * facts["shares"] + facts["replies"] + facts["extra.thread_len"]
    )
    return facts


def decide(facts: Facts) -> int:
    """The number of the first rule that holds."""
    return next(number for number, (_, holds) in enumerate(RULES) if holds(facts))


def folded_lists(workload: dict[str, Any]) -> dict[str, list[str]]:
    """The workload's lists, to be looked for in folded texts."""
    return {name: [fold(term) for term in terms] for name, terms in workload["lists"].items()}


def check(workload: dict[str, Any]) -> None:
    """That the records to be written say what the rules say."""
    said = [(record["decision"], record["team"]) for record in workload["records"]]
    assert said == [decision for decision, _ in RULES], said


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records, a message at a time."""
    check(workload)
    lists = folded_lists(workload)
    with inbox.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as decisions:
        for line in lines:
            message = json.loads(line)
            number = decide(facts_of(message, lists))
            record = {name: message[name] for name in MESSAGE} | workload["records"][number]
            decisions.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
