"""What a scenario of a feature builds up, step by step: messages, and what is expected of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import CLOCK_COLUMNS
from engine.decision import DECISIONS
from engine.incidents.recorded import LISTS, Expected, Recorded, decision_of, is_due, later, moment_of, seconds_of
from engine.language.source import Span
from engine.language.suggest import nearest
from engine.message import FIELD, Kind

DECISIONS_JA = {
    "公開で返信": "respond publicly",
    "非公開で対応": "take private",
    "荒らしとして無視": "ignore as troll",
    "返信不要": "no reply needed",
}
_TO_TEAM_JA = ("に引き継ぐ", "へ引き継ぐ", "への引き継ぎ")
_FACTORS = {"k": 1e3, "M": 1e6}

Table = list[list[str]]


class StepError(Exception):
    """A step cannot be taken. `code` is that of the diagnostic, the message says why."""

    def __init__(self, code: str, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.help = help_


@dataclass(slots=True)
class _Arrived:
    """A message of the scene; `expected` grows with what is said of it."""

    fields: dict[str, Any]
    facts: dict[str, Any]
    span: Span
    expected: list[Expected] = field(default_factory=list)

    @property
    def inbound(self) -> bool:
        return self.fields.get("direction") != "outbound"


@dataclass(slots=True)
class Scene:
    """A scenario so far. Who writes again writes in the same conversation; the clock moves only when a step says so."""

    playbook: str | None = None
    clock: datetime | None = None
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    never: list[tuple[str, str | None]] = field(default_factory=list)
    last: str = ""
    messages: list[_Arrived] = field(default_factory=list)

    # -- what there is

    def about(self, person: str, name: str, value: Any) -> None:
        """Something that is true of a person."""
        self.people.setdefault(person, {})[name] = value

    def set_clock(self, moment: str) -> None:
        """What time it is."""
        self.clock = moment_of(moment)
        if self.clock is None:
            raise StepError(
                "HK603", f"`{moment}` is no moment with its zone", "write it like 2026-03-09T07:41:00+01:00"
            )

    def wait(self, length: str) -> None:
        """Some time goes by."""
        seconds = seconds_of(length)
        if seconds is None:
            raise StepError("HK603", f"`{length}` is no length of time", "write it like 30m, 1h 30m or 3d")
        if self.clock is None:
            raise StepError("HK604", "time cannot go by before a step says what time it is")
        self.clock = self._later(seconds)

    def _later(self, seconds: float) -> datetime:
        assert self.clock is not None
        moment = later(self.clock, seconds)
        if moment is None:
            raise StepError("HK603", "that is no date any more")
        return moment

    # -- what happens

    def write(self, person: str, text: str, span: Span, **fields: Any) -> None:
        """A person writes, in a conversation of their own."""
        self.last = person
        known = {"author.id": person, "author.name": person, "thread": person, **self.people.get(person, {})}
        self._arrive({**known, "text": text, **fields}, {}, span)

    def answer(self, text: str, span: Span) -> None:
        """We answer whoever wrote last."""
        if not self.last:
            raise StepError("HK604", "nobody has written yet whom we could answer")
        self._arrive({"thread": self.last, "text": text, "direction": "outbound"}, {}, span)

    def arrive(self, table: Table, spans: list[Span]) -> None:
        """Messages come in: a row each, under the names of fields and facts; an empty cell is unknown."""
        heads, *rows = table
        for row, span in zip(rows, spans[1:], strict=True):
            self._cells(dict(zip(heads, row, strict=True)), span)

    def arrive_one(self, table: Table, spans: list[Span]) -> None:
        """One message comes in: a field or fact a row."""
        if any(len(row) != 2 for row in table):
            raise StepError("HK603", "a row has a field and its value")
        pairs = [row for row in table if row not in (["field", "value"], ["項目", "値"])]
        self._cells(dict(pairs), spans[0])

    def _cells(self, cells: dict[str, str], span: Span) -> None:
        fields: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        for name, cell in cells.items():
            if name == "text" or (cell and not cell.isspace()):
                if (name in FIELD and not FIELD[name].derived) or name.startswith("extra."):
                    fields[name] = _field(name, cell)
                elif name != "after":
                    facts[name] = _fact(cell)
        if cells.get("after"):
            seconds = seconds_of(cells["after"])
            if self.clock is None or seconds is None:
                raise StepError("HK603", "`after` is a length of time from the time that a step says it is")
            fields["posted_at"] = self._later(seconds).isoformat()
        self._arrive({"text": "", **fields}, facts, span)

    def _arrive(self, fields: dict[str, Any], facts: dict[str, Any], span: Span) -> None:
        fields.setdefault("id", str(len(self.messages) + 1))
        if self.clock is not None:
            fields.setdefault("posted_at", self.clock.isoformat())
        self.messages.append(_Arrived(fields, {**self.facts, **facts}, span))

    # -- what should come of it

    def expect(self, name: str, values: tuple[str, ...], span: Span) -> None:
        """Something should be said of the last message."""
        if name in CLOCK_COLUMNS and not is_due(values[0]):
            raise StepError("HK603", f"`{values[0]}` is no moment with its zone and no length of time")
        self._expect(self._last(), name, values, span)

    def expect_decision(self, words: str, span: Span, *, unless: bool = False) -> None:
        """A decision of the last message, or one that it should not be."""
        decision, team = decision_in(words)
        if unless:
            self.expect("not", (decision, team) if team else (decision,), span)
            return
        self.expect("decision", (decision,), span)
        if team:
            self.expect("team", (team,), span)

    def expect_never(self, words: str) -> None:
        """A decision that no message should get."""
        self.never.append(decision_in(words))

    def expect_table(self, table: Table, spans: list[Span]) -> None:
        """What should be said of the messages: a row each, by their ids or in order; an empty cell may be anything."""
        heads, *rows = table
        ours = [one for one in self.messages if one.inbound]
        named = {str(one.fields["id"]): one for one in ours}
        if "id" not in heads and len(rows) != len(ours):
            came = "1 message" if len(ours) == 1 else f"{len(ours)} messages"
            raise StepError("HK603", f"{came} came in, and the table has {len(rows)} rows")
        for number, (row, span) in enumerate(zip(rows, spans[1:], strict=True)):
            cells = dict(zip(heads, row, strict=True))
            if "id" in cells and cells["id"] not in named:
                raise StepError("HK607", f"no message has the id `{cells['id']}`")
            message = named[cells["id"]] if "id" in cells else ours[number]
            for name, cell in cells.items():
                if name == "decision" and cell:
                    decision, team = decision_in(cell)
                    self._expect(message, "decision", (decision,), span)
                    if team:
                        self._expect(message, "team", (team,), span)
                elif name != "id" and cell:
                    if name in CLOCK_COLUMNS and not is_due(cell):
                        raise StepError("HK603", f"`{cell}` is no moment with its zone and no length of time")
                    values = tuple(one.strip() for one in cell.split(",")) if name in LISTS else (cell,)
                    self._expect(message, name, values, span)

    def _expect(self, message: _Arrived, name: str, values: tuple[str, ...], span: Span) -> None:
        message.expected.append(Expected(name, values, span))

    def _last(self) -> _Arrived:
        ours = [one for one in self.messages if one.inbound]
        if not ours:
            raise StepError("HK604", "no message has come in yet")
        return ours[-1]

    def recorded(self) -> Iterator[Recorded]:
        """The messages as recorded ones."""
        for one in self.messages:
            yield Recorded(str(one.fields["id"]), one.fields, tuple(one.expected), one.span, one.facts)


def decision_in(words: str) -> tuple[str, str | None]:
    """A decision in words, English or Japanese, with its team.

    Raises:
        StepError: it is none.

    >>> decision_in("hand off to safety"), decision_in("safety に引き継ぐ"), decision_in("公開で返信")
    (('hand off', 'safety'), ('hand off', 'safety'), ('respond publicly', None))
    """
    words = words.strip()
    for ending in _TO_TEAM_JA:
        if words.endswith(ending):
            return "hand off", words.removesuffix(ending).strip(' "「」')
    found = decision_of(DECISIONS_JA.get(words, words.replace('"', "")))
    if found is None:
        near = nearest(words, [*DECISIONS, *DECISIONS_JA])
        raise StepError("HK605", f"`{words}` is no decision", f"did you mean `{near}`?" if near else None)
    return found


def count_in(words: str) -> int:
    """A count as people write it.

    Raises:
        StepError: it is none.

    >>> count_in("12k"), count_in("12,000")
    (12000, 12000)
    """
    plain = words.replace(",", "")
    unit = plain[-1:] if plain[-1:] in _FACTORS else ""
    try:
        return int(float(plain.removesuffix(unit)) * _FACTORS.get(unit, 1))
    except (ValueError, OverflowError):
        raise StepError("HK603", f"`{words}` is no count", "write it like 8400, 8.4k or 1.5M") from None


def _field(name: str, cell: str) -> Any:
    kind = FIELD[name].kind if name in FIELD else None
    if kind is Kind.LIST:
        return [one.strip() for one in cell.split(",")]
    return count_in(cell) if kind is Kind.COUNT else cell


def _fact(cell: str) -> Any:
    words = {"yes": True, "no": False, "open": True, "closed": False, "unknown": None}
    if cell in words:
        return words[cell]
    seconds = seconds_of(cell)
    if seconds is not None:
        return seconds
    try:
        return float(cell)
    except ValueError:
        return cell
