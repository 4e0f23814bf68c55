"""The two evaluators mean the same: random playbooks x random facts, decided by `one.py` and by `columns.py`.

`HIKESHI_AGREEMENT=20` looks at twenty times as many, and at other ones in every run.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.evaluate import columns, one
from engine.language import checks
from engine.language.diagnostics import has_errors, render_all
from engine.language.format import format_file
from engine.language.load import load_text
from engine.plan import Plan, compile_plan
from engine.signals.facts import FactReader
from tests.evaluate.drawn import Drawer, facts_for

TIMES = int(os.environ.get("HIKESHI_AGREEMENT", "1"))
PLAYBOOKS = 800 * TIMES
ROWS = (*[30] * 20, 25, 1, 0)
SETTINGS = settings(
    max_examples=PLAYBOOKS,
    deadline=None,
    derandomize=TIMES == 1,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
COUNTED = {"playbooks": 0, "pairs": 0, "unknown mattered": 0, "ways": 0, "broken": 0}


def compiled(random: Random) -> tuple[str, Plan]:
    """A drawn playbook, through its text: what is parsed is what was written."""
    tree = Drawer(random).file()
    text = format_file(tree)
    playbook, found = load_text(text, "drawn.playbook", None)
    assert not has_errors(found), render_all(found)
    assert playbook.main == tree, text
    wrong = checks.check(playbook)
    assert not has_errors(wrong), render_all(wrong)
    assert format_file(playbook.main) == text
    return text, compile_plan(playbook, guarantees=True)


def same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float) and math.isnan(a):
        return math.isnan(b)
    return a == b and (a is None) == (b is None)


def disagreements(plan: Plan, facts: pl.DataFrame) -> Iterator[str]:
    """Every difference between the two, in words."""
    decided = columns.decide(plan, facts)
    stood = decided.facts.rows(named=True)
    breaking = {id(promise): set(rows.tolist()) for promise, rows in columns.broken(plan, decided)}
    for number, row in enumerate(facts.iter_rows(named=True)):
        trace = one.decide(plan, row)
        way, unknown = decided.ways[decided.code[number]]
        COUNTED["pairs"] += 1
        COUNTED["unknown mattered"] += bool(trace.unknown)
        path = tuple(arm.rule for arm in way)
        if path != trace.path:
            yield f"row {number}: one goes {trace.path}, columns {path}; facts {row}"
        if unknown != trace.unknown:
            yield f"row {number}: unknown to one {trace.unknown}, to columns {unknown}; facts {row}"
        for computed in plan.computed:
            mine, other = trace.facts[computed.name], stood[number][computed.name]
            if not same(mine, other):
                yield f"row {number}: {computed.name} is {mine!r} to one, {other!r} to columns; facts {row}"
        mine = {id(promise) for promise in one.broken(plan, trace)}
        if mine != {promise for promise, rows in breaking.items() if number in rows}:
            yield f"row {number}: the guarantees that it breaks differ; facts {row}"
        COUNTED["broken"] += bool(mine)
        for scale in plan.scales:
            if trace.levels[scale.name] != scale.levels[stood[number][scale.name]]:
                yield f"row {number}: {scale.name} is {trace.levels[scale.name]} to one; facts {row}"
    COUNTED["playbooks"] += 1
    COUNTED["ways"] += len(decided.ways)


@pytest.fixture(scope="module", autouse=True)
def _figures() -> Iterator[None]:
    yield
    if TIMES > 1:
        print("\n", COUNTED)  # noqa: T201


@SETTINGS
@given(st.randoms(use_true_random=False), st.sampled_from(ROWS), st.integers(0, 2**32))
def test_one_message_and_a_batch_are_decided_alike(random: Random, height: int, seed: int) -> None:
    text, plan = compiled(random)
    facts = facts_for(plan, Random(seed), height)
    found = list(disagreements(plan, facts))
    assert not found, "\n".join([text, *found[:5]])


def test_enough_was_looked_at() -> None:
    if not COUNTED["playbooks"]:
        pytest.skip("only counts what the test before it saw")
    assert COUNTED["pairs"] >= 20_000 * TIMES
    assert COUNTED["unknown mattered"] >= COUNTED["pairs"] / 10
    assert COUNTED["broken"] >= COUNTED["pairs"] / 50
    assert COUNTED["ways"] >= 3 * COUNTED["playbooks"]


# ---- with facts that are read from texts


PIECES = (
    "my charger caught fire", "don't", "don’t", "burning", "BURN", "発火", "ﾔｹﾄﾞ", "ﾔｹﾄ", "ﾞ", "\u3099", "ﬁre", "ＦＩＲＥ", "e\u0301",
    "é", "ſ", "K", "İ", "ß", "1️⃣", "😡", "AC-12", "返金", "not good", "great", "最悪", "worst scam idiots", "but", "？", "?",
    "090-1234-5678", "order number 12345", "が", "か", " ", "\n", "。", "", "a", "Å", "ÅB", "a@b.co", "\U0001f1ef\U0001f1f5", "\u0345",
)  # fmt: skip


def messages_for(plan: Plan, random: Random, height: int) -> pl.DataFrame:
    """Random texts of awkward pieces, with every field that the plan reads."""
    texts = [
        None if random.random() < 0.1 else "".join(random.choices(PIECES, k=random.randint(0, 6)))
        for _ in range(height)
    ]
    given = facts_for(plan, random, height)
    have = [given[name] for name in plan.fields if name in given.columns and name != "text"]
    return pl.DataFrame([pl.Series("text", texts, dtype=pl.String), *have])


@settings(SETTINGS, max_examples=100 * TIMES)
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_a_message_s_facts_do_not_depend_on_its_batch(random: Random, seed: int) -> None:
    text, plan = compiled(random)
    messages = messages_for(plan, Random(seed), 25)
    reader = FactReader(plan)
    batch = reader.read(messages)
    for number in range(messages.height):
        alone = reader.read(messages[number])
        assert alone.equals(batch[number]), (text, messages.row(number), alone, batch[number])
    found = list(disagreements(plan, batch))
    assert not found, "\n".join([text, *found[:5]])


def test_texts_are_compared_as_they_are_read() -> None:
    source = """
    playbook "p"
    step start
      when product is "Charger Ｘ" -> respond publicly
      when topic contains "Ｂill" -> take private
      when tags includes "VIP" -> hand off to care
      otherwise -> no reply needed
    """
    playbook, found = load_text(source, "p", None)
    assert not has_errors([*found, *checks.check(playbook)])
    plan = compile_plan(playbook)
    messages = pl.DataFrame(
        {
            "text": ["a"] * 4,
            "product": ["CHARGER x", "", "", ""],
            "topic": ["", "my ｂＩＬＬ", "", ""],
            "tags": [[], [], ["ｖip"], ["vip2"]],
        }
    )
    facts = FactReader(plan).read(messages)
    assert [one.decide(plan, row).ending.decision for row in facts.iter_rows(named=True)] == [
        "respond publicly",
        "take private",
        "hand off",
        "no reply needed",
    ]
    assert not list(disagreements(plan, facts))
