"""Recorded incidents: what happened, and what should have been decided; read from `NAME.incidents.yaml`.

```yaml
playbook: care.playbook        # may be left out: the playbook of the same name beside the file
incidents:
  - incident: The kettle of March
    never: ignore as troll     # of no message of this incident; may be left out, and may be several
    messages:
      - text: My Acme kettle caught fire
        author.followers: 12000
        expect: hand off to safety
      - {id: thanks, thread: t1, text: "Thank you, it is out", direction: inbound}
```

A message has the fields of a message, flat or nested; an `id` may be left out. `expect` is a decision as a playbook writes
it, or a mapping of what else a decision says (`recorded.SAID`) and the levels of scales. A message without `expect` is there
for those around it. `docs/testing.md` says what else may stand where.

A mistake is a diagnostic with its place, all of a file at once, as in a playbook.

Longer than other modules because the form of a file is read from top to bottom in one place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine.clock import CLOCK_COLUMNS
from engine.decision import DECISIONS
from engine.incidents.recorded import (
    ENDING,
    LISTS,
    Expected,
    Export,
    Incident,
    Incidents,
    Recorded,
    decision_of,
    is_due,
    later,
    mistake,
    moment_of,
    seconds_of,
)
from engine.language.diagnostics import Diagnostic
from engine.language.source import Source, Span
from engine.language.suggest import nearest
from engine.message import FIELD, Kind

_FILE = ("playbook", "incidents")
_INCIDENT = (
    "incident",
    "because",
    "never",
    "clock",
    "every",
    "messages",
    "inbox",
    "format",
    "tz",
    "between",
    "ids",
    "expect",
)
_OF_EXPORTS = ("format", "tz", "between", "ids", "expect")
_OF_MESSAGES = ("expect", "facts", "after")
_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool")}
_WORDS = {Kind.TEXT, Kind.CATEGORY, Kind.TIME}


_Every = tuple[dict[str, Any], dict[str, Any]]


def load_incidents(path: Path) -> tuple[Incidents | None, list[Diagnostic]]:
    """Read a file of incidents, and say what is wrong with it.

    Raises:
        OSError: it cannot be read.
    """
    name = path.name.removesuffix(ENDING)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = Source(str(path), "")
        return None, [mistake("HK601", f"it is not UTF-8: byte {error.start + 1} cannot be read", Span(source, 0, 0))]
    return read_incidents(Source(str(path), text), f"{name}.playbook")


def read_incidents(source: Source, playbook: str) -> tuple[Incidents | None, list[Diagnostic]]:
    """Like `load_incidents`, of a text; `playbook` is whose incidents these are if the text does not say."""
    reader = _Reader(source)
    try:
        node = yaml.compose(source.text, Loader=yaml.CSafeLoader)
        shared = _shared(node) if node is not None else None
        if shared is not None:
            reader.say(
                "HK603", "what an anchor (`&`) marks stands here a second time: write it out", reader.span(shared)
            )
        found = reader.file(node, playbook) if node is not None and shared is None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = min(mark.index, len(source.text)) if mark is not None else 0
        why = str(getattr(error, "problem", None) or "it is no YAML")
        return None, [mistake("HK601", why, Span(source, at, min(at + 1, len(source.text))))]
    except RecursionError:
        return None, [mistake("HK601", "it is nested too deeply", Span(source, 0, 0))]
    if node is None:
        reader.say("HK604", "there are no incidents in it", Span(source, 0, 0), "write `incidents:` and a list of them")
    return (found if not reader.findings else None), reader.findings


@dataclass(slots=True)
class _Reader:
    """YAML nodes to incidents, with what is wrong on the way."""

    source: Source
    findings: list[Diagnostic] = field(default_factory=list)

    def say(self, code: str, message: str, span: Span, help_: str | None = None) -> None:
        self.findings.append(mistake(code, message, span, help_))

    def span(self, node: yaml.Node) -> Span:
        """The node's first line, or the whole of it when it is a word."""
        start, end = node.start_mark.index, node.end_mark.index
        text = self.source.text[start:end]
        return Span(self.source, start, start + len(text.split("\n", 1)[0].rstrip()))

    def mapping(self, node: yaml.Node, what: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """A mapping by its keys; each with the node of the key and of the value."""
        if not isinstance(node, yaml.MappingNode):
            self.say("HK603", f"{what} is a mapping of `word: value`", self.span(node))
            return {}
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not word:
                self.say("HK603", "a key is a word", self.span(key))
            elif word in found:
                self.say("HK606", f"`{word}` stands here twice", self.span(key))
            else:
                found[word] = key, value
        return found

    def only(self, found: dict[str, tuple[yaml.Node, yaml.Node]], words: tuple[str, ...], what: str) -> None:
        for word, (key, _) in found.items():
            if word not in words:
                near = nearest(word, words)
                help_ = f"did you mean `{near}`?" if near else f"it may say {', '.join(words)}"
                self.say("HK602", f"{what} does not say `{word}`", self.span(key), help_)

    def word(self, node: yaml.Node, what: str) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip() and "\0" not in node.value:
            return str(node.value)
        self.say("HK603", f"{what} is a word or a text", self.span(node))
        return None

    def words(self, node: yaml.Node, what: str) -> list[tuple[str, yaml.Node]]:
        """A word, or a list of words."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return [(word, one) for one in nodes if (word := self.word(one, what)) is not None]

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode) and node.value:
            return list(node.value)
        self.say("HK603", f"{what} is a list with at least one item", self.span(node))
        return []

    def file(self, node: yaml.Node, playbook: str) -> Incidents:
        found = self.mapping(node, "the file")
        self.only(found, _FILE, "a file of incidents")
        if "playbook" in found:
            playbook = self.word(found["playbook"][1], "`playbook`") or playbook
        if found and "incidents" not in found:
            self.say("HK604", "it has no `incidents:`", self.span(node), "write `incidents:` and a list of them")
        nodes = self.items(found["incidents"][1], "`incidents`") if "incidents" in found else []
        incidents = [one for one in map(self.incident, nodes) if one is not None]
        self.differ([(one.name, one.span) for one in incidents], "an incident is called")
        return Incidents(self.source, playbook, tuple(incidents))

    def incident(self, node: yaml.Node) -> Incident | None:
        found = self.mapping(node, "an incident")
        if not found:
            return None
        self.only(found, _INCIDENT, "an incident")
        if "incident" not in found:
            self.say("HK604", "an incident without `incident:`", self.span(node))
        if "messages" not in found and "inbox" not in found:
            self.say("HK604", "an incident without `messages:` or `inbox:`", self.span(node))
        name = self.word(found["incident"][1], "the name of an incident") if "incident" in found else None
        never = (
            [self.decision(word, at) for word, at in self.words(found["never"][1], "`never`")]
            if "never" in found
            else []
        )
        clock = self.time(found["clock"][1], "`clock`") if "clock" in found else None
        if "inbox" in found:
            for word in ("messages", "clock", "every"):
                if word in found:
                    self.say("HK602", f"an incident of an inbox has no `{word}` of its own", self.span(found[word][0]))
            messages, export = self.expectations(found), self.export(found)
        else:
            for word in _OF_EXPORTS:
                if word in found:
                    self.say("HK602", f"`{word}` is for an incident with an `inbox:`", self.span(found[word][0]))
            nodes = self.items(found["messages"][1], "`messages`") if "messages" in found else []
            every = self.every(found["every"][1]) if "every" in found else ({}, {})
            numbered = [self.message(each, str(number), clock, every) for number, each in enumerate(nodes, 1)]
            messages, export = [one for one in numbered if one is not None], None
            self.differ([(one.id, one.span) for one in messages], "a message has the id")
        kept = tuple(one for one in never if one)
        return Incident(name or "", tuple(messages), kept, self.span(node), export)

    def export(self, found: dict[str, tuple[yaml.Node, yaml.Node]]) -> Export:
        """Where the messages of an incident are, and which."""
        said = {
            word: self.word(found[word][1], f"`{word}`") if word in found else None
            for word in ("inbox", "format", "tz")
        }
        between = None
        if "between" in found:
            nodes = self.items(found["between"][1], "`between`")
            times = [time for one in nodes if (time := self.time(one, "`between`")) is not None]
            if len(times) == len(nodes) != 2:
                self.say("HK603", "`between` is a list of two moments", self.span(found["between"][1]))
            elif len(times) == 2 and times[0] >= times[1]:
                self.say("HK603", "`between` ends before it begins", self.span(found["between"][1]))
            elif len(times) == 2:
                between = times[0], times[1]
        ids = frozenset(word for word, _ in self.words(found["ids"][1], "`ids`")) if "ids" in found else None
        return Export(said["inbox"] or "", said["format"], said["tz"], between, ids, self.span(found["inbox"][1]))

    def expectations(self, found: dict[str, tuple[yaml.Node, yaml.Node]]) -> list[Recorded]:
        """What is expected of messages of an export, by their ids."""
        if "expect" not in found:
            return []
        return [
            Recorded(name, {}, tuple(self.expect(value)), self.span(key))
            for name, (key, value) in self.mapping(found["expect"][1], "`expect`").items()
        ]

    def time(self, node: yaml.Node, what: str) -> datetime | None:
        """A moment with its zone."""
        word = self.word(node, what)
        found = moment_of(word) if word else None
        if word and found is None:
            self.say(
                "HK603",
                f"{what} is no moment with its zone",
                self.span(node),
                "write it like 2026-03-09T07:41:00+01:00",
            )
        return found

    def differ(self, names: list[tuple[str, Span]], what: str) -> None:
        seen: set[str] = set()
        for name, span in names:
            if name in seen:
                self.say("HK606", f"{what} `{name}` a second time", span)
            seen.add(name)

    def every(self, node: yaml.Node) -> _Every:
        """What every message of an incident has unless it says otherwise: fields, and facts."""
        found = self.mapping(node, "`every`")
        for word in ("id", "expect", "after"):
            if word in found:
                self.say("HK602", f"`{word}` is said of each message by itself", self.span(found[word][0]))
        self.known(found)
        facts = dict(self.facts("", self.mapping(found["facts"][1], "`facts`"))) if "facts" in found else {}
        return {name: _value(name, value) for name, (_, value) in found.items() if name not in _OF_MESSAGES}, facts

    def known(self, found: dict[str, tuple[yaml.Node, yaml.Node]]) -> None:
        """Say which fields there are not, or are not to be written down."""
        for name, (key, value) in self.leaves("", found):
            if name.partition(".")[0] in _OF_MESSAGES:
                continue
            if name not in FIELD and name != "extra" and not name.startswith("extra."):
                near = nearest(name, [*FIELD, *_OF_MESSAGES])
                self.say(
                    "HK602",
                    f"no message has a field `{name}`",
                    self.span(key),
                    f"did you mean `{near}`?" if near else None,
                )
            elif name in FIELD and FIELD[name].derived:
                self.say(
                    "HK602",
                    f"`{name}` is worked out from the messages of the incident",
                    self.span(key),
                    "what was true without them stands under `facts:`",
                )
            elif name in FIELD and isinstance(value, yaml.SequenceNode) and FIELD[name].kind.value != "list":
                self.say("HK603", f"`{name}` is no list", self.span(value))

    def message(self, node: yaml.Node, number: str, clock: datetime | None, every: _Every) -> Recorded | None:
        found = self.mapping(node, "a message")
        if not found:
            return None
        self.known(found)
        if "text" not in found and "text" not in every[0]:
            self.say("HK604", "a message without `text:`", self.span(node))
        fields = {
            **every[0],
            **{name: _value(name, value) for name, (_, value) in found.items() if name not in _OF_MESSAGES},
        }
        expected = tuple(self.expect(found["expect"][1])) if "expect" in found else ()
        own = self.facts("", self.mapping(found["facts"][1], "`facts`")) if "facts" in found else ()
        facts = {**every[1], **dict(own)}
        moment = self.moment(found, clock)
        if moment is not None:
            fields["posted_at"] = moment.isoformat()
        fields["id"] = str(fields.get("id") or number)
        return Recorded(fields["id"], fields, expected, self.span(node), facts)

    def moment(self, found: dict[str, tuple[yaml.Node, yaml.Node]], clock: datetime | None) -> datetime | None:
        """When a message came by the clock of its incident; None when it says so itself, or nobody does."""
        if "after" not in found:
            return None if "posted_at" in found else clock
        key, value = found["after"]
        if "posted_at" in found or clock is None:
            why = "`posted_at` says it already" if "posted_at" in found else "the incident has no `clock:`"
            self.say("HK602", f"`after` counts from the clock of the incident, and {why}", self.span(key))
            return None
        word = self.word(value, "`after`")
        seconds = seconds_of(word) if word else None
        if word and seconds is None:
            self.say("HK603", f"`{word}` is no length of time", self.span(value), "write it like 30m, 1h 30m or 3d")
        moment = later(clock, seconds or 0)
        if moment is None:
            self.say("HK603", f"`{word}` after the clock of the incident is no date any more", self.span(value))
        return moment

    def facts(self, before: str, found: dict[str, tuple[yaml.Node, yaml.Node]]) -> Iterator[tuple[str, Any]]:
        """Facts under their dotted names: numbers, yes or no, lengths of time in seconds, words; nothing is unknown."""
        for name, (_, node) in found.items():
            if isinstance(node, yaml.MappingNode):
                yield from self.facts(f"{before}{name}.", self.mapping(node, f"`{name}`"))
                continue
            if isinstance(node, yaml.SequenceNode):
                self.say("HK603", f"`{before}{name}` is no list", self.span(node))
                continue
            seconds = seconds_of(node.value) if isinstance(node.value, str) else None
            yield before + name, seconds if seconds is not None else _value("", node)

    def leaves(
        self, before: str, found: dict[str, tuple[yaml.Node, yaml.Node]]
    ) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
        """The fields of a message under their dotted names."""
        for name, (key, value) in found.items():
            if isinstance(value, yaml.MappingNode) and name != "expect":
                yield from self.leaves(f"{before}{name}.", self.mapping(value, f"`{name}`"))
            else:
                yield before + name, (key, value)

    def expect(self, node: yaml.Node) -> Iterator[Expected]:
        if isinstance(node, yaml.ScalarNode):
            decided = self.decision(str(node.value), node)
            if decided is not None:
                yield from self.decided(decided, node)
            return
        for name, (_, value) in self.mapping(node, "`expect`").items():
            words = self.words(value, f"`{name}`")
            if name in {"decision", "not"}:
                for word, at in words:
                    decided = self.decision(word, at)
                    if decided is not None and name == "not":
                        yield Expected("not", tuple(one for one in decided if one), self.span(at))
                    elif decided is not None:
                        yield from self.decided(decided, at)
            elif name in CLOCK_COLUMNS and words and not is_due(words[0][0]):
                why = f"`{name}` is no moment with its zone and no length of time"
                self.say("HK603", why, self.span(value), "write it like 2026-03-09T07:41:00+01:00, 1h or none")
            elif words and (name in LISTS or len(words) == 1):
                yield Expected(name, tuple(word for word, _ in words), self.span(value))
            elif words:
                self.say("HK603", f"`{name}` is one word", self.span(value))

    def decided(self, decided: tuple[str, str | None], node: yaml.Node) -> Iterator[Expected]:
        yield Expected("decision", (decided[0],), self.span(node))
        if decided[1]:
            yield Expected("team", (decided[1],), self.span(node))

    def decision(self, words: str, node: yaml.Node) -> tuple[str, str | None] | None:
        found = decision_of(words)
        if found is None:
            near = nearest(words, DECISIONS)
            help_ = f"did you mean `{near}`?" if near else f"it is one of {', '.join(DECISIONS)}"
            self.say("HK605", f"`{words}` is no decision", self.span(node), help_)
        return found


def _shared(node: yaml.Node) -> yaml.Node | None:
    """A node that is reached twice, as by an alias: a few of them within each other would be millions of messages."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            return one
        seen.add(id(one))
        if isinstance(one, yaml.MappingNode):
            waiting += [each for pair in one.value for each in pair]
        elif isinstance(one, yaml.SequenceNode):
            waiting += one.value
    return None


def _value(name: str, node: yaml.Node) -> Any:
    """What a field holds, as JSON can hold it. Texts and times stay as they are written, whatever YAML takes them for."""
    match node:
        case yaml.MappingNode():
            keys = [(key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
            return {key: _value(f"{name}.{key}", value) for key, value in keys}
        case yaml.SequenceNode():
            return [_value("", one) for one in node.value]
        case _ if node.tag == "tag:yaml.org,2002:null":
            return None
        case _ if node.tag in _PLAIN and (name not in FIELD or FIELD[name].kind not in _WORDS):
            return _plain_value(node.value)
        case _:
            return node.value


def _plain_value(written: str) -> Any:
    """A number, or yes or no; what cannot be one stays as it is written, and the reader of messages says so."""
    try:
        value = yaml.safe_load(written)
    except ValueError:  # an integer of thousands of digits
        return written
    return value if not isinstance(value, float) or math.isfinite(value) else written
