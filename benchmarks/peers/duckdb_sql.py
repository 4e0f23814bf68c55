r"""DuckDB: one query from JSON lines to JSON lines, on all cores.

It cannot do NFKC, so a text is only in lower case; what full-width and half-width letters hide from it is counted as a
difference. A first regular expression over all terms lets the counts be taken only where there is something to count.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "id": "VARCHAR", "thread": "VARCHAR", "posted_at": "VARCHAR", "channel": "VARCHAR", "lang": "VARCHAR",
    "text": "VARCHAR", "author.verified": "BOOLEAN", "author.followers": "BIGINT", "shares": "BIGINT",
    "replies": "BIGINT", "extra.account_age_days": "BIGINT", "extra.thread_len": "BIGINT",
}  # fmt: skip
RULES = (
    "safety > 0 AND loudness >= 50",
    "safety > 0",
    'legal > 0 AND ("author.verified" OR "author.followers" >= 100000)',
    "legal > 0",
    'troll >= 2 AND service = 0 AND "extra.account_age_days" < 30',
    'troll > 0 AND mood <= -2 AND "author.followers" < 200 AND shares < 5',
    "service > 0 AND channel IN ('email', 'dm')",
    "service > 0 AND anger > 0",
    'anger > 0 AND (shares >= 100 OR "extra.thread_len" >= 20)',
    'praise > 0 AND "author.followers" >= 10000 AND anger = 0',
    "praise > 0 AND mood >= 2",
    "risk >= 20 AND loudness >= 20",
)
SCORES = """
  praise - anger - troll AS mood,
  40 * (safety > 0)::INT + 30 * (legal > 0)::INT + 10 * least(anger, 3) + 5 * "author.verified"::INT AS risk,
  "author.followers" / 1000 + 2 * shares + replies + "extra.thread_len" AS loudness
"""
THREADS = int(os.environ.get("BENCHMARK_WORKERS", "0")) or os.cpu_count() or 1


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _pattern(terms: list[str]) -> str:
    latin = "|".join(re.escape(term) for term in terms if term.isascii())
    other = "|".join(re.escape(term) for term in terms if not term.isascii())
    return _quoted(rf"\b(?:{latin})\b|{other}")


def _has(term: str) -> str:
    found = f"contains(t, {_quoted(term)})"
    alone = _quoted(rf"\b{term}\b")
    return f"({found} AND regexp_matches(t, {alone}))" if term.isascii() else found


def _counted(name: str, terms: list[str]) -> str:
    counts = " + ".join(f"{_has(term.lower())}::INT" for term in terms)
    return f"CASE WHEN any_term THEN {counts} ELSE 0 END AS {name}"


def query(workload: dict[str, Any], inbox: Path, out: Path) -> str:
    """The whole run as one statement."""
    lists: dict[str, list[str]] = workload["lists"]
    every = [term.lower() for terms in lists.values() for term in terms]
    columns = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in COLUMNS.items())
    chain = " ".join(f"WHEN {rule} THEN {number}" for number, rule in enumerate(RULES))
    constant = ", ".join(f'r."{name}"' for name in workload["records"][0])
    return f"""
COPY (
  WITH texts AS (
    SELECT *, lower(text) AS t
    FROM read_json({_quoted(str(inbox))}, format = 'newline_delimited', columns = {{{columns}}})
  ),
  seen AS (SELECT *, regexp_matches(t, {_pattern(every)}) AS any_term FROM texts),
  counted AS (SELECT *, {", ".join(_counted(name, terms) for name, terms in lists.items())} FROM seen),
  scored AS (SELECT *, {SCORES} FROM counted),
  decided AS (SELECT *, CASE {chain} ELSE {len(RULES)} END AS number FROM scored)
  SELECT d.id, d.thread, d.posted_at, d.channel, d.lang, {constant}
  FROM decided d JOIN records r USING (number)
) TO {_quoted(str(out))} (FORMAT json)
"""


def run(workload: dict[str, Any], inbox: Path, out: Path) -> None:
    """The inbox to decision records."""
    with duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False}) as connection:
        rows = out.with_suffix(".records")
        rows.write_text(
            "\n".join(json.dumps({"number": number} | one) for number, one in enumerate(workload["records"])),
            encoding="utf-8",
        )
        connection.execute(
            f"CREATE TABLE records AS SELECT * FROM read_json({_quoted(str(rows))}, format = 'newline_delimited')"
        )
        rows.unlink()
        connection.execute(query(workload, inbox, out))
