"""What could have stood at a place, as a sentence says it: the most useful first, five at most."""

from __future__ import annotations

from engine.decision import DECISIONS
from engine.language.checks.around import STATEMENT_WORDS, begins_statement, previous, whole
from engine.language.parse import Trouble
from engine.language.suggest import nearest

_ONLY_IN: dict[str, frozenset[str]] = {
    "points such as +10": frozenset({"score"}),
    "`by`": frozenset({"watch", "matrix"}),
    "`opens`": frozenset({"watch"}),
    "`closes`": frozenset({"watch"}),
    "`cool`": frozenset({"watch"}),
    "`->`": frozenset({"step"}),
    "`|`": frozenset({"matrix"}),
    "the end of the file": frozenset(),
}
"""The grammar lets these follow a condition wherever it stands; each belongs to these statements only."""

_MARKS = ("`->`", "`:`", "`,`", "`)`", "`(`", "`<`", "`|`", "`-`")
_MOST = 5

NEXT_STATEMENT = "the next statement"


def expected_here(trouble: Trouble) -> list[str]:
    """All that could have stood there and belongs to the statement; the next statement is one of them, and the last."""
    expected: frozenset[str] | set[str] = trouble.expected
    if begins_statement(trouble):
        expected = expected - STATEMENT_WORDS
    after_condition = "points such as +10" in expected and len(expected) > 1
    if trouble.statement not in {"extend", "replace"}:
        expected = {one for one in expected if trouble.statement in _ONLY_IN.get(one, {trouble.statement})}
    if after_condition:
        expected = expected - {"`)`"} - ({"a name"} if trouble.statement != "scale" else set())
    near = nearest(whole(trouble).text, keywords(trouble))
    ordered = sorted(expected, key=lambda one: (one != f"`{near}`", _rank(one), one))
    return [*ordered, NEXT_STATEMENT] if begins_statement(trouble) else ordered


def in_words(trouble: Trouble) -> str:
    """`a name, a number or "->"`."""
    shown = expected_here(trouble)
    if len(shown) > _MOST:
        shown = [*shown[: _MOST - 1], NEXT_STATEMENT] if shown[-1] == NEXT_STATEMENT else shown[:_MOST]
    if not shown:
        return "something else"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def keywords(trouble: Trouble) -> list[str]:
    """The words of the language that could have stood there."""
    return [one.strip("`") for one in trouble.expected if one.startswith("`") and one[1].isalpha()]


def decision_begun(trouble: Trouble) -> str | None:
    """The decision that the words before the place begin, when nothing but its next word could follow."""
    if len(trouble.expected) != 1:
        return None
    before = previous(trouble)
    words = before.source.line(before.line)[: before.column - 1 + len(before.text)].split() if before else []
    for decision in DECISIONS:
        parts = decision.split()
        for count in range(1, len(parts)):
            if words[-count:] == parts[:count] and trouble.expected == {f"`{parts[count]}`"}:
                return decision
    return None


def _rank(expected: str) -> int:
    if expected in _MARKS:
        return _MARKS.index(expected) - len(_MARKS)
    return 1 if expected.startswith("`") else 0
