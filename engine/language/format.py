"""Syntax to the one way to write it. Comments stay; so do an author's own line breaks inside a term list.

`format(parse(x))` says the same as `x`, and formatting twice changes nothing more.

Longer than other modules because it is one walk: how each node of `syntax.py` is written, in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from engine.language import syntax as s
from engine.language.source import Span, cells

WIDTH = 120
INDENT = "  "
_BARE_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(slots=True)
class _Line:
    """A line of output; `start` is where its first word stood in the source, `end` where its last one ended."""

    text: str
    start: int
    end: int


def format_file(file: s.File) -> str:
    """The whole file as it should be written, ending in one line end.

    >>> from engine.language.parse import parse
    >>> from engine.language.source import Source
    >>> print(format_file(parse(Source("x", 'terms a "b","c" # why')).file), end="")
    terms a
      "b", "c"  # why
    """
    blocks = [list(_statement(statement)) for statement in file.statements]
    lines: list[_Line] = []
    for number, block in enumerate(blocks):
        together = number > 0 and _may_stand_together(file.statements[number - 1], file.statements[number])
        if number > 0 and not together:
            lines.append(_Line("", block[0].start, block[0].start))
        lines.extend(block)
    return _with_comments(file, lines)


def _may_stand_together(before: s.Statement, after: s.Statement) -> bool:
    one_liners = (s.Use, s.Field)
    return any(isinstance(before, kind) and isinstance(after, kind) for kind in one_liners)


def _with_comments(file: s.File, lines: list[_Line]) -> str:
    """Put every comment where it stood: behind the words it followed on its line, or on lines of its own before the next.

    Where several would stand behind one line, all but the last go before it.
    """
    source = file.span.source
    above: dict[int, list[s.Comment]] = {}
    behind: dict[int, s.Comment] = {}
    position = 0
    solid = [i for i, line in enumerate(lines) if line.text]
    for comment in file.comments:
        while position < len(solid) and lines[solid[position]].end <= comment.span.start:
            position += 1
        if _stands_alone(comment):
            nearest = solid[position] if position < len(solid) else len(lines)
            above.setdefault(nearest, []).append(comment)
            continue
        # It follows words: the last line of output that holds any of them.
        inside = position < len(solid) and lines[solid[position]].start < comment.span.start
        index = solid[position] if inside else solid[max(position - 1, 0)]
        if index in behind:
            above.setdefault(index, []).append(behind[index])
        behind[index] = comment
    out: list[str] = []
    for index, line in enumerate([*lines, _Line("", 0, 0)]):
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        last = index == len(lines)
        mine = sorted(above.get(index, ()), key=lambda comment: comment.span.start)
        for number, comment in enumerate(mine):
            gap = _stands_alone(comment) and comment.span.line > 1 and _blank(source.line(comment.span.line - 1))
            if (gap or (last and number == 0)) and out and out[-1] and (not indent or number):
                out.append("")
            out.append(indent + comment.text)
        if mine and not last and not indent and _stands_alone(mine[-1]):
            after = mine[-1].span.line + 1
            if after <= len(source.line_starts) and _blank(source.line(after)):
                out.append("")
        if not last:
            out.append(f"{line.text}  {behind[index].text}" if index in behind else line.text)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n" if out else ""


def _stands_alone(comment: s.Comment) -> bool:
    """Whether no words stand before a comment on its line."""
    line = comment.span.source.line(comment.span.line)
    return _blank(line[: comment.span.column - 1])


def _blank(text: str) -> bool:
    """Whether there is nothing to read in it; a byte order mark is nothing."""
    return not text.replace("\ufeff", "").strip()


def _statement(node: s.Statement) -> Iterator[_Line]:
    span = node.span
    match node:
        case s.Header(title, owner):
            yield _line(f"playbook {_quote(title)}" + (f" owner {_quote(owner)}" if owner else ""), span)
        case s.Use(path):
            yield _line(f"use {_quote(path)}", span)
        case s.Field(name, type_):
            yield _line(f"field {name.text}: {type_.text}", span)
        case s.Brand(phrases):
            yield from _list("brand", phrases, span, span.start + len("brand"))
        case s.Terms(name, phrases):
            yield from _list(f"terms {name.text}", phrases, span, name.span.end, own_lines=True)
        case s.Extend(definition):
            yield from _prefixed("extend", definition, span)
        case s.Replace(definition):
            yield from _prefixed("replace", definition, span)
        case s.Hours(name, zone, parts):
            yield _Line(f"hours {name.text} in {_quote(zone)}", span.start, zone.span.end)
            yield from (_line(INDENT + _hours_line(part), part.span) for part in parts)
        case s.Define(name, condition):
            yield from _wrapped(f"define {name.text}: ", condition, name.span.end)
        case s.Scale(name, levels, rules):
            chain = " < ".join(level.text for level in levels)
            yield _Line(f"scale {name.text}: {chain}", span.start, levels[-1].span.end)
            yield from _level_rules(rules)
        case s.Score(name, lines):
            yield _Line(f"score {name.text}", span.start, name.span.end)
            yield from (_line(f"{INDENT}{_points_line(line)}", line.span) for line in lines)
        case s.Watch(name, condition, key, lines):
            yield _Line(f"watch {name.text}", span.start, name.span.end)
            by = f" by {key.text}" if key else ""
            end = key.span.end if key else condition.span.end
            yield _Line(f"{INDENT}counts {condition_text(condition)}{by}", condition.span.start, end)
            yield from (_line(INDENT + _watch_line(line), line.span) for line in lines)
        case s.Step(name, rules):
            yield _Line(f"step {name.text}", span.start, name.span.end)
            for rule in rules:
                yield from _rule(rule)
        case s.Matrix():
            yield from _matrix(node)
        case s.Outcome(name, verdict, modifiers):
            yield _Line(f"outcome {name.text}", span.start, name.span.end)
            yield _line(INDENT + target_text(verdict), verdict.span)
            yield from _modifiers(modifiers, INDENT)
        case s.Ladder(name, rungs):
            yield _Line(f"ladder {name.text}", span.start, name.span.end)
            whens = [f"after {rung.after.written}" if rung.after else "at once" for rung in rungs]
            width = max(map(len, whens))
            for when, rung in zip(whens, rungs, strict=True):
                people = ", ".join(_quote(person) for person in rung.people)
                yield _line(f"{INDENT}{when:<{width}} notify {people}", rung.span)
        case s.Reply(name, drafts):
            yield _Line(f"reply {name.text}", span.start, name.span.end)
            yield from (_line(f"{INDENT}{draft.lang.text} {_quote(draft.text)}", draft.span) for draft in drafts)
        case s.Guarantee(title, always, promise, condition):
            yield _Line(f"guarantee {_quote(title)}", span.start, title.span.end)
            start = f"{INDENT}{'always' if always else 'never'} {target_text(promise)} when "
            yield from _wrapped(start, condition, promise.span.start)
        case _:
            assert_never(node)


def _line(text: str, span: Span) -> _Line:
    return _Line(text, span.start, span.end)


def _prefixed(word: str, definition: s.Definition, span: Span) -> Iterator[_Line]:
    for number, line in enumerate(_statement(definition)):
        if number == 0:
            line.text, line.start = f"{word} {line.text}", span.start
        yield line


def _list(
    head: str, phrases: tuple[s.Phrase, ...], span: Span, head_end: int, *, own_lines: bool = False
) -> Iterator[_Line]:
    """A comma list: on the head's line for a brand, else on lines of its own, broken where the author broke them."""
    if not own_lines:
        text = f"{head} {', '.join(_phrase(phrase) for phrase in phrases)}"
        if cells(text) <= WIDTH:
            yield _line(text, span)
            return
    yield _Line(head, span.start, head_end)
    last = phrases[-1]
    for _, group in groupby(phrases, key=lambda phrase: phrase.span.line):
        text, start, end = "", 0, 0
        for phrase in group:
            piece = _phrase(phrase) + ("" if phrase is last else ",")
            if text and cells(f"{INDENT}{text} {piece}") > WIDTH:
                yield _Line(INDENT + text, start, end)
                text = ""
            if not text:
                start = phrase.span.start
            text, end = f"{text} {piece}" if text else piece, phrase.span.end
        yield _Line(INDENT + text, start, end)


def _hours_line(part: s.Shift | s.Closed) -> str:
    if isinstance(part, s.Closed):
        return "closed " + ", ".join(day.written for day in part.days)
    days = ", ".join(d.first if d.first == d.last else f"{d.first}-{d.last}" for d in part.days)
    return f"{days} " + ", ".join(f"{o.opens.written}-{o.closes.written}" for o in part.openings)


def _level_rules(rules: tuple[s.LevelRule, ...]) -> Iterator[_Line]:
    width = max(cells(rule.level.text) for rule in rules)
    for rule in rules:
        head = INDENT + rule.level.text + " " * (width - cells(rule.level.text))
        if rule.condition is None:
            yield _line(f"{head} otherwise", rule.span)
        else:
            yield from _wrapped(f"{head} when ", rule.condition, rule.span.start)


def _points_line(line: s.PointsLine) -> str:
    default = (
        "" if isinstance(line, s.PointsEach) or not line.if_unknown else f" or {line.if_unknown.written} if unknown"
    )
    match line:
        case s.PointsWhen(points, condition):
            return f"{points.written} when {condition_text(condition)}{default}"
        case s.PointsEach(points, terms, at_most):
            return f"{points.written} for each {terms.text}" + (f", at most {at_most.written}" if at_most else "")
        case s.PointsPer(points, unit, left):
            return f"{points.written} per {f'{unit.written} ' if unit else ''}{left.text}{default}"
        case _:
            assert_never(line)


def _watch_line(line: s.WatchLine) -> str:
    match line:
        case s.OpensAt(count, within):
            return f"opens at {count.written} within {within.written}"
        case s.OpensRelative(times, over, at_least):
            least = f", at least {at_least.written}" if at_least else ""
            return f"opens at {times.written} its usual hour over {over.written}{least}"
        case s.ClosesBelow(count, within):
            return f"closes below {count.written} within {within.written}"
        case s.CoolDown(duration):
            return f"cool down {duration.written}"
        case _:
            assert_never(line)


def _rule(rule: s.Rule) -> Iterator[_Line]:
    target = f"-> {target_text(rule.target)}"
    target_start = rule.target.span.start
    if rule.condition is None:
        yield _Line(f"{INDENT}otherwise", rule.span.start, rule.span.start + len("otherwise"))
    else:
        yield from _wrapped(f"{INDENT}when ", rule.condition, rule.span.start)
    yield _Line(INDENT * 2 + target, target_start, rule.target.span.end)
    yield from _modifiers(rule.modifiers, INDENT * 2 + "   ")


def _modifiers(modifiers: tuple[s.Modifier, ...], indent: str) -> Iterator[_Line]:
    """One modifier a line, in written order."""
    for modifier in modifiers:
        yield _line(indent + modifier_text(modifier), modifier.span)


def modifier_text(modifier: s.Modifier) -> str:
    """`reply within 1h in care hours, 12h otherwise`."""
    written = ", ".join(_modifier_value(value) for value in modifier.values)
    word = {"follow up": "follow up after"}.get(modifier.kind, modifier.kind)
    within = " within" if modifier.values and isinstance(modifier.values[0], s.Clock) else ""
    return f"{word}{within} {written}".rstrip()


def _modifier_value(value: s.Name | s.Text | s.Duration | s.Clock) -> str:
    match value:
        case s.Clock(within, hours, otherwise):
            inside = f" in {hours.text} hours" if hours else ""
            return within.written + inside + (f", {otherwise.written} otherwise" if otherwise else "")
        case s.Duration(_, written):
            return written
        case s.Text():
            return _quote(value)
        case s.Name(text, span):  # `say` takes its name in quotes too, which may hold what no bare name can
            return text if _BARE_NAME.fullmatch(text) else _quote(s.Text(text, span))
        case _:
            assert_never(value)


def target_text(target: s.Target) -> str:
    """Where a rule or a cell leads, as a playbook writes it."""
    match target:
        case s.GoTo(name):
            return f"step {name.text}"
        case s.OutcomeName(name):
            return name.text
        case s.Verdict(decision, team):
            to = "" if team is None else f" to {_quote(team) if isinstance(team, s.Text) else team.text}"
            return decision + to
        case _:
            assert_never(target)


def _matrix(matrix: s.Matrix) -> Iterator[_Line]:
    yield _Line(
        f"matrix {matrix.name.text}: {matrix.down.text} by {matrix.across.text}",
        matrix.span.start,
        matrix.across.span.end,
    )
    first, last = matrix.head[0].span, matrix.head[-1].span
    table: list[tuple[list[str], int, int]] = [(["", *(name.text for name in matrix.head)], first.start, last.end)]
    table += [([row.level.text, *map(target_text, row.cells)], row.span.start, row.span.end) for row in matrix.rows]
    columns = max(len(row) for row, _, _ in table)
    widths = [max((cells(row[i]) for row, _, _ in table if i < len(row)), default=0) for i in range(columns)]
    for row, start, end in table:
        padded = (text + " " * (widths[i] - cells(text)) for i, text in enumerate(row))
        yield _Line(f"{INDENT}| {' | '.join(padded)} |", start, end)


def _wrapped(head: str, condition: s.Condition, start: int) -> Iterator[_Line]:
    """A condition on one line, or its outermost parts on a line each."""
    whole = head + condition_text(condition)
    if cells(whole) <= WIDTH or not isinstance(condition, s.Or | s.And):
        yield _Line(whole, start, condition.span.end)
        return
    word = "or" if isinstance(condition, s.Or) else "and"
    indent = " " * max(cells(head) - len(word) - 1, 2)
    for number, part in enumerate(condition.parts):
        text = _part(part, condition)
        lead = head if number == 0 else f"{indent}{word} "
        yield _Line(lead + text, start if number == 0 else part.span.start, part.span.end)


def condition_text(condition: s.Condition) -> str:
    """A condition as an author writes it.

    >>> from engine.language.parse import parse
    >>> from engine.language.source import Source
    >>> condition_text(parse(Source("x", "define a: not (b or c>=10k) and text  does not mention d")).file.statements[0].condition)
    'not (b or c >= 10k) and text does not mention d'
    """
    match condition:
        case s.Or(parts):
            return " or ".join(_part(part, condition) for part in parts)
        case s.And(parts):
            return " and ".join(_part(part, condition) for part in parts)
        case s.Not(s.Mentions(words, None)):
            return f"text does not mention {_words(words)}"
        case s.Not(part):
            return f"not {_part(part, condition)}"
        case s.Mentions(words, at_least):
            least = f"at least {at_least.written} of " if at_least else ""
            return f"text mentions {least}{_words(words)}"
        case s.PersonalData():
            return "text has personal data"
        case s.Question():
            return "text asks a question"
        case s.Is(left, value, negated):
            return f"{left.text} is {'not ' if negated else ''}{value_text(value)}"
        case s.OneOf(left, values, negated):
            return f"{left.text} is {'not ' if negated else ''}one of {', '.join(map(value_text, values))}"
        case s.Unknown(left, negated):
            return f"{left.text} is {'known' if negated else 'unknown'}"
        case s.Compare(left, operator, value):
            return f"{left.text} {operator} {value_text(value)}"
        case s.Between(left, low, high):
            return f"{left.text} between {value_text(low)} and {value_text(high)}"
        case s.Includes(left, value):
            return f"{left.text} includes {_quote(value)}"
        case s.Contains(left, value):
            return f"{left.text} contains {_quote(value)}"
        case s.Opened(left, within):
            return f"{left.text} opened within {within.written}"
        case s.Holds(left):
            return left.text
        case _:
            assert_never(condition)


def _part(part: s.Condition, around: s.Condition) -> str:
    loose = isinstance(part, s.Or) or (isinstance(part, s.And) and isinstance(around, s.Not))
    return f"({condition_text(part)})" if loose else condition_text(part)


def value_text(value: s.Value) -> str:
    """A value as an author writes it."""
    match value:
        case s.Name(text):
            return text
        case s.Text():
            return _quote(value)
        case s.Number(_, written) | s.Duration(_, written):
            return written
        case _:
            assert_never(value)


def _words(words: s.Name | s.Text | None) -> str:
    return "brand" if words is None else _quote(words) if isinstance(words, s.Text) else words.text


def _phrase(phrase: s.Phrase) -> str:
    return f"/{phrase.text}/" if isinstance(phrase, s.Pattern) else _quote(phrase)


def _quote(text: s.Text) -> str:
    written = text.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{written}"'
