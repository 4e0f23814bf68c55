"""Every diagnostic's page says the truth, and every wording is reviewed: one golden file a code.

`HIKESHI_UPDATE_GOLDENS=1` rewrites the golden files; read each one that changed.
"""

from __future__ import annotations

import inspect
import os
import random
import re
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

from engine.language import checks
from engine.language.diagnostics import Diagnostic, Severity, has_errors, render_all
from engine.language.load import load, load_text

GOLDENS = Path(__file__).parent / "goldens"
FOLDER = Path(checks.__file__).parent
HELPERS = {"__init__", "around", "circles", "comparing", "drafts", "expectations", "finding", "parts"}
CODES = [module.CODE for module in checks.ALL]
EACH = pytest.mark.parametrize("module", checks.ALL, ids=CODES)


def example(module: ModuleType, title: str) -> str:
    """The playbook under `Wrong:` or `Right:` of a page."""
    page = inspect.cleandoc(module.__doc__ or "")
    found = re.search(rf"^{title}:\n((?:    .*(?:\n|$)|\n)+)", page, re.MULTILINE)
    assert found, f"{module.CODE} has no {title}"
    return textwrap.dedent(found.group(1)).strip() + "\n"


def diagnose(source: bytes | str, folder: Path) -> list[Diagnostic]:
    """Everything that is said about a playbook called `example.playbook`."""
    playbook, found = load_text(source, "example.playbook", folder)
    return [*found, *checks.check(playbook)]


def diagnose_example(module: ModuleType, title: str, folder: Path) -> list[Diagnostic]:
    """The diagnostics of a page's example, with the files around it that it speaks of."""
    source = example(module, title)
    (folder / "std").mkdir()
    (folder / "std" / "en.playbook").write_text("", encoding="utf-8")
    if module is checks.not_utf8 and title == "Wrong":
        return diagnose(source.encode("shift_jis"), folder)
    if module is checks.use_cycle:
        for name, text in re.findall(r"# (\w+)\.playbook\n([^#]+)", source):
            (folder / f"{name}.playbook").write_text(text, encoding="utf-8")
        playbook, found = load(folder / "a.playbook")
        return [*found, *checks.check(playbook)]
    return diagnose(source, folder)


def test_the_folder_and_the_list_agree() -> None:
    in_folder = {path.stem for path in FOLDER.glob("*.py")} - HELPERS
    assert in_folder == {module.__name__.rsplit(".", 1)[-1] for module in checks.ALL}


def test_codes_are_unique_and_there_are_at_least_fifty() -> None:
    assert len(CODES) == len(set(CODES)) >= 50


def test_every_golden_file_belongs_to_a_code() -> None:
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(CODES)


@EACH
def test_a_check_has_one_way_in(module: ModuleType) -> None:
    family = "recognise" if module in checks.SYNTAX else "report" if module in checks.LOADING else "check"
    assert [one for one in ("recognise", "report", "check") if hasattr(module, one)] == [family]
    assert isinstance(module.SEVERITY, Severity)


@EACH
def test_a_page_begins_with_a_sentence(module: ModuleType) -> None:
    page = checks.page(module.CODE)
    assert page is not None
    assert re.match(rf"{module.CODE}: [^\n]+[.]\n\n\S", page)


def test_there_is_no_page_for_an_unknown_code() -> None:
    assert checks.page("HK999") is None


@EACH
def test_the_wrong_example_is_wrong(module: ModuleType, tmp_path: Path) -> None:
    found = diagnose_example(module, "Wrong", tmp_path.resolve())
    assert module.CODE in {one.code for one in found}, render_all(found)
    assert {one.severity for one in found if one.code == module.CODE} == {module.SEVERITY}
    beside = {one.code for one in found} - {module.CODE}
    assert beside <= ALONGSIDE.get(module.CODE, set()), render_all(found)


ALONGSIDE: dict[str, set[str]] = {}
"""Codes that a page's wrong example cannot avoid."""


@EACH
def test_the_right_example_is_right(module: ModuleType, tmp_path: Path) -> None:
    found = diagnose_example(module, "Right", tmp_path.resolve())
    assert not has_errors(found), render_all(found)
    assert module.CODE not in {one.code for one in found}, render_all(found)


@EACH
def test_what_is_said_is_what_was_reviewed(module: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    said = render_all(diagnose_example(module, "Wrong", folder)).replace(f"{folder}{os.sep}", "")
    golden = GOLDENS / f"{module.CODE}.txt"
    text = f"{example(module, 'Wrong')}----\n{said}\n"
    if os.environ.get("HIKESHI_UPDATE_GOLDENS") == "1":
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


SMALL_MISTAKES = [
    ('terms anger "worst', "HK101", "no closing quotation mark"),
    ('terms anger "worst”', "HK101", "no closing quotation mark"),
    ("terms anger worst, scam", "HK107", "in quotes"),
    ("stpe start", "HK102", "no statement begins with `stpe`"),
    ("define a: shares >= 10kk", "HK103", "`10kk`"),
    ("define a: shares >= 10 k", "HK103", "one word"),
    ("define a: shares >= 5x", "HK103", "`5x`"),
    ("define a: thread.age >= 10 min", "HK103", "one word"),
    ('hours c in "UTC"\n  mon 9-17', "HK103", "`09:00`"),
    ("score r\n  40 when author.vip", "HK103", "a sign"),
    ("scale a： low < high", "HK104", "`：`"),
    ("define a: shares ≥ 10", "HK104", "`≥`"),
    ("define a: \u200bauthor.vip", "HK104", "invisible"),
    ("define a:\u2003author.vip", "HK104", "unusual space"),
    ("define a: \x00author.vip", "HK104", "invisible"),
    ("step start\n  otherwise → none", "HK104", "`→`"),
    ("step start\n  otherwise => none", "HK105", "`=>`"),
    ("step start\n  when author.vip => none\n  otherwise -> none", "HK105", "`=>`"),
    ("step start\n  when author.vip then none\n  otherwise -> none", "HK105", "`then`"),
    ("define a: shares => 5", "HK108", "`=>`"),
    ("define a: troll <> likely", "HK108", "`<>`"),
    ("define a: author.vip && author.known", "HK108", "`&&`"),
    ("define a: !author.vip", "HK108", "`!`"),
    ("define a: topic is one", "HK106", "`one`"),
    ("step start", "HK109", "`otherwise` or `when` should follow"),
    ("define a: author.vip and", "HK109", "not finished"),
    ("step start\n  if author.vip -> none", "HK110", "found `if`"),
    ("step start\n  otherwise -> none\n  else -> none", "HK110", "found `else`"),
    ("define a: (author.vip", "HK109", "not finished"),
    ("define a: author.vip)", "HK110", "no `(`"),
    ('terms a "x" "y"', "HK110", "expected `,`"),
    ('terms "a" "x"', "HK110", "expected a name"),
    ('terms a "c:\\dir"', "HK110", "`\\` stands only before"),
    ("terms a /abc", "HK110", "no closing `/`"),
    ("define a: author.vip\nscore a\n  +1 per shares", "HK115", "twice"),
    ('use ""', "HK113", "needs the name"),
    ('use "/etc/passwd"', "HK113", "own folder"),
    ("replace scale a: x < y\n  x when author.vip\n  y otherwise", "HK116", "scale `a` to replace"),
    ('hours c in "UTC"\n  mon 24:00-24:00', "HK121", "only end a day"),
    ('hours c in "UTC"\n  mon 09:60-10:00', "HK121", "09:60"),
    ("define a: shares >= " + "9" * 400, "HK122", "too large"),
    ("score r\n  +1 for each nothing", "HK201", "`nothing`"),
    ("define a: answered_at is known", "HK202", "only after"),
    ('terms safety "x"\ndefine a: safety', "HK202", "nothing is called `safety`"),
    ("score r\n  +1 per sharez", "HK202", "`sharez`"),
    ("watch w counts author.vip by prodct\n  opens at 2 within 1h", "HK202", "`prodct`"),
    ('define a: visibility is "private"', "HK206", "without quotes"),
    ("define a: channel is fax", "HK206", "`fax`"),
    ("outcome public\n  respond publicly", "HK210", "an outcome cannot be called `public`"),
    ("scale a: known < other\n  other when author.vip\n  known otherwise", "HK210", "a level cannot"),
    ('terms brand "x"', "HK210", "a term list cannot"),
    ("field extra.plan: words", "HK211", "type `words`"),
    ("define a: author.vip >= 3", "HK301", "no order"),
    ("define a: shares", "HK301", "no condition by itself"),
    ("define a: author.vip is yes", "HK301", "`yes`"),
    ("define a: product is mixer", "HK301", "quotes"),
    ('define a: shares is "many"', "HK301", "a text in quotes"),
    ("define a: tags is vip", "HK301", "a list"),
    ('define a: shares includes "x"', "HK301", "only a list"),
    ('define a: shares contains "x"', "HK301", "only a text"),
    ("define a: shares opened within 1h", "HK301", "only a watch"),
    ("watch w counts author.vip\n  opens at 2 within 1h\ndefine a: w", "HK301", "a watch"),
    ("watch w counts author.vip\n  opens at 2 within 1h\ndefine a: w is shut", "HK301", "`shut`"),
    ("define a: author.vip\ndefine b: a is high", "HK301", "a condition"),
    ("define a: rating > 7", "HK303", "7"),
    ("define a: author.followers < -5", "HK303", "-5"),
    ("define a: shares >= 1h", "HK304", "not a length of time"),
    ("define a: shares >= 20%", "HK304", "a count"),
    ("score r\n  +1 per 1h shares", "HK304", "a count"),
    ("define a: sentiment between positive and negative", "HK305", "nothing lies"),
    ("terms a /(?=x)/", "HK306", "lookaround"),
    ("terms a /(x)\\1/", "HK306", "backreferences"),
    ("terms a /" + "x" * 1001 + "/", "HK306", "1,000"),
    ('terms a "  "', "HK307", "empty"),
    ('terms a "*"', "HK307", "everything"),
    ('terms a "a\x07b"', "HK307", "invisible"),
    ('brand "A*b"', "HK307", "`*`"),
    ('define a: text mentions at least 2 of "x"', "HK308", "only one"),
    ('terms t "x", "y"\ndefine a: text mentions at least 0 of t', "HK308", "whole number"),
    ('terms t "x", "y"\ndefine a: text mentions at least 1.5 of t', "HK308", "whole number"),
    ("score r\n  +1 per 0 shares", "HK309", "every 0"),
    ("score r\n  +1 per thread.age", "HK309", "how much"),
    ('terms t "x"\nscore r\n  +1 for each t, at most -3', "HK309", "negative"),
    ('hours c in "UTC"\n  fri-mon 09:00-10:00', "HK310", "fri comes after mon"),
    ('hours c in "UTC"\n  mon-fri 09:00-12:00\n  wed 11:00-13:00', "HK310", "overlap on wed"),
    ('hours c in "UTC"\n  mon 09:00-12:00, 09:00-12:00', "HK310", "overlap on mon"),
    ("watch w counts author.vip\n  cool down 1h", "HK311", "never opens"),
    ("watch w counts author.vip\n  opens at 2 within 0h", "HK311", "longer than zero"),
    ("watch w counts author.vip\n  opens at 2 within 1h\n  opens at 3 within 1h", "HK311", "one `opens`"),
    ("scale a: x < x\n  x otherwise", "HK408", "twice"),
    ("scale a: x < y\n  x when author.vip\n  y when author.known", "HK408", "otherwise"),
    ("scale a: x < y\n  x otherwise\n  y when author.known", "HK408", "ever reaches"),
    ("scale a: x < y\n  z when author.vip\n  y when author.known\n  x otherwise", "HK408", "`z`"),
    ("define a: not a", "HK409", "itself"),
    ("define a: author.followers < 0", "HK505", "never true"),
    ("define a: sentiment <= 1", "HK505", "always true"),
    ("define a: sentiment >= negative", "HK505", "always true"),
    ('reply r\n  ja "{author.name}さま、再起動するだけです。"', "HK601", "small"),
    ('reply r\n  ja "{author.name}さま、お客様の責任です。"', "HK602", "blames"),
    ('reply r\n  ja "{author.name}さま、わかりません。"', "HK603", "way on"),
    ('reply r\n  ja "{author.name}さま、申し訳ございません。お詫びします。"', "HK604", "more than once"),
]


@pytest.mark.parametrize(("source", "code", "words"), SMALL_MISTAKES)
def test_a_small_mistake_is_named(source: str, code: str, words: str, tmp_path: Path) -> None:
    found = diagnose(source, tmp_path)
    assert any(one.code == code and words in one.message for one in found), render_all(found)


SOUND = [
    "define a: product is unknown or author.vip and not author.known",
    'define a: lang is "sv" or channel is one of x, facebook or product is "mixer" or product contains "mix"',
    "define a: troll >= 20% or sentiment is 0.5 or thread.age between 1h and 3d or rating >= 4",
    "define a: posted_at is known\ndefine b: a is unknown",
    "watch w counts author.vip by product\n  opens at 3x its usual hour over 14d, at least 20\ndefine a: w is not open",
    'hours c in "UTC"\n  fri-sun, mon 09:00-12:00, 12:00-24:00\n  closed 2028-02-29',
    'terms t "smok*", "発火", /AC-[0-9]+/\nscore r\n  +10 for each t, at most 3\n  +1 per 1h thread.age or 0 if unknown',
    'extend brand "Acme"\ndefine a: text mentions brand',
]


@pytest.mark.parametrize("source", SOUND)
def test_what_is_sound_is_left_alone(source: str, tmp_path: Path) -> None:
    assert not render_all(diagnose(source, tmp_path))


def test_a_name_that_a_broken_statement_declares_is_not_called_unknown(tmp_path: Path) -> None:
    source = "scale severity low < high\n  high when author.vip\n  low otherwise\ndefine bad: severity is high\n"
    assert [one.code for one in diagnose(source, tmp_path)] == ["HK110"]


def test_an_empty_cell_at_the_end_of_a_row_is_called_empty(tmp_path: Path) -> None:
    source = "matrix start: a by b\n  |   | x | y |\n  | u | public | |\n  | v | none | none |\n"
    assert "a cell of this matrix is empty" in render_all(diagnose(source, tmp_path))


def test_an_earlier_definition_in_a_used_file_is_extended_or_replaced(tmp_path: Path) -> None:
    (tmp_path / "words.playbook").write_text('terms anger "scam"\n', encoding="utf-8")
    found = diagnose('use "words"\nterms anger "worst"\n', tmp_path)
    assert [one.code for one in found] == ["HK115"]
    assert found[0].help is not None
    assert "extend terms anger" in found[0].help


def test_depth_is_no_limit_to_the_checks(tmp_path: Path) -> None:
    deep = "define deep: " + "not " * 20_000 + "author.vip\n"
    chain = "".join(f"define c{number}: c{number + 1}\n" for number in range(3_000)) + "define c3000: c0\n"
    steps = "".join(f"step s{number}\n  otherwise -> step s{number + 1}\n" for number in range(3_000))
    start = "step start\n  when " + "not " * 5_000 + "author.vip -> step s0\n  otherwise -> none\n"
    codes = {one.code for one in diagnose(deep + chain + start + steps + "step s3000\n  otherwise -> none\n", tmp_path)}
    assert codes == {"HK120", "HK409", "HK502", "HK507"}


def test_a_torn_playbook_never_breaks_a_check(tmp_path: Path) -> None:
    """Words of a whole playbook are dropped, doubled and swapped; everything must still be said in sentences."""
    words = re.findall(r'"[^"\n]*"|\S+|\n\s*', WHOLE)
    chance = random.Random(11)
    for _ in range(300):
        torn = list(words)
        for _ in range(chance.randint(1, 6)):
            place, other = chance.randrange(len(torn)), chance.randrange(len(torn))
            torn[place] = chance.choice(["", torn[other], torn[place] * 2, "?", '"', "start", "-5", "10k", "->"])
        said = render_all(diagnose(" ".join(torn), tmp_path))
        assert "TERMINAL" not in said


def test_a_large_playbook_is_checked(tmp_path: Path) -> None:
    lists = "".join(
        f"terms t{n} {', '.join(f'{chr(34)}word {n} {i}{chr(34)}' for i in range(1000))}\n" for n in range(10)
    )
    rules = "".join(f"  when text mentions t{n % 10} and shares >= {n + 1} -> take private\n" for n in range(1000))
    source = f'playbook "Large"\n{lists}step start\n{rules}  otherwise -> none\n'
    playbook, found = load_text(source, "large.playbook", tmp_path)
    assert [*found, *checks.check(playbook)] == []


WHOLE = """playbook "Acme Retail" owner "social-care"

hours care in "Asia/Tokyo"
  mon-fri 09:00-12:30, 13:30-18:00
  closed 2026-12-31, 2027-01-01

brand "Acme", "acme.jp", "アクメ"
terms safety "caught fire", "smok*", "発火", /burn(ed|t)/
terms account "order number", "refund", "注文番号"
field extra.plan: text
define paying: extra.plan is "gold" or post.sponsored

scale severity: low < medium < high < critical
  critical when text mentions safety
  high     when text mentions at least 2 of account or sentiment <= -0.8 and exposure >= loud
  medium   when sentiment <= -0.3
  low      otherwise

scale exposure: hidden < quiet < loud
  hidden  when visibility is private
  loud    when author.followers >= 10k or shares >= 20 or paying
  quiet   otherwise

score risk
  +40 when text mentions safety
  +10 for each account, at most 3
  +1 per 1k author.followers or 0 if unknown

watch safety_wave counts text mentions safety by product
  opens at 20 within 1h
  closes below 5 within 6h
  cool down 2h

step start
  when severity is critical or safety_wave is open or risk >= 50 -> step crisis
  when troll is likely and thread.our_replies >= 1 -> ignore as troll because "answered once"
  otherwise -> step care

matrix crisis: severity by exposure
  |          | hidden  | quiet   | loud      |
  | critical | private | private | marketing |
  | high     | private | private | private   |
  | medium   | private | public  | public    |
  | low      | none    | public  | step care |

outcome marketing
  hand off to marketing
  acknowledge within 15m  escalate pr_crisis  tag "crisis"  pause publishing

step care
  when text mentions account or text has personal data or thread.turns > 3
    -> take private reply within 1h in care hours, 12h otherwise say "dm_please"
  when lang is one of en, ja and tags includes "praise" -> respond publicly priority high assign "Mika"
  otherwise -> no reply needed

ladder pr_crisis
  at once notify "pr-duty"
  after 30m notify "head of comms"

reply dm_please
  en "I'm sorry, {author.name}. Could you send us your order number in a DM?"
  ja "{author.name}さま、DMで注文番号をお送りいただけますか。"

guarantee "a safety report is never ignored"
  never ignore as troll when text mentions safety
"""


def test_a_whole_playbook_is_left_alone(tmp_path: Path) -> None:
    assert not render_all(diagnose(WHOLE, tmp_path))
