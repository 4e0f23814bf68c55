"""`--why`: every record with its explanation. One message at a time through the specification, and so much slower."""

from __future__ import annotations

import json

import numpy as np
import polars as pl

from engine.batch.lines import Lines
from engine.evaluate import one
from engine.evaluate.columns import Decided
from engine.evaluate.explain import Explainer
from engine.plan import Plan
from engine.signals.facts import FactReader


def explanations(plan: Plan, reader: FactReader, texts: pl.Series, facts: pl.DataFrame) -> pl.Series:
    """The explanation of each message, as JSON."""
    wanted = facts.select(name for name in facts.columns if name not in {c.name for c in plan.computed})
    written = [
        json.dumps(
            Explainer(plan, reader.found_terms(text or "")).as_dict(one.decide(plan, row)),
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for text, row in zip(texts, wanted.iter_rows(named=True), strict=True)
    ]
    return pl.Series("why", written, dtype=pl.String)


def why_in_lines(plan: Plan, reader: FactReader, texts: pl.Series, lines: Lines, decided: Decided) -> Lines:
    """The records, each with a `why`."""
    why = explanations(plan, reader, texts, decided.facts)
    records = lines.together().splitlines()
    with_why = [line[:-1] + b',"why":' + one.encode() + b"}" for line, one in zip(records, why, strict=True)]
    head_at = np.cumsum([0, *map(len, with_why)])
    return Lines(np.frombuffer(b"".join(with_why), np.uint8), head_at, np.zeros(len(why), np.int64), [b"\n"])
