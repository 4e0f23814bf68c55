"""The language of column maps: what each word of it does, and what it refuses."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.inbox import InboxError, mapping, open_inbox
from engine.inbox.map_fields import KEYS
from engine.inbox.mapping import Map, applied, load_map
from engine.inbox.piece import Column
from engine.inbox.translate import percent_decoded, supplied

MAPS = Path(mapping.__file__).parent / "maps"


@pytest.fixture
def read(write, everything):
    """`read("likes: {...}", "Id,Body,A\\n1,x,2\\n", "likes")` -> what a map with this field makes of a table."""

    def reader(said: str, content: str, *fields: str, above: str = "", size: int = 1 << 24, **how):
        own = "" if said.startswith("id:") else "  id: Id\n"
        map_file = write("map.yaml", f"{above}columns:\n{own}  text: Body\n  {said}\n")
        return everything(write("a.csv", content), fields, map_file=map_file, size=size, **how)

    return reader


def test_the_first_column_that_has_something_counts(read) -> None:
    content = "Id,Body,A,C,B\n1,x,a,c,b\n2,x,,c,b\n3,x, ,,b\n4,x,,,\n"
    found = read("topic: {column: [A, B, C]}", content, "topic")
    assert found.column("topic") == ["a", "b", "b", None]


def test_columns_that_the_file_does_not_have_are_skipped(read) -> None:
    found = read("topic: {column: [Theme, B, C]}", "Id,Body,B\n1,x,b\n", "topic")
    assert found.column("topic") == ["b"]


def test_one_of_the_columns_must_be_there(write) -> None:
    map_file = write("map.yaml", "columns: {id: Id, text: Body, topic: {column: [Theme, Subjct]}}")
    with pytest.raises(InboxError) as error:
        open_inbox(write("a.csv", "Id,Body,Thema,Subject\n1,x,b,c\n"), map_file=map_file)
    assert "has none of the columns 'Theme', 'Subjct', which the map gives `topic`; did you mean `Thema`?" in str(
        error.value
    )
    assert "It has the columns `Id`, `Body`, `Thema`, `Subject`." in str(error.value)


def test_an_optional_field_is_skipped_when_its_column_is_not_there(read) -> None:
    for said in ("topic: {column: Theme, optional: true}", "likes: {largest: [A, B], optional: true}"):
        found = read(said, "Id,Body\n1,x\n", "topic", "likes")
        assert found.messages.rows() == [(None, None, 2)]


def test_in_a_tolerant_map_only_id_and_text_must_be_there(read, write) -> None:
    found = read("topic: Theme", "Id,Body\n1,x\n", "topic", above="tolerant: true\n")
    assert found.column("topic") == [None]
    name = write("b.csv", "Id,Words\n1,x\n")
    with pytest.raises(InboxError, match="no column 'Body', which the map gives `text`"):
        open_inbox(name, map_file=write("map.yaml", "tolerant: true\ncolumns: {id: Id, text: Body}"))


def test_case_spaces_and_underscores_of_a_columns_name_do_not_count(read) -> None:
    found = read("topic: {column: [main_topic]}", " ID ,body,Main Topic\n1,x,b\n", "id", "text", "topic")
    assert found.messages.rows() == [("1", "x", "b", 2)]


def test_the_very_name_goes_before_one_that_is_alike(read) -> None:
    assert read("topic: a_b", "Id,Body,A B,a_b\n1,x,no,yes\n", "topic").column("topic") == ["yes"]


def test_columns_in_a_list_in_the_list_are_joined(read) -> None:
    content = "Id,Body,Day,Hour,When\n1,x,06/02/2026,15:03,\n2,x,,,2026-02-06T15:04:00Z\n3,x,06/02/2026,,\n"
    said = "posted_at: {column: [[Day, Hour], When], times: ['%d/%m/%Y %H:%M', '%d/%m/%Y']}"
    found = read(said, content, "posted_at", tz="Asia/Tokyo")
    assert found.column("posted_at") == [
        datetime(2026, 2, 6, 6, 3, tzinfo=UTC),
        datetime(2026, 2, 6, 15, 4, tzinfo=UTC),
        datetime(2026, 2, 5, 15, tzinfo=UTC),
    ]


def test_a_pair_of_which_one_is_missing_does_not_count(read) -> None:
    content = "Id,Body,Day,When\n1,x,06/02/2026,2026-02-06T15:04:00Z\n"
    found = read("posted_at: {column: [[Day, Hour], When]}", content, "posted_at")
    assert found.column("posted_at") == [datetime(2026, 2, 6, 15, 4, tzinfo=UTC)]


def test_of_columns_with_numbers_the_largest_counts(read) -> None:
    content = 'Id,Body,A,B,C\n1,x,0,7,3\n2,x,,0,\n3,x,,,\n4,x,"1,200",900,0\n5,x,0,many,\n6,x,many,,\n'
    found = read("likes: {largest: [A, B, C]}", content, "likes")
    assert found.column("likes") == [7, 0, None, 1200, 0]
    assert found.reasons == [(7, "`likes` is no whole number: many")]


def test_a_word_can_be_made_unknown_and_the_next_column_counts(read) -> None:
    content = "Id,Body,A,B\n1,x,0,7\n2,x,5,0\n3,x,0,0\n"
    for key in ("column", "largest"):
        said = f'author.followers: {{{key}: [A, B], values: {{"0": null}}}}'
        assert read(said, content, "author.followers").column("author.followers") == [7, 5, None]


WORDS = "Id,Body,Kind\n1,x, IN \n2,x,Fax\n3,x,\n4,x,?\n"


def test_a_word_that_is_not_in_the_list_is_kept(read) -> None:
    found = read("topic: {column: Kind, values: {in: inside}}", WORDS, "topic")
    assert found.column("topic") == ["inside", "Fax", None, "?"]


def test_a_word_that_is_not_in_the_list_becomes_another_and_nothing_stays_nothing(read) -> None:
    found = read("topic: {column: Kind, values: {in: inside, '?': null}, otherwise: outside}", WORDS, "topic")
    assert found.column("topic") == ["inside", "outside", None, None]
    found = read("topic: {column: Kind, values: {in: inside}, otherwise: null}", WORDS, "topic")
    assert found.column("topic") == ["inside", None, None, None]


def test_a_column_whose_word_is_in_the_list_goes_before_others(read) -> None:
    content = "Id,Body,Kind,Site\n1,x,news,x.com\n2,x,blog,shop.example\n3,x,x,reddit.com\n"
    said = "channel: {column: [Kind, Site], values: {x: x, x.com: x, reddit.com: reddit}"
    assert read(said + "}", content, "channel").column("channel") == ["x", "blog", "x"]
    assert read(said + ", otherwise: web}", content, "channel").column("channel") == ["x", "web", "x"]


def test_an_empty_word_can_be_in_the_list(read) -> None:
    said = 'direction: {column: Kind, values: {"": inbound}, otherwise: outbound}'
    assert read(said, WORDS, "direction").column("direction") == ["outbound", "outbound", "inbound", "outbound"]


def test_a_pattern_takes_the_part_that_counts(read) -> None:
    content = "Id,Body,Link\n1,x,https://a.example/?reviewId=gp%3AAOq%5F1&l=ja\n2,x,https://a.example/\n3,x,reviewId=%E7%8C%AB\n4,x,\n"
    plain = read("thread: {column: Link, pattern: 'reviewId=([^&]+)'}", content, "thread")
    assert plain.column("thread") == ["gp%3AAOq%5F1", None, "%E7%8C%AB", None]
    decoded = read("thread: {column: Link, pattern: 'reviewId=([^&]+)', decode: url}", content, "thread")
    assert decoded.column("thread") == ["gp:AOq_1", None, "猫", None]


def test_a_text_that_the_pattern_does_not_fit_is_quarantined_and_an_empty_one_is_not(write, everything) -> None:
    name = write("a.csv", "Id,Body\n1,say: hi\n2,hi\n3,\n")
    fits = everything(
        name, ("id",), map_file=write("m.yaml", "columns: {id: Id, text: {column: Body, pattern: 'say: (.*)'}}")
    )
    assert fits.column("id") == ["1", "2", "3"]
    found = everything(
        name, ("text",), map_file=write("m.yaml", "columns: {id: Id, text: {column: Body, pattern: 'say: (.*)'}}")
    )
    assert found.column("text") == ["hi"]
    assert found.reasons == [(3, "`text` is missing."), (4, "`text` is missing.")]
    whole = everything(name, ("text",), map_file=write("m.yaml", "columns: {id: Id, text: {column: [Body, Rest]}}"))
    assert whole.column("text") == ["say: hi", "hi", ""]


def test_the_pattern_is_tried_on_every_column(read) -> None:
    content = "Id,Body,A,B\n1,x,nothing,n=5\n2,x,n=4,n=5\n"
    assert read("likes: {column: [A, B], pattern: 'n=([0-9]+)'}", content, "likes").column("likes") == [5, 4]


def test_an_id_is_made_of_a_rows_cells_where_it_has_none(read) -> None:
    content = "Id,Body,When,Who\n7,x,1,a\n,x,1,a\n,x,2,a\n,y,,\n,x,1,a\n"
    found = read("id: {column: Id, made_of: [When, Who]}", content, "id", "text")
    ids = found.column("id")
    assert ids[0] == "7"
    assert ids[1] == ids[3] != ids[2]
    assert all(len(one) == 16 and int(one, 16) >= 0 for one in ids[1:])
    assert found.reasons == [(5, "It has no `id`.")]


def test_cells_that_make_an_id_are_kept_apart(read) -> None:
    content = "Body,A,B\nx,1,23\nx,12,3\n"
    first, second = read("id: {made_of: [A, B]}", content, "id").column("id")
    assert first != second


def test_an_id_is_made_of_the_columns_that_are_there(read, write) -> None:
    one = read("id: {column: Nr, made_of: [A, C]}", "Body,A\nx,1\n", "id").column("id")
    assert one == read("id: {made_of: A}", "Body,A\nx,1\n", "id").column("id")
    map_file = write("m.yaml", "columns: {id: {column: Nr, made_of: [A, C]}, text: Body}")
    with pytest.raises(InboxError, match="none of the columns 'Nr', 'A', 'C', which the map gives `id`"):
        open_inbox(write("b.csv", "Body,Z\nx,1\n"), map_file=map_file)


def test_a_made_id_does_not_depend_on_the_piece(write, everything) -> None:
    name = write("a.csv", "Body,A\n" + "".join(f"x{at},{at}\n" for at in range(200)))
    map_file = write("m.yaml", "columns: {id: {made_of: [A, Body]}, text: Body}")
    whole = everything(name, ("id",), map_file=map_file)
    assert everything(name, ("id",), map_file=map_file, size=64).column("id") == whole.column("id")


def test_the_sources_own_styles_of_times(read) -> None:
    content = "Id,Body,At\n1,x,03/04/2026 10:30\n2,x,03/04/26\n3,x,2026-04-03T10:30:00Z\n4,x, 03/04/2026 10:30 \n5,x,soon\n6,x,\n"
    said = "posted_at: {column: At, times: ['%d/%m/%Y %H:%M', '%d/%m/%Y', '%d/%m/%y']}"
    found = read(said, content, "posted_at", tz="Europe/Berlin")
    day_first = datetime(2026, 4, 3, 8, 30, tzinfo=UTC)
    assert found.column("posted_at") == [
        day_first, datetime(2026, 4, 2, 22, tzinfo=UTC), datetime(2026, 4, 3, 10, 30, tzinfo=UTC), day_first, None,
    ]  # fmt: skip
    assert found.reasons == [(6, "`posted_at` cannot be read as a time: soon")]


def test_a_style_may_have_a_zone(read) -> None:
    found = read(
        "posted_at: {column: At, times: '%d.%m.%Y %H:%M %z'}", "Id,Body,At\n1,x,03.04.2026 10:30 +0900\n", "posted_at"
    )
    assert found.column("posted_at") == [datetime(2026, 4, 3, 1, 30, tzinfo=UTC)]


def test_a_file_whose_times_fit_the_maps_styles_asks_for_a_zone(read) -> None:
    with pytest.raises(InboxError, match="--tz"):
        read("posted_at: {column: At, times: '%d/%m/%Y'}", "Id,Body,At\n1,x,03/04/2026\n", "posted_at")


def test_a_file_of_which_only_a_second_column_has_times_asks_for_a_zone(read) -> None:
    with pytest.raises(InboxError, match="--tz"):
        read("posted_at: {column: [[Day, Hour], At]}", "Id,Body,Day,Hour,At\n1,x,,,2026-04-03 10:00\n", "posted_at")


def test_a_maps_zone_and_the_options(read) -> None:
    content = "Id,Body,At\n1,x,2026-02-06 15:03\n"
    assert read("posted_at: At", content, "posted_at", above="zone: Asia/Tokyo\n").column("posted_at") == [
        datetime(2026, 2, 6, 6, 3, tzinfo=UTC)
    ]
    assert read("posted_at: At", content, "posted_at", above="zone: Asia/Tokyo\n", tz="UTC").column("posted_at") == [
        datetime(2026, 2, 6, 15, 3, tzinfo=UTC)
    ]


def test_what_stands_between_the_words_of_a_list(read) -> None:
    content = 'Id,Body,Tags\n1,x,vip late\n2,x,"a, b"\n3,x,\n'
    assert read('tags: {column: Tags, split: " "}', content, "tags").column("tags") == [
        ["vip", "late"],
        ["a", "b"],
        None,
    ]
    assert read("tags: Tags", content, "tags").column("tags") == [["vip late"], ["a", "b"], None]


def test_a_column_counts_only_in_some_rows(read) -> None:
    content = "Id,Body,Who,Way\n1,x,u1, IN \n2,x,u1,out\n3,x,u2,\n4,x,u3,received\n"
    found = read("author.id: {column: Who, where: {way: [in, received]}}", content, "author.id")
    assert found.column("author.id") == ["u1", None, None, "u3"]
    found = read("author.id: {column: Who, where: {Way: out}}", content, "author.id")
    assert found.column("author.id") == [None, "u1", None, None]


def test_a_condition_whose_column_is_not_there_misses_the_field(read, write) -> None:
    said = "author.id: {column: Who, where: {Way: in}, optional: true}"
    assert read(said, "Id,Body,Who\n1,x,u1\n", "author.id").column("author.id") == [None]
    map_file = write("m.yaml", "columns: {id: Id, text: Body, author.id: {column: Who, where: {Way: in}}}")
    with pytest.raises(InboxError, match=r"no column 'Way', which the map gives `author\.id`"):
        open_inbox(write("a.csv", "Id,Body,Who\n1,x,u1\n"), map_file=map_file)


def test_what_a_map_does_not_name_is_kept_once(write) -> None:
    header = ("Id", "Body", "Plan", "plan", "A b", "A-b", "", "Who", "Way")
    columns = applied(
        Map((Column("id", "Id"), Column("text", "Body"), Column("author.id", "Who", where=("Way", ("in",))))),
        header,
        "a.csv",
    )
    assert [one.field for one in columns[3:]] == ["extra.Plan", "extra.plan", "extra.A_b", "extra.Way"]


def test_cells_between_bars_are_found_too(write, everything) -> None:
    found = everything(write("a.csv", 'id|text|lang\n1|"a, b|c"|en\n'), ("id", "text", "lang"))
    assert found.messages.rows() == [("1", "a, b|c", "en", 2)]


def test_a_map_goes_to_worker_processes(write) -> None:
    said = (
        "columns: {id: {made_of: [A, B]}, text: {column: [B, [A, B]]}, likes: {largest: [A, B], values: {'0': null}}}"
    )
    inbox = open_inbox(write("a.csv", "A,B\n1,2\n"), map_file=write("m.yaml", said))
    assert pickle.loads(pickle.dumps(inbox)) == inbox


@given(
    st.lists(st.lists(st.sampled_from(["", " ", "a", "IN", "x", None]), min_size=3, max_size=3), max_size=8),
    st.booleans(),
)
def test_a_column_at_once_says_what_each_row_alone_says(rows, otherwise) -> None:
    column = Column(
        "topic",
        "A",
        places=(("A",), ("B", "C")),
        values=(("in", "inside"), ("x", "")),
        otherwise="other" if otherwise else None,
    )

    def cells(some):
        return {name: pl.Series([row[at] for row in some], dtype=pl.String) for at, name in enumerate("ABC")}

    whole = supplied(column, cells(rows).__getitem__, len(rows)).to_list()
    assert whole == [supplied(column, cells([row]).__getitem__, 1).to_list()[0] for row in rows]


@given(st.lists(st.sampled_from(["%3A", "%3a", "%C3%A9", "%25", "%2", "%", "a", "é", " "])).map("".join))
def test_percent_signs_are_decoded_as_addresses_are(word: str) -> None:
    assert percent_decoded(pl.Series([word])).to_list() == [unquote(word)]


MISTAKES = {
    "{columns: {id: {column: Id, patern: '(x)'}}}": "says 'patern' of `id`; it can say column, largest,",
    "{columns: {topic: {largest: A, value: b}}}": "must give `topic` either a `column` or a `value`",
    "{columns: {topic: {optional: true}}}": "must give `topic` either a `column` or a `value`",
    "{columns: {topic: {column: []}}}": "a `column` that is neither a column's name nor a list of names",
    "{columns: {topic: {column: [[A, []]]}}}": "a `column` that is neither a column's name nor a list of names",
    "{columns: {likes: {largest: {A: b}}}}": "a `largest` that is neither a column's name nor a list of names",
    "{columns: {topic: {column: A, values: [a]}}}": "`values` for `topic` that are no list of `theirs: ours`",
    "{columns: {topic: {column: A, otherwise: b}}}": "an `otherwise` for `topic` without the `values`",
    "{columns: {direction: {column: A, values: {a: inbound}, otherwise: outbond}}}": "did you mean `outbound`?",
    "{columns: {visibility: {value: publik}}}": "it can be public, private; did you mean `public`?",
    "{columns: {topic: {column: A, pattern: '('}}}": "a `pattern` for `topic` that is no regular expression: unclosed group",
    "{columns: {topic: {column: A, pattern: 'abc'}}}": "a `pattern` for `topic` with 0 groups; it needs one",
    "{columns: {topic: {column: A, pattern: '(a)(b)'}}}": "with 2 groups",
    "{columns: {topic: {column: A, pattern: [a]}}}": "a `pattern` for `topic` that is no text",
    "{columns: {topic: {column: A, decode: base64}}}": "says `decode: base64` of `topic`; it can be url",
    "{columns: {topic: {column: A, entities: often}}}": "says `entities: often` of `topic`; it can be true or false",
    "{columns: {topic: {column: A, optional: 1}}}": "says `optional: 1` of `topic`; it can be true or false",
    "{columns: {posted_at: {column: A, times: DD/MM/YYYY}}}": "a style of times 'DD/MM/YYYY' for `posted_at` that says no day",
    "{columns: {posted_at: {column: A, times: ['%d/%m %H:%M']}}}": "a style of times '%d/%m %H:%M'",
    "{columns: {posted_at: {column: A, times: {a: b}}}}": "`times` for `posted_at` that are no list of styles",
    "{columns: {topic: {column: A, times: '%d/%m/%Y'}}}": "`times` for `topic`, which is no time",
    "{columns: {tags: {column: A, split: 1}}}": "a `split` for `tags` that is no text",
    "{columns: {topic: {column: A, split: ' '}}}": "a `split` for `topic`, which is no list",
    "{columns: {topic: {column: A, where: B}}}": "a `where` for `topic` that is not `{column: word}`",
    "{columns: {topic: {column: A, where: {B: x, C: y}}}}": "a `where` for `topic` that is not `{column: word}`",
    "{columns: {topic: {column: A, made_of: [B]}}}": "`made_of` for `topic`; only an `id` can be made",
    "{columns: {id: {made_of: {A: b}}}}": "`made_of` for `id` that is no list of columns",
    "{columns: {id: Id}, need: [Id]}": "says 'need' of a map; it can say name, about, format, zone, needs, tolerant, columns; did you mean `needs`?",
    "{columns: {id: Id}, needs: {a: b}}": "`needs:` that is no list of columns",
    "{columns: {id: Id}, tolerant: maybe}": "says `tolerant: maybe`; it can be true or false",
    "{columns: {id: Id}, name: [a]}": "`name:` that is no text",
}  # fmt: skip


@pytest.mark.parametrize("content", MISTAKES)
def test_a_slip_in_a_map_says_what_is_right(write, content: str) -> None:
    with pytest.raises(InboxError) as error:
        load_map(Path(write("map.yaml", content)), "map.yaml")
    said = str(error.value)
    assert MISTAKES[content] in said
    assert said.startswith("The column map map.yaml ")
    assert "\n" not in said
    assert said.endswith((".", "?", ")."))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "id", "text"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_any_yaml_is_a_map_or_a_sentence(tmp_path_factory, said) -> None:
    path = tmp_path_factory.mktemp("maps", numbered=True) / "map.yaml"
    path.write_text(yaml.safe_dump({"columns": {"id": said, "posted_at": said}, "needs": said}), encoding="utf-8")
    try:
        load_map(path)
    except InboxError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said
