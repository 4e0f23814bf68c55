"""Files of incidents: what they can say, and a diagnostic with its place for everything that they cannot."""

from __future__ import annotations

from random import Random

import pytest

from engine.incidents import PAGES, check_against, replay
from engine.incidents.reading import read_incidents
from engine.incidents.recorded import Incidents
from engine.language.diagnostics import Diagnostic, render_all
from engine.language.load import load_text
from engine.language.source import Source
from engine.plan import Plan, compile_plan

CARE = """
field extra.plan: text
scale severity: low < high
  high when text mentions "fire" or author.followers >= 10k
  low otherwise
scale mood: bad < good
  good when text mentions "thanks"
  bad otherwise
step start
  when severity is high
    -> hand off to safety  tag "danger"  priority urgent
  when thread.our_replies >= 1
    -> take private  say dm
  when extra.plan is "gold"
    -> step gold
  when text mentions "idiots"
    -> ignore as troll
  otherwise
    -> respond publicly
step gold
  otherwise -> respond publicly  assign "gold desk"
reply dm en "Hello {author.name}, could you write to us?"
"""


def plan() -> Plan:
    return compile_plan(load_text(CARE, "care.playbook", None)[0])


def read(text: str) -> tuple[Incidents | None, list[Diagnostic]]:
    return read_incidents(Source("care.incidents.yaml", text), "care.playbook")


def one(message: str, *, incident: str = "") -> str:
    """A file with one message."""
    return f"incidents:\n  - incident: A\n{incident}    messages:\n      - {message}\n"


BAD = {
    "empty": ("", "HK604", "there are no incidents in it"),
    "only a comment": ("# later\n", "HK604", "there are no incidents in it"),
    "not YAML": ("incidents: [", "HK601", ""),
    "a tab": ("incidents:\n\t- incident: A", "HK601", ""),
    "a colon in a text": (one("text: My order: where is it?"), "HK601", ""),
    "two documents": ("incidents: []\n---\nincidents: []\n", "HK601", ""),
    "an unknown tag is a text": (one("{text: !!python/name:os.system x}"), "", ""),
    "a control character": ("incidents: \x00", "HK601", ""),
    "a list": ("- incident: A\n", "HK603", "the file is a mapping"),
    "a word": ("incidents\n", "HK603", "the file is a mapping"),
    "another key": ("incident: []\nincidents:\n  - {incident: A, messages: [{text: a}]}\n", "HK602", "`incident`"),
    "a key that is a list": ("? [a]\n: 1\n", "HK603", "a key is a word"),
    "no incidents": ("playbook: care.playbook\n", "HK604", "it has no `incidents:`"),
    "incidents as a mapping": ("incidents: {A: 1}\n", "HK603", "`incidents` is a list"),
    "no incident": ("incidents: []\n", "HK603", "`incidents` is a list with at least one item"),
    "a playbook that is a list": ("playbook: [a]\nincidents:\n  - {incident: A, messages: [{text: a}]}\n", "HK603", "`playbook`"),
    "an incident that is a word": ("incidents: [A]\n", "HK603", "an incident is a mapping"),
    "no name": ("incidents:\n  - messages: [{text: a}]\n", "HK604", "an incident without `incident:`"),
    "a name that is a list": ("incidents:\n  - {incident: [a], messages: [{text: a}]}\n", "HK603", "the name of an incident"),
    "no messages": ("incidents:\n  - incident: A\n", "HK604", "an incident without `messages:`"),
    "an empty list of messages": ("incidents:\n  - {incident: A, messages: []}\n", "HK603", "`messages` is a list"),
    "messages as a text": ("incidents:\n  - {incident: A, messages: hello}\n", "HK603", "`messages` is a list"),
    "another key of an incident": (one("text: a", incident="    nevr: ignore as troll\n"), "HK602", "`nevr`"),
    "a key twice": ("incidents:\n  - {incident: A, incident: B, messages: [{text: a}]}\n", "HK606", "`incident` stands here twice"),
    "a name twice": ("incidents:\n  - {incident: A, messages: [{text: a}]}\n  - {incident: A, messages: [{text: a}]}\n", "HK606", "`A` a second time"),
    "an id twice": ("incidents:\n  - {incident: A, messages: [{id: x, text: a}, {id: x, text: b}]}\n", "HK606", "the id `x`"),
    "an id that a number takes": ("incidents:\n  - {incident: A, messages: [{text: a}, {id: 1, text: b}]}\n", "HK606", "the id `1`"),
    "a message that is a text": (one("hello"), "HK603", "a message is a mapping"),
    "no text": (one("id: x"), "HK604", "a message without `text:`"),
    "an unknown field": (one("{text: a, author.folowers: 3}"), "HK602", "`author.folowers`"),
    "an unknown nested field": (one("{text: a, author: {folowers: 3}}"), "HK602", "`author.folowers`"),
    "a field that is worked out": (one("{text: a, thread.turns: 3}"), "HK602", "`thread.turns` is worked out"),
    "a text that is a list": (one("text: [a, b]"), "HK603", "`text` is no list"),
    "a text that is a mapping": (one("text: {a: b}"), "HK602", "`text.a`"),
    "a decision that is none": (one("{text: a, expect: shrug}"), "HK605", "`shrug` is no decision"),
    "a misspelt decision": (one("{text: a, expect: respond publically}"), "HK605", "`respond publically`"),
    "a team for a decision without": (one("{text: a, expect: take private to legal}"), "HK605", "`take private to legal`"),
    "never what is no decision": (one("text: a", incident="    never: hope\n"), "HK605", "`hope`"),
    "never a mapping": (one("text: a", incident="    never: {a: b}\n"), "HK603", "`never`"),
    "not what is no decision": (one("{text: a, expect: {not: nothing}}"), "HK605", "`nothing`"),
    "an expectation that is a list": (one("{text: a, expect: [a]}"), "HK603", "`expect` is a mapping"),
    "two values": (one("{text: a, expect: {severity: [low, high]}}"), "HK603", "`severity` is one word"),
    "an empty value": (one("{text: a, expect: {severity: }}"), "HK603", "`severity`"),
    "a deadline that is none": (one("{text: a, expect: {reply_by: soon}}"), "HK603", "`reply_by` is no moment"),
    "a deadline without zone": (one("{text: a, expect: {reply_by: 2026-03-01T10:00}}"), "HK603", "`reply_by` is no moment"),
    "an unknown scale": (one("{text: a, expect: {sevrity: high}}"), "HK607", "no `sevrity`"),
    "an unknown level": (one("{text: a, expect: {severity: hihg}}"), "HK607", "no level `hihg`"),
    "an unknown rule": (one("{text: a, expect: {rule: start.9}}"), "HK607", "no rule `start.9`"),
    "a number that is none": (one("{text: a, author.followers: many}"), "HK608", "`author.followers` is no whole number"),
    "a time without zone": (one("{text: a, posted_at: 2026-03-01 10:00}"), "HK608", "has no zone"),
    "a direction that is none": (one("{text: a, direction: sideways}"), "HK608", "`direction` is neither"),
    "no text but null": (one("text: null"), "HK608", "`text` is missing"),
    "a decision for our own message": (one("{text: a, direction: outbound, expect: respond publicly}"), "HK608", "from us"),
    "a clock that is none": (one("text: a", incident="    clock: noon\n"), "HK603", "`clock` is no moment with its zone"),
    "a clock without zone": (one("text: a", incident="    clock: 2026-03-01T10:00\n"), "HK603", "`clock` is no moment with its zone"),
    "after nothing": (one("{text: a, after: 20m}"), "HK602", "no `clock:`"),
    "after what is no length": (one("{text: a, after: soon}", incident="    clock: 2026-03-01T10:00Z\n"), "HK603", "`soon` is no length"),
    "after and a time": (
        one('{text: a, after: 1h, posted_at: "2026-03-01T10:00Z"}', incident="    clock: 2026-03-01T10:00Z\n"),
        "HK602", "`posted_at` says it already",
    ),
    "every message's id": (one("{text: a}", incident="    every: {id: b}\n"), "HK602", "`id` is said of each message by itself"),
    "an unknown field of every message": (one("{text: a}", incident="    every: {visiblity: public}\n"), "HK602", "`visiblity`"),
    "every that is a word": (one("{text: a}", incident="    every: day\n"), "HK603", "`every` is a mapping"),
    "after the end of time": (one("{text: a, after: 99999d}", incident="    clock: 9999-12-31T00:00:00Z\n"), "HK603", "no date any more"),
    "after longer than anything": (one(f"{{text: a, after: {'9' * 30}d}}", incident="    clock: 2026-03-01T10:00Z\n"), "HK603", "is no length"),
    "a clock before the year 1": (one("text: a", incident="    clock: 0001-01-01T00:00:00+14:00\n"), "HK603", "`clock` is no moment"),
    "a playbook with a NUL": ('playbook: "a\\0b"\nincidents:\n  - {incident: A, messages: [{text: a}]}\n', "HK603", "`playbook`"),
    "a number of five thousand digits": (one(f"{{text: a, author.followers: {'9' * 5000}}}"), "HK608", "`author.followers`"),
    "a fact that is no number": (one("{text: a, facts: {thread.our_replies: .nan}}"), "HK608", "cannot be `.nan`"),
    "fewer replies than none": (one("{text: a, facts: {thread.our_replies: -4}}"), "HK608", "cannot be `-4`"),
    "facts that are a list": (one("{text: a, facts: [a]}"), "HK603", "`facts` is a mapping"),
    "a fact that is a list": (one("{text: a, facts: {troll: [1]}}"), "HK603", "`troll` is no list"),
    "a fact that is none": (one("{text: a, facts: {trol: 1}}"), "HK607", "no fact is called `trol`"),
    "a fact of another kind": (one("{text: a, facts: {thread.our_replies: many}}"), "HK608", "cannot be `many`"),
    "half a reply": (one("{text: a, facts: {thread.our_replies: 0.5}}"), "HK608", "cannot be `0.5`"),
    "an inbox that is a list": ("incidents:\n  - {incident: A, inbox: [a], never: hand off}\n", "HK603", "`inbox`"),
    "an inbox and messages": ("incidents:\n  - {incident: A, inbox: a.csv, messages: [{text: a}]}\n", "HK602", "no `messages` of its own"),
    "an inbox and a clock": ("incidents:\n  - {incident: A, inbox: a.csv, clock: 2026-03-01T10:00Z}\n", "HK602", "no `clock` of its own"),
    "a filter without an inbox": (one("text: a", incident="    ids: [1]\n"), "HK602", "`ids` is for an incident with an `inbox:`"),
    "between one moment": ("incidents:\n  - {incident: A, inbox: a.csv, between: [2026-03-01T10:00Z]}\n", "HK603", "a list of two moments"),
    "between the end and the beginning": (
        "incidents:\n  - {incident: A, inbox: a.csv, between: [2026-03-02T00:00Z, 2026-03-01T00:00Z]}\n", "HK603", "ends before it begins",
    ),
    "no such inbox": ("incidents:\n  - {incident: A, inbox: nowhere.csv}\n", "HK608", "there is no file nowhere.csv"),
    "an inbox with a name that no file can have": (f"incidents:\n  - {{incident: A, inbox: {'a' * 5000}.csv}}\n", "HK608", "cannot be read"),
    "expectations that are a list": ("incidents:\n  - {incident: A, inbox: a.csv, expect: [hand off]}\n", "HK603", "`expect` is a mapping"),
    "an anchor within itself": ("incidents: &a\n  - *a\n", "HK603", "an anchor"),
    "a billion laughs": (
        one("{text: a, a: &a [x, x], b: &b [*a, *a], c: &c [*b, *b], d: [*c, *c]}"), "HK603", "an anchor",
    ),
}  # fmt: skip


def everything_wrong_with(text: str) -> list[Diagnostic]:
    incidents, findings = read(text)
    if incidents is not None:
        findings = check_against(incidents, plan()) + replay(incidents, plan())[1]
    return findings


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_said_is_a_diagnostic_with_its_place(name: str) -> None:
    text, code, message = BAD[name]
    found = everything_wrong_with(text)
    if not code:
        assert not found
        return
    assert [(one.code, message in one.message) for one in found][:1] == [(code, True)], render_all(found)
    span = found[0].label.span
    assert 0 <= span.start <= span.end <= len(text)
    assert code in PAGES
    assert render_all(found)


def test_all_mistakes_of_a_file_are_said_at_once() -> None:
    text = one("{txt: a, expect: shrug}", incident="    nevr: x\n")
    assert [one.code for one in everything_wrong_with(text)] == ["HK602", "HK602", "HK604", "HK605"]


def test_help_names_what_was_meant() -> None:
    for text, meant in (
        (one("{text: a, author.folowers: 3}"), "author.followers"),
        (one("{text: a, expect: respond publically}"), "respond publicly"),
        (one("{text: a, expect: {severity: hihg}}"), "high"),
    ):
        assert everything_wrong_with(text)[0].help == f"did you mean `{meant}`?"


def test_every_page_is_used() -> None:
    assert {code for _, code, _ in BAD.values() if code} == {code for code in PAGES if code < "HK61"}


GOOD = """
playbook: other.playbook
incidents:
  - incident: The kettle 発火
    because: it was in the papers
    never: [ignore as troll, hand off to legal]
    messages:
      - text: fire!
        author: {followers: 12000, name: Mika}
        extra.plan: gold
        expect: {decision: hand off to safety, tags: [danger], severity: high, mood: bad, rule: start.1}
      - {id: 7, text: "yes", posted_at: 2026-03-01T10:00:00+09:00, author.verified: yes}
"""


def test_what_can_be_said() -> None:
    incidents, findings = read(GOOD)
    assert not findings
    assert incidents is not None
    assert incidents.playbook == "other.playbook"
    (incident,) = incidents.incidents
    assert incident.never == (("ignore as troll", None), ("hand off", "legal"))
    first, second = incident.messages
    assert first.id == "1"
    assert first.fields["author"] == {"followers": 12000, "name": "Mika"}
    assert [(each.name, each.values) for each in first.expected] == [
        ("decision", ("hand off",)), ("team", ("safety",)), ("tags", ("danger",)), ("severity", ("high",)),
        ("mood", ("bad",)), ("rule", ("start.1",)),
    ]  # fmt: skip
    assert second.fields == {
        "id": "7", "text": "yes", "posted_at": "2026-03-01T10:00:00+09:00", "author.verified": True,
    }  # fmt: skip
    assert not everything_wrong_with(GOOD)


def test_torn_files_end_in_diagnostics_too() -> None:
    random = Random(7)
    for _ in range(400):
        text = list(GOOD)
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(len(text))
            match random.randrange(4):
                case 0:
                    del text[at : at + random.randrange(1, 30)]
                case 1:
                    text[at] = random.choice("{}[]:-#&*!|>'\"%@`,?\t\n\x00\x85\u2028発")
                case 2:
                    text[at:at] = text[max(at - 20, 0) : at]
                case _:
                    text[at:at] = random.choice(["- ", ": ", "&a ", "*a ", "[" * 50, "'", "!!int ", "1e400 "])
            text = text or list(GOOD)
        render_all(everything_wrong_with("".join(text)))
