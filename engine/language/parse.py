"""A source's text to its syntax: the only importer of lark.

A file that does not parse whole is parsed again statement by statement, so that every statement's first mistake is
found at once and the good statements are still checked.

Longer than other modules by its last table: every grammar rule beside the node that it builds.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from engine import resources
from engine.language import syntax as s
from engine.language.source import Source, Span

STATEMENTS = (
    "playbook",
    "use",
    "hours",
    "brand",
    "terms",
    "field",
    "define",
    "scale",
    "score",
    "watch",
    "step",
    "matrix",
    "outcome",
    "ladder",
    "reply",
    "guarantee",
    "extend",
    "replace",
)
_STATEMENT_LINE = re.compile(rf"^(?:{'|'.join(STATEMENTS)})\b", re.MULTILINE)
_WORD = re.compile(r"\w+(?:\.\w+)*|\S")
_UNITS = {"k": 1e3, "M": 1e6, "%": 0.01}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where a statement stopped making sense. `expected` holds the words and kinds of words that could have stood there."""

    span: Span
    expected: frozenset[str]
    statement: str

    @property
    def found(self) -> str:
        """The word that stands there instead; empty at the end of the file."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text said, and where it made no sense. `broken` holds the names that statements with trouble would declare."""

    file: s.File
    troubles: tuple[Trouble, ...]
    broken: frozenset[str]


def parse(source: Source) -> Parsed:
    """Parse a playbook file.

    >>> parse(Source("a.playbook", 'brand "Acme" # us')).file.comments[0].text
    '# us'
    >>> parse(Source("a.playbook", "brand 5")).troubles[0].expected == {"a text in quotes", "a pattern between slashes"}
    True
    """
    with _LOCK:
        return _parse(source)


def _parse(source: Source) -> Parsed:
    text = source.text
    whole = Span(source, 0, len(text))
    comments: list[s.Comment] = []
    try:
        statements = _parse_part(source, 0, text, comments)
    except UnexpectedInput:
        pass
    else:
        return Parsed(s.File(tuple(statements), tuple(comments), whole), (), frozenset())
    statements, troubles, broken = [], [], set()
    comments = []
    starts = [m.start() for m in _STATEMENT_LINE.finditer(text)]
    cuts = sorted({0, *starts, len(text)})
    for start, end in pairwise(cuts):
        part = text[start:end]
        mine: list[s.Comment] = []
        try:
            statements.extend(_parse_part(source, start, part, mine))
        except UnexpectedInput as error:
            troubles.append(_trouble(source, start, part, error))
            words = _WORD.findall(part[:400])
            broken.update(words[1:3])
        comments.extend(mine)
    if not troubles:  # the parts stand alone but not together: the whole file's own trouble, found where it stopped
        try:
            _parse_part(source, 0, text, [])
        except UnexpectedInput as error:
            troubles.append(_trouble(source, 0, text, error))
    return Parsed(s.File(tuple(statements), tuple(comments), whole), tuple(troubles), frozenset(broken))


def _parse_part(source: Source, base: int, text: str, comments: list[s.Comment]) -> list[s.Statement]:
    lark, builder = _parser()
    builder.begin(source, base, comments)
    statements: list[s.Statement] = lark.parse(text)  # type: ignore[assignment]
    return statements


def _trouble(source: Source, base: int, part: str, error: UnexpectedInput) -> Trouble:
    lark, _ = _parser()
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        offset = len(part.rstrip())
    else:
        offset = error.pos_in_stream or 0
    names: set[str] = (
        error.allowed if isinstance(error, UnexpectedCharacters) else getattr(error, "expected", None)
    ) or set()
    found = _WORD.match(part, offset)
    start = base + offset
    span = Span(source, start, base + found.end() if found else start)
    first = _WORD.search(part)
    return Trouble(span, frozenset(_in_words(lark, name) for name in names), first.group() if first else "")


_KINDS = {
    "NAME": "a name",
    "STRING": "a text in quotes",
    "PATTERN": "a pattern between slashes",
    "NUMBER": "a number",
    "DURATION": "a duration such as 30m",
    "POINTS": "points such as +10",
    "TIMES": "a factor such as 3x",
    "TIME": "a time such as 09:00",
    "DATE": "a date such as 2026-12-31",
    "DAY": "a day such as mon",
    "TYPE": "a type",
    "COMPARISON": "a comparison such as >=",
    "_REPLY_CLOCK": "`reply`",
    "_CELL_STEP": "`step`",
    "$END": "the end of the file",
}


def _in_words(lark: Lark, terminal: str) -> str:
    if terminal in _KINDS:
        return _KINDS[terminal]
    return f"`{lark.get_terminal(terminal).pattern.value}`"


_LOCK = threading.Lock()
"""One parser, one text at a time: the builder is part of the parser's tables."""


@lru_cache(maxsize=1)
def _parser() -> tuple[Lark, _Builder]:
    builder = _Builder()
    lark = Lark(
        resources.grammar(),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
        transformer=builder,
        lexer_callbacks={"COMMENT": builder.comment},
    )
    return lark, builder


@dataclass(frozen=True, slots=True)
class _IfUnknown:
    number: s.Number
    span: Span


@dataclass(frozen=True, slots=True)
class _Head:
    names: tuple[s.Name, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class _Days:
    days: tuple[s.DaySpan, ...]
    span: Span


_JOINED: dict[str, Any] = {"or": s.Or, "and": s.And}


@dataclass(frozen=True, slots=True)
class _Chain:
    """An `or` or `and` that may still grow by a part: growing a tuple instead would take time squared."""

    node: Any
    parts: list[Any]
    span: Span


class _Builder:
    """Builds the nodes while lark parses: `__default__` is called for every rule, innermost first."""

    def __init__(self) -> None:
        self.begin(Source("", ""), 0, [])

    def begin(self, source: Source, base: int, comments: list[s.Comment]) -> None:
        """Say which part of which source the next text is."""
        self.source, self.base, self.comments = source, base, comments

    def comment(self, token: Token) -> Token:
        self.comments.append(s.Comment(str(token).rstrip(), self._token_span(token)))
        return token

    def _token_span(self, token: Token) -> Span:
        return Span(self.source, self.base + (token.start_pos or 0), self.base + (token.end_pos or 0))

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Any:
        if data.startswith("_"):  # spliced into the rule around it
            if data == "_atom" and len(children) == 5:  # brackets in brackets: the outer ones suffice
                children = [children[0], children[2], children[4]]
            return Tree(data, children)
        if data == "start":
            return children
        first, last = children[0], children[-1]
        start = self._token_span(first).start if isinstance(first, Token) else first.span.start
        end = self._token_span(last).end if isinstance(last, Token) else last.span.end
        if data in _JOINED:
            return _joined(_JOINED[data], children, Span(self.source, start, end))
        values = [v for v in map(self._as_node, children) if v is not None]
        return _BUILD[str(data)](values, Span(self.source, start, end))

    def _as_node(self, child: Any) -> Any:
        """A token as its node; None for words and marks that only hold the sentence together."""
        if isinstance(child, _Chain):
            return child.node(tuple(child.parts), child.span)
        if not isinstance(child, Token):
            return child
        make = _TOKENS.get(child.type)
        return None if make is None else make(str(child), self._token_span(child))


def _number(written: str, span: Span) -> s.Number:
    factor = _UNITS.get(written[-1], 1)
    digits = written.rstrip("kM%")
    return s.Number(_exact(float(digits) * factor if factor >= 1 else float(digits) / 100), written, span)


def _exact(value: float) -> float:
    return int(value) if abs(value) < 2**53 and value == int(value) else value


def _duration(written: str, span: Span) -> s.Duration:
    return s.Duration(_exact(float(written[:-1]) * SECONDS[written[-1]]), written, span)


def _text(written: str, span: Span) -> s.Text:
    return s.Text(re.sub(r"\\(.)", r"\1", written[1:-1]), span)


_TOKENS: dict[str, Any] = {
    "NAME": s.Name,
    "TYPE": s.Name,
    "DAY": s.Name,
    "COMPARISON": s.Name,
    "STRING": _text,
    "PATTERN": lambda written, span: s.Pattern(written[1:-1], span),
    "NUMBER": _number,
    "POINTS": _number,
    "TIMES": lambda written, span: s.Number(_exact(float(written[:-1])), written, span),
    "DURATION": _duration,
    "TIME": s.TimeOfDay,
    "DATE": s.Day,
}


def _joined(node: Any, children: list[Any], span: Span) -> _Chain:
    """`a or b or c` is one node with three parts, however it was bracketed."""
    parts: list[Any] = []
    for child in children:
        if isinstance(child, _Chain) and child.node is node:
            parts = child.parts if not parts else parts + child.parts
        elif isinstance(child, _Chain):
            parts.append(child.node(tuple(child.parts), child.span))
        elif not isinstance(child, Token):
            parts.append(child)
    return _Chain(node, parts, span)


def _fields(node: Any) -> Any:
    """A rule whose values are the node's fields, in order."""
    return lambda values, span: node(*values, span)


def _listed(node: Any, count: int = 0) -> Any:
    """A rule whose first `count` values are fields, and the rest one tuple."""
    return lambda values, span: node(*values[:count], tuple(values[count:]), span)


def _verdict(decision: str) -> Any:
    return lambda values, span: s.Verdict(decision, values[0] if values else None, span)


def _modifier(kind: str) -> Any:
    return lambda values, span: s.Modifier(kind, tuple(values), span)


def _mentions(v: list[Any], span: Span) -> s.Mentions:
    return s.Mentions(None if isinstance(v[-1], _Head) else v[-1], v[0] if len(v) > 1 else None, span)


def _points_when(v: list[Any], span: Span) -> s.PointsWhen:
    return s.PointsWhen(v[0], v[1], v[2].number if len(v) > 2 else None, span)


def _points_per(v: list[Any], span: Span) -> s.PointsPer:
    if_unknown = v.pop().number if isinstance(v[-1], _IfUnknown) else None
    return s.PointsPer(v[0], v[1] if len(v) > 2 else None, v[-1], if_unknown, span)


def _watch(v: list[Any], span: Span) -> s.Watch:
    keyed = isinstance(v[2], s.Name)
    return s.Watch(v[0], v[1], v[2] if keyed else None, tuple(v[3 if keyed else 2 :]), span)


def _clock(v: list[Any], span: Span) -> s.Clock:
    return s.Clock(v[0], v[1] if len(v) > 1 else None, v[2] if len(v) > 2 else None, span)


_BUILD: dict[str, Any] = {
    "playbook": lambda v, span: s.Header(v[0], v[1] if len(v) > 1 else None, span),
    "use": _fields(s.Use),
    "hours": _listed(s.Hours, 2),
    "shift": lambda v, span: s.Shift(v[0].days, tuple(v[1:]), span),
    "days": _listed(_Days),
    "day_span": lambda v, span: s.DaySpan(v[0].text, v[-1].text, span),
    "day_hours": _fields(s.Opening),
    "closed": _listed(s.Closed),
    "brand": _listed(s.Brand),
    "terms": _listed(s.Terms, 1),
    "field": _fields(s.Field),
    "define": _fields(s.Define),
    "scale": lambda v, span: s.Scale(
        v[0],
        tuple(x for x in v[1:] if isinstance(x, s.Name)),
        tuple(x for x in v if isinstance(x, s.LevelRule)),
        span,
    ),
    "level_when": _fields(s.LevelRule),
    "level_otherwise": lambda v, span: s.LevelRule(v[0], None, span),
    "score": _listed(s.Score, 1),
    "points_when": _points_when,
    "points_each": lambda v, span: s.PointsEach(v[0], v[1], v[2] if len(v) > 2 else None, span),
    "points_per": _points_per,
    "if_unknown": _fields(_IfUnknown),
    "watch": _watch,
    "opens_at": _fields(s.OpensAt),
    "opens_relative": lambda v, span: s.OpensRelative(v[0], v[1], v[2] if len(v) > 2 else None, span),
    "closes_below": _fields(s.ClosesBelow),
    "cool_down": _fields(s.CoolDown),
    "step": _listed(s.Step, 1),
    "rule_when": lambda v, span: s.Rule(v[0], v[1], tuple(v[2:]), span),
    "rule_otherwise": lambda v, span: s.Rule(None, v[0], tuple(v[1:]), span),
    "go_to": _fields(s.GoTo),
    "cell_step": _fields(s.GoTo),
    "outcome_name": _fields(s.OutcomeName),
    "plain_ignore": lambda _v, span: s.OutcomeName(s.Name("ignore", span), span),
    "matrix": lambda v, span: s.Matrix(v[0], v[1], v[2], v[3].names, tuple(v[4:]), span),
    "matrix_head": _listed(_Head),
    "matrix_row": _listed(s.Row, 1),
    "outcome": _listed(s.Outcome, 2),
    "respond_publicly": _verdict("respond publicly"),
    "take_private": _verdict("take private"),
    "hand_off": _verdict("hand off"),
    "hand_off_anywhere": _verdict("hand off"),
    "ignore_as_troll": _verdict("ignore as troll"),
    "no_reply_needed": _verdict("no reply needed"),
    "acknowledge": _modifier("acknowledge"),
    "reply_within": _modifier("reply"),
    "resolve": _modifier("resolve"),
    "follow_up": _modifier("follow up"),
    "say": lambda v, span: s.Modifier("say", (s.Name(v[0].text, v[0].span),), span),
    "because": _modifier("because"),
    "tag": _modifier("tag"),
    "escalate": _modifier("escalate"),
    "priority": _modifier("priority"),
    "assign": _modifier("assign"),
    "pause_publishing": _modifier("pause publishing"),
    "clock": _clock,
    "ladder": _listed(s.Ladder, 1),
    "rung_at_once": lambda v, span: s.Rung(None, tuple(v), span),
    "rung_after": _listed(s.Rung, 1),
    "reply": _listed(s.Reply, 1),
    "draft": _fields(s.Draft),
    "always": lambda v, span: s.Guarantee(v[0], True, v[1], v[2], span),
    "never": lambda v, span: s.Guarantee(v[0], False, v[1], v[2], span),
    "extend": _fields(s.Extend),
    "replace": _fields(s.Replace),
    "not": _fields(s.Not),
    "mentions": _mentions,
    "mentions_least": _mentions,
    "mentions_not": lambda v, span: s.Not(_mentions(v, span), span),
    "our_brand": lambda _v, span: _Head((), span),
    "personal_data": lambda _v, span: s.PersonalData(span),
    "question": lambda _v, span: s.Question(span),
    "is": lambda v, span: s.Is(v[0], v[1], False, span),
    "is_not": lambda v, span: s.Is(v[0], v[1], True, span),
    "one_of": lambda v, span: s.OneOf(v[0], tuple(v[1:]), False, span),
    "not_one_of": lambda v, span: s.OneOf(v[0], tuple(v[1:]), True, span),
    "unknown": lambda v, span: s.Unknown(v[0], False, span),
    "known": lambda v, span: s.Unknown(v[0], True, span),
    "compare": lambda v, span: s.Compare(v[0], v[1].text, v[2], span),
    "between": _fields(s.Between),
    "includes": _fields(s.Includes),
    "contains": _fields(s.Contains),
    "opened": _fields(s.Opened),
    "holds": _fields(s.Holds),
    "text": lambda _v, span: s.Name("text", span),
}
