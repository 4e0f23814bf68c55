"""The rules of a scale do not fit its levels.

A scale names its levels, the lowest first, and then says when a message has each: the first rule that holds gives the
level, and the last one is `otherwise`. Every level needs a rule, and every rule a level.

Wrong:
    scale anger: calm < cross < angry
      angry when sentiment <= -0.5
      calm  otherwise

Right:
    scale anger: calm < cross < angry
      angry when sentiment <= -0.5
      cross when sentiment <= -0.2
      calm  otherwise
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.comparing import listed
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK408"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Everything in a scale that does not fit together."""
    for scale in playbook.scales.values():
        yield from _levels(scale)
        yield from _rules(scale)


def _levels(scale: s.Scale) -> Iterator[Diagnostic]:
    given = {rule.level.text for rule in scale.rules}
    seen: dict[str, s.Name] = {}
    for level in scale.levels:
        if level.text in seen:
            message = f"`{scale.name.text}` has the level `{level.text}` twice"
            also = [(seen[level.text].span, "first here")]
            yield finding(CODE, SEVERITY, message, level.span, "again here", also=also)
        elif level.text not in given:
            message = f"no rule ever gives the level `{level.text}`"
            yield finding(CODE, SEVERITY, message, level.span, help=f"add a rule such as `{level.text} when ...`")
        seen.setdefault(level.text, level)


def _rules(scale: s.Scale) -> Iterator[Diagnostic]:
    levels = tuple(dict.fromkeys(level.text for level in scale.levels))
    for rule in scale.rules:
        if rule.level.text not in levels:
            message = f"`{scale.name.text}` has no level `{rule.level.text}`"
            help_ = unknown_name(rule.level.text, levels)
            yield finding(CODE, SEVERITY, message, rule.level.span, f"it is {listed(levels)}", help=help_)
    last = next((number for number, rule in enumerate(scale.rules) if rule.condition is None), None)
    if last is None:
        message = f"the scale `{scale.name.text}` does not say which level a message has otherwise"
        help_ = f"end it with a rule such as `{levels[0]} otherwise`"
        yield finding(
            CODE, SEVERITY, message, scale.name.span, "a message that fits no rule would have none", help=help_
        )
    elif last + 1 < len(scale.rules):
        also = [(scale.rules[last].span, "takes every message")]
        place = scale.rules[last + 1].span
        yield finding(
            CODE, SEVERITY, "no message ever reaches this rule", place, "it stands after `otherwise`", also=also
        )
