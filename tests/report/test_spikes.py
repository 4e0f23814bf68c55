"""What counts as a spike, and what does not."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from engine.report.morning import report
from engine.report.morning.spikes import LEAST, by_rule
from tests.report import sheets


def counts(*amounts: int) -> pl.DataFrame:
    start = sheets.START
    return pl.DataFrame(
        {"from": [start + timedelta(hours=place) for place in range(len(amounts))], "messages": amounts}
    )


def test_an_hour_far_above_its_past_is_a_spike_and_neighbours_are_one() -> None:
    found = by_rule("1h", counts(*([3, 5, 4] * 10), 60, 80, 4, 5, 3))
    assert len(found) == 1
    assert (found[0]["messages"], found[0]["peak"], found[0]["usual"]) == (140, 80, 4)
    assert found[0]["to"] - found[0]["from"] == timedelta(hours=2)


@pytest.mark.parametrize(
    "amounts",
    [
        [0] * 40 + [LEAST - 1],
        [20, 25, 18, 22, 30] * 12 + [45],
        [500],
        [100, 300, 20],
        list(range(100)),
        [0, 0, 0, 0, 20, 30, 25, 10] * 12,
    ],
    ids=["too few", "within what it does", "no past", "hardly any past", "steady growth", "a daily round"],
)
def test_what_is_usual_is_no_spike(amounts: list[int]) -> None:
    assert by_rule("1h", counts(*amounts)) == []


def test_earlier_spikes_do_not_hide_later_ones() -> None:
    quiet = [2, 3, 4, 3] * 12
    assert len(by_rule("1h", counts(*quiet, 90, *quiet, 70, *quiet))) == 2


def test_less_than_a_day_is_cut_finer() -> None:
    rows = [
        {"decision": "no reply needed", "posted_at": sheets.START + timedelta(minutes=5 * place)}
        for place in range(100)
    ]
    rows += [
        {"decision": "no reply needed", "posted_at": sheets.START + timedelta(minutes=400, seconds=place)}
        for place in range(60)
    ]
    told = report(sheets.frame(rows).lazy(), title="Test").figures()["spikes"]
    assert told["every"] == "10m"
    assert told["found"] == 1
    assert told["of"][0]["messages"] == 62


def test_messages_of_other_ages_do_not_fill_the_memory() -> None:
    ages = [sheets.START.replace(year=year) for year in (1, 1990, 2026, 9998)]
    rows = [{"decision": "no reply needed", "posted_at": at} for at in ages]
    made = report(sheets.frame(rows).lazy(), title="Test")
    assert made.figures()["timeline"]["every"] == "1y"
    assert len(made.html()) < 400_000
