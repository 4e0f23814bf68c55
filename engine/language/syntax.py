"""The nodes of a parsed playbook, named as in the grammar. Frozen; two nodes are equal when they say the same.

Numbers keep the way they were written beside their value, so that the formatter writes `10k` back as `10k`.
Durations are seconds.

Longer than other modules because it is one list: a reader looks a node up here, beside `grammar.lark`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.language.source import Span


def _span() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Name:
    """A word that stands for something declared, or for a level or value."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text; `text` is without its quotes."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in a term list, RE2 syntax, without its slashes."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `20%` is 0.2, `10k` is 10000."""

    value: float
    written: str = field(compare=False)
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds."""

    seconds: float
    written: str = field(compare=False)
    span: Span = _span()


Phrase = Text | Pattern
Amount = Number | Duration
Value = Name | Text | Number | Duration


# ---- conditions


@dataclass(frozen=True, slots=True)
class Or:
    """True when any part is."""

    parts: tuple[Condition, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are."""

    parts: tuple[Condition, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false, unknown when it is unknown."""

    part: Condition
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Mentions:
    """`text mentions safety`, `text mentions at least 2 of anger`; `words` is None for the brand's own names."""

    words: Name | Text | None
    at_least: Number | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`text has personal data`."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Question:
    """`text asks a question`."""

    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Is:
    """`severity is critical`, `lang is not ja`."""

    left: Name
    value: Value
    negated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OneOf:
    """`channel is one of x, facebook`."""

    left: Name
    values: tuple[Value, ...]
    negated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Unknown:
    """`author.followers is unknown`, or `is known` when negated."""

    left: Name
    negated: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """`author.followers >= 10k`, `severity >= high`; `operator` is one of `>=`, `<=`, `>`, `<`."""

    left: Name
    operator: str
    value: Value
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Between:
    """`severity between medium and high`, both ends included."""

    left: Name
    low: Value
    high: Value
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Includes:
    """`tags includes "vip"`: a list holds this item."""

    left: Name
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Contains:
    """`topic contains "bill"`: a text field holds this text."""

    left: Name
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Opened:
    """`safety_wave opened within 2h`."""

    left: Name
    within: Duration
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no field or a named condition standing alone."""

    left: Name
    span: Span = _span()


Condition = (
    Or
    | And
    | Not
    | Mentions
    | PersonalData
    | Question
    | Is
    | OneOf
    | Unknown
    | Compare
    | Between
    | Includes
    | Contains
    | Opened
    | Holds
)


# ---- definitions


@dataclass(frozen=True, slots=True)
class Header:
    """`playbook "Acme Retail" owner "social-care"`."""

    title: Text
    owner: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Use:
    """`use "std/en"`."""

    path: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A wall-clock time; `24:00` ends a day."""

    written: str
    span: Span = _span()

    @property
    def minute(self) -> int:
        """Minutes since midnight."""
        hour, minute = self.written.split(":")
        return int(hour) * 60 + int(minute)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """`mon-fri`, or one day when `last` equals `first`."""

    first: str
    last: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Opening:
    """`09:00-12:30`."""

    opens: TimeOfDay
    closes: TimeOfDay
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Shift:
    """`mon-fri 09:00-12:30, 13:30-18:00`."""

    days: tuple[DaySpan, ...]
    openings: tuple[Opening, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as written, `2026-12-31`."""

    written: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Closed:
    """Days without any shift."""

    days: tuple[Day, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Hours:
    """Named business hours in a time zone."""

    name: Name
    zone: Text
    lines: tuple[Shift | Closed, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Brand:
    """What the brand is called."""

    phrases: tuple[Phrase, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Terms:
    """A term list."""

    name: Name
    phrases: tuple[Phrase, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Field:
    """`field extra.plan: text`."""

    name: Name
    type: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Define:
    """A named condition."""

    name: Name
    condition: Condition
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class LevelRule:
    """`critical when ...`; no condition is `otherwise`."""

    level: Name
    condition: Condition | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Scale:
    """Ordered levels, the lowest first, and the rules that give a message one of them: the first that holds."""

    name: Name
    levels: tuple[Name, ...]
    rules: tuple[LevelRule, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PointsWhen:
    """`+40 when text mentions safety`."""

    points: Number
    condition: Condition
    if_unknown: Number | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PointsEach:
    """`+10 for each anger, at most 3`: points for each distinct term of a list."""

    points: Number
    terms: Name
    at_most: Number | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PointsPer:
    """`+1 per 1k author.followers`."""

    points: Number
    unit: Amount | None
    left: Name
    if_unknown: Number | None
    span: Span = _span()


PointsLine = PointsWhen | PointsEach | PointsPer


@dataclass(frozen=True, slots=True)
class Score:
    """Risk points: the sum of its lines."""

    name: Name
    lines: tuple[PointsLine, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OpensAt:
    """`opens at 20 within 1h`."""

    count: Number
    within: Duration
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OpensRelative:
    """`opens at 3x its usual hour over 14d, at least 20`."""

    times: Number
    over: Duration
    at_least: Number | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class ClosesBelow:
    """`closes below 5 within 6h`."""

    count: Number
    within: Duration
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class CoolDown:
    """`cool down 2h`."""

    duration: Duration
    span: Span = _span()


WatchLine = OpensAt | OpensRelative | ClosesBelow | CoolDown


@dataclass(frozen=True, slots=True)
class Watch:
    """Counts the messages that satisfy a condition, per key if given."""

    name: Name
    condition: Condition
    key: Name | None
    lines: tuple[WatchLine, ...]
    span: Span = _span()


# ---- decisions


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the five decisions; `team` only for `hand off`, and None in a promise about any hand-off."""

    decision: str
    team: Name | Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class GoTo:
    """`-> step care`."""

    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OutcomeName:
    """`-> marketing`, or a matrix cell."""

    name: Name
    span: Span = _span()


Target = GoTo | Verdict | OutcomeName


@dataclass(frozen=True, slots=True)
class Clock:
    """`1h in care hours, 12h otherwise`."""

    within: Duration
    hours: Name | None
    otherwise: Duration | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a decision carries. `kind` is the modifier's first words; `values` its operands, in written order."""

    kind: str
    values: tuple[Name | Text | Duration | Clock, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rule:
    """`when CONDITION -> TARGET`; no condition is `otherwise`."""

    condition: Condition | None
    target: Target
    modifiers: tuple[Modifier, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Step:
    """Ordered rules: the first that holds decides."""

    name: Name
    rules: tuple[Rule, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a matrix."""

    level: Name
    cells: tuple[GoTo | OutcomeName, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Two scales against each other."""

    name: Name
    down: Name
    across: Name
    head: tuple[Name, ...]
    rows: tuple[Row, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A named decision with its modifiers."""

    name: Name
    verdict: Verdict
    modifiers: tuple[Modifier, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Rung:
    """`after 30m notify "head of comms"`; no duration is `at once`."""

    after: Duration | None
    people: tuple[Text, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who is told when nothing happened."""

    name: Name
    rungs: tuple[Rung, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply's text in one language."""

    lang: Name
    text: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Reply:
    """A draft for people, with slots."""

    name: Name
    drafts: tuple[Draft, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A promise about all messages."""

    title: Text
    always: bool
    promise: Verdict | OutcomeName
    condition: Condition
    span: Span = _span()


Named = Hours | Terms | Field | Define | Scale | Score | Watch | Step | Matrix | Outcome | Ladder | Reply
Definition = Named | Brand


@dataclass(frozen=True, slots=True)
class Extend:
    """Adds terms to a list that a used file declares."""

    definition: Terms | Brand
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Replace:
    """Takes the place of a definition of a used file."""

    definition: Definition
    span: Span = _span()


Statement = Header | Use | Definition | Guarantee | Extend | Replace


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its `#` to the line's end."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class File:
    """One playbook file: its statements and comments in written order."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...] = field(compare=False)
    span: Span = _span()


def conditions_within(condition: Condition) -> list[Condition]:
    """The condition and every condition inside it, outermost first, in written order."""
    found: list[Condition] = []
    waiting: list[Condition] = [condition]
    while waiting:
        one = waiting.pop()
        found.append(one)
        match one:
            case Or(parts) | And(parts):
                waiting.extend(reversed(parts))
            case Not(part):
                waiting.append(part)
            case _:
                pass
    return found
