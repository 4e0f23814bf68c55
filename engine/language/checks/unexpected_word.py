"""A word stands where the statement cannot go on with it.

The message lists what could stand there. Often a word is misspelt, or one is missing just before it.

Wrong:
    playbook "Acme"
    step start
      otherwise -> no answer needed

Right:
    playbook "Acme"
    step start
      otherwise -> no reply needed
"""

from __future__ import annotations

import re

from engine.decision import PLAIN_OUTCOMES
from engine.language.checks.around import (
    QUOTED,
    begins_line,
    begins_statement,
    is_word,
    line_before,
    previous,
    rest_of_line,
    whole,
)
from engine.language.checks.expectations import NEXT_STATEMENT, decision_begun, in_words, keywords
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.parse import Trouble

CODE = "HK110"
SEVERITY = Severity.ERROR

_ELSEWHERE = {"if": "when", "elif": "when", "case": "when", "else": "otherwise", "default": "otherwise"}
_SIGNS = (">", "<", ">=", "<=")
_IN_WORDS = {
    "more": ">",
    "greater": ">",
    "over": ">",
    "above": ">",
    "less": "<",
    "under": "<",
    "below": "<",
    "equals": "is",
}
_TEAM = re.compile(r"hand off to (\w[\w-]*)[ \t]+$")
_WORDS = re.compile(r"\w[\w-]*(?: \w[\w-]*)*")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def recognise(trouble: Trouble) -> Diagnostic:
    """Explain any syntax trouble."""
    word = whole(trouble)
    glued = word.start < trouble.span.start
    if trouble.found == ")":
        return finding(CODE, SEVERITY, "this `)` has no `(` before it", word)
    if trouble.found == '"' and not QUOTED.match(word.text):
        return finding(CODE, SEVERITY, 'in a text, `\\` stands only before `"` or another `\\`', word, "in this text")
    if trouble.found == "/" and "a pattern between slashes" in trouble.expected:
        return finding(CODE, SEVERITY, "this pattern has no closing `/` on its line", word, "opened here")
    if glued:
        return finding(CODE, SEVERITY, f"`{word.text}` cannot stand here", word, help=_help(trouble, word.text))
    shown = f"`{word.text}`" if word.text else "the end"
    expected = in_words(trouble)
    message = f"expected {expected}, found {shown}"
    if expected == NEXT_STATEMENT:
        message = f"this `{trouble.statement}` cannot go on with {shown}"
    return finding(CODE, SEVERITY, message, word, help=_help(trouble, word.text))


def _help(trouble: Trouble, word: str) -> str | None:
    if QUOTED.match(word) or word in _SIGNS:
        return _help_with_mark(trouble, word)
    team = _TEAM.search(line_before(trouble))
    if team and is_word(word) and (more := _WORDS.match(rest_of_line(trouble))):
        return f'write `hand off to "{team[1]} {more[0]}"`'
    if "`respond`" in trouble.expected or (word == "none" and "`reply`" in trouble.expected):
        decision = PLAIN_OUTCOMES.get(word)
        if decision:
            return f"write `{decision}`"
    if "a day such as mon" in trouble.expected and word[:3].lower() in _DAYS:
        return f"write `{word[:3].lower()}`"
    instead = _ELSEWHERE.get(word)
    if instead and ("`when`" in trouble.expected or "`because`" in trouble.expected):
        return f"write `{instead}`"
    if in_words(trouble) == NEXT_STATEMENT:
        before = previous(trouble)
        sign = _IN_WORDS.get(word) or (_IN_WORDS.get(before.text) if before and word == "than" else None)
        return f"write `{sign}`" if sign else None
    phrase = decision_begun(trouble)
    known = keywords(trouble) if not begins_statement(trouble) or begins_line(trouble.span) else ()
    return f"write `{phrase}`" if phrase else unknown_name(word, known)


def _help_with_mark(trouble: Trouble, word: str) -> str | None:
    if "`(`" in trouble.expected:
        return 'each part of a condition is whole by itself, such as `shares >= 10` or `text mentions "scam"`'
    if word in _SIGNS:
        return None
    if "`,`" in trouble.expected:
        return "write a comma between two texts"
    if trouble.expected != {"a name"} or not is_word(word[1:]):
        return None
    if trouble.statement == "reply" and begins_line(trouble.span):
        return f"begin with the language, such as `en {word}`"
    return f"write `{word[1:-1]}` without quotes"
