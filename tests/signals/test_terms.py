"""The scanner against a plain reading of what it promises: fold the text, look for every term, mind the edges.

`HIKESHI_STRINGS=100000` looks at that many strings, and at other ones in every run.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from random import Random

import polars as pl
import pytest

from engine.language.syntax import Pattern, Phrase, Text
from engine.signals import folding
from engine.signals.folding import fold
from engine.signals.terms import Scanner, Term, term
from tests.evaluate.drawn import NOWHERE

STRINGS = int(os.environ.get("HIKESHI_STRINGS", "5000"))
SEED = 7 if STRINGS <= 5000 else Random().randrange(2**32)

PIECES = (
    "fire", "FIRE", "Fire", "ﬁre", "ＦＩＲＥ", "firé", "fire\u0301", "e\u0301", "é", "É", "e", "\u0301", "\u0336", "\u0345", "don't", "don’t",
    "don＇t", "'", "’", "rock 'n' roll", "rock ’n' roll", "ſ", "s", "SS", "ß", "ẞ", "ss", "K", "k", "İ", "i", "i\u0307", "I", "ı", "ǰ",
    "j\u030c", "µ", "μ", "ª", "º", "²", "½", "①", "℃", "™", "№", "㈱", "㌔", "ﾊ", "ﾊﾞ", "ﾞ", "ﾟ", "バ", "ハ", "ハ\u3099", "\u3099", "\u309b",
    "\u309a", "が", "か\u3099", "か", "発火", "発", "火", "返金", "やけど", "ﾔｹﾄﾞ", "아이", "ㅏ", "\u1161", "가", "\u1100\u1161", "각", "\u11a8",
    "Ａ", "A", "a", "Å", "Å", "A\u030a", "1️⃣", "1", "１", "_", "＿", "-", "*", "＊", "x", "×", "÷", "Ω", "Ω", "ω", "ς", "σ", "Σ", "дом", "ДОМ",
    "д", "हिन्दी", "ह", "्", "ि", "عربي", "،", "ﷺ", "ﱞ", "ﻻ", "ไทย", "ก", "😡", "👍🏽", "❤️", "❤", "\U0001d400", "𝐟𝐢𝐫𝐞", "\U00010400", "ỹ", "ạ", "ἄ",
    "ᾳ", "ᾼ", "ა", "Ა", "Ꮠ", "ꭰ", " ", "  ", "\u3000", "\u00a0", "\n", "", ".", ",", "。", "・", "ー", "ｰ", "\u200d", "\u200b", "\ufe0f", "\u00ad",
    "\u0300", "\u0323", "q\u0307\u0323", "q\u0323\u0307", "\u2126", "ŉ", "ʼn", "straße", "STRASSE", "caught fire", "caught\u00a0fire", "AC-12",
)  # fmt: skip

TERMS = (
    "fire", "fire*", "caught fire", "don't", "don’t", "rock 'n' roll", "é", "e", "s", "ss", "straße", "k", "i", "i\u0307", "発火", "発", "火*", "バ",
    "ハ", "ﾊ", "か", "が", "ﾞ", "ﾔｹﾄﾞ", "返金", "아이", "가", "각", "a", "Å", "1", "1️⃣", "_", "x", "×", "ω", "дом", "д*", "हिन्दी", "ह", "عربي", "ไทย", "😡", "👍",
    "❤️", "❤", "AC-12", "-", "fi", "fi*", "μ", "ﬁ", "q\u0323", "\u0307", "A発", "発A", "㌔", "℃", "½", "2", "株", "ს", "ა", "ỹ", "ἄ", "'", "tm", "n",
)  # fmt: skip


def in_a_word(character: str) -> bool:
    """A letter or digit of a script with word spaces, or what belongs to one: a mark, the low line."""
    code = ord(character)
    for first, last in (
        (0xE00, 0xEFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF),
        (0xF900, 0xFAFF), (0xFE00, 0xFE0F), (0xFF66, 0xFFDC), (0x1B000, 0x1B2FF), (0x20000, 0x10FFFF),
    ):  # fmt: skip
        if first <= code <= last:
            return False
    return character.isalnum() or character == "_" or unicodedata.category(character) in {"Mn", "Mc"}


def plainly(text: str | None, one: Term) -> bool:
    """Whether a text mentions a term."""
    folded = fold(text or "").replace("’", "'")
    start = folded.find(one.text)
    while start >= 0:
        end = start + len(one.text)
        before = one.alone_before and start > 0 and in_a_word(folded[start - 1])
        after = one.alone_after and end < len(folded) and in_a_word(folded[end])
        if not before and not after:
            return True
        start = folded.find(one.text, start + 1)
    return False


def counted_plainly(texts: Sequence[str | None], lists: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    found = {}
    for name, phrases in lists.items():
        terms = {one for one in map(term, phrases) if one.text}
        found[name] = [sum(plainly(text, one) for one in terms) for text in texts]
    return found


def counted(texts: Sequence[str | None], lists: Mapping[str, Sequence[Phrase | str]]) -> dict[str, list[int]]:
    scanner = Scanner(lists)
    series = pl.Series(texts, dtype=pl.String)
    found = scanner.counts(scanner.scan(series), series, list(lists))
    return {name: counts.to_list() for name, counts in found.items()}


def drawn_text(random: Random) -> str | None:
    if random.random() < 0.05:
        return None
    pieces = random.choices(PIECES, k=random.choice((0, 1, 2, 2, 3, 3, 4, 8)))
    if random.random() < 0.1:
        pieces.append(chr(random.choice((random.randrange(0x80, 0xD800), random.randrange(0xE000, 0x20000)))))
        random.shuffle(pieces)
    return "".join(pieces)


def test_the_scanner_finds_what_a_plain_reading_finds() -> None:
    seen = 0
    while seen < STRINGS:
        random = Random(f"{SEED}:{seen}")
        lists = {name: random.sample(TERMS, random.choice((1, 2, 4, 10, 40))) for name in "abc"}
        texts = [drawn_text(random) for _ in range(250)]
        got, wanted = counted(texts, lists), counted_plainly(texts, lists)
        for name, phrases in lists.items():
            for text, mine, plain in zip(texts, got[name], wanted[name], strict=True):
                if mine != plain:
                    alone = counted([text], {name: phrases})[name][0]
                    terms = [
                        one
                        for one in phrases
                        if counted([text], {name: [one]})[name] != [int(plainly(text, term(one)))]
                    ]
                    pytest.fail(
                        f"seed {SEED}:{seen}: {text!r} ({text!a}) counts {mine}, alone {alone}, plainly {plain}; {terms}"
                    )
        seen += len(texts)


def test_every_single_neighbour_is_minded() -> None:
    """`fire` between every character of Unicode that may stand in a text, one at a time."""
    characters = [chr(code) for code in range(1, 0x20000) if not 0xD800 <= code < 0xE000]
    if STRINGS <= 5000:
        characters = characters[::7]
    lists = {"a": ["fire"], "b": ["発火"], "c": ["fire*"]}
    for texts in (
        [f"{c}fire" for c in characters],
        [f"fire{c}" for c in characters],
        [f"{c}発火{c}" for c in characters],
    ):
        got, wanted = counted(texts, lists), counted_plainly(texts, lists)
        wrong = [
            (ascii(text), name)
            for name in lists
            for text, a, b in zip(texts, got[name], wanted[name], strict=True)
            if a != b
        ]
        assert not wrong, f"{len(wrong)}: {wrong[:20]}"


def test_the_ranges_hold_all_that_folding_changes_or_that_combines() -> None:
    inside = set()
    for start, end in folding._RANGES:
        inside.update(range(start, end))
    for code in range(0x80, 0x110000):
        if code in inside or 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        assert fold(character) == character, hex(code)
        assert not unicodedata.combining(character), hex(code)
        decomposed = unicodedata.normalize("NFD", character)
        assert len(decomposed) == 1 or 0xAC00 <= code <= 0xD7A3, hex(code)


def test_whatever_combines_with_the_character_before_it_is_known() -> None:
    _, seconds, _ = folding._changes()
    for code in range(0x80, 0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        parts = unicodedata.normalize("NFD", chr(code))
        if len(parts) > 1 and unicodedata.normalize("NFC", parts) == chr(code):
            assert parts[-1] in seconds, hex(code)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("smok*", "it smokes", True),
        ("smok*", "unsmoked", False),
        ("smoke", "smokes", False),
        ("caught fire", "it Caught Fire!", True),
        ("caught fire", "caught  fire", False),
        ("caught fire", "uncaught fire", False),
        ("発火", "昨日発火した", True),
        ("発火", "発 火", False),
        ("ｱｸﾒ", "アクメの", True),
        ("アクメ", "ｱｸﾒさん", True),
        ("A発", "xA発火", False),
        ("A発", "A発火", True),
        ("発A", "開発A", True),
        ("発A", "開発AB", False),
        ("don't", "I don’t know", True),
        ("don’t", "i DON'T", True),
        ("rock 'n' roll", "rock ’n' roll", True),
        ("é", "e\u0301", True),
        ("e", "e\u0301", False),
        ("ﬁ", "fi", True),
        ("fire", "campﬁre", False),
        ("fire", "ﬁre", True),
        ("k", "K", True),
        ("1", "1️⃣", True),
        ("❤️", "❤️❤️", True),
        ("fire", "fire\U0001f525", True),
        ("fire", "عربيfire", False),
        ("fire", "fire، water", True),
        ("ह", "हिन्दी", False),
        ("हिन्दी", "यह हिन्दी है", True),
        ("fire", "fireहिन्दी", False),
    ],
)  # fmt: skip
def test_a_term_means_what_the_language_says(phrase: str, text: str, found: bool) -> None:
    assert counted([text], {"list": [phrase]}) == {"list": [int(found)]}
    assert plainly(text, term(phrase)) is found


def test_texts_side_by_side_do_not_touch() -> None:
    assert counted(["caught", " fire", "fi", "re", None, "", "発", "火"], {"a": ["caught fire", "fire", "発火"]}) == {
        "a": [0, 1, 0, 0, 0, 0, 0, 0]
    }
    assert counted(["x", "fire", "x", None, "fire", "é", "fire", "é"], {"a": ["fire"]}) == {
        "a": [0, 1, 0, 0, 1, 0, 1, 0]
    }


def test_a_slice_of_a_column_is_read_as_itself() -> None:
    series = pl.Series(["fire x", None, "fire fire", "発火", "ﬁre"])[2:]
    scanner = Scanner({"a": ["fire", "発火"]})
    assert scanner.counts(scanner.scan(series), series, ["a"])["a"].to_list() == [1, 1, 1]


def test_no_texts_and_no_terms_are_no_trouble() -> None:
    assert counted([], {"a": ["fire"]}) == {"a": []}
    assert counted(["fire", None], {"a": []}) == {"a": [0, 0]}
    assert counted([None, None], {"a": ["fire"]}) == {"a": [0, 0]}


def test_patterns_count_once_each_and_beside_terms() -> None:
    phrases: list[Phrase] = [
        Text("order", NOWHERE),
        Pattern(r"AC-\d+", NOWHERE),
        Pattern(r"発.火", NOWHERE),
        Pattern(r"a\/b", NOWHERE),
    ]
    texts = ["order ac-12 AC-13", "ＡＣ－９", "発発火", "order", None, "", "A/B order"]
    wanted = [
        int(plainly(text, term("order")))
        + sum(
            re.search(f"(?i){one}", unicodedata.normalize("NFKC", text or "")) is not None
            for one in (r"AC-\d+", r"発.火", r"a\/b")
        )
        for text in texts
    ]
    assert counted(texts, {"list": phrases}) == {"list": wanted}
