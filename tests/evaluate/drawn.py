"""Random playbooks that are valid by construction, as syntax trees, and random facts for them.

Everything is drawn from one `random.Random`, type by type: a condition is only ever made for a name that may stand in
it. Hypothesis hands in a `Random` of its own and so can make a failing playbook smaller. Longer than other modules because every
construct of the language has its way of being drawn here, and none may be missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import polars as pl

from engine.language import syntax as s
from engine.language.parse import _duration, _number
from engine.language.source import Source, Span
from engine.language.types import DECLARED_TYPES
from engine.message import AFTERWARDS, FIELD, SIGNAL, Kind
from engine.plan import All, Definition, Expression, Missing, Opposite, Plan, Scale, Score
from engine.plan import Any as Some

T = TypeVar("T")
NOWHERE = Span(Source("drawn.playbook", ""), 0, 0)
SILENT = {"ignore as troll", "no reply needed"}
WORDS = ("Charger X", "bill", "ＶＩＰ", "アクメ", "crème", "発火", "", "Straße", "İ", 'say "no"', "back\\slash")
PHRASES = ("burn*", "fire", "don't", "発火", "ﾔｹﾄﾞ", "caught fire", "é", "a", "AC-1*", "😡", "ÅB", "返金")
PATTERNS = (r"AC-\d+", r"fire|smoke", r"[ぁ-ん]{3}", r"a\/b")
LEVELS = ("low", "medium", "high", "critical", "hidden", "loud", "低", "高い", "x", "within", "of")
AMOUNTS = ("0", "1", "2", "3", "10", "1.5", "0.5", "20%", "1k", "10k", "2M", "100", "-1", "-0.5", "0.30", "1000000")
DURATIONS = ("0s", "30s", "90s", "1.5m", "30m", "1h", "12h", "3d", "2w", "0.5h")
OPERATORS = (">=", "<=", ">", "<")


def name(text: str) -> s.Name:
    return s.Name(text, NOWHERE)


def text(said: str) -> s.Text:
    return s.Text(said, NOWHERE)


def number(written: str) -> s.Number:
    return _number(written, NOWHERE)


def duration(written: str) -> s.Duration:
    return _duration(written, NOWHERE)


@dataclass
class Drawer:
    """Draws one playbook. `fields` are the names that its conditions look at; `tables` what it has declared so far."""

    random: Random
    fields: dict[str, Kind] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    scales: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scores: list[str] = field(default_factory=list)
    defines: list[str] = field(default_factory=list)
    watches: list[str] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    hours: list[str] = field(default_factory=list)
    ladders: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    brand: int = 0
    used: int = 0

    def pick(self, several: Any) -> Any:
        return self.random.choice(list(several))

    def some(self, make: Callable[[], T], low: int, high: int) -> tuple[T, ...]:
        return tuple(make() for _ in range(self.random.randint(low, high)))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def fresh(self, stem: str) -> str:
        self.used += 1
        return f"{self.pick((stem, stem, f'{stem}_x', f'名{stem}', f'{stem}.y'))}{self.used}"

    # ---- the whole

    def file(self) -> s.File:
        """A playbook that loads: declarations in any order, then steps that lead from `start` to decisions."""
        told: list[Any] = [*self.declarations(), *self.graph()]
        head = [s.Header(text("Drawn"), text("me") if self.chance(0.3) else None, NOWHERE)]
        for _ in range(self.random.randint(0, 2)):
            told.append(self.guarantee())
        if self.chance(0.5):
            self.random.shuffle(told)
        return s.File((*head, *told), (), NOWHERE)

    def declarations(self) -> list[Any]:
        told: list[Any] = []
        known = [one for one in FIELD if one not in AFTERWARDS and one not in SIGNAL]
        self.fields = {one: FIELD[one].kind for one in self.random.sample(known, self.random.randint(1, 6))}
        for _ in range(self.random.randint(0, 4)):
            kind = self.pick(DECLARED_TYPES)
            declared = f"extra.{self.fresh('f')}"
            self.fields[declared] = DECLARED_TYPES[kind]
            told.append(s.Field(name(declared), name(kind), NOWHERE))
        if self.chance(0.3):
            phrases = self.phrases()
            self.brand = len(phrases)
            told.append(s.Brand(phrases, NOWHERE))
        for _ in range(self.random.randint(0, 3)):
            one, phrases = self.fresh("list"), self.phrases()
            self.lists[one] = len(phrases)
            told.append(s.Terms(name(one), phrases, NOWHERE))
        for _ in range(self.random.randint(0, 2)):
            told.append(self.watch())
        kinds = [self.define, self.define, self.scale, self.scale, self.score]
        for _ in range(self.random.randint(0, 6)):
            told.append(self.pick(kinds)())
        if self.chance(0.3):
            told.append(self.opening_hours())
        if self.chance(0.3):
            told.append(self.ladder())
        if self.chance(0.3):
            told.append(self.reply())
        for _ in range(self.random.randint(0, 2)):
            told.append(self.outcome())
        return told

    def phrases(self) -> tuple[s.Phrase, ...]:
        said = self.random.sample(PHRASES, self.random.randint(1, 5))
        found: list[s.Phrase] = [text(one) for one in said]
        if self.chance(0.2):
            found.append(s.Pattern(self.pick(PATTERNS), NOWHERE))
        return tuple(found)

    def watch(self) -> s.Watch:
        keys = [one for one, kind in self.fields.items() if kind in {Kind.TEXT, Kind.CATEGORY, Kind.YES_NO}]
        key = name(self.pick(keys)) if keys and self.chance(0.4) else None
        condition = self.condition(2)
        opens: s.WatchLine = s.OpensAt(number("20"), duration("1h"), NOWHERE)
        if self.chance(0.4):
            times = s.Number(3, "3x", NOWHERE)
            opens = s.OpensRelative(times, duration("14d"), number("20") if self.chance(0.5) else None, NOWHERE)
        lines: list[s.WatchLine] = [opens]
        if self.chance(0.5):
            lines.append(s.ClosesBelow(number("5"), duration("6h"), NOWHERE))
        if self.chance(0.3):
            lines.append(s.CoolDown(duration("2h"), NOWHERE))
        watch = s.Watch(name(self.fresh("wave")), condition, key, tuple(lines), NOWHERE)
        self.watches.append(watch.name.text)
        return watch

    def define(self) -> s.Define:
        define = s.Define(name(self.fresh("def")), self.condition(3), NOWHERE)
        self.defines.append(define.name.text)
        return define

    def scale(self) -> s.Scale:
        levels = tuple(self.random.sample(LEVELS, self.random.randint(1, 4)))
        order = [*levels, *self.some(lambda: self.pick(levels), 0, 2)]
        self.random.shuffle(order)
        rules = [s.LevelRule(name(level), self.condition(2), NOWHERE) for level in order[:-1]]
        rules.append(s.LevelRule(name(order[-1]), None, NOWHERE))
        scale = s.Scale(name(self.fresh("scale")), tuple(map(name, levels)), tuple(rules), NOWHERE)
        self.scales[scale.name.text] = levels
        return scale

    def score(self) -> s.Score:
        score = s.Score(name(self.fresh("score")), self.some(self.points_line, 1, 4), NOWHERE)
        self.scores.append(score.name.text)
        return score

    def points_line(self) -> s.PointsLine:
        points = number(self.pick(("+40", "+10", "-5", "+0", "-0.5", "+1", "+2.5", "-10", "+0.1")))
        default = number(self.pick(("0", "5", "-3", "0.1"))) if self.chance(0.4) else None
        amounts = [one for one, kind in self.fields.items() if kind in {Kind.COUNT, Kind.NUMBER, Kind.DURATION}]
        amounts += [*self.scores, *SIGNAL]
        kind = self.random.random()
        if kind < 0.4:
            return s.PointsWhen(points, self.condition(2), default, NOWHERE)
        if kind < 0.55 and self.lists:
            most = number(self.pick(("0", "1", "3", "2.5"))) if self.chance(0.5) else None
            return s.PointsEach(points, name(self.pick(self.lists)), most, NOWHERE)
        left = self.pick(amounts)
        unit: s.Amount | None = None
        if self.fields.get(left) is Kind.DURATION:
            unit = duration(self.pick(("30s", "1h", "3d", "1.5m")))
        elif self.chance(0.5):
            shares = self.fields.get(left) is not Kind.COUNT
            unit = number(self.pick(("1k", "3", "0.7", "10", *(("20%",) if shares else ()))))
        return s.PointsPer(points, unit, name(left), default, NOWHERE)

    # ---- conditions

    def condition(self, depth: int) -> s.Condition:
        kind = self.random.random()
        if depth <= 0 or kind < 0.4:
            return self.atom()
        if kind < 0.55:
            return s.Not(self.condition(depth - 1), NOWHERE)
        node = s.And if kind < 0.78 else s.Or
        parts: list[s.Condition] = []
        for part in self.some(lambda: self.condition(depth - 1), 2, 3):
            parts.extend(part.parts if isinstance(part, node) else (part,))
        return node(tuple(parts), NOWHERE)

    def atom(self) -> s.Condition:
        kinds: list[Callable[[], s.Condition]] = [self.on_field] * 6 + [self.on_signal, self.on_text]
        for several, make in (
            (self.lists, self.mentions),
            (self.scales, self.on_scale),
            (self.scales, self.on_scale),
            (self.scores, self.on_score),
            (self.scores, self.on_score),
            (self.defines, self.on_define),
            (self.defines, self.on_define),
            (self.watches, self.on_watch),
        ):
            if several:
                kinds.append(make)
        made: s.Condition = self.pick(kinds)()
        return made

    def on_text(self) -> s.Condition:
        return self.pick((s.PersonalData(NOWHERE), s.Question(NOWHERE), self.mentions()))  # type: ignore[no-any-return]

    def mentions(self) -> s.Condition:
        words: s.Name | s.Text | None = text(self.pick(PHRASES))
        known = 1
        if self.lists and self.chance(0.7):
            words = name(self.pick(self.lists))
            known = self.lists[words.text]
        elif self.brand and self.chance(0.5):
            words, known = None, self.brand
        least = number(str(self.random.randint(1, known))) if self.chance(0.4) else None
        return s.Mentions(words, least, NOWHERE)

    def on_define(self) -> s.Condition:
        left = name(self.pick(self.defines))
        return s.Holds(left, NOWHERE) if self.chance(0.8) else s.Unknown(left, self.chance(0.5), NOWHERE)

    def on_watch(self) -> s.Condition:
        left = name(self.pick(self.watches))
        if self.chance(0.3):
            return s.Opened(left, duration(self.pick(DURATIONS[1:])), NOWHERE)
        return s.Is(left, name(self.pick(("open", "closed"))), self.chance(0.3), NOWHERE)

    def on_score(self) -> s.Condition:
        written = ("0", "10", "-5", "25", "40", "50", "0.1", "2.5", "-0.5", "1k")
        return self.ordered(self.pick(self.scores), lambda: number(self.pick(written)))

    def on_scale(self) -> s.Condition:
        left = self.pick(self.scales)
        return self.levelled(left, self.scales[left])

    def on_signal(self) -> s.Condition:
        left = self.pick(SIGNAL)
        signal = SIGNAL[left]
        if signal.levels and self.chance(0.5):
            return self.levelled(left, signal.levels)
        written = ["0", "0.5", "20%", "1", "0.15", "0.35", "0.6", *(("-0.15", "-1", "-0.5") if signal.low < 0 else ())]
        if signal.levels and self.chance(0.15):
            low = number(written[0])
            return s.Between(name(left), low, name(signal.levels[-1]), NOWHERE)
        return self.ordered(left, lambda: number(self.pick(written)))

    def levelled(self, left: str, levels: tuple[str, ...]) -> s.Condition:
        one = name(left)

        def level() -> s.Name:
            return name(self.pick(levels))

        match self.random.randint(0, 5):
            case 0:
                return s.Is(one, level(), self.chance(0.3), NOWHERE)
            case 1:
                return s.OneOf(one, self.some(level, 1, 3), self.chance(0.3), NOWHERE)
            case 2:
                low = self.random.randrange(len(levels))
                high = self.random.randrange(low, len(levels))
                return s.Between(one, name(levels[low]), name(levels[high]), NOWHERE)
            case 3 if self.chance(0.3):
                return s.Unknown(one, self.chance(0.5), NOWHERE)
            case _:
                return s.Compare(one, self.pick(OPERATORS), level(), NOWHERE)

    def ordered(self, left: str, amount: Callable[[], s.Amount]) -> s.Condition:
        one = name(left)
        match self.random.randint(0, 6):
            case 0:
                return s.Is(one, amount(), self.chance(0.3), NOWHERE)
            case 1:
                return s.OneOf(one, self.some(amount, 1, 3), self.chance(0.3), NOWHERE)
            case 2:
                ends = sorted(
                    (amount(), amount()), key=lambda end: end.value if isinstance(end, s.Number) else end.seconds
                )
                return s.Between(one, *ends, NOWHERE)
            case 3 if self.chance(0.6):
                return s.Unknown(one, self.chance(0.5), NOWHERE)
            case _:
                return s.Compare(one, self.pick(OPERATORS), amount(), NOWHERE)

    def on_field(self) -> s.Condition:
        left = self.pick(self.fields)
        kind = self.fields[left]
        one = name(left)
        if self.chance(0.15):
            return s.Unknown(one, self.chance(0.5), NOWHERE)
        match kind:
            case Kind.YES_NO:
                return s.Holds(one, NOWHERE)
            case Kind.TIME:
                return s.Unknown(one, self.chance(0.5), NOWHERE)
            case Kind.LIST:
                return s.Includes(one, self.word(), NOWHERE)
            case Kind.DURATION:
                return self.ordered(left, lambda: duration(self.pick(DURATIONS)))
            case Kind.NUMBER | Kind.COUNT:
                written = self.amounts(left, kind)
                return self.ordered(left, lambda: number(self.pick(written)))
            case Kind.CATEGORY:
                return self.equal(one, lambda: self.category(left))
            case _:
                # The grammar reads `text contains` as a sentence of its own about the text.
                if left != "text" and self.chance(0.4):
                    return s.Contains(one, self.word(), NOWHERE)
                return self.equal(one, self.word)

    def amounts(self, left: str, kind: Kind) -> list[str]:
        low = FIELD[left].low if left in FIELD else None
        high = FIELD[left].high if left in FIELD else None
        return [
            one
            for one in AMOUNTS
            if (low is None or number(one).value >= low)
            and (high is None or number(one).value <= high)
            and not (kind is Kind.COUNT and one.endswith("%"))
        ]

    def word(self) -> s.Text:
        return text(self.pick(WORDS))

    def category(self, left: str) -> s.Value:
        known = FIELD[left]
        if not known.closed and self.chance(0.2):
            return text(self.pick(("Fax", "pigeon", "ＴＶ")))
        return name(self.pick(known.words))

    def equal(self, one: s.Name, value: Callable[[], s.Value]) -> s.Condition:
        if self.chance(0.4):
            return s.OneOf(one, self.some(value, 1, 3), self.chance(0.3), NOWHERE)
        return s.Is(one, value(), self.chance(0.3), NOWHERE)

    # ---- decisions

    def graph(self) -> list[s.Step | s.Matrix]:
        """Nodes in a line; each is reached from one before it, and leads on only to later ones."""
        count = self.random.randint(1, 5)
        names = ["start", *(self.fresh("node") for _ in range(count - 1))]
        parents: dict[int, list[int]] = {}
        for child in range(1, count):
            parents.setdefault(self.random.randrange(child), []).append(child)
        found: list[s.Step | s.Matrix] = []
        for place, one in enumerate(names):
            must = [names[child] for child in parents.get(place, ())]
            may = names[place + 1 :]
            if len(self.scales) and self.chance(0.3):
                matrix = self.matrix(one, must, may)
                if matrix is not None:
                    found.append(matrix)
                    continue
            found.append(self.step(one, must, may))
        return found

    def step(self, one: str, must: list[str], may: list[str]) -> s.Step:
        count = max(self.random.randint(1, 5), len(must))
        leads: list[str | None] = [
            *must,
            *(self.pick(may) if may and self.chance(0.3) else None for _ in range(count - len(must))),
        ]
        self.random.shuffle(leads)
        rules = []
        for number_, lead in enumerate(leads):
            condition = None if number_ == count - 1 else self.condition(3)
            target: s.Target = s.GoTo(name(lead), NOWHERE) if lead else self.target()
            modifiers = () if lead else self.modifiers(target)
            rules.append(s.Rule(condition, target, modifiers, NOWHERE))
        return s.Step(name(one), tuple(rules), NOWHERE)

    def matrix(self, one: str, must: list[str], may: list[str]) -> s.Matrix | None:
        down, across = self.pick(self.scales), self.pick(self.scales)
        rows, columns = self.scales[down], self.scales[across]
        if len(rows) * len(columns) < len(must):
            return None
        cells: list[s.GoTo | s.OutcomeName] = [s.GoTo(name(lead), NOWHERE) for lead in must]
        while len(cells) < len(rows) * len(columns):
            if may and self.chance(0.2):
                cells.append(s.GoTo(name(self.pick(may)), NOWHERE))
            else:
                cells.append(
                    s.OutcomeName(name(self.pick(("public", "private", "ignore", "none", *self.outcomes))), NOWHERE)
                )
        self.random.shuffle(cells)
        head = self.random.sample(columns, len(columns))
        order = self.random.sample(rows, len(rows))
        width = len(columns)
        table = tuple(
            s.Row(name(level), tuple(cells[place * width : (place + 1) * width]), NOWHERE)
            for place, level in enumerate(order)
        )
        return s.Matrix(name(one), name(down), name(across), tuple(map(name, head)), table, NOWHERE)

    def target(self) -> s.Target:
        if self.chance(0.4):
            # `-> ignore` would be read as the beginning of `ignore as troll`; it stands only in a matrix.
            return s.OutcomeName(name(self.pick(("public", "private", "none", *self.outcomes))), NOWHERE)
        return self.verdict()

    def verdict(self) -> s.Verdict:
        decision = self.pick(("respond publicly", "take private", "hand off", "ignore as troll", "no reply needed"))
        team: s.Name | s.Text | None = None
        if decision == "hand off":
            team = name("marketing") if self.chance(0.5) else text("the care team")
        return s.Verdict(decision, team, NOWHERE)

    def modifiers(self, target: s.Target) -> tuple[s.Modifier, ...]:
        if isinstance(target, s.Verdict):
            silent = target.decision in SILENT
        else:
            said = target.name.text
            silent = said in {"ignore", "none"} or self.outcomes.get(said, "") in SILENT
        made: list[s.Modifier] = []
        if self.chance(0.3):
            made.append(s.Modifier("because", (text('it says "so", 理由'),), NOWHERE))
        if self.chance(0.3):
            made.append(s.Modifier("tag", self.some(self.word, 1, 2), NOWHERE))
        if self.chance(0.2):
            made.append(s.Modifier("priority", (name(self.pick(("low", "normal", "high", "urgent"))),), NOWHERE))
        if self.chance(0.1):
            made.append(s.Modifier("assign", (self.pick((name("mika"), text("Mika K."))),), NOWHERE))
        if self.chance(0.1):
            made.append(s.Modifier("pause publishing", (), NOWHERE))
        if self.ladders and self.chance(0.2):
            made.append(s.Modifier("escalate", (name(self.pick(self.ladders)),), NOWHERE))
        if not silent:
            for kind in ("acknowledge", "reply", "resolve"):
                if self.chance(0.15):
                    made.append(s.Modifier(kind, (self.clock(),), NOWHERE))
            if self.chance(0.1):
                made.append(s.Modifier("follow up", (duration("3d"),), NOWHERE))
            if self.replies and self.chance(0.3):
                made.append(s.Modifier("say", (name(self.pick(self.replies)),), NOWHERE))
        self.random.shuffle(made)
        return tuple(made)

    def clock(self) -> s.Clock:
        if not self.hours or self.chance(0.5):
            return s.Clock(duration("15m"), None, None, NOWHERE)
        return s.Clock(
            duration("1h"), name(self.pick(self.hours)), duration("12h") if self.chance(0.5) else None, NOWHERE
        )

    def outcome(self) -> s.Outcome:
        verdict = self.verdict()
        outcome = s.Outcome(name(self.fresh("outcome")), verdict, self.modifiers(verdict), NOWHERE)
        self.outcomes[outcome.name.text] = verdict.decision
        return outcome

    def opening_hours(self) -> s.Hours:
        def time(written: str) -> s.TimeOfDay:
            return s.TimeOfDay(written, NOWHERE)

        shift = s.Shift(
            (s.DaySpan("mon", "fri", NOWHERE), s.DaySpan("sun", "sun", NOWHERE)),
            (
                s.Opening(time("9:00"), time("12:30"), NOWHERE),
                s.Opening(time("13:30"), time("24:00"), NOWHERE),
            ),
            NOWHERE,
        )
        closed = s.Closed((s.Day("2026-12-31", NOWHERE), s.Day("2027-01-01", NOWHERE)), NOWHERE)
        hours = s.Hours(name(self.fresh("care")), text("Asia/Tokyo"), self.pick(((shift,), (shift, closed))), NOWHERE)
        self.hours.append(hours.name.text)
        return hours

    def ladder(self) -> s.Ladder:
        rungs = (
            s.Rung(None, (text("pr-duty"), text("広報")), NOWHERE),
            s.Rung(duration("30m"), (text("head"),), NOWHERE),
        )
        ladder = s.Ladder(name(self.fresh("ladder")), rungs, NOWHERE)
        self.ladders.append(ladder.name.text)
        return ladder

    def reply(self) -> s.Reply:
        drafts = (
            s.Draft(name("en"), text("Hello {author.name}, thank you."), NOWHERE),
            s.Draft(name("ja"), text("{author.name}さま"), NOWHERE),
        )
        reply = s.Reply(name(self.fresh("reply")), drafts, NOWHERE)
        self.replies.append(reply.name.text)
        return reply

    def guarantee(self) -> s.Guarantee:
        promise: s.Verdict | s.OutcomeName = self.verdict()
        if self.chance(0.3):
            promise = s.Verdict("hand off", None, NOWHERE)
        elif self.outcomes and self.chance(0.4):
            promise = s.OutcomeName(name(self.pick(self.outcomes)), NOWHERE)
        return s.Guarantee(text("a promise"), self.chance(0.5), promise, self.condition(3), NOWHERE)


# ---- facts


DTYPES: dict[Kind, Any] = {
    Kind.TEXT: pl.String(),
    Kind.CATEGORY: pl.String(),
    Kind.NUMBER: pl.Float64(),
    Kind.COUNT: pl.Int64(),
    Kind.YES_NO: pl.Boolean(),
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.DURATION: pl.Float64(),
    Kind.LIST: pl.List(pl.String()),
}


def constants(plan: Plan) -> dict[str, list[Any]]:
    """What each fact is compared with anywhere in the plan."""
    found: dict[str, list[Any]] = {}
    waiting: list[Expression] = []
    for computed in plan.computed:
        match computed:
            case Definition(_, guard):
                waiting.append(guard.expression)
            case Scale(rules=rules):
                waiting.extend(rule.guard.expression for rule in rules if rule.guard)
            case Score(lines=lines):
                waiting.extend(line.guard.expression for line in lines if line.guard)
                for line in lines:
                    if line.fact and line.at_most is not None:
                        found.setdefault(line.fact, []).append(line.at_most)
    for node in plan.nodes:
        waiting.extend(arm.guard.expression for arm in node.arms if arm.guard)
    while waiting:
        match waiting.pop():
            case All(parts) | Some(parts):
                waiting.extend(parts)
            case Opposite(part):
                waiting.append(part)
            case Missing():
                pass
            case atom:
                if hasattr(atom, "value"):
                    found.setdefault(atom.fact, []).append(atom.value)
    return found


def facts_for(plan: Plan, random: Random, height: int) -> pl.DataFrame:
    """Facts of `height` messages: many unknown, many right at what the plan compares them with."""
    near = constants(plan)
    share = random.choice((0.0, 0.1, 0.3, 0.6, 1.0))
    columns: list[pl.Series] = []

    def add(fact: str, dtype: Any, value: Callable[[list[Any]], Any], unknown: float) -> None:
        if unknown and random.random() < 0.05:
            return
        marks = near.get(fact, [])
        values = [None if random.random() < unknown else value(marks) for _ in range(height)]
        columns.append(pl.Series(fact, values, dtype=dtype))

    for one in plan.fields:
        kind = plan.declared.get(one) or FIELD[one].kind
        add(one, DTYPES[kind], lambda marks, kind=kind: _value(kind, marks, random), random.choice((share, 0.0, 0.3)))
    for one in plan.signals:
        signal = SIGNAL[one]
        bounds = [signal.low, signal.high, *signal.cuts]
        add(one, pl.Float64(), lambda marks, bounds=bounds: _near(float(random.choice(marks + bounds)), random), share)
    for one in plan.text_facts:
        add(one, pl.Boolean(), lambda _: random.random() < 0.5, share / 2)
    for one in plan.lists:
        add(one, pl.UInt16(), lambda marks: max(0, int(random.choice([0, *marks])) + random.randint(-1, 1)), share / 4)
    return pl.DataFrame(columns) if columns else pl.DataFrame({"": [0] * height})


def _value(kind: Kind, marks: list[Any], random: Random) -> Any:
    match kind:
        case Kind.COUNT:
            return math.floor(random.choice([0, *marks])) + random.choice((-1, 0, 0, 0, 1, 2**40))
        case Kind.NUMBER | Kind.DURATION:
            return _near(float(random.choice([0, *marks])), random)
        case Kind.YES_NO:
            return random.random() < 0.5
        case Kind.TIME:
            return random.choice((0, 1_700_000_000_000_000))
        case Kind.LIST:
            return random.sample(["other", *marks], random.randint(0, min(2, 1 + len(marks))))
        case _:
            one = random.choice(["other", "", *marks])
            return random.choice((one, one, one, f"a{one}b", one.upper()))


def _near(value: float, random: Random) -> float:
    return random.choice(
        (
            value,
            value,
            value,
            math.nextafter(value, math.inf),
            math.nextafter(value, -math.inf),
            value + 1,
            value - 0.25,
        )
    )
