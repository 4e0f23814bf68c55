"""Terminal output: the summary of a run, one decision explained, what an inbox holds."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from engine.batch.run import Summary
from engine.batch.single import Explained
from engine.decision import DECISIONS

STYLES = {
    "respond publicly": "green",
    "take private": "cyan",
    "hand off": "yellow",
    "ignore as troll": "magenta",
    "no reply needed": "dim",
}
_MARKS = {"true": "[green]yes[/]", "false": "[dim]no[/]", "unknown": "[yellow]unknown[/]", "otherwise": ""}


def visible(text: str) -> str:
    """A message's text for a terminal: no control characters, so that no post moves the cursor; no markup."""
    return escape("".join(c if c.isprintable() or c in "\n\u3000" else "\N{REPLACEMENT CHARACTER}" for c in text))


def summary(result: Summary, out: str, quarantine: str | None) -> RenderableType:
    """The table at the end of a run."""
    table = Table(box=SIMPLE_HEAD, title="Decisions", title_justify="left", title_style="bold")
    table.add_column("decision")
    table.add_column("messages", justify="right")
    table.add_column("share", justify="right")
    order = {name: i for i, name in enumerate(DECISIONS)}
    for (decision, team), amount in sorted(
        result.decisions.items(), key=lambda item: (order[item[0][0]], -item[1], item[0][1] or "")
    ):
        label = f"{decision} to {visible(team)}" if team else decision
        table.add_row(f"[{STYLES[decision]}]{label}[/]", f"{amount:,}", f"{amount / max(result.decided, 1):.1%}")
    parts: list[RenderableType] = [table]
    if result.severity:
        levels = "  ".join(f"{visible(level)} {amount:,}" for level, amount in reversed(result.severity.items()))
        parts.append(f"severity: {levels}")
    if result.unknown:
        most = ", ".join(f"{fact} ({amount:,})" for fact, amount in result.unknown.most_common(6))
        parts.append(f"unknown, and it mattered: {most}")
    if result.quarantined:
        why = "; ".join(f"{visible(reason)} ({amount:,})" for reason, amount in result.reasons.most_common(4))
        parts.append(f"[yellow]{result.quarantined:,} rows could not be read[/]: {why}")
        if quarantine:
            parts.append(f"they are in {visible(quarantine)}")
    speed = f", {result.decided / result.seconds:,.0f} a second" if result.seconds > 1 else ""
    ours = f" ({result.outbound:,} from us, not decided)" if result.outbound else ""
    parts.append(
        f"{result.messages:,} messages{ours}, {result.decided:,} decided in {result.seconds:.1f} s{speed} -> {visible(out)}"
    )
    return Group(*parts)


def not_evaluated(result: tuple[str, ...]) -> str:
    """The one line about what the playbook says and a run does not do yet."""
    return f"not evaluated yet, and so unknown or left empty: {', '.join(result)}"


def explanation(explained: Explained) -> RenderableType:
    """One decision with its path, why, why not and what was unknown."""
    said = explained.explainer.as_dict(explained.trace)
    message = explained.message
    decision = said["decision"]
    label = f"{decision} to {visible(said['team'])}" if said["team"] else decision
    head = Text.from_markup(f"[bold {STYLES[decision]}]{label}[/]")
    parts: list[RenderableType] = [
        Text.from_markup(f"[dim]message {visible(str(message['id']))}[/]  {visible(str(message['text'] or ''))}"),
        "",
        head,
        Text.from_markup(f"because {visible(said['because'])}"),
        "",
        _path(said),
    ]
    if said["levels"]:
        levels = Tree("levels", guide_style="dim")
        for name, level in said["levels"].items():
            levels.add(f"{visible(name)} is [bold]{visible(level['level'])}[/]: {visible(level['rule'])}")
        parts += [levels]
    if said["why_not"]:
        other = Tree("it would be", guide_style="dim")
        for one in said["why_not"]:
            other.add(f"[bold]{visible(one['would_be'])}[/] if {visible(' and '.join(one['needs']))}")
        parts += [other]
    carries = explained.trace.ending.modifiers
    if carries:
        parts.append(f"carries: {visible('; '.join(carries))}")
    unknown = ", ".join(said["unknown"])
    parts.append(
        f"[yellow]unknown, and it mattered: {visible(unknown)}[/]" if unknown else "nothing that mattered was unknown"
    )
    return Group(*parts)


def _path(said: dict[str, Any]) -> Tree:
    tree = Tree("path", guide_style="dim")
    for visit in said["path"]:
        node = tree.add(f"{visible(visit['step'])}  [dim]took {visible(visit['took'])}[/]")
        for tried in visit["tried"]:
            mark = _MARKS[tried["value"]]
            line = node.add(f"{mark} {visible(tried['condition'])}".strip())
            if tried["value"] == "otherwise":
                continue
            for atom in tried["seen"]:
                line.add(f"[dim]{visible(atom['condition'])}: {_MARKS[atom['value']]} ({visible(atom['seen'])})[/]")
    return tree


def console(*, error: bool = False) -> Console:
    """A console on standard output or standard error; wide enough in a pipe."""
    return Console(stderr=error, highlight=False, soft_wrap=True)
