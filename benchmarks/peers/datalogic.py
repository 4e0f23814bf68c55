"""datalogic-py: terms and rules in JSONLogic, a message at a time; orjson where it is installed.

JSONLogic has no word boundaries, so Latin terms are looked for between spaces in a copy of the text of which only ASCII
letters and digits are left. `thank, you` then has the term `thank you`: rare, and counted as a difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datalogic_py
from peers.plain_python import MESSAGE, fold

try:
    import orjson

    loads: Callable[[bytes], Any] = orjson.loads
    dumps: Callable[[Any], bytes] = orjson.dumps
except ImportError:
    loads = json.loads

    def dumps(value: object) -> bytes:
        """A value as JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_"
SPACED = bytes(code if code in LETTERS else 0x20 for code in range(256))


def _of(name: str) -> dict[str, Any]:
    return {"var": name}


def _over(name: str, low: float, operator: str = ">=") -> dict[str, Any]:
    return {operator: [_of(name), low]}


SCORES = {
    "mood": {"-": [{"-": [_of("praise"), _of("anger")]}, _of("troll")]},
    "risk": {
        "+": [
            {"if": [_over("safety", 1), 40, 0]},
            {"if": [_over("legal", 1), 30, 0]},
            {"*": [10, {"min": [_of("anger"), 3]}]},
            {"if": [_of("verified"), 5, 0]},
        ]
    },
    "loudness": {"+": [{"/": [_of("followers"), 1000]}, {"*": [2, _of("shares")]}, _of("replies"), _of("thread")]},
}
RULES: tuple[dict[str, Any] | bool, ...] = (
    {"and": [_over("safety", 1), {">=": [SCORES["loudness"], 50]}]},
    _over("safety", 1),
    {"and": [_over("legal", 1), {"or": [_of("verified"), _over("followers", 100_000)]}]},
    _over("legal", 1),
    {"and": [_over("troll", 2), _over("service", 0, "=="), _over("age", 30, "<")]},
    {"and": [_over("troll", 1), {"<=": [SCORES["mood"], -2]}, _over("followers", 200, "<"), _over("shares", 5, "<")]},
    {"and": [_over("service", 1), {"in": [_of("channel"), ["email", "dm"]]}]},
    {"and": [_over("service", 1), _over("anger", 1)]},
    {"and": [_over("anger", 1), {"or": [_over("shares", 100), _over("thread", 20)]}]},
    {"and": [_over("praise", 1), _over("followers", 10_000), _over("anger", 0, "==")]},
    {"and": [_over("praise", 1), {">=": [SCORES["mood"], 2]}]},
    {"and": [{">=": [SCORES["risk"], 20]}, {">=": [SCORES["loudness"], 20]}]},
)


def counting(terms: list[str]) -> dict[str, Any]:
    """How many of the terms the text has."""
    looked_for = [
        {"in": [f" {term} ", _of("latin")]} if term.isascii() else {"in": [term, _of("text")]}
        for term in map(fold, terms)
    ]
    return {"+": [{"if": [one, 1, 0]} for one in looked_for]}


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records, a message at a time."""
    engine = datalogic_py.Engine()
    names = list(workload["lists"])
    counts = engine.compile([counting(workload["lists"][name]) for name in names])
    rules = engine.compile(
        {"if": [step for number, rule in enumerate(RULES) for step in (rule, number)] + [len(RULES)]}
    )
    session = engine.session()
    with inbox.open("rb") as lines, out.open("wb") as decisions:
        for line in lines:
            message = loads(line)
            text = fold(message["text"])
            latin = f" {text} ".encode().translate(SPACED).decode()
            facts = {
                "followers": message["author.followers"],
                "verified": message["author.verified"],
                "shares": message["shares"],
                "replies": message["replies"],
                "channel": message["channel"],
                "age": message["extra.account_age_days"],
                "thread": message["extra.thread_len"],
                **dict(zip(names, session.evaluate(counts, {"text": text, "latin": latin}), strict=True)),
            }
            number = session.evaluate(rules, facts)
            record = {name: message[name] for name in MESSAGE} | workload["records"][number]
            decisions.write(dumps(record) + b"\n")
