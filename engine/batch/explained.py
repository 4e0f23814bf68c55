"""Explanations of some messages of a finished run, from its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from engine.batch.sheet import MESSAGE
from engine.evaluate import one
from engine.evaluate.explain import Explainer
from engine.plan import Plan
from engine.signals.facts import FactReader, with_language


def explain_some(plan: Plan, sheet: pl.LazyFrame, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Why some messages were decided as they were.

    Args:
        plan: what decided them.
        sheet: see `engine.batch.sheet`; with every field that the plan looks at.
        ids: the messages; those from us have no explanation.

    Returns:
        What `engine.evaluate.explain.Explainer.as_dict` says, by id.
    """
    wanted = pl.col("id").is_in(list(ids)) & pl.col("decision").is_not_null()
    rows = sheet.filter(wanted).collect()
    if not rows.height:
        return {}
    messages = rows.select(pl.col(f"^{MESSAGE}.*$")).rename(lambda name: name.removeprefix(MESSAGE))
    messages = with_language(messages.with_columns(rows["lang"]))
    reader = FactReader(plan)
    facts = reader.read(messages)
    return {
        id_: Explainer(plan, reader.found_terms(text or "")).as_dict(one.decide(plan, row))
        for id_, text, row in zip(messages["id"], messages["text"], facts.iter_rows(named=True), strict=True)
    }
