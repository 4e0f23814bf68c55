"""What a change of a playbook would have decided otherwise: two playbooks over one inbox, message by message.

Both decide by columns, a piece at a time, and what differs is counted by what both said, so memory stays the same however
long the inbox is, but for 16 bytes an id. Cost grows as that of two runs without their output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from engine.batch.ids import Seen, hashes
from engine.batch.whole import PIECE_SIZE, read_whole
from engine.batch.work import fields_of, thread_facts_of
from engine.decision import label
from engine.evaluate.columns import Decided, broken, decide
from engine.inbox import Batch, Inbox
from engine.incidents.statistics import Statistics
from engine.plan import Plan, Promise
from engine.signals.facts import FactReader, with_language

EXAMPLES = 3
"""Messages that are shown of each group."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a playbook said of a message: its decision, what that carries, and how it weighed the message.

    `carries` is in alphabetical order, `levels` are those of the scales that both playbooks have.
    """

    decision: str
    team: str | None
    rule: str
    because: str
    carries: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Group:
    """Messages of which both playbooks said the same two things. `examples` are the first, as (id, text)."""

    before: Said
    after: Said
    worst: float
    messages: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def what(self) -> str:
        """What changes, the weightiest first: the `decision`, what it `carries`, or how the message is `weighed`."""
        if (self.before.decision, self.before.team) != (self.after.decision, self.after.team):
            return "decision"
        return "carries" if self.before.carries != self.after.carries else "weighed"


@dataclass(slots=True)
class Broken:
    """A guarantee that does not hold: of how many messages, the first of them, as (id, text), and what was decided."""

    promise: Promise
    messages: int = 0
    examples: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Difference:
    """Two playbooks over one inbox.

    Attributes:
        messages: inbound messages that both decided.
        unreadable: rows that could not be read for one of them, or came a second time.
        groups: what changes, decisions before what they carry before how messages are weighed; in each the worst severity
            first, then the most messages.
        before, after: how many messages each decision (and team) has.
        rules: how the rules of the new playbook fare, those that no message took included.
        broken: guarantees of the new playbook that do not hold, by their titles.
    """

    messages: int = 0
    unreadable: int = 0
    groups: list[Group] = field(default_factory=list)
    before: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    after: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    rules: Statistics = field(default_factory=Statistics)
    broken: dict[str, Broken] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Messages of which anything changes."""
        return sum(group.messages for group in self.groups)

    @property
    def decided_otherwise(self) -> int:
        """Messages whose decision or team changes."""
        return sum(group.messages for group in self.groups if group.what == "decision")


_ORDER = ("decision", "carries", "weighed")


def difference(old: Plan, new: Plan, inboxes: list[Inbox], *, piece_size: int = PIECE_SIZE) -> Difference:
    """Decide an inbox by two playbooks and say what differs.

    Raises:
        OSError: an inbox could not be read.
    """
    found = Difference(rules=Statistics.of(new))
    groups: dict[tuple[Said, Said], Group] = {}
    scales = [one.name for one in old.scales if one.name in {other.name for other in new.scales}]
    for before, after in _both(old, new, inboxes, piece_size, found):
        found.messages += before.messages.height
        _compare(before, after, scales, groups, found)
        found.rules.add(new, after.decided)
        _keep(after, found)
    found.groups = sorted(
        groups.values(),
        key=lambda one: (_ORDER.index(one.what), -one.worst, -one.messages, one.after.rule, one.before.rule),
    )
    return found


@dataclass(slots=True)
class _Seen:
    """A piece through one playbook."""

    plan: Plan
    messages: pl.DataFrame
    decided: Decided


@dataclass(slots=True)
class _Reading:
    """The pieces of an inbox as a plan wants them to be read, and who reads its facts."""

    plan: Plan
    reader: FactReader
    batches: Iterator[Batch]

    @classmethod
    def of(cls, plan: Plan, inboxes: list[Inbox], piece_size: int) -> _Reading:
        names, declared = fields_of(plan)
        return cls(plan, FactReader(plan), read_whole(inboxes, names, declared, thread_facts_of(plan), piece_size))

    def decide(self, messages: pl.DataFrame) -> _Seen:
        """Through the playbook."""
        return _Seen(self.plan, messages, decide(self.plan, self.reader.read(messages)))


def _both(
    old: Plan, new: Plan, inboxes: list[Inbox], piece_size: int, found: Difference
) -> Iterator[tuple[_Seen, _Seen]]:
    """Each piece through both playbooks: the same inbound messages in the same order."""
    first, second = (_Reading.of(plan, inboxes, piece_size) for plan in (old, new))
    seen = Seen()
    for both in zip(first.batches, second.batches, strict=True):
        sides = [batch.messages for batch in both]
        lost = max(len(batch.quarantined) for batch in both)
        again = seen.repeats(hashes(sides[0]["id"]))
        repeated = sides[0]["line"].gather(again)
        lines = sides[0].filter(~pl.col("line").is_in(repeated.implode())).select("line")
        lines = lines.join(sides[1].select("line"), on="line", how="semi", maintain_order="left")
        found.unreadable += lost + len(again)
        inbound = [
            with_language(
                side.join(lines, on="line", how="semi", maintain_order="left").filter(
                    pl.col("direction").ne_missing("outbound")
                )
            )
            for side in sides
        ]
        yield first.decide(inbound[0]), second.decide(inbound[1])


def _compare(
    before: _Seen, after: _Seen, scales: list[str], groups: dict[tuple[Said, Said], Group], found: Difference
) -> None:
    """Count a piece's messages by what both playbooks said."""
    if not before.messages.height:
        return
    columns = {"before": pl.Series(before.decided.code), "after": pl.Series(after.decided.code)}
    for name in scales:
        columns |= {f"{side}.{name}": one.decided.facts[name] for side, one in (("b", before), ("a", after))}
    keys = list(columns)
    table = pl.DataFrame(columns).with_row_index("row").group_by(keys, maintain_order=True)
    for row in table.agg(pl.len().alias("messages"), pl.col("row").head(EXAMPLES)).iter_rows(named=True):
        levels = [tuple((name, int(row[f"{side}.{name}"])) for name in scales) for side in "ba"]
        said = [_said(one, row[key], its) for one, key, its in zip((before, after), keys[:2], levels, strict=True)]
        found.before[said[0].decision, said[0].team] += row["messages"]
        found.after[said[1].decision, said[1].team] += row["messages"]
        if _same(*said):
            continue
        group = groups.setdefault((said[0], said[1]), Group(said[0], said[1], _worst(before.plan, after.plan, levels)))
        group.messages += row["messages"]
        wanted = row["row"][: EXAMPLES - len(group.examples)]
        group.examples += before.messages.select("id", "text")[wanted].rows()


def _keep(after: _Seen, found: Difference) -> None:
    """Note the guarantees that a piece breaks."""
    for promise, rows in broken(after.plan, after.decided):
        its = found.broken.setdefault(promise.title, Broken(promise))
        its.messages += len(rows)
        for row in rows[: EXAMPLES - len(its.examples)].tolist():
            way, _ = after.decided.ways[after.decided.code[row]]
            ending = after.plan.endings[way[-1].outcome or 0]
            said = label(ending.decision, ending.team)
            its.examples.append((*after.messages.select("id", "text").row(row), said))


def _said(one: _Seen, code: int, levels: tuple[tuple[str, int], ...]) -> Said:
    way, _ = one.decided.ways[code]
    last = way[-1].outcome
    assert last is not None
    ending = one.plan.endings[last]
    carries = tuple(sorted(said for said in ending.modifiers if not said.startswith("because ")))
    names = {scale.name: scale.levels for scale in one.plan.scales}
    weighed = tuple((name, names[name][level]) for name, level in levels)
    return Said(ending.decision, ending.team, ending.rule, ending.because, carries, weighed)


def _same(before: Said, after: Said) -> bool:
    """Whether both said the same of a message; by which rule and in which words does not matter."""
    return replace(before, rule=after.rule, because=after.because) == after


def _worst(old: Plan, new: Plan, levels: list[tuple[tuple[str, int], ...]]) -> float:
    """How severe either playbook finds the messages: 1 is the highest level of `severity`; 0 where there is no such scale."""
    worst = 0.0
    for plan, its in zip((old, new), levels, strict=True):
        for scale in plan.scales:
            if scale.name == "severity" and "severity" in dict(its):
                worst = max(worst, dict(its)["severity"] / max(len(scale.levels) - 1, 1))
    return worst


def as_dict(found: Difference) -> dict[str, object]:
    """The difference as JSON can hold it."""
    outcomes = dict.fromkeys((*found.before, *found.after))
    return {
        "messages": found.messages,
        "unreadable": found.unreadable,
        "changed": found.changed,
        "decided_otherwise": found.decided_otherwise,
        "totals": [
            {"decision": one[0], "team": one[1], "before": found.before[one], "after": found.after[one]}
            for one in outcomes
        ],
        "changes": [
            {
                "what": group.what,
                "messages": group.messages,
                "before": _side(group.before),
                "after": _side(group.after),
                "examples": [one for one, _ in group.examples],
            }
            for group in found.groups
        ],
        "rules": found.rules.as_dict(),
        "guarantees": [
            {
                "guarantee": title,
                "promise": its.promise.text,
                "messages": its.messages,
                "examples": [{"id": id_, "decided": said} for id_, _, said in its.examples],
            }
            for title, its in found.broken.items()
        ],
    }


def _side(said: Said) -> dict[str, object]:
    return {
        "decision": said.decision,
        "team": said.team,
        "rule": said.rule,
        "because": said.because,
        "carries": list(said.carries),
        "levels": dict(said.levels),
    }
