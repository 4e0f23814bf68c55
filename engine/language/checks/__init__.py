"""What can be wrong with a playbook: one check a file, each with its public page as docstring.

Reading order: `SYNTAX` explains where a statement stopped making sense, `LOADING` what `use` and `extend` cannot do,
and `CHECKS` look at the whole playbook: names, types, structure, what is never used, and the tone of the replies.
"""

from __future__ import annotations

import inspect
from types import ModuleType

from engine.language.checks import (
    bad_number,
    duplicate_definition,
    foreign_character,
    foreign_operator,
    missing_arrow,
    missing_quotes,
    not_utf8,
    nothing_to_change,
    reserved_word,
    unclosed_text,
    unexpected_word,
    unfinished_statement,
    unknown_statement,
    unknown_terms,
    use_cycle,
    use_escapes,
    use_missing,
)
from engine.language.diagnostics import Diagnostic
from engine.language.parse import Trouble
from engine.language.playbook import Playbook

SYNTAX: tuple[ModuleType, ...] = (
    foreign_character,
    unclosed_text,
    foreign_operator,
    bad_number,
    reserved_word,
    unfinished_statement,
    unknown_statement,
    missing_arrow,
    missing_quotes,
    unexpected_word,
)
"""Tried in this order; the last one recognises everything."""

LOADING: tuple[ModuleType, ...] = (
    not_utf8,
    use_missing,
    use_escapes,
    use_cycle,
    duplicate_definition,
    nothing_to_change,
)

CHECKS: tuple[ModuleType, ...] = (unknown_terms,)

ALL = (*SYNTAX, *LOADING, *CHECKS)


def explain_trouble(trouble: Trouble) -> Diagnostic:
    """Say in the author's words where a statement stopped making sense."""
    for module in SYNTAX[:-1]:
        found: Diagnostic | None = module.recognise(trouble)
        if found is not None:
            return found
    return unexpected_word.recognise(trouble)


def check(playbook: Playbook) -> list[Diagnostic]:
    """Everything that is wrong with a playbook that was read, once each, in source order."""
    found = {(one.order, one.message): one for module in CHECKS for one in module.check(playbook)}
    return [found[key] for key in sorted(found)]


def page(code: str) -> str | None:
    """The public page of a code; None when there is no such code.

    >>> page("HK201").splitlines()[0]
    'HK201: No term list has this name.'
    """
    for module in ALL:
        if code == module.CODE:
            return f"{code}: {inspect.cleandoc(module.__doc__ or '')}\n"
    return None
