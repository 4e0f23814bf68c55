"""Features: Gherkin without code, in English and Japanese, and a diagnostic with its place for what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.incidents import PAGES, belongs, step_page
from engine.incidents.features import load_feature, read_feature
from engine.incidents.recorded import Incidents
from engine.incidents.replay import check_against, replay
from engine.incidents.scene import Scene
from engine.incidents.steps import LANGUAGES, STEPS, step_for
from engine.language.diagnostics import Diagnostic, render_all
from engine.language.source import Source
from tests.incidents.test_recorded import plan

HEAD = 'Feature: Care\n  Background:\n    Given the playbook "care.playbook"\n'


def read(text: str) -> tuple[Incidents | None, list[Diagnostic]]:
    return read_feature(Source("care.feature", text))


def scenario(*steps: str, name: str = "A") -> str:
    return HEAD + f"  Scenario: {name}\n" + "".join(f"    {one}\n" for one in steps)


def missed(text: str) -> list[tuple[str, str, str]]:
    incidents, findings = read(text)
    assert incidents is not None, render_all(findings)
    assert not check_against(incidents, plan())
    verdicts, findings = replay(incidents, plan())
    assert not findings, render_all(findings)
    return [(it.name, it.expected, it.got) for one in verdicts for it in one.missed]


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (['When Mika writes "It is on fire"', "Then the decision is hand off to safety"], []),
        (['When Mika writes "It is on fire"', "Then the decision is hand off to legal"], [("team", "legal", "safety")]),
        (['When Mika writes "fire"', "Then the decision is not hand off"], [("decision", "not hand off", "hand off to safety")]),
        (['When Mika writes "fire"', "Then its severity is high", "And its priority is urgent", 'And its tags are "danger"'], []),
        (['When Mika writes "fire"', 'Then its tags are "danger", "late"'], [("tags", "danger, late", "danger")]),
        (['When Mika writes "fire"', "Then its reply is none"], []),
        (["Given Mika has 12k followers", 'When Mika posts "hello"', "Then its severity is high"], []),
        (['When Mika posts "hello"', "Then its severity is low"], []),
        (['When Mika posts "hello"', 'Then it went through "start.otherwise"'], []),
        (['When Mika posts "fire"', 'Then it is because "severity is high"'], []),
        (['When Mika posts "hello"', 'And we answer "hi"', 'And Mika posts "again"', "Then the decision is take private"], []),
        (['When Mika posts "hello"', 'And we answer "hi"', 'And Jo posts "hello"', "Then the decision is respond publicly"], []),
        (['When Jo posts "you idiots"', "Then no decision is ignore as troll"], [("decision", "never ignore as troll", "ignore as troll")]),
        (['When Jo posts "He said "fire" twice"', "Then the decision is hand off to safety"], []),
        (["When a message comes in", "  | text | hello |", "  | extra.plan | gold |", "Then its assign is gold desk"], []),
        (["When a message comes in", "  | text | hello |", "  | thread.our_replies | 2 |", "Then its reply is dm"], []),
    ],
)  # fmt: skip
def test_a_scenario_says_what_happens_and_what_should_come_of_it(steps: list[str], wrong: list[object]) -> None:
    assert missed(scenario(*steps)) == wrong


def test_a_table_has_a_message_a_row_and_another_its_decisions() -> None:
    text = scenario(
        "Given it is 2026-03-01T10:00:00Z",
        "When these messages come in",
        "  | id | text  | author.followers | after |",
        "  | a  | fire  |                  | 5m    |",
        "  | b  | hello | 20k              |       |",
        "Then the decisions are",
        "  | id | decision           | severity | tags   |",
        "  | b  | hand off to legal  | high     |        |",
        "  | a  | hand off to safety |          | danger |",
    )
    assert missed(text) == [("team", "legal", "safety")]
    incidents, _ = read(text)
    assert incidents is not None
    assert incidents.incidents[0].messages[0].fields["posted_at"] == "2026-03-01T10:05:00+00:00"


def test_an_outline_is_a_scenario_for_each_example() -> None:
    text = HEAD + (
        '  Scenario Outline: Words\n    When Jo posts "<word>"\n    Then the decision is <decision>\n'
        "    Examples:\n      | word | decision |\n      | fire | hand off to safety |\n      | hello | take private |\n"
    )
    assert missed(text) == [("decision", "take private", "respond publicly")]
    incidents, _ = read(text)
    assert incidents is not None
    assert [one.name for one in incidents.incidents] == ["Words", "Words (2)"]


def test_japanese_gherkin_has_the_same_steps() -> None:
    text = """# language: ja
機能: 対応
  背景:
    前提 プレイブックは「care.playbook」
    かつ 時刻は 2026-03-09T07:41:00+09:00
  シナリオ: 火
    前提 ミカのフォロワーは 12k 人
    もし ミカが公開で「fire が出た」と書く
    ならば 判断は「safety に引き継ぐ」
    かつ severity は high
    かつ タグは「danger」
    かつ 判断は「荒らしとして無視」ではない
    もし こちらが「すみません」と返信する
    かつ 20m後
    かつ タクが非公開で「こんにちは」と書く
    ならば 判断は公開で返信
    かつ どの判断も「返信不要」ではない
  シナリオ: 表
    もし 次のメッセージが届く
      | id | text |
      | 1  | fire |
    ならば 判断は次のとおり
      | id | decision          |
      | 1  | safety に引き継ぐ |
"""
    assert missed(text) == []


@pytest.mark.parametrize("step", STEPS, ids=[one.wordings["en"][0] for one in STEPS])
def test_the_example_of_a_step_is_that_step_in_both_languages(step: object) -> None:
    for language in LANGUAGES:
        words = step.example[language].split("\n")[0]  # type: ignore[attr-defined]
        assert step_for(words)[0] is step


def test_the_page_of_all_steps_has_each() -> None:
    page = step_page()
    for step in STEPS:
        assert f"### {step.wordings['en'][0]}" in page
        assert all(step.example[language].split("\n")[0] in page for language in LANGUAGES)


BAD = {
    "no Gherkin": ("hello\n", "HK611", "no line that Gherkin knows"),
    "an unknown language": ("# language: klingon\nFeature: A\n", "HK611", "klingon"),
    "a table that is ragged": (scenario("When these messages come in", "  | a | b |", "  | 1 |"), "HK611", "inconsistent"),
    "no scenario": (HEAD, "HK604", "no scenarios"),
    "no feature": ("", "HK604", "no scenarios"),
    "no playbook": ('Feature: A\n  Scenario: B\n    When Jo writes "a"\n    Then the decision is hand off\n', "HK604", "no step names the playbook"),
    "two playbooks": (
        scenario('When Jo writes "a"', "Then the decision is hand off")
        + '  Scenario: B\n    Given the playbook "b.playbook"\n    When Jo writes "a"\n    Then the decision is hand off\n',
        "HK606", "another",
    ),
    "nothing expected": (scenario('When Jo writes "a"'), "HK604", "says of no message"),
    "an unknown step": (scenario("When Jo dances"), "HK612", "`Jo dances`"),
    "a misspelt step": (scenario("Then the decisoin is hand off"), "HK612", "`the decisoin is hand off`"),
    "no decision": (scenario('When Jo writes "a"', "Then the decision is shrug"), "HK605", "`shrug`"),
    "a decision before a message": (scenario("Then the decision is hand off"), "HK604", "no message has come in"),
    "an answer to nobody": (scenario('When we answer "hi"'), "HK604", "nobody has written"),
    "time without a clock": (scenario("When 20m later"), "HK604", "what time it is"),
    "a length that is none": (scenario("Given it is 2026-03-01T10:00Z", "When soon later"), "HK603", "`soon`"),
    "later than there is time": (scenario("Given it is 9999-12-31T23:00:00Z", 'When Jo writes "a"', "And 999d later"), "HK603", "no date any more"),
    "a time without zone": (scenario("Given it is 2026-03-01T10:00"), "HK603", "is no moment with its zone"),
    "a time that is none": (scenario("Given it is noon"), "HK603", "`noon`"),
    "followers that are none": (scenario("Given Jo has many followers"), "HK603", "`many`"),
    "a table that is missing": (scenario("When these messages come in"), "HK604", "a table"),
    "a watch that is ajar": (scenario("Given the watch wave is ajar"), "HK603", "ajar"),
    "too few rows": (scenario("When these messages come in", "  | text |", "  | a |", "Then the decisions are", "  | decision |"), "HK603", "1 message came in"),
    "an id that is not there": (
        scenario("When these messages come in", "  | text |", "  | a |", "Then the decisions are", "  | id | decision |", "  | z | hand off |"),
        "HK607", "`z`",
    ),
    "three columns": (scenario("When a message comes in", "  | a | b | c |"), "HK603", "a field and its value"),
    "after without a clock": (scenario("When these messages come in", "  | text | after |", "  | a | 5m |"), "HK603", "`after`"),
    "tags without quotes": (scenario('When Jo writes "a"', "Then its tags is danger"), "HK612", "tags are quoted"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_a_diagnostic_with_its_place(name: str) -> None:
    text, code, message = BAD[name]
    incidents, found = read(text)
    assert incidents is None
    assert [(one.code, message in one.message) for one in found][:1] == [(code, True)], render_all(found)
    assert 0 <= found[0].label.span.start <= found[0].label.span.end <= len(text)
    assert code in PAGES
    assert render_all(found)


def test_what_the_playbook_does_not_know_is_said_of_features_too() -> None:
    incidents, _ = read(scenario('When Jo writes "a"', "Then its sevrity is high"))
    assert incidents is not None
    assert [one.code for one in check_against(incidents, plan())] == ["HK607"]
    incidents, _ = read(scenario("Given the watch wave is open", 'When Jo writes "a"', "Then its severity is high"))
    assert incidents is not None
    assert "no fact is called `wave`" in check_against(incidents, plan())[0].message


def test_a_mistake_of_the_background_is_said_once() -> None:
    text = 'Feature: A\n  Background:\n    Given the playbok "a"\n  Scenario: B\n    When Jo writes "a"\n  Scenario: C\n    When Jo writes "a"\n'
    assert [one.code for one in read(text)[1]] == ["HK612"]


def test_only_features_that_name_a_playbook_are_ours(tmp_path: Path) -> None:
    for name, text, ours in (
        ("a", HEAD, True),
        ("b", "Feature: Shopping\n  Scenario: A\n    Given a basket\n", False),
        ("c", 'Feature: A\n  Scenario: B\n    Given the playbook\n      """\n      step start\n      """\n', False),
        ("d", "# language: ja\n機能: A\n  背景:\n    前提 プレイブックは「care.playbook」\n", True),
    ):
        path = tmp_path / f"{name}.feature"
        path.write_text(text, encoding="utf-8")
        assert belongs(path) is ours
    assert not belongs(tmp_path / "nowhere.feature")


def test_a_feature_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.feature"
    path.write_bytes(b"\xff\xfe")
    incidents, found = load_feature(path)
    assert incidents is None
    assert found[0].code == "HK611"


def test_the_scene_starts_with_nothing() -> None:
    assert not list(Scene().recorded())
