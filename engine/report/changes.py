"""Terminal output of a difference: totals, then what changes, the weightiest first."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Group as Parts
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from engine.decision import DECISIONS
from engine.incidents import Difference, Group, Said
from engine.report.terminal import STYLES, messages, visible

_SHOWN = 100
_WHAT = {"decision": "decided otherwise", "carries": "carrying something else", "weighed": "weighed otherwise"}


def difference(found: Difference, groups: int, *, rules: bool = False) -> RenderableType:
    """What a change of a playbook would have decided otherwise; at the most so many groups. With `rules` how each fares."""
    parts: list[RenderableType] = [_totals(found)]
    if not found.groups:
        parts.append(f"nothing changes: {messages(found.messages)}, the same said of each")
    else:
        several = {what: sum(one.messages for one in found.groups if one.what == what) for what in _WHAT}
        counts = ", ".join(f"{amount:,} {_WHAT[what]}" for what, amount in several.items() if amount)
        parts.append(f"[bold]{found.changed:,} of {messages(found.messages)} change[/]: {counts}")
        for group in found.groups[:groups]:
            parts += ["", *_group(group)]
        left = found.groups[groups:]
        if left:
            parts += [
                "",
                f"and {len(left):,} more groups of {messages(sum(one.messages for one in left))}: --groups shows more",
            ]
    for title, broken in found.broken.items():
        parts += [
            "",
            f"[bold red]broken[/]  {visible(title)}: {messages(broken.messages)} ({visible(broken.promise.text)})",
        ]
        parts += [
            f"  [dim]{visible(id_)}  {visible(' '.join(text.split())[:_SHOWN])}[/]  {visible(said)}"
            for id_, text, said in broken.examples
        ]
    if rules:
        parts += ["", _rules(found)]
    elif found.rules.idle:
        parts += ["", f"[dim]on no message's way in the new playbook: {visible(', '.join(found.rules.idle))}[/]"]
    if found.unreadable:
        rows = "1 row" if found.unreadable == 1 else f"{found.unreadable:,} rows"
        parts += ["", f"[yellow]{rows} could not be read or came a second time[/]"]
    return Parts(*parts)


def _rules(found: Difference) -> Table:
    """How the rules of the new playbook fare."""
    table = Table(box=SIMPLE_HEAD, title="Rules of the new playbook", title_justify="left", title_style="bold")
    table.add_column("rule")
    for name in ("holds for", "decides"):
        table.add_column(name, justify="right")
    table.add_column("also holding, and before it")
    for rule, fired in found.rules.fired.items():
        holds = f"{found.rules.held[rule]:,}" if rule in found.rules.held else ""
        table.add_row(visible(rule), holds, f"{fired:,}" if fired else "[yellow]never[/]", visible(before(found, rule)))
    return table


def before(found: Difference, rule: str) -> str:
    """The earlier rules that most often hold where this one does, with how often."""
    its = [(amount, earlier) for (earlier, later), amount in found.rules.overlaps.items() if later == rule]
    return ", ".join(f"{earlier} {amount:,}" for amount, earlier in sorted(its, key=lambda one: (-one[0], one[1]))[:3])


def _totals(found: Difference) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Decisions", title_justify="left", title_style="bold")
    table.add_column("decision")
    for name in ("before", "after", "change"):
        table.add_column(name, justify="right")
    order = {name: i for i, name in enumerate(DECISIONS)}
    for one in sorted({*found.before, *found.after}, key=lambda one: (order[one[0]], one[1] or "")):
        before, after = found.before[one], found.after[one]
        change = f"{after - before:+,}" if after != before else ""
        table.add_row(_label(*one), f"{before:,}", f"{after:,}", change)
    return table


def _group(group: Group) -> list[RenderableType]:
    before, after = group.before, group.after
    levels = dict(after.levels)
    severity = f"[bold]{visible(levels['severity'])}[/]  " if "severity" in levels else ""
    head = _label(before.decision, before.team)
    if group.what == "decision":
        head += f" -> {_label(after.decision, after.team)}"
    lines = [f"was  {_rule(before)}", f"is   {_rule(after)}"]
    if group.what != "decision":
        lines = [lines[1], *_details(before, after)]
    lines += [f"[dim]{visible(name)}  {visible(' '.join(text.split())[:_SHOWN])}[/]" for name, text in group.examples]
    return [f"{severity}{head}  {messages(group.messages)}", Padding(Parts(*lines), (0, 0, 0, 2))]


def _details(before: Said, after: Said) -> list[str]:
    """What is carried, or weighed, otherwise."""
    old, new = set(before.carries), set(after.carries)
    lines = [f"[red]- {visible(one)}[/]" for one in before.carries if one not in new]
    lines += [f"[green]+ {visible(one)}[/]" for one in after.carries if one not in old]
    lines += [
        f"{visible(name)} {visible(level)} -> {visible(its)}"
        for (name, level), (_, its) in zip(before.levels, after.levels, strict=True)
        if level != its
    ]
    return lines


def _rule(said: Said) -> str:
    return f"{visible(said.rule)}, because {visible(said.because)}"


def _label(decision: str, team: str | None) -> str:
    return f"[{STYLES[decision]}]{decision}{f' to {visible(team)}' if team else ''}[/]"
