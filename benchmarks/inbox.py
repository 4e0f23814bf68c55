"""An inbox for the standard benchmark: messages that nobody wrote, the same ones for the same seed.

`python benchmarks/inbox.py 2000000 inbox.jsonl` builds its texts from the tables below, 70% English and 30% Japanese.
With `--texts FOLDER` they are real ones: lines of `.txt`, columns `text` or `tweet` of `.csv`, the third column of
`.tsv`. A term of the playbook's lists is put into 15% of the messages, some full-width, half-width or in capitals.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLAYBOOK = HERE / "standard.playbook"
SEED = 7
CHUNK = 10_000

JAPANESE_SHARE = 0.3
INJECTED_SHARE = 0.15
SECOND_SHARE = 0.2
"""Of the messages with a term, those with a second one of its list."""
LIST_WEIGHTS = {"safety": 1, "legal": 1, "anger": 3, "praise": 3, "service": 4, "troll": 1.5}
CHANNELS = {"x": 50, "instagram": 15, "facebook": 10, "email": 8, "dm": 8, "forum": 5, "review": 4}


def words(said: str) -> list[str]:
    """A table: words and phrases with commas between."""
    return [one.strip() for one in said.split(",")]


# ---- English

ENGLISH_WORDS = {
    "brand": words(
        "Northwind, Lumenta, Okapi, Fernhill, Brightly, Corvo, Halden, Mistral, Tansy, Ostara, Pellworth, Quillon"
    ),
    "thing": words(
        "kettle, rice cooker, headphones, toaster, vacuum, charger, jacket, boots, router, app, "
        "coffee maker, blender, phone case, smart lamp, air fryer, backpack, seat, ticket, parcel, "
        "gift card, tablet, watch, fryer basket, café table, picnic set, monitor, keyboard, "
        "bike light, tent, suitcase, blanket, mug"
    ),
    "place": words(
        "the Leeds store, Terminal 2, your website, the outlet in Malmö, the shop by the station, "
        "your counter, gate 14, the mall, checkout, the new branch, the Dublin airport, "
        "the pickup point, your booth, the app"
    ),
    "time": words(
        "this morning, yesterday, last night, on Tuesday, two weeks ago, since 9am, at 6pm, "
        "over the weekend, just now, for three days, last month, earlier today, after lunch, "
        "before the holidays, since the update, in November"
    ),
    "does": words(
        "stopped charging, arrived in the wrong colour, makes a strange noise, works like a charm, "
        "keeps restarting, fell apart, looks even better than the pictures, won’t pair with my phone, "
        "has a cracked lid, was missing a screw, took an hour to set up, shows an error, "
        "is stuck on the logo screen, still smells new, is lighter than I expected, came without a manual, "
        "drains the battery, is back in stock, got scratched, fits perfectly"
    ),
    "person": words(
        "my sister, my son, a friend, the guy at the desk, the courier, my mum, our neighbour, José, my boss, the crew"
    ),
    "feeling": words(
        "so tired of this, over the moon, a bit confused, honestly impressed, not sure what to do, "
        "curious how it turns out, really disappointed, pleasantly surprised, done waiting, "
        "kind of relieved, counting the days, speechless"
    ),
    "ask": words(
        "can anybody help, is there a discount code, when does the sale start, do you ship to Norway, "
        "what’s the warranty, where can I find the manual, who should I talk to, how long does it take, "
        "could you check your messages, is this normal, does it come in blue, are you open on Sunday"
    ),
    "number": [str(n) for n in (2, 3, 4, 5, 7, 10, 12, 15, 20, 24, 30, 45, 60, 90, 100, 250, 1200)],
    "tag": words(
        "#fail, #travel, #weekend, #unboxing, #coffee, #help, #newin, #mondaymood, #customer, #tech, #home, #deals"
    ),
    "handle": words("@northwind, @lumenta, @okapi_help, @fernhill, @brightly, @corvo_uk, @haldenair, @mistralshop"),
}
ENGLISH = (
    "my {thing} {does} {time}",
    "the {thing} I bought {time} at {place} {does}",
    "{ask}?",
    "waited {number} minutes at {place} {time} and nobody came",
    "{person} got the {thing} {time} and I’m {feeling}",
    "I was told {number} days, it has been {number}",
    "just tried the new {brand} {thing}… {feeling}",
    "is it me or does the {thing} from {brand} cost more than {time}?",
    "{person} says {brand} {does}, I say give it {number} days",
    "thanks to {person} at {place}, my {thing} works again",
    "ordered {number} of them {time}, still waiting",
    "flight delayed by {number} minutes, {person} is {feeling}",
    "your latest update broke the {thing} page for me, {ask}?",
    "spoke with support {time} and they’ve been patient",
    "love the {thing}, but {place} was packed",
    "don’t think the {thing} was worth {number} euros",
    "does {brand} have a newsletter? asking for {person}",
    "there’s a queue of {number} people at {place}",
    "I’m {feeling}, the {thing} {does}",
    "{time} I called {number} times about the {thing}",
    "day {number} without my {thing}, {feeling}",
    "finally bought one {time}: a {thing} from {place}",
    "how is a {thing} supposed to survive {number} trips?",
    "the {thing} firewall setting is hidden behind {number} menus, {ask}?",
)
ENGLISH_EMOJI = words("😂, 😭, 😩, 🙃, 😍, 🔥, 👍, 🙏, 💯, 🎉, 😡, 🤔, ❤️, ✨, 👀, 😅, 🇩🇪, ☕️, 👩‍💻, 🥲")
ENGLISH_ENDS = (".", ".", ".", "!", "!!", "…", "", "")

# ---- Japanese

JAPANESE_WORDS = {
    "brand": words("ノースウィンド, ルメンタ, オカピ, フェルンヒル, ブライトリー, コルボ, ハルデン, ミストラル"),
    "thing": words(
        "炊飯器, イヤホン, 掃除機, 充電器, コート, 靴, アプリ, コーヒーメーカー, 照明, リュック, チケット, 荷物, タブレット, 時計, 毛布, 鍋, 傘, モニター, 弁当, ケーキ"
    ),
    "place": words(
        "駅前の店舗, 公式サイト, 新宿店, 空港のカウンター, レジ, 渋谷店, 受付, 大阪の売り場, オンラインストア, 改札前"
    ),
    "time": words("昨日, 今朝, 先週, さっき, 一昨日, 週末, 先月, 夜中, 昼休み, 年末, 十一月"),
    "does": words(
        "動かなくなりました, 思ったより軽かったです, 色が違いました, 変な音がします, とても使いやすいです, 説明書がありません, 再起動を繰り返します, 写真よりきれいでした, "
        "設定に一時間かかりました, 画面が固まったままです, ぴったりでした, 少し傷がありました"
    ),
    "person": words("妹, 息子, 友達, 店員さん, 母, 上司, 隣の人, 配達の方, 同僚"),
    "feeling": words(
        "ちょっと残念, びっくりしました, 助かりました, どうしたらいいのか分からない, 満足しています, 待ちくたびれた, 待ち遠しいです, 笑ってしまった"
    ),
    "ask": words(
        "いつ再入荷しますか, 誰に聞けばいいですか, 送料はいくらですか, これは普通ですか, 日曜日も開いていますか, 返事をいただけますか"
    ),
    "number": [str(n) for n in (2, 3, 5, 7, 10, 15, 20, 30, 45, 100)],
    "tag": words("#買ってよかった, #週末, #家電, #カフェ巡り, #旅行, #開封の儀, #助けて"),
    "handle": words("@northwind_jp, @lumenta_jp, @okapi_jp, @halden_jp"),
}
JAPANESE = (
    "{time}買った{thing}が{does}",
    "{place}で{thing}を買ったら{does}",
    "{thing}について教えてください、{ask}",
    "{place}で{number}分待ちましたが誰も来ませんでした",
    "{person}に{thing}をもらって{feeling}",
    "{number}日と言われたのに、もう{number}日たちました",
    "{brand}の新しい{thing}を試しました、{feeling}",
    "{person}のおかげで{thing}が直りました",
    "{time}、電話を{number}回かけました",
    "{place}の対応が丁寧で{feeling}",
    "サポートに連絡したら、すぐに{thing}を交換してくれた",
    "{brand}の{thing}は{number}ユーロの価値があると思います",
    "更新してから{thing}のページが開きません、{ask}",
    "評判を聞いて{place}に並んだけど{number}人待ち",
)
JAPANESE_EMOJI = words("😂, 😭, 🙏, ✨, 😊, 💦, 🔥, 😅, 🎉, （笑）, ♪")
JAPANESE_ENDS = ("。", "。", "。", "！", "…", "、", "?", "")

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
HALF = str.maketrans(
    dict(
        zip(
            "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー",
            "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｰ",
            strict=True,
        )
    )
    | {"ガ": "ｶﾞ", "グ": "ｸﾞ", "ズ": "ｽﾞ", "バ": "ﾊﾞ", "ポ": "ﾎﾟ"}
)

Drawn = Callable[[], float]


class Texts:
    """Texts of one language out of its tables."""

    def __init__(self, templates, words, emoji, ends, gap, *, emoji_share, typographic, lengths, random):
        self.parts = [
            [words[part] if place % 2 else part for place, part in enumerate(re.split(r"\{(\w+)\}", one))]
            for one in templates
        ]
        self.tags, self.handles, self.emoji, self.ends, self.gap = words["tag"], words["handle"], emoji, ends, gap
        self.emoji_share, self.typographic, self.lengths, self.random = emoji_share, typographic, lengths, random

    def one(self) -> str:
        """A text of a few sentences."""
        random = self.random
        said = [_any(self.handles, random)] if random() < 0.3 else []
        left = self.lengths[int(random() * len(self.lengths))]
        while left > 0 or not said:
            sentence = "".join(
                [
                    part if part.__class__ is str else part[int(random() * len(part))]
                    for part in _any(self.parts, random)
                ]
            )
            if random() < 0.6:
                sentence = sentence[0].upper() + sentence[1:]
            said.append(sentence if sentence[-1] == "?" else sentence + _any(self.ends, random))
            left -= len(sentence)
        chance = random()
        if chance < self.emoji_share:
            said.append(_any(self.emoji, random) * (1 + (random() < 0.3)))
        if chance < 0.1 or chance > 0.9:
            said.append(_any(self.tags, random))
        if random() < 0.06:
            said.append(f"https://t.co/{int(random() * 36**8):x}")
        text = self.gap.join(said)
        return text if random() < self.typographic else text.replace("’", "'").replace("…", "...")


class Real:
    """Texts of one language that somebody wrote."""

    def __init__(self, texts: list[str], random: Drawn):
        self.texts, self.random = texts, random

    def one(self) -> str:
        """Any of them."""
        return _any(self.texts, self.random)


def _any(table, random: Drawn):
    return table[int(random() * len(table))]


def _weighted(weights: dict[str, float]) -> list[str]:
    """Every name as often as it weighs, so that drawing one is one step."""
    return [name for name, weight in weights.items() for _ in range(int(weight * 2))]


def made(random: Drawn) -> tuple[Texts, Texts]:
    """English and Japanese texts from the tables."""
    english = Texts(
        ENGLISH, ENGLISH_WORDS, ENGLISH_EMOJI, ENGLISH_ENDS, " ", emoji_share=0.2, typographic=0.35, random=random,
        lengths=[1, 1, 1, 10, 20, 20, 30, 40, 50, 50, 60, 60, 70, 80, 90, 100, 110, 140, 200, 300],
    )  # fmt: skip
    japanese = Texts(
        JAPANESE, JAPANESE_WORDS, JAPANESE_EMOJI, JAPANESE_ENDS, "", emoji_share=0.25, typographic=1, random=random,
        lengths=[1, 1, 10, 20, 30, 40, 50, 60, 70, 90, 110, 150],
    )  # fmt: skip
    return english, japanese


def real(folder: Path, random: Drawn) -> tuple[Real, Real]:
    """English and Japanese texts of a folder: what has kana or ideographs counts as Japanese."""
    found = sorted({text.strip() for path in sorted(folder.rglob("*")) for text in _texts_of(path) if text.strip()})
    if not found:
        sys.exit(f"{folder} has no texts: .txt, .csv with a column text or tweet, or .tsv with three columns")
    cjk = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
    japanese = [text for text in found if cjk.search(text)]
    english = [text for text in found if not cjk.search(text)]
    return Real(english or found, random), Real(japanese or found, random)


def _texts_of(path: Path) -> Iterator[str]:
    if path.suffix not in {".txt", ".csv", ".tsv"}:
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        if path.suffix == ".txt":
            yield from file
        elif path.suffix == ".csv":
            for row in csv.DictReader(file):
                yield row.get("text") or row.get("tweet") or ""
        else:
            for line in file:
                columns = line.rstrip("\r\n").split("\t")
                if len(columns) > 2:
                    yield columns[2]


def lists_of(playbook: Path = PLAYBOOK) -> dict[str, list[str]]:
    """The playbook's term lists, as it writes them."""
    sys.path.insert(0, str(HERE.parent))
    import engine

    loaded, trouble = engine.load(playbook)
    if trouble:
        sys.exit("\n".join(str(one) for one in trouble))
    return {name: [phrase.text for phrase in one.phrases] for name, one in loaded.terms.items()}


def styled(term: str, random: Drawn) -> str:
    """The term as people also write it."""
    chance = random()
    if not term.isascii():
        return term.translate(HALF) if chance < 0.15 else term
    if chance < 0.15:
        return term.upper()
    if chance < 0.3:
        return term.title()
    return term.translate(WIDE) if chance < 0.35 else term


def with_term(text: str, term: str, *, japanese: bool, random: Drawn) -> str:
    """The text with a term in it: before or behind a Japanese one, between the words of an English one."""
    if japanese:
        return f"{term}で困る。{text}" if random() < 0.5 else f"{text}、{term}"
    words = text.split(" ")
    words.insert(int(random() * (len(words) + 1)), term)
    return " ".join(words)


def lines(count: int, texts: Path | None = None, seed: int = SEED) -> Iterator[str]:
    """The inbox, one JSON object a line."""
    random_ = random.Random(seed)
    draw = random_.random
    english, japanese = real(texts, draw) if texts else made(draw)
    terms = lists_of()
    groups = _weighted(LIST_WEIGHTS)
    latin = {name: [term for term in terms[name] if term.isascii()] for name in LIST_WEIGHTS}
    other = {name: [term for term in terms[name] if not term.isascii()] for name in LIST_WEIGHTS}
    channels = _weighted(CHANNELS)
    quoted = json.JSONEncoder(ensure_ascii=False).encode
    days = [f"2026-01-{day:02}T" for day in range(1, 32)] + [f"2026-02-{day:02}T" for day in range(1, 29)]
    sixtieths = [f":{number:02}" for number in range(60)]
    hours = [f"{number:02}" for number in range(24)]
    pareto = _pareto(draw)
    for number in range(count):
        is_japanese = draw() < JAPANESE_SHARE
        text = (japanese if is_japanese else english).one()
        if draw() < INJECTED_SHARE:
            choice = (other if is_japanese else latin)[_any(groups, draw)]
            for _ in range(2 if draw() < SECOND_SHARE else 1):
                term = styled(_any(choice, draw), draw)
                text = with_term(text, term, japanese=is_japanese, random=draw)
        posted = _any(days, draw) + _any(hours, draw) + _any(sixtieths, draw) + _any(sixtieths, draw) + "Z"
        yield (
            f'{{"id":"{number}","text":{quoted(text)},"posted_at":"{posted}","channel":"{_any(channels, draw)}",'
            f'"visibility":"public","direction":"inbound","thread":"{number}","lang":"{"ja" if is_japanese else "en"}",'
            f'"author.id":"user{int(draw() * count)}","author.verified":{"true" if draw() < 0.02 else "false"},'
            f'"author.followers":{min(pareto(0.55, 20) - 20, 50_000_000)},"shares":{min(pareto(0.8) - 1, 200_000)},'
            f'"replies":{min(pareto(0.9) - 1, 50_000)},"extra.account_age_days":{int(random_.expovariate(1 / 900))},'
            f'"extra.thread_len":{min(pareto(1.2), 400)}}}\n'
        )


def _pareto(draw: Drawn) -> Callable[..., int]:
    """Few large numbers and many small ones, from `low` up."""

    def one(shape: float, low: int = 1) -> int:
        return int(low * (1 - draw()) ** (-1 / shape))

    return one


def write(path: Path, count: int, texts: Path | None = None, seed: int = SEED) -> None:
    """Write the inbox a chunk at a time."""
    waiting: list[str] = []
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        for line in lines(count, texts, seed):
            waiting.append(line)
            if len(waiting) == CHUNK:
                file.write("".join(waiting))
                waiting.clear()
        file.write("".join(waiting))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write a benchmark inbox.")
    parser.add_argument("messages", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, help="a folder of real texts, instead of made ones")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    write(asked.out, asked.messages, asked.texts, asked.seed)


if __name__ == "__main__":
    main()
