"""The maps of products, and headers that are found under what stands above them."""

from __future__ import annotations

import csv
import io
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inbox import Inbox, InboxError, delimited, mapping
from engine.inbox.delimited import header_of
from engine.inbox.mapping import Map, applied, built_in, recognised, with_us
from engine.inbox.piece import Column
from engine.inbox.translate import supplied
from engine.message import CHANNELS, FIELD

MAPS = Path(mapping.__file__).parent / "maps"


def test_every_product_has_a_map_that_says_what_it_is() -> None:
    maps = built_in()
    assert [one.name for one in maps] == sorted(path.stem.replace("_", "-") for path in MAPS.glob("*.yaml"))
    for one in maps:
        assert one.about
        assert {"id", "text"} <= {column.field for column in one.columns}
        assert one.needs or one.name == "buffer"
        channel = next(column for column in one.columns if column.field == "channel")
        assert {word for _, word in channel.values} <= {*CHANNELS, ""}


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.yaml")), ids=lambda one: one.stem)
def test_a_products_map_begins_with_what_it_is_and_where_that_is_known_from(path: Path) -> None:
    above = path.read_text("utf-8").partition("\nname:")[0]
    assert all(line.startswith("#") for line in above.splitlines())
    assert "# Source: " in above


def test_the_maps_of_products_are_read_quickly() -> None:
    def once() -> float:
        built_in.cache_clear()
        start = time.perf_counter()
        built_in()
        return time.perf_counter() - start

    assert min(once() for _ in range(5)) < 0.03


@pytest.mark.parametrize("one", built_in(), ids=lambda one: one.name)
def test_a_product_is_recognised_by_the_columns_that_its_map_needs(one: Map) -> None:
    if not one.needs:
        return
    found, why = recognised(["Region", *(name.upper().replace(" ", "_") for name in one.needs), ""]) or (None, "")
    assert found == one
    assert why == f"it has the columns of {one.about}: {', '.join(one.needs)}"
    assert recognised(one.needs[:-1]) is None


@pytest.mark.parametrize(
    "header",
    [
        ["id", "text", "posted_at", "direction", "author.handle", "likes"],
        ["Id", "Subject", "Body", "Status", "Created at", "Updated at", "Requester"],
        ["Message ID", "Content", "Created at", "Channel", "Sentiment"],
        ["Date", "Title", "Url", "Author", "Full Text", "Language", "Sentiment", "Likes", "Rating", "URL"],
        list(FIELD),
        [],
    ],
)
def test_a_header_of_common_names_is_no_products(header: list[str]) -> None:
    assert recognised(header) is None


def test_of_two_products_the_one_that_knows_more_of_the_header_is_meant() -> None:
    both = ["guid", "created_time", "network", "post_type", "perma_link", "text", "from.name", "case_id",
            "published", "content", "extra_author_attributes.name"]  # fmt: skip
    found = recognised(both)
    assert found is not None
    assert found[0].name == "sprout-csv"


def test_which_messages_are_ours_is_told_by_the_author() -> None:
    columns = (Column("id", "Id"), Column("author.handle", "Handle"), Column("author.name", "Name"))
    [*rest, direction] = with_us(columns, frozenset({"hoshi_kettles", "77"}))
    assert tuple(rest) == columns
    cells = {
        "Handle": ["@Hoshi_Kettles", "danafrei", "", "", None],
        "Name": ["", "77", " HOSHI_KETTLES ", "Dana", None],
    }
    found = supplied(direction, lambda name: pl.Series(cells[name], dtype=pl.String), 5)
    assert found.to_list() == ["outbound", "outbound", "outbound", "inbound", None]


def test_a_direction_that_the_export_says_is_kept() -> None:
    columns = (Column("author.id", "Who"), Column("direction", "Way"))
    assert with_us(columns, frozenset({"77"})) == columns
    assert with_us(columns[:1], frozenset()) == columns[:1]
    assert with_us((Column("id", "Id"),), frozenset({"77"})) == (Column("id", "Id"),)


def test_an_author_who_is_part_of_an_address_is_ours_too() -> None:
    columns = (Column("author.handle", "Url", pattern="x.com/([^/]+)"),)
    direction = with_us(columns, {"hoshi"})[-1]
    found = supplied(direction, lambda _: pl.Series(["https://x.com/Hoshi/status/1", "https://x.com/dana", "-"]), 3)
    assert found.to_list() == ["outbound", "inbound", None]


ODD = st.sampled_from(
    ["", " ", "0", "-1", "1.5E+18", "12k", "x", "Twitter", "06-Feb-26", "3:03 PM", "03/02/2026 10:30", "2026-02-06T10:00:00Z",
     "https://x.com/a/status/1", "reviewId=%E7%8C%AB%", "positive", "猫;&amp;", "a\nb", '"', "['A', 'B']", "true"]
)  # fmt: skip


@pytest.mark.parametrize("one", built_in(), ids=lambda one: one.name)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_whatever_stands_in_a_products_columns_a_row_is_a_message_or_quarantined(one: Map, data) -> None:
    names = data.draw(st.lists(st.sampled_from(one.sources), unique=True, min_size=1))
    rows = data.draw(st.lists(st.lists(ODD, min_size=len(names) + 1, max_size=len(names) + 1), min_size=1, max_size=6))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[*names, "Other"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(out.getvalue().encode())
        try:
            columns = with_us(applied(one, (*names, "Other"), "a.csv"), {"x"})
        except InboxError:  # no column of the id or the text
            return
        found = header_of("a.csv", path.read_bytes(), "utf-8", 0, ",", [*names, "Other"])
        inbox = Inbox(str(path), "a.csv", one.name, replace(found, columns=columns, zone="UTC"), rows="delimited")
        fields = [column.field for column in columns]
        batches = [delimited.read(inbox, piece, fields) for piece in delimited.pieces(inbox)]
    assert sum(batch.messages.height + len(batch.quarantined) for batch in batches) == len(rows)


PREAMBLES = {
    "a sentence about the period": (
        "Reporting period from 1 Feb, 2026 to 8 Feb, 2026\n\n",
        "Agent name,Conversations count,Avg first response time,Avg resolution time\nAiko,12,3 min,1 h\nBen,7,5 min,2 h\n",
    ),
    "a title and empty cells": ("Report,,,\nBrand,Hoshi,,\n,,,\n", "Nr,Words,Place,Colour\n1,a,b,c\n2,a,b,c\n"),
    "what a separator is": ("sep=;\n", "Nr;Words;Place\n1;a;b\n2;a;b\n"),
}


@pytest.mark.parametrize("name", PREAMBLES)
def test_the_header_is_found_under(name: str) -> None:
    above, rest = PREAMBLES[name]
    found = header_of("a.csv", (above + rest).encode(), "utf-8", 0, None, [])
    assert found.header == tuple(rest.split("\n")[0].replace(";", ",").split(","))
    assert found.first_line == above.count("\n") + 2


def test_a_header_is_found_by_what_a_product_needs() -> None:
    rows = ["Datum,Text,Id,Message,Autor", "Query Id,Query Name,Page Type,Url,Wert", "1,a,b,c,d", "2,a,b,c,d"]
    found = header_of("a.csv", "\n".join(rows).encode(), "utf-8", 0, None, [])
    assert found.header[0] == "Query Id"


def test_a_header_is_found_by_what_a_map_names() -> None:
    rows = ["id,text,author name,lang", "Nr,Worte,Wer,Sprache", "1,a,b,c"]
    assert header_of("a.csv", "\n".join(rows).encode(), "utf-8", 0, None, []).header[0] == "id"
    found = header_of("a.csv", "\n".join(rows).encode(), "utf-8", 0, None, ["Nr", "Worte", "Wer"])
    assert found.header[0] == "Nr"


def test_sentiment_in_words_is_read_without_a_map(write, everything) -> None:
    found = everything(
        write("a.csv", "id,text,Sentiment\n1,a,Positive\n2,b,not rated\n3,c,-0.5\n4,d,\n"), ("sentiment",)
    )
    assert found.column("sentiment") == [1, None, -0.5, None]
