"""The steps of features, in English and Japanese: what a team may write without any code of its own.

A wording has places in braces: `{person}`, `{text}`. A quoted place ends at its last quote; 「」 quote as well as "".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from re import Match

from engine.incidents.scene import Scene, StepError, Table, count_in
from engine.language.source import Span
from engine.language.suggest import nearest

LANGUAGES = ("en", "ja")
_PLACES = {
    "person": r"[^\s「」\"]+?",
    "text": r".*",
    "count": r"\S+?",
    "length": r".+?",
    "level": r".+?",
    "decision": r".+?",
    "moment": r"(?!because )\S.*",
}
_QUOTED = re.compile(r'"([^"]*)"|「([^」]*)」')


@dataclass(frozen=True, slots=True)
class Given:
    """What a step was given: its places, the table below it, and where they stand."""

    places: dict[str, str]
    table: Table | None
    span: Span
    rows: list[Span]

    def __getitem__(self, name: str) -> str:
        return self.places[name]

    def quoted(self, name: str) -> tuple[str, ...]:
        """All quoted texts of a place."""
        return tuple(one or other for one, other in _QUOTED.findall(self.places[name]))

    def rows_of_table(self) -> tuple[Table, list[Span]]:
        """The table below the step.

        Raises:
            StepError: there is none.
        """
        if self.table is None:
            raise StepError("HK604", "this step needs a table below it")
        return self.table, self.rows


@dataclass(frozen=True)
class Step:
    """One thing that a scenario may say. `wordings` are by language; the first of each is the one that is documented."""

    keyword: str
    wordings: dict[str, tuple[str, ...]]
    about: str
    example: dict[str, str]
    take: Callable[[Scene, Given], None]

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The wordings of all languages as regular expressions."""
        return tuple(_pattern(one) for language in LANGUAGES for one in self.wordings[language])

    def match(self, words: str) -> Match[str] | None:
        """How the words of a scenario say this step, if they do."""
        return next((found for one in self.patterns if (found := one.fullmatch(words))), None)


def _pattern(wording: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", wording)
    pieces = [re.escape(one) if i % 2 == 0 else f"(?P<{one}>{_PLACES.get(one, '.+?')})" for i, one in enumerate(parts)]
    return re.compile("".join(pieces), re.DOTALL)


def step_for(words: str) -> tuple[Step, dict[str, str]]:
    """The step that these words say, and its places.

    Raises:
        StepError: no step is worded like this.
    """
    for step in STEPS:
        found = step.match(words)
        if found is not None:
            return step, {name: value.strip() if name != "text" else value for name, value in found.groupdict().items()}
    wordings = [one for step in STEPS for language in LANGUAGES for one in step.wordings[language]]
    near = nearest(words, wordings)
    raise StepError(
        "HK612",
        f"no step is worded `{words}`",
        f"did you mean `{near}`?" if near else "`hikeshi test --steps` lists all",
    )


def _playbook(scene: Scene, given: Given) -> None:
    scene.playbook = given["path"]


def _watch(scene: Scene, given: Given) -> None:
    word = given["state"]
    states = {"open": True, "closed": False, "開いている": True, "閉じている": False}
    if word not in states:
        raise StepError("HK603", f"a watch is open or closed, not `{word}`")
    scene.facts[given["watch"]] = states[word]


def _its(scene: Scene, given: Given) -> None:
    name = given["name"].replace(" ", "_")
    if name == "tags":
        raise StepError("HK612", "tags are quoted", 'write `its tags are "crisis", "press"`')
    scene.expect(name, (given["value"].strip('"'),), given.span)


STEPS: tuple[Step, ...] = (
    Step(
        "Given",
        {"en": ('the playbook "{path}"',), "ja": ("プレイブックは「{path}」", 'プレイブックは "{path}"')},
        "The playbook, beside the feature or in a folder around it (`../care.playbook`). Every scenario needs one; a "
        "Background says it once.",
        {"en": 'the playbook "../care.playbook"', "ja": "プレイブックは「../care.playbook」"},
        _playbook,
    ),
    Step(
        "Given",
        {"en": ("it is {moment}",), "ja": ("時刻は {moment}", "時刻は{moment}")},
        "What time it is, with its zone. Without it the messages have no time.",
        {"en": "it is 2026-03-09T07:41:00+01:00", "ja": "時刻は 2026-03-09T07:41:00+09:00"},
        lambda scene, given: scene.set_clock(given["moment"]),
    ),
    Step(
        "Given",
        {
            "en": ("{person} has {count} followers",),
            "ja": ("{person}のフォロワーは {count} 人", "{person}のフォロワーは{count}人"),
        },
        "How many follow a person. Nobody knows it of the others.",
        {"en": "Mika has 12k followers", "ja": "ミカのフォロワーは 12k 人"},
        lambda scene, given: scene.about(given["person"], "author.followers", count_in(given["count"])),
    ),
    Step(
        "Given",
        {"en": ("{person} is a VIP",), "ja": ("{person}はVIP",)},
        "A person is on our list of important people.",
        {"en": "Mika is a VIP", "ja": "ミカはVIP"},
        lambda scene, given: scene.about(given["person"], "author.vip", value=True),
    ),
    Step(
        "Given",
        {"en": ("the watch {watch} is {state}",), "ja": ("監視「{watch}」は{state}",)},
        "Whether a watch of the playbook is `open` or `closed`, from here on.",
        {"en": "the watch safety_wave is open", "ja": "監視「safety_wave」は開いている"},
        _watch,
    ),
    Step(
        "When",
        {"en": ('{person} writes "{text}"',), "ja": ("{person}が「{text}」と書く",)},
        "A person writes. Nobody knows whether others can read it. Who writes again writes in the same conversation.",
        {"en": 'Mika writes "My kettle caught fire"', "ja": "ミカが「やかんから火が出た」と書く"},
        lambda scene, given: scene.write(given["person"], given["text"], given.span),
    ),
    Step(
        "When",
        {"en": ('{person} posts "{text}"',), "ja": ("{person}が公開で「{text}」と書く",)},
        "A person writes where everybody can read it.",
        {"en": 'Mika posts "My kettle caught fire"', "ja": "ミカが公開で「やかんから火が出た」と書く"},
        lambda scene, given: scene.write(given["person"], given["text"], given.span, visibility="public"),
    ),
    Step(
        "When",
        {"en": ('{person} writes in private "{text}"',), "ja": ("{person}が非公開で「{text}」と書く",)},
        "A person writes to us alone.",
        {
            "en": 'Mika writes in private "My order number is 12345"',
            "ja": "ミカが非公開で「注文番号は12345です」と書く",
        },
        lambda scene, given: scene.write(given["person"], given["text"], given.span, visibility="private"),
    ),
    Step(
        "When",
        {"en": ('we answer "{text}"',), "ja": ("こちらが「{text}」と返信する",)},
        "We answer whoever wrote last.",
        {"en": 'we answer "Which kettle is it?"', "ja": "こちらが「どの商品でしょうか」と返信する"},
        lambda scene, given: scene.answer(given["text"], given.span),
    ),
    Step(
        "When",
        {"en": ("{length} later", "{length} go by"), "ja": ("{length}後",)},
        "Time goes by.",
        {"en": "20m later", "ja": "20m後"},
        lambda scene, given: scene.wait(given["length"]),
    ),
    Step(
        "When",
        {"en": ("a message comes in",), "ja": ("メッセージが届く",)},
        "One message; below it a table of fields and their values. A name that is no field is a recorded fact, such as "
        "`thread.turns` or a watch.",
        {
            "en": "a message comes in\n  | text   | hello |\n  | shares | 12    |",
            "ja": "メッセージが届く\n  | text   | こんにちは |\n  | shares | 12 |",
        },
        lambda scene, given: scene.arrive_one(*given.rows_of_table()),
    ),
    Step(
        "When",
        {"en": ("these messages come in",), "ja": ("次のメッセージが届く",)},
        "Several messages; below it a table with the names of fields on top and a message a row. An empty cell is unknown; "
        "`after` counts from the time that it is.",
        {
            "en": "these messages come in\n  | id | text      | shares |\n  | 1  | It burns! | 12     |",
            "ja": "次のメッセージが届く\n  | id | text       | shares |\n  | 1  | 燃えている | 12     |",
        },
        lambda scene, given: scene.arrive(*given.rows_of_table()),
    ),
    Step(
        "Then",
        {"en": ("the decision is not {decision}",), "ja": ("判断は「{decision}」ではない", "判断は{decision}ではない")},
        "The last message is decided otherwise, however that may be.",
        {"en": "the decision is not ignore as troll", "ja": "判断は「荒らしとして無視」ではない"},
        lambda scene, given: scene.expect_decision(given["decision"], given.span, unless=True),
    ),
    Step(
        "Then",
        {"en": ("the decisions are",), "ja": ("判断は次のとおり",)},
        "What is decided of each message; below it a table, by `id` or in order. Columns: `decision` (with its team), or "
        "anything else that a decision says. An empty cell may be anything.",
        {
            "en": "the decisions are\n  | id | decision           | severity |\n  | 1  | hand off to safety | high     |",
            "ja": "判断は次のとおり\n  | id | decision         | severity |\n  | 1  | safety に引き継ぐ | high     |",
        },
        lambda scene, given: scene.expect_table(*given.rows_of_table()),
    ),
    Step(
        "Then",
        {
            "en": ("no decision is {decision}",),
            "ja": ("どの判断も「{decision}」ではない", "どの判断も{decision}ではない"),
        },
        "No message of the scenario gets this decision.",
        {"en": "no decision is ignore as troll", "ja": "どの判断も「荒らしとして無視」ではない"},
        lambda scene, given: scene.expect_never(given["decision"]),
    ),
    Step(
        "Then",
        {"en": ("the decision is {decision}",), "ja": ("判断は「{decision}」", "判断は{decision}")},
        "What is decided of the last message, as a playbook writes it; in Japanese also 公開で返信, 非公開で対応, 〜に引き継ぐ, "
        "荒らしとして無視, 返信不要.",
        {"en": "the decision is hand off to safety", "ja": "判断は「safety に引き継ぐ」"},
        lambda scene, given: scene.expect_decision(given["decision"], given.span),
    ),
    Step(
        "Then",
        {"en": ("its tags are {quoted}",), "ja": ("タグは{quoted}",)},
        "Tags that the decision of the last message carries, perhaps among others.",
        {"en": 'its tags are "crisis", "press"', "ja": "タグは「crisis」「press」"},
        lambda scene, given: scene.expect("tags", given.quoted("quoted"), given.span),
    ),
    Step(
        "Then",
        {"en": ('it is because "{text}"',), "ja": ("理由は「{text}」",)},
        "The reason of the decision.",
        {"en": 'it is because "somebody may be hurt"', "ja": "理由は「けが人がいるかもしれない」"},
        lambda scene, given: scene.expect("because", (given["text"],), given.span),
    ),
    Step(
        "Then",
        {"en": ("it went through {quoted}",), "ja": ("経路は{quoted}",)},
        "All rules that were taken, in order.",
        {"en": 'it went through "start.1", "crisis[high, loud]"', "ja": "経路は「start.1」「crisis[high, loud]」"},
        lambda scene, given: scene.expect("path", given.quoted("quoted"), given.span),
    ),
    Step(
        "Then",
        {"en": ("a reply is due within {length}",), "ja": ("返信期限は {length} 以内", "返信期限は{length}以内")},
        "When the reply to the last message is due, counted from the message. Other deadlines: `its acknowledge by is 15m`, "
        "`its resolve by is 3d`, `its follow up at is 7d`, or a moment with its zone.",
        {"en": "a reply is due within 1h", "ja": "返信期限は 1h 以内"},
        lambda scene, given: scene.expect("reply_by", (given["length"],), given.span),
    ),
    Step(
        "Then",
        {"en": ("{quoted} is told", "{quoted} are told"), "ja": ("{quoted}に知らせる",)},
        "Who is told of the last message when nothing happens, perhaps among others.",
        {"en": '"pr-duty", "head of comms" are told', "ja": "「広報当番」「広報部長」に知らせる"},
        lambda scene, given: scene.expect("notify", given.quoted("quoted"), given.span),
    ),
    Step(
        "Then",
        {"en": ("its {name} is {value}",), "ja": ("{name} は {value}", "{name}は「{value}」")},
        "The level of a scale, or the `team`, `reply`, `priority`, `assign` or `rule` of the decision.",
        {"en": "its severity is critical", "ja": "severity は critical"},
        _its,
    ),
)
"""In the order in which words are tried."""


def page() -> str:
    """All steps as a page of Markdown."""
    lines = [
        "# The steps of features",
        "",
        "A feature is a text file that ends in `.feature` and names a playbook. No code is needed: `hikeshi test` and",
        "`pytest` run it. Keywords are those of Gherkin in any language that it has; `# language: ja` on the first line",
        "makes them Japanese. The steps are worded in English and Japanese, and both may be mixed.",
    ]
    for keyword in ("Given", "When", "Then"):
        lines += ["", f"## {keyword}"]
        for step in STEPS:
            if step.keyword == keyword:
                lines += ["", f"### {step.wordings['en'][0]}", "", step.about, "", "```gherkin"]
                lines += [f"{_KEYWORDS[language][keyword]}{step.example[language]}" for language in LANGUAGES]
                lines += ["```"]
    return "\n".join(lines) + "\n"


_KEYWORDS = {
    "en": {"Given": "Given ", "When": "When ", "Then": "Then "},
    "ja": {"Given": "前提 ", "When": "もし ", "Then": "ならば "},
}
