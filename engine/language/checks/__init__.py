"""What can be wrong with a playbook: one check a file, each with its public page as docstring.

Reading order: `SYNTAX` explains where a statement stopped making sense, `LOADING` what `use` and `extend` cannot do,
and `CHECKS` look at the whole playbook: names, types, structure, what is never used, and the tone of the replies.
"""

from __future__ import annotations

import inspect
from types import ModuleType

from engine.language.checks import (
    after_otherwise,
    always_same,
    apologies,
    bad_date_or_time,
    bad_field_declaration,
    bad_hours,
    bad_ladder,
    bad_number,
    bad_pattern,
    bad_points,
    bad_term,
    bad_watch,
    blame,
    days_in_hours,
    definition_cycle,
    dont_know,
    duplicate_definition,
    empty_range,
    foreign_character,
    foreign_operator,
    matrix_levels,
    matrix_shape,
    minimising,
    missing_arrow,
    missing_otherwise,
    missing_quotes,
    modifier_on_step,
    modifier_twice,
    no_brand,
    no_header,
    no_slot,
    no_start,
    not_utf8,
    nothing_to_change,
    number_out_of_size,
    other_scale,
    out_of_range,
    pointless_clock,
    reserved_name,
    reserved_word,
    same_condition_twice,
    scale_rules,
    step_cycle,
    term_twice,
    too_deep,
    too_long,
    too_many_asked,
    unclosed_text,
    unexpected_word,
    unfinished_statement,
    unknown_hours,
    unknown_ladder,
    unknown_level,
    unknown_name,
    unknown_outcome,
    unknown_priority,
    unknown_reply,
    unknown_slot,
    unknown_statement,
    unknown_step,
    unknown_terms,
    unknown_word,
    unknown_zone,
    unreachable,
    unused_condition,
    unused_helper,
    unused_terms,
    use_cycle,
    use_escapes,
    use_missing,
    wrong_comparison,
    wrong_unit,
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

CHECKS: tuple[ModuleType, ...] = (
    too_deep,
    bad_date_or_time,
    number_out_of_size,
    unknown_terms,
    unknown_name,
    unknown_step,
    unknown_outcome,
    unknown_level,
    unknown_word,
    unknown_ladder,
    unknown_reply,
    unknown_hours,
    reserved_name,
    bad_field_declaration,
    unknown_zone,
    unknown_priority,
    no_brand,
    wrong_comparison,
    other_scale,
    out_of_range,
    wrong_unit,
    empty_range,
    bad_pattern,
    bad_term,
    too_many_asked,
    bad_points,
    bad_hours,
    bad_watch,
    bad_ladder,
    no_start,
    missing_otherwise,
    after_otherwise,
    step_cycle,
    unreachable,
    matrix_shape,
    matrix_levels,
    scale_rules,
    definition_cycle,
    modifier_on_step,
    modifier_twice,
    pointless_clock,
    days_in_hours,
    unused_terms,
    unused_condition,
    unused_helper,
    term_twice,
    always_same,
    same_condition_twice,
    no_header,
    minimising,
    blame,
    dont_know,
    apologies,
    no_slot,
    too_long,
    unknown_slot,
)

NEED_ALL_FILES: tuple[ModuleType, ...] = (
    unknown_terms,
    unknown_name,
    unknown_step,
    unknown_outcome,
    unknown_level,
    unknown_ladder,
    unknown_reply,
    unknown_hours,
    no_brand,
    no_start,
    unreachable,
    matrix_levels,
    wrong_comparison,
    unused_terms,
    unused_condition,
    unused_helper,
)
"""Silent when a used file is missing: what it would have declared is not known."""

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
    checks = [one for one in CHECKS if not (playbook.incomplete and one in NEED_ALL_FILES)]
    found = {(one.order, one.message): one for module in checks for one in module.check(playbook)}
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
