"""zen-engine: the rules as a decision table, evaluated 1,000 messages at a time; terms are found by plain Python."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import zen
from peers.plain_python import MESSAGE, facts_of, folded_lists

BATCH = 1_000
INPUTS = (
    "safety", "legal", "troll", "service", "anger", "praise", "mood", "risk", "loudness", "followers", "verified",
    "shares", "age", "thread", "channel",
)  # fmt: skip
RULES: tuple[dict[str, str], ...] = (
    {"safety": "> 0", "loudness": ">= 50"},
    {"safety": "> 0"},
    {"legal": "> 0", "verified": "true"},
    {"legal": "> 0", "followers": ">= 100000"},
    {"legal": "> 0"},
    {"troll": ">= 2", "service": "0", "age": "< 30"},
    {"troll": "> 0", "mood": "<= -2", "followers": "< 200", "shares": "< 5"},
    {"service": "> 0", "channel": '"email", "dm"'},
    {"service": "> 0", "anger": "> 0"},
    {"anger": "> 0", "shares": ">= 100"},
    {"anger": "> 0", "thread": ">= 20"},
    {"praise": "> 0", "followers": ">= 10000", "anger": "0"},
    {"praise": "> 0", "mood": ">= 2"},
    {"risk": ">= 20", "loudness": ">= 20"},
    {},
)
RECORD = (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12)
"""A table has no `or`: rules with one are two rows."""


def table() -> dict[str, Any]:
    """The decision table in zen-engine's format."""
    inputs = [{"id": name, "name": name, "field": name} for name in INPUTS]
    rows = [
        {"_id": str(row), **{name: rule.get(name, "") for name in INPUTS}, "number": str(RECORD[row])}
        for row, rule in enumerate(RULES)
    ]
    output = {"id": "number", "name": "number", "field": "number"}
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": [output], "rules": rows}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def context(facts: dict[str, Any]) -> dict[str, Any]:
    """What the table looks at."""
    named = {name: facts[name] for name in INPUTS if name in facts}
    return named | {
        "followers": facts["author.followers"],
        "verified": facts["author.verified"],
        "age": facts["extra.account_age_days"],
        "thread": facts["extra.thread_len"],
    }


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records, a batch at a time."""
    lists = folded_lists(workload)
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": table()}}})
    with inbox.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as decisions:
        while batch := [json.loads(line) for line in islice(lines, BATCH)]:
            requests = [{"key": "rules", "context": context(facts_of(message, lists))} for message in batch]
            for message, answer in zip(batch, engine.evaluate_batch(requests), strict=True):
                number = answer["data"]["result"]["number"]
                record = {name: message[name] for name in MESSAGE} | workload["records"][number]
                decisions.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
