"""The page: complete, well-formed, inert whatever people write, and usable by everybody."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import engine
from engine.graph import Graph, build
from engine.report.morning import Interval, Report, Unread, report
from engine.report.morning.japanese import JAPANESE
from engine.report.morning.tongue import LANGUAGES
from tests.report import sheets
from tests.report.reading import Page, inert

MORNING = Path(engine.__file__).parent / "report" / "morning"
TEMPLATE = MORNING.parent / "templates" / "report.html"
COVERAGE = [type("Covered", (), {"name": "likes", "known": 3, "unknown": 2, "invalid": 1})()]
UNREAD = Unread(
    2,
    {"It is not valid JSON": 2},
    [{"inbox": "a.jsonl", "line": 4, "reason": "It is not valid JSON", "raw": "{"}],
    "q.jsonl",
)

PLAYBOOK = """playbook "Test"

step start
  when text mentions safety -> hand off to legal
  when author.followers >= 10k -> respond publicly
  when visibility is private -> take private
  when troll is likely -> ignore as troll
  otherwise -> no reply needed

terms safety
  "fire"
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    file = tmp_path_factory.mktemp("report") / "test.playbook"
    file.write_text(PLAYBOOK, encoding="utf-8")
    playbook, findings = engine.load(file)
    assert not [one for one in findings if one.severity.value == "error"], findings
    return build(playbook)


def whole(graph: Graph | None = None, lang: str = "en", **more: object) -> Report:
    scales = {"severity": sheets.SEVERITY, "exposure": sheets.EXPOSURE}
    return report(
        sheets.everything().lazy(),
        title="Test & Co",
        lang=lang,
        scales=scales,
        graph=graph,
        unread=UNREAD,
        coverage=COVERAGE,
        **more,
    )


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, graph: Graph) -> Page:
    return Page(whole(graph, request.param).html())


def test_nothing_in_the_page_can_run_load_or_leave(page: Page) -> None:
    inert(page)


def test_the_policy_allows_the_pages_own_style_and_nothing_else(graph: Graph) -> None:
    html = whole(graph).html()
    policy = next(one.attributes["content"] for one in Page(html).all("meta") if "http-equiv" in one.attributes)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_every_link_into_the_page_arrives_and_every_id_is_there_once(page: Page) -> None:
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    targets = {one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")}
    assert targets <= set(ids)
    named = {
        name for one in page.elements for key in ("aria-labelledby",) for name in one.attributes.get(key, "").split()
    }
    assert named <= set(ids)


def test_every_chart_says_what_it_shows_and_has_its_numbers_beside_it(page: Page) -> None:
    charts = page.of_class("chart")
    assert len(charts) >= 15
    for one in page.all("svg"):
        assert one.attributes.get("role") == "img" or one.attributes.get("aria-hidden") == "true"
    for block in page.of_class("block"):
        place = page.elements.index(block)
        inside = []
        for one in page.elements[place + 1 :]:
            if len(one.inside) <= len(block.inside):
                break
            inside.append(one.tag)
        if "svg" in inside:
            assert "table" in inside, block.attributes["id"]


def test_links_of_charts_are_for_the_mouse_and_stand_in_the_tables_too(page: Page) -> None:
    drawn = {one.attributes["href"] for one in page.all("a") if "svg" in one.inside}
    written = {one.attributes["href"] for one in page.all("a") if "svg" not in one.inside}
    assert drawn
    assert drawn <= written
    assert all(one.attributes["tabindex"] == "-1" for one in page.all("a") if "svg" in one.inside)


def test_headings_come_in_order_and_tables_have_headings(page: Page) -> None:
    levels = [int(one.tag[1]) for one in page.elements if one.tag in ("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(one.attributes.get("scope") in ("row", "col") for one in page.all("th"))
    assert page.of_class("skip")[0].attributes["href"] == "#main"


def test_every_figure_of_the_requirements_is_found_by_its_name() -> None:
    page = Page(whole().html())
    titles = {one.text for one in page.elements if one.tag in ("h2", "h3")}
    assert titles >= {
        "Tag report", "Team report", "Sent Messages report", "Keyword report", "Engagement report", "Task Performance report",
        "Trends report", "Profile and Page report", "Needs a person now", "Follow-ups due", "Hand-offs", "Severity × exposure",
        "Spikes on the time line", "First answers per channel", "Resolutions per channel", "Opened, answered, resolved per day",
        "Requests and their complexity per channel", "New and returning customers", "Answered by other customers", "Our people",
        "Recurring topics", "Terms that fired", "Sentiment", "Ratings", "Reach and engagement", "Trolls set aside",
        "Unknown, and it mattered", "What the inbox covers", "Rows that could not be read",
    }  # fmt: skip
    told = json.loads(json.dumps(whole().figures()))
    assert all(told[name]["known"] for name, one in told.items() if isinstance(one, dict))


def test_a_number_leads_to_its_list_and_a_message_to_its_way_through_the_graph(graph: Graph) -> None:
    html = whole(graph).html()
    page = Page(html)
    drawers = {one.attributes["id"]: one for one in page.of_class("drawer")}
    tile = next(one for one in page.all("a") if "critical, waiting" in one.text)
    drawer = drawers[tile.attributes["href"][1:]]
    assert "Critical, and waiting" in drawer.text
    cards = page.of_class("card")
    assert all(f'href="#m-{number}"' in html for number in range(1, len(cards) + 1))
    assert 'href="#path-1"' in html
    names = re.findall(r"#path-1:target~\.graph :is\((.*?)\)\{opacity", html)
    rule = next(one.text for one in page.all("li") if "way" not in one.inside and one.text.startswith("start."))
    edge = next(one for one in graph.edges if rule.startswith(one.rule))
    place = [one.rule for one in graph.edges].index(edge.rule)
    assert f".r{place}" in names[0].split(",")
    assert any(f"r{place}" in one.attributes.get("class", "").split() for one in page.elements)


def test_a_message_is_shown_once_and_lists_say_how_to_get_the_rest() -> None:
    many = sheets.everything(900)
    page = Page(report(many.lazy(), title="Test").html())
    cards = page.of_class("card")
    assert 100 < len(cards) <= 320
    shown = [one.attributes["id"] for one in cards]
    assert len(set(shown)) == len(shown)
    lists = page.of_class("drawer")
    assert any("the most urgent first" in one.text and "filter the decisions" in one.text for one in lists)
    channel = next(one for one in lists if "Channel: email" in one.text)
    assert "channel = 'email'" in channel.text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u202d \u2066x\u2069",
    "a\x00b\x07\x1b[31m\x7f\x85\ufffe\U000e0041",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE decisions; -- ",
    "]]><!-- --><![CDATA[",
    "&lt;b&gt; &#x3c;script&#x3e; \\u003cscript\\u003e",
    "datum.value + 1}[toString()]",
    "مرحبا \u200f עולם",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "\u200d\u200d👨\u200d👩\u200d👧",
    "z" * 100_000,
    "#" + "/" * 300,
    "",
    " \n\t\r\u2028\u2029\u3000",
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_texts_in_every_field_stay_texts(lang: str, graph: Graph) -> None:
    bad: list[dict[str, object]] = []
    for number, text in enumerate(HOSTILE):
        bad.append(
            {name: text for name, kind in sheets.SCHEMA.items() if kind == pl.String()}
            | {name: [text, text] for name, kind in sheets.SCHEMA.items() if kind == pl.List(pl.String)}
            | {
                "id": f"{text}{number}",
                "decision": text if number % 3 == 0 else "hand off",
                "posted_at": sheets.START + timedelta(hours=number),
                "reply_by": sheets.START + timedelta(hours=number),
                "follow_up_at": sheets.START,
                "notify": [{"who": text, "at": sheets.START}],
                "message.direction": "inbound",
                "message.rating": 3.0,
                "message.link": text if number % 2 else f"https://social.example/{text}",
                "message.answered_at": sheets.START + timedelta(hours=30),
            }
        )
        bad.append(
            {
                "message.direction": "outbound",
                "message.text": text,
                "message.author.name": text,
                "channel": text,
                "message.likes": 5,
            }
        )
    unread = Unread(
        1, {HOSTILE[0]: 1}, [{"inbox": one, "line": 1, "reason": one, "raw": one} for one in HOSTILE], HOSTILE[1]
    )
    trace = {
        "levels": {HOSTILE[0]: {"level": HOSTILE[1], "rule": HOSTILE[2]}},
        "path": [
            {
                "step": HOSTILE[0],
                "took": HOSTILE[1],
                "tried": [
                    {
                        "rule": "a",
                        "condition": one,
                        "value": "true",
                        "seen": [{"condition": one, "value": "true", "seen": one}],
                    }
                    for one in HOSTILE
                ],
            }
        ],
        "why_not": [{"rule": "a", "would_be": HOSTILE[0], "needs": [HOSTILE[1]]}],
    }
    made = report(
        sheets.frame(bad).lazy(),
        title=HOSTILE[0],
        lang=lang,
        graph=graph,
        explain=lambda ids: dict.fromkeys(ids, trace),
        unread=unread,
        dropped={HOSTILE[0]: 3},
        coverage=[type("Covered", (), {"name": one, "known": 1, "unknown": 1, "invalid": 1})() for one in HOSTILE],
        watches=[Interval(HOSTILE[0], HOSTILE[1], sheets.START, None)],
    )
    html = made.html()
    page = Page(html)
    inert(page)
    assert page.all("h1")[0].text.strip() == HOSTILE[0]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", html)
    assert len(html.encode()) < 2_000_000
    json.dumps(made.figures(), allow_nan=False)


def test_personal_data_is_masked_unless_asked_otherwise() -> None:
    row = {
        "decision": "respond publicly",
        "message.text": "mail jo@shop.test or 090-1234-5678",
        "message.direction": "inbound",
        "because": "x",
    }
    unread = Unread(1, {"bad": 1}, [{"inbox": "a", "line": 1, "reason": "bad", "raw": '{"text": "jo@shop.test"}'}])

    def html(**more: bool) -> str:
        return report(sheets.frame([row]).lazy(), title="Test", unread=unread, **more).html()

    assert "jo@shop.test" not in html()
    assert "1234-5678" not in html()
    assert "jo@shop.test" in html(masked=False)


def test_a_masked_text_is_masked_also_where_it_is_cut() -> None:
    row = {
        "decision": "respond publicly",
        "message.text": "x " * 298 + "jo@shop.test and more",
        "message.direction": "inbound",
    }
    assert "jo@" not in report(sheets.frame([row]).lazy(), title="Test").html()


def test_only_links_to_the_web_are_links() -> None:
    links = [
        "https://social.example/p?a=1&b=2",
        "javascript:alert(1)",
        "data:text/html,x",
        "//social.example",
        "https://a b",
        "https://u:p@h.example",
        None,
    ]
    rows = [{"decision": "respond publicly", "message.link": link, "message.direction": "inbound"} for link in links]
    page = Page(report(sheets.frame(rows).lazy(), title="Test").html())
    assert [one.attributes["href"] for one in page.all("a") if not one.attributes["href"].startswith("#")] == links[:1]


def test_an_empty_sheet_is_a_page() -> None:
    for lang in LANGUAGES:
        made = report(sheets.frame([]).lazy(), title="", lang=lang)
        inert(Page(made.html()))
        assert made.figures()["decisions"]["of"] == []


def test_every_sentence_of_the_page_is_in_japanese_too() -> None:
    said: set[str] = set(re.findall(r'(?:say|marked)\("((?:[^"\\]|\\.)*)"', TEMPLATE.read_text(encoding="utf-8")))
    for file in MORNING.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("say", "marked")
                and node.args
            ):
                said |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    said -= {"term"}
    assert said - JAPANESE.keys() == set()
    for english, japanese in JAPANESE.items():
        assert set(re.findall(r"\{\w*\}", english)) == set(re.findall(r"\{\w*\}", japanese)), english


def test_the_japanese_page_has_no_english_sentence(graph: Graph) -> None:
    page = Page(whole(graph, "ja").html())
    assert page.all("html")[0].attributes["lang"] == "ja"
    heads = [
        one.text
        for one in page.elements
        if one.tag in ("h2", "h3", "summary", "caption") and not {"article", "aside"} & {*one.inside}
    ]
    assert [one for one in heads if re.search(r"[A-Za-z]{4,}", one)] == []


def test_japanese_texts_are_marked_as_japanese_in_an_english_page() -> None:
    page = Page(whole().html())
    quotes = [one for one in page.all("blockquote") if "荷物" in one.text]
    assert quotes
    assert {one.attributes["lang"] for one in quotes} == {"ja"}
    assert any(one.attributes.get("lang") == "ja" and "返金" in one.text for one in page.all("bdi"))


def test_watches_take_the_place_of_the_rule_for_spikes() -> None:
    opened = sheets.START + timedelta(hours=10)
    told = whole(watches=[Interval("wave", "region", opened, opened + timedelta(hours=5))]).figures()["spikes"]
    assert told["watched"]
    assert [(one["watch"], one["key"]) for one in told["of"]] == [("wave", "region")]
    assert "wave (region)" in whole(watches=[Interval("wave", "region", opened, None)]).html()


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        report(sheets.frame([]).lazy(), title="", lang="de")


def test_all_spellings_of_a_team_stay_apart() -> None:
    rows = [
        {"decision": "hand off", "team": team, "message.direction": "inbound"} for team in ("legal", "Legal", " legal")
    ]
    page = Page(report(sheets.frame(rows).lazy(), title="Test").html())
    charted = [one for one in page.of_class("drawer") if one.text.count("Team:")]
    assert len(charted) == 3
