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
from engine.clock import CLOCK_COLUMNS
from engine.decision import DECISIONS
from engine.inbox import Coverage, Inbox
from engine.report.plain import plain

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
    return escape(plain(text))


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
        rows = "1 row" if result.quarantined == 1 else f"{result.quarantined:,} rows"
        parts.append(f"[yellow]{rows} could not be read[/]: {why}")
        if quarantine:
            parts.append(f"they are in {visible(quarantine)}")
    if result.superseded:
        parts.append(f"{result.superseded:,} older versions of messages that came again were left out")
    if result.dropped:
        parts.append(
            "left out: " + ", ".join(f"{visible(what)} ({amount:,})" for what, amount in sorted(result.dropped.items()))
        )
    if result.resumed is not None:
        parts.append(f"{result.resumed:,} of them were decided before the run was stopped")
    if result.left_over:
        parts.append("an unfinished run was there and was begun anew; --resume would have gone on with it")
    speed = f", {result.decided / result.seconds:,.0f} a second" if result.seconds > 1 else ""
    ours = f" ({result.outbound:,} from us, not decided)" if result.outbound else ""
    parts.append(
        f"{messages(result.messages)}{ours}, {result.decided:,} decided in {result.seconds:.1f} s{speed} -> {visible(out)}"
    )
    return Group(*parts)


def messages(count: int) -> str:
    """So many messages, in words."""
    return "1 message" if count == 1 else f"{count:,} messages"


def not_evaluated(result: tuple[str, ...]) -> str:
    """The one line about what the playbook says and a run does not do yet."""
    return f"not evaluated yet, and so unknown: {', '.join(result)}"


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
        path_of(said),
    ]
    if said["levels"]:
        levels = Tree("levels", guide_style="dim")
        for name, level in said["levels"].items():
            given = levels.add(f"{visible(name)} is [bold]{visible(level['level'])}[/]: {visible(level['rule'])}")
            for one in level["held"]:
                if one["condition"] != level["rule"] or one["seen"] != "yes":
                    given.add(f"[dim]{visible(one['condition'])} ({visible(one['seen'])})[/]")
        parts += [levels]
    if said["why_not"]:
        other = Tree("why not another", guide_style="dim")
        for one in said["why_not"]:
            other.add(f"would be [bold]{visible(one['would_be'])}[/] if {visible(' and '.join(one['needs']))}")
        parts += [other]
    carries = [one for one in explained.trace.ending.modifiers if not one.startswith("because ")]
    if carries:
        parts.append(f"carries: {visible('; '.join(carries))}")
    parts += _times(explained.record())
    unknown = ", ".join(said["unknown"])
    parts.append(
        f"[yellow]unknown, and it mattered: {visible(unknown)}[/]" if unknown else "nothing that mattered was unknown"
    )
    return Group(*parts)


def _times(record: dict[str, Any]) -> list[str]:
    """When something is due, and who is told when nothing happens."""
    due = [f"{name.replace('_', ' ')} {record[name]}" for name in CLOCK_COLUMNS if record[name]]
    told = [f"{visible(one['who'])} {one['at']}" for one in record["notify"]]
    return [f"due: {'; '.join(due)}"] * bool(due) + [f"told: {'; '.join(told)}"] * bool(told)


def path_of(said: dict[str, Any]) -> Tree:
    """The path of one decision: every rule that was tried, with the values it saw."""
    tree = Tree("path", guide_style="dim")
    for visit in said["path"]:
        node = tree.add(f"{visible(visit['step'])}  [dim]took {visible(visit['took'])}[/]")
        for tried in visit["tried"]:
            if tried["value"] == "otherwise":
                node.add("otherwise")
                continue
            seen = tried["seen"]
            alone = len(seen) == 1 and seen[0]["seen"] != seen[0]["value"]
            what = f" [dim]({visible(seen[0]['seen'])})[/]" if alone else ""
            line = node.add(f"{_MARKS[tried['value']]}  {visible(tried['condition'])}{what}")
            if len(seen) > 1:
                named = seen[0]["condition"] == tried["condition"]
                for atom in seen[named:]:
                    line.add(f"{_MARKS[atom['value']]}  [dim]{visible(atom['condition'])} ({visible(atom['seen'])})[/]")
    return tree


def coverage_dict(inbox: Inbox, found: Coverage) -> dict[str, Any]:
    """What an inbox holds, as JSON can hold it."""
    return {
        "inbox": inbox.name,
        "format": found.format,
        "why": found.why,
        "sure": inbox.sure,
        "left_out": dict(inbox.dropped),
        "messages": found.messages,
        "inbound": found.inbound,
        "outbound": found.outbound,
        "first": found.first,
        "last": found.last,
        "fields": {
            one.name: {"known": one.known, "unknown": one.unknown, "invalid": one.invalid} for one in found.fields
        },
        "quarantined": found.quarantined,
    }


def coverage(inbox: Inbox, found: Coverage) -> RenderableType:
    """What an inbox holds: format, messages, time span, how much of each field is known, first rows."""
    span = (
        f"{found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC" if found.first and found.last else "no times"
    )
    parts: list[RenderableType] = [
        f"[bold]{visible(inbox.name)}[/]: {found.format} ({inbox.sure}): {visible(found.why)}",
        f"{messages(found.messages)}, {found.inbound:,} inbound and {found.outbound:,} from us; {span}",
    ]
    parts += [f"left out: {visible(what)} ({amount:,})" for what, amount in inbox.dropped]
    table = Table(box=SIMPLE_HEAD, title="Fields", title_justify="left", title_style="bold")
    table.add_column("field")
    for name in ("known", "unknown", "invalid"):
        table.add_column(name, justify="right")
    table.add_column("share known", justify="right")
    for one in found.fields:
        whole = max(one.known + one.unknown + one.invalid, 1)
        invalid = f"[yellow]{one.invalid:,}[/]" if one.invalid else ""
        table.add_row(visible(one.name), f"{one.known:,}", f"{one.unknown:,}", invalid, f"{one.known / whole:.1%}")
    parts.append(table)
    if found.quarantined:
        parts.append("[yellow]rows that cannot be read[/]")
        parts += [f"  {amount:,}  {visible(reason)}" for reason, amount in found.quarantined.items()]
    if found.first_rows.height:
        parts.append("[bold]first rows[/]")
        for row in found.first_rows.iter_rows(named=True):
            who = row.get("author.handle") or row.get("author.name") or row.get("author.id") or "?"
            text = " ".join(visible(row["text"] or "").split())
            parts.append(f"  {visible(row['id'])}  {visible(who)}: {text[:100]}{'…' if len(text) > 100 else ''}")
    return Group(*parts)


def console(*, error: bool = False) -> Console:
    """A console on standard output or standard error; 120 cells wide in a pipe."""
    made = Console(stderr=error, highlight=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=120)
