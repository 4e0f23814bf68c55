"""Torn, twisted and overgrown playbooks: each must end in diagnostics or in a valid playbook, soon and without a crash.

    python benchmarks/fuzz.py 100000 --seed 7 --out fuzz-findings

Prints how many texts were looked at, how they ended, the longest time and every kind of finding; the texts themselves
are saved under their numbers. `mutant(seed, number)` makes any one of them again.

Longer than other modules because it is one script: ways to tear a text, what must hold of the result, the report.
"""

from __future__ import annotations

import argparse
import inspect
import json
import multiprocessing
import re
import signal
import sys
import textwrap
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# The imports below come late (E402) because the script also runs from a checkout that is not installed.

import polars as pl  # noqa: E402

from engine import resources  # noqa: E402
from engine.evaluate import columns, one  # noqa: E402
from engine.graph import build  # noqa: E402
from engine.language import checks  # noqa: E402
from engine.language.checks import too_deep  # noqa: E402
from engine.language.diagnostics import Diagnostic, has_errors, render_all  # noqa: E402
from engine.language.format import format_file  # noqa: E402
from engine.language.load import load_text  # noqa: E402
from engine.language.parse import parse  # noqa: E402
from engine.language.source import Source  # noqa: E402
from engine.plan import compile_plan  # noqa: E402
from engine.signals.facts import FactReader  # noqa: E402
from tests.evaluate.drawn import Drawer, facts_for  # noqa: E402

SLOW = 5.0
"""Seconds of processor time that no text may take; the clock on the wall would also measure the neighbours."""
HANGS = 60
LONGEST = 120_000
"""Characters of a text, some hundred times those of a playbook that people wrote."""

SAMPLE = """
playbook "Acme Retail" owner "social-care"
hours care in "Asia/Tokyo"
  mon-fri 09:00-12:30, 13:30-18:00
  closed 2026-12-31, 2027-01-01
brand "Acme", "acme.jp", "アクメ"
field extra.plan: text
field extra.score: number
terms safety
  "caught fire", "smok*", "burn*", "発火", "やけど", "異物混入", /AC-[0-9]+/
terms account "order number", "refund", "my card", "注文番号", "返金"
extend terms account "booking"
replace terms account "booking", "order"
scale severity: low < medium < high < critical
  critical when text mentions safety
  high     when text mentions at least 2 of account or sentiment <= -0.8 and exposure >= loud
  medium   when sentiment <= -0.3
  low      otherwise
scale exposure: hidden < quiet < loud < viral
  hidden  when visibility is private
  viral   when author.followers >= 100k or shares >= 500
  loud    when author.followers between 10k and 20k or shares >= 20 or post.sponsored
  quiet   otherwise
score risk
  +40 when text mentions safety
  +10 for each account, at most 3
  +1  per 1k author.followers or 0 if unknown
  -5  when author.known
define angry: not (text mentions brand and sentiment is not positive) or hostility > 20%
watch safety_wave
  counts text mentions safety by product
  opens at 3x its usual hour over 14d, at least 20
  closes below 5 within 6h
  cool down 2h
step start
  when severity is critical or safety_wave is open
    -> step crisis
  when troll is likely and severity is low and thread.our_replies >= 1
    -> ignore as troll
       because "answered once as genuine; vague, extreme, aimed at everything"
  otherwise
    -> step care
matrix crisis: severity by exposure
  |          | hidden  | quiet   | loud      | viral     |
  | critical | private | private | marketing | marketing |
  | high     | private | private | private   | marketing |
  | medium   | private | public  | step care | public    |
  | low      | private | public  | none      | ignore    |
outcome marketing
  hand off to marketing
  acknowledge within 15m  escalate pr_crisis  tag "crisis"  pause publishing
  because "critical and seen by many: marketing answers, in order"
step care
  # who asks for an account
  when text mentions account or text has personal data or thread.turns > 3
    -> take private
       reply within 1h in care hours, 12h otherwise
       say "dm_please"
  when sentiment >= 0.5 or risk >= 50 and extra.plan is one of "pro", "team" and tags includes "vip"
    -> respond publicly  tag "praise" priority high assign "mika"
  when text asks a question or angry or topic contains "bill" or since.our_reply > 3d # soon
    -> respond publicly
       acknowledge within 15m  reply within 1h in care hours, 12h otherwise
       follow up after 3d
  otherwise
    -> no reply needed
ladder pr_crisis
  at once   notify "pr-duty"
  after 30m notify "head of comms", "ceo"
reply dm_please
  en "I'm sorry, {author.name}. Could you send us your order number in a DM, so that we can put this right?"
  ja "{author.name}さま、ご迷惑をおかけしております。DMで注文番号をお送りいただけますか。"
guarantee "a safety report is never ignored"
  never ignore as troll when text mentions safety
guarantee "critical and viral reaches marketing at once"
  always hand off to marketing when severity is critical and exposure is viral
"""

MESSAGES = pl.DataFrame(
    {
        "text": ["My ﬁrst order number 12345 caught fire?! ｱｸﾒ 😡", None],
        "author.followers": [12_000, None],
        "visibility": ["public", None],
        "product": ["Charger X", None],
        "tags": [["VIP"], None],
    },
    schema_overrides={"tags": pl.List(pl.String)},
)


# ---- texts to begin with


@lru_cache(maxsize=1)
def pages() -> list[str]:
    """Every `Wrong:` and `Right:` of the checks' pages."""
    found = []
    for module in checks.ALL:
        page = inspect.cleandoc(module.__doc__ or "")
        for block in re.findall(r"^(?:Wrong|Right):\n((?:    .*(?:\n|$)|\n)+)", page, re.MULTILINE):
            found.append(textwrap.dedent(block).strip() + "\n")
    return found


@lru_cache(maxsize=1)
def shipped() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(resources.playbooks().rglob("*.playbook"))]


def beginning(random: Random) -> str:
    kind = random.random()
    if kind < 0.3:
        text = SAMPLE
    elif kind < 0.6:
        text = format_file(Drawer(random).file())
    elif kind < 0.85:
        text = "".join(random.choices(pages(), k=random.choice((1, 1, 2, 4))))
    else:
        text = random.choice(shipped())
        if random.random() < 0.8:
            lines = text.split("\n")
            start = random.randrange(len(lines))
            text = "\n".join(lines[start : start + random.randint(1, 60)])
    if random.random() < 0.97:
        text = re.sub(r"^\s*use .*$", "", text, flags=re.MULTILINE)
    return text


# ---- what may happen to a text


_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|->|[\w.]+|\s+|.', re.DOTALL)
ODD = (
    "\0", "\x1b[31m", "\r", "\u2028", "\u202e", "\ufeff", "\u200b", "\U0001f525", "“", "”", "「", "»", "＃", "：", "，", "\u0301", "\ufffd",
    "e\u0301", "İ", "ﬁ", "ﾊﾞ", "\u3000", "\ud7ff", "\U0010ffff", "١", "²", "½", "−", "…", "\\", '"', "/", "|", "#", "*", "(", ")",
)  # fmt: skip
WORDS = (
    "when", "otherwise", "step", "start", "not", "and", "or", "is", "one", "of", "text", "mentions", "at", "least", "->", "matrix", "|",
    "by", "reply", "within", "in", "hours", "ignore", "as", "troll", "unknown", "known", "known", "use", '"std/en"', "extend", "replace",
    "terms", "scale", "<", ">=", "10k", "1h", "3x", "20%", "+40", "-5", "09:00", "2026-02-31", "mon", "yes/no", "brand", "per", "each",
    "for", "public", "severity", "low", "sentiment", "name", '""', "/x/", ":", ",", "(", ")", "between", "includes", "playbook", "closed",
)  # fmt: skip


def swap(text: str, random: Random) -> str:
    tokens = _TOKEN.findall(text)
    solid = [place for place, token in enumerate(tokens) if not token.isspace()]
    for _ in range(random.randint(1, 3)):
        if len(solid) > 1:
            a, b = random.sample(solid, 2)
            tokens[a], tokens[b] = tokens[b], tokens[a]
    return "".join(tokens)


def lose(text: str, random: Random) -> str:
    tokens = _TOKEN.findall(text)
    for _ in range(random.randint(1, 3)):
        if tokens:
            tokens.pop(random.randrange(len(tokens)))
    return "".join(tokens)


def double(text: str, random: Random) -> str:
    tokens = _TOKEN.findall(text)
    start = random.randrange(len(tokens) + 1)
    part = tokens[start : start + random.choice((1, 1, 2, 5, 40))]
    return "".join([*tokens[:start], *part * random.choice((2, 2, 3, 20)), *tokens[start + len(part) :]])


def put(text: str, random: Random) -> str:
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(text) + 1)
        piece = random.choice((random.choice(ODD), f" {random.choice(WORDS)} ", chr(random.randrange(0xD800))))
        text = text[:at] + piece + text[at:]
    return text


def exchange(text: str, random: Random) -> str:
    """A word becomes another one that stands in the text, or one of the language."""
    tokens = _TOKEN.findall(text)
    solid = [place for place, token in enumerate(tokens) if not token.isspace()]
    for _ in range(random.randint(1, 3)):
        if solid:
            tokens[random.choice(solid)] = random.choice((tokens[random.choice(solid)], random.choice(WORDS)))
    return "".join(tokens)


def cut(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] if random.random() < 0.7 else text[at:]


def deep(text: str, random: Random) -> str:
    """Brackets and `not`, thousands deep, in some condition."""
    found = list(re.finditer(r"\b(?:when|counts|define \S+:)\s", text))
    depth = random.choice((40, 49, 50, 51, 52, 300, 2000, random.choice((5000, 20_000))))
    kind = random.randrange(6)
    opening = (
        "(" * depth,
        "not " * depth,
        "not (" * depth,
        "(not likes is 3 or " * depth,
        "(likes >= 1 and (shares > 1 or ",
        "not(" * depth,
    )[kind]
    if kind == 4:
        opening *= depth // 2
    closing = ")" * opening.count("(") if random.random() < 0.8 else ")" * random.randint(0, depth)
    body = random.choice(("text asks a question", "author.vip", "likes is unknown", "text mentions"))
    if not found:
        return f"{text}\ndefine deep: {opening}{body}{closing}\n"
    place = random.choice(found)
    joint = random.choice((" or ", " and ", " "))
    return text[: place.end()] + opening + body + closing + joint + text[place.end() :]


def wide(text: str, random: Random) -> str:
    """Very many parts, statements or lines, or one very long line."""
    many = random.choice((100, 1000, 5000))
    match random.randrange(9):
        case 0:
            return text + "\ndefine wide: " + " or ".join(["likes >= 1", "author.vip"] * many) + "\n"
        case 1:
            return text + "\ndefine wide: " + " and ".join(f"likes > {n}" for n in range(many)) + "\n"
        case 2:
            return text + "\nterms wide " + ", ".join(f'"{n:x} word"' for n in range(many)) + "\n"
        case 3:
            return (
                text + "".join(f"\ndefine d{n}: {'author.vip' if n == 0 else f'd{n - 1}'}" for n in range(many)) + "\n"
            )
        case 4:
            return (
                text
                + "\n"
                + random.choice(('"', "x", "(", "# ", "|", "-", "9", "/", "あ", "\u0301", " ", "or ")) * 100_000
                + "\n"
            )
        case 5:
            steps = "".join(f"\nstep s{n} otherwise -> step s{n + 1}" for n in range(many))
            return f'playbook "x"\nstep start otherwise -> step s0{steps}\nstep s{many} otherwise -> public\n'
        case 6:
            levels = [f"l{n}" for n in range(min(many, 1000))]
            rules = " ".join(f"{level} when likes > {n}" for n, level in enumerate(levels[1:]))
            return f"{text}\nscale wide: {' < '.join(levels)} {rules} l0 otherwise\n"
        case 7:
            return text + "\ndefine wide: channel is one of " + ", ".join(["x", '"fax"'] * many) + "\n"
        case _:
            return text + "\ndefine wide: " + "text mentions " + '"' + "a b " * 25_000 + '"\n'


def huge(text: str, random: Random) -> str:
    """A number, a length of time or a name of very many digits or letters."""
    size = random.choice((16, 17, 20, 40, 310, 400, 4300, 5000, 50_000))
    digits = random.choice(("9" * size, "0" * size + "1", "1" + "0" * size, "0." + "0" * size + "1", "1." + "9" * size))
    found = [m for m in re.finditer(r"[+-]?\d[\d.]*[kM%smhdwx]?", text) if '"' not in m.group()]
    if found and random.random() < 0.8:
        place = random.choice(found)
        unit = (
            place.group()[-1]
            if place.group()[-1].isalpha() or place.group()[-1] == "%"
            else random.choice(("", "k", "h", "w"))
        )
        sign = place.group()[0] if place.group()[0] in "+-" else ""
        return text[: place.start()] + sign + digits + unit + text[place.end() :]
    names = list(re.finditer(r"[a-z_.]{4,}", text))
    if not names:
        return text + digits
    return text.replace(random.choice(names).group(), random.choice(("n", "é", "名", "a.")) * size + "x")


def unquote(text: str, random: Random) -> str:
    marks = [place for place, c in enumerate(text) if c in '"/|']
    if not marks:
        return text + '"'
    at = random.choice(marks)
    return text[:at] + random.choice(("", "", "'", "“", '""', "\\")) + text[at + 1 :]


def shuffle(text: str, random: Random) -> str:
    lines = text.split("\n")
    random.shuffle(lines)
    return "\n".join(lines)


def pattern(text: str, random: Random) -> str:
    made = random.choice((
        "(a+)+$", "a{1000}{1000}", "(?:a{999}){999}", "\\p{L}{500}", "(?=x)", "\\1", "[", "(", "*", "(?i)x", "x|", "\\d\\", "(" * 300 + ")" * 300,
        "[^\\x00-\\x{10FFFF}]", "\\x{110000}", "(?P<a>x)(?P<a>y)", "a" * 1001, "(?x) # y", "\\b", "\\B", "^", "$", "", "(?-u)\\xff",
    ))  # fmt: skip
    return text + f"\nterms odd /{made}/\ndefine odd_one: text mentions odd\n"


def join(text: str, random: Random) -> str:
    return text + beginning(random)


MUTATIONS = (
    swap,
    lose,
    double,
    put,
    exchange,
    cut,
    unquote,
    join,
    shuffle,
    pattern,
    swap,
    lose,
    double,
    put,
    exchange,
    huge,
    deep,
    wide,
)
RARE = {deep: 0.35, wide: 0.15}


def mutant(seed: int, number: int) -> bytes:
    """Text `number` of a run."""
    random = Random(f"{seed}:{number}")
    text = beginning(random)
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3, 5))):
        mutation = random.choice(MUTATIONS)
        if random.random() < RARE.get(mutation, 1):
            text = mutation(text, random)[:LONGEST]
    if random.random() < 0.05:
        text = text.replace("\n", random.choice(("\r\n", "\r", "\n\n", " ", "\u2028")))
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if random.random() < 0.15 and data:
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            data[at] = random.choice((data[at] ^ (1 << random.randrange(8)), random.randrange(256)))
    return bytes(data)


# ---- what must hold


@dataclass(frozen=True, slots=True)
class Result:
    """How one text ended: `findings` are what must not be."""

    number: int
    ending: str
    seconds: float
    findings: tuple[str, ...]


class Wrong(AssertionError):
    """Something that must hold does not."""


def must(condition: object, said: str) -> None:
    if not condition:
        raise Wrong(said)


def examine(data: bytes) -> str:
    """Take a text all the way; say how it ended. Raises what must not be."""
    playbook, found = load_text(data, "fuzz.playbook", None)
    found = [*found, *checks.check(playbook)]
    _sound(found)
    _formatted(data)
    if has_errors(found):
        return "errors"
    if not playbook.steps and not playbook.matrices:
        return "no steps"
    graph = build(playbook)
    plan = compile_plan(playbook, graph)
    facts = FactReader(plan).read(MESSAGES)
    more = facts_for(plan, Random(0), 3)
    for frame in (facts, more):
        decided = columns.decide(plan, frame)
        for number, row in enumerate(frame.iter_rows(named=True)):
            trace = one.decide(plan, row)
            way, unknown = decided.ways[decided.code[number]]
            must(tuple(arm.rule for arm in way) == trace.path, "the evaluators go different ways")
            must(unknown == trace.unknown, "the evaluators miss different facts")
    return "decided"


def _sound(found: list[Diagnostic]) -> None:
    for diagnostic in found:
        for label in (diagnostic.label, *diagnostic.labels):
            span = label.span
            must(0 <= span.start <= span.end <= len(span.source.text), f"{diagnostic.code} lies outside the text")
        must(checks.page(diagnostic.code), f"{diagnostic.code} has no page")
        json.dumps(diagnostic.as_dict())
    text = render_all(found)
    control = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    must(control is None, f"a control character is shown: {control and control.group()!r}")


def _formatted(data: bytes) -> None:
    """What `hikeshi fmt` does, and that it keeps what it must."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    parsed = parse(Source("fuzz.playbook", text))
    if parsed.troubles or any(True for _ in too_deep.check_file(parsed.file)):
        return
    once = format_file(parsed.file)
    again = parse(Source("fuzz.playbook", once))
    must(not again.troubles, "what was formatted does not parse")
    must(again.file == parsed.file, "formatting changed the meaning")
    before, after = (sorted(comment.text for comment in one.file.comments) for one in (parsed, again))
    must(before == after, "formatting changed the comments")
    must(format_file(again.file) == once, "formatting twice is not formatting once")


def _alarm(*_: object) -> None:
    msg = f"still going after {HANGS} s"
    raise TimeoutError(msg)


def look_at(seed: int, number: int) -> Result:
    """One text of a run."""
    data = mutant(seed, number)
    findings = []
    ending = "broke"
    signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    start = time.process_time()
    try:
        ending = examine(data)
    except Exception as error:  # noqa: BLE001  any exception at all is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        where = next((f for f in reversed(frames) if "engine" in f.filename), frames[-1])
        said = str(error).split("\n")[0][:200]
        findings.append(f"{type(error).__name__} in {Path(where.filename).name}:{where.name}: {said}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = time.process_time() - start
    if seconds > SLOW:
        findings.append(f"slow: {ending}")
    return Result(number, ending, seconds, tuple(findings))


def _job(one_: tuple[int, int]) -> Result:
    return look_at(*one_)


def main() -> int:
    """Run as many as asked for on two processes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", nargs="?", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path, default=Path("fuzz-findings"))
    said = options.parse_args()
    endings: Counter[str] = Counter()
    kinds: dict[str, list[Result]] = {}
    times: list[tuple[float, int]] = []
    start = time.perf_counter()
    jobs = ((said.seed, number) for number in range(said.count))
    with multiprocessing.get_context("spawn").Pool(said.workers, maxtasksperchild=5000) as pool:
        for result in pool.imap_unordered(_job, jobs, chunksize=20):
            endings[result.ending] += 1
            times.append((result.seconds, result.number))
            if len(times) % 1000 == 0:
                print(f"{len(times)} texts, {time.perf_counter() - start:.0f} s", flush=True)
            for finding in result.findings:
                if finding not in kinds:
                    said.out.mkdir(parents=True, exist_ok=True)
                    (said.out / f"{said.seed}-{result.number}.playbook").write_bytes(mutant(said.seed, result.number))
                    print(f"{said.seed}:{result.number} ({result.seconds:.1f} s) {finding}", flush=True)
                kinds.setdefault(finding, []).append(result)
    times.sort(reverse=True)
    print(f"{said.count} texts in {time.perf_counter() - start:.0f} s: {dict(endings)}")
    print("longest:", ", ".join(f"{seconds:.2f} s ({said.seed}:{number})" for seconds, number in times[:5]))
    print(f"{sum(map(len, kinds.values()))} findings of {len(kinds)} kinds")
    for finding, several in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"  {len(several)} x {finding}, such as {said.seed}:{min(one_.number for one_ in several)}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
