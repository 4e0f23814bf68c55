"""The command line: parse options, call the engine, print. No logic.

Exit codes: 0 done; 1 the answer is no; 2 wrong usage; 3 the playbook has errors; 4 the input could not be read;
5 rows were quarantined beyond --max-bad; 70 a mistake of Hikeshi's own; 130 interrupted.

Longer than other modules because it is one list: every command with its options, beside each other.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.version import VERSION

NO, USAGE, PLAYBOOK, INPUT, BAD_ROWS, INTERRUPTED, OURS = 1, 2, 3, 4, 5, 130, 70

STOPPED = "interrupted: nothing was written under the final name; a run goes on from here with --resume"

cli = typer.Typer(
    name="hikeshi",
    help="Playbooks as code for the day a brand catches fire: decide every message of an inbox, and say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Language(StrEnum):
    """In which languages a report speaks."""

    en = "en"
    ja = "ja"


PlaybookArgument = Annotated[Path, typer.Argument(metavar="PLAYBOOK", help="A .playbook file.")]
FormatOption = Annotated[str | None, typer.Option("--format", help="The export's format (default: detected).")]
MapOption = Annotated[str | None, typer.Option("--map", help="A YAML file that says which column is which field.")]
UsOption = Annotated[
    list[str] | None,
    typer.Option("--us", metavar="ACCOUNT", help="An account of ours (id, handle or address); repeatable."),
]
LangOption = Annotated[Language, typer.Option("--lang", help="The language of the report's own words.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"],
        help="The moment that the report speaks of (default: that of the latest message).",
    ),
]
PersonalOption = Annotated[
    bool, typer.Option("--show-personal-data", help="Do not mask mail addresses, numbers and the like in the report.")
]
ZoneOption = Annotated[str | None, typer.Option("--tz", help="The zone of times without one, such as Asia/Tokyo.")]


class GraphFormat(StrEnum):
    """How a graph can be drawn."""

    svg = "svg"
    mermaid = "mermaid"
    dot = "dot"
    json = "json"


def fail(message: str, code: int) -> typer.Exit:
    """Say what went wrong on standard error; the exit is to be raised."""
    typer.echo(f"error: {message}", err=True)
    return typer.Exit(code)


@cli.command(epilog="Example: hikeshi run airline.playbook inbox.csv -o decisions.jsonl")
def run(
    playbook: PlaybookArgument,
    inbox: Annotated[list[str], typer.Argument(metavar="INBOX...", help="Exports; - is JSONL on standard input.")],
    out: Annotated[
        str, typer.Option("-o", "--out", help=".jsonl, .csv, .parquet, .sqlite or .duckdb; - is standard output.")
    ] = "-",
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
    us: UsOption = None,
    quarantine: Annotated[Path | None, typer.Option(help="Where unreadable rows go (default: beside OUT).")] = None,
    max_bad: Annotated[
        int | None, typer.Option(min=0, help="Exit 5 when more rows than this could not be read.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Add the explanation to every record (much slower).")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (default: one a core).")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an unfinished run with this OUT was.")] = False,
    queues: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write a work queue for each team, the most urgent first.")
    ] = None,
    report_: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Also write the report.")
    ] = None,
    report_json: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Also write the report's figures.")
    ] = None,
    lang: LangOption = Language.en,
    as_of: AsOfOption = None,
    personal: PersonalOption = False,
) -> None:
    """Decide every message of an inbox."""
    wanted = _Wanted(queues, report_, report_json, lang, as_of, personal, tz, us or ())
    with ExitStack() as stack:
        _start_early(inbox, workers, stack)
        options = {"why": why, "workers": workers, "resume": resume}
        _run(playbook, inbox, out, (format_, map_, tz, us or []), quarantine, max_bad, wanted, options)


def _start_early(inbox: list[str], workers: int | None, stack: ExitStack) -> None:
    """Let worker processes import while the playbook is read, when there will be any."""
    from engine.batch.crew import get_ready, workers_for

    size = sum(Path(name).stat().st_size for name in inbox if Path(name).is_file())
    if size and workers_for(size, workers) > 1:
        get_ready(stack)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a run makes of its decisions beside writing them, as it was asked for."""

    queues: Path | None
    report: Path | None
    figures: Path | None
    lang: Language
    as_of: datetime | None
    personal: bool
    zone: str | None
    us: Sequence[str]

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.queues, self.report, self.figures))

    @property
    def pages(self) -> list[Path]:
        return [one for one in (self.report, self.figures) if one is not None]


def _run(
    playbook: Path,
    inbox: list[str],
    out: str,
    source: tuple[str | None, str | None, str | None, list[str]],
    quarantine: Path | None,
    max_bad: int | None,
    wanted: _Wanted,
    options: dict[str, Any],
) -> None:
    from engine.batch import run as batch
    from engine.batch.journal import ResumeError, folder_of
    from engine.report import terminal

    plan = _plan(playbook)
    errors = terminal.console(error=True)
    if plan.not_evaluated:
        errors.print(terminal.not_evaluated(plan.not_evaluated), markup=False, style="yellow")
    if quarantine is None and out != "-":
        quarantine = Path(out).with_suffix(".quarantine.jsonl")
    if "-" in inbox:
        if wanted or options["resume"]:
            raise fail("reports, queues and --resume want an inbox that is a file", USAGE)
        if inbox != ["-"] or out != "-":
            raise fail("- (standard input) stands alone, and its decisions go to standard output", USAGE)
        [opened_] = _open_all(inbox, *source)
        result = _stream(plan, opened_, quarantine, why=options["why"])
    else:
        if options["resume"] and out == "-":
            raise fail("--resume wants an output that is a file: -o OUT", USAGE)
        opened = _open_all(inbox, *source)
        read = [playbook, *_files_of(opened), *([Path(source[1])] if source[1] else [])]
        _check_output(out, quarantine, read)
        for path in wanted.pages:
            _can_be_written(path, [*read, Path(out)])
        then = partial(_pages, playbook, plan, wanted) if wanted else None
        try:
            with _progress(errors) as tell:
                result = batch.run(plan, opened, out, quarantine, progress=tell, then=then, **options)
        except ResumeError as error:
            raise fail(str(error), USAGE) from None
        except OSError:
            if out != "-" and folder_of(Path(out)).exists():
                typer.echo("what was decided until now is kept: --resume goes on with it", err=True)
            raise
        for name, line, reason in result.unkept:
            typer.echo(f"{name}, line {line}, could not be read: {reason}", err=True)
    errors.print(terminal.summary(result, out, str(quarantine) if quarantine else None))
    if max_bad is not None and result.quarantined > max_bad:
        raise fail(f"{_amount(result.quarantined, 'row')} could not be read; --max-bad allows {max_bad}", BAD_ROWS)


def _pages(playbook: Path, plan: Any, wanted: _Wanted, sheets: Any) -> None:
    """Write what was asked for beside the decisions."""
    from engine.graph import build
    from engine.report.of_run import queues_of_run, report_of_run
    from engine.report.plain import plain

    if wanted.queues is not None:
        queues = queues_of_run(plan, sheets, wanted.queues, wanted.as_of)
        shown = ", ".join(f"{name} {amount:,}" for name, amount in sorted(queues.items())) or "nothing waits"
        typer.echo(f"work queues in {wanted.queues}: {plain(shown)}", err=True)
    if wanted.pages:
        made = report_of_run(
            plan, build(_checked(playbook)), sheets, lang=wanted.lang.value, as_of=wanted.as_of, zone=wanted.zone,
            masked=not wanted.personal, us=wanted.us,
        )  # fmt: skip
        _write_report(made, wanted.report, wanted.figures)


def _write_report(made: Any, page: Path | None, figures: Path | None) -> None:
    if page is not None:
        _replace(page, made.html())
    if figures is not None:
        _replace(figures, json.dumps(made.figures(), ensure_ascii=False, indent=2) + "\n")


@cli.command(epilog="Example: hikeshi report decisions.jsonl --inbox inbox.csv --playbook care.playbook -o report.html")
def report(
    decisions: Annotated[Path, typer.Argument(metavar="DECISIONS", help="What a run wrote.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE.html", help="The page.")] = None,
    figures: Annotated[Path | None, typer.Option("--json", metavar="FILE.json", help="The figures.")] = None,
    inbox: Annotated[
        list[str] | None,
        typer.Option("--inbox", help="The export that was decided: brings texts and answers; repeatable."),
    ] = None,
    playbook: Annotated[
        Path | None,
        typer.Option(help="The playbook that decided: brings the graph, and with --inbox the explanations."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The page's title (default: the playbook's name).")] = None,
    lang: LangOption = Language.en,
    as_of: AsOfOption = None,
    personal: PersonalOption = False,
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
    us: UsOption = None,
) -> None:
    """Make the report of decisions that were written before."""
    from engine.batch.decisions import DecisionsError, load_decisions
    from engine.graph import build
    from engine.report.of_run import report_of_decisions

    if out is None and figures is None:
        raise fail("say where the report goes: -o FILE.html, or --json FILE.json", USAGE)
    for path in (one for one in (out, figures) if one is not None):
        _can_be_written(path, [decisions, *map(Path, inbox or []), *([playbook] if playbook else [])])
    try:
        found = load_decisions(decisions)
    except DecisionsError as error:
        raise fail(str(error), USAGE if not decisions.exists() else INPUT) from None
    checked = _checked(playbook) if playbook is not None else None
    made = report_of_decisions(
        found,
        _open_all(inbox or [], format_, map_, tz, us),
        _plan(playbook) if playbook is not None else None,
        build(checked) if checked is not None else None,
        title=title or (found["playbook"][0] if found.height and "playbook" in found.columns else decisions.stem),
        lang=lang.value,
        as_of=as_of,
        zone=tz,
        masked=not personal,
        us=us or (),
    )
    _write_report(made, out, figures)


def _files_of(opened: list[Any]) -> list[Path]:
    """The files that are read, as the user has them."""
    return [Path(path) for one in opened for path in (one.path, *(path for path, _ in one.sources), one.name)]


def _stream(plan: Any, inbox: Any, quarantine: Path | None, *, why: bool) -> Any:
    from engine.batch.run import Summary
    from engine.batch.stream import stream
    from engine.inbox.quarantine import write

    result = Summary(not_evaluated=plan.not_evaluated)
    bad = []
    for row in stream(plan, inbox, sys.stdin.buffer, sys.stdout.buffer, result, why=why):
        typer.echo(f"line {row.line} could not be read: {row.reason}", err=True)
        bad.append((inbox, row))
    if bad and quarantine is not None:
        write(quarantine, bad)
    return result


def _check_output(out: str, quarantine: Path | None, read: list[Path]) -> None:
    """Refuse what would lose something: an output over what is read, a quarantine over what is none, a database not ours."""
    from engine.batch.databases import DUCKDB, SQLITE, can_hold
    from engine.batch.output import ENDINGS
    from engine.inbox.quarantine import is_quarantine

    if out != "-":
        path = Path(out)
        if path.suffix.lower() not in ENDINGS:
            raise fail(f"{out}: the output ends in {', '.join(ENDINGS)}, or is -", USAGE)
        _can_be_written(path, read)
        if path.suffix.lower() in (*SQLITE, *DUCKDB) and (reason := can_hold(path)) is not None:
            raise fail(f"{path}: {reason}", USAGE)
        if quarantine is not None and quarantine.resolve() == path.resolve():
            raise fail(f"{out} cannot hold the decisions and the rows that could not be read", USAGE)
    if quarantine is not None:
        _can_be_written(quarantine, read)
        if not is_quarantine(quarantine):
            raise fail(f"{quarantine} is there already and holds no quarantined rows: name another --quarantine", USAGE)


def _can_be_written(path: Path, read: list[Path]) -> None:
    if not path.resolve().parent.is_dir():
        raise fail(f"{path}: there is no folder {path.parent}", USAGE)
    if path.is_dir():
        raise fail(f"{path} is a folder", USAGE)
    for one in read:
        if path.exists() and one.exists() and path.samefile(one):
            raise fail(f"{path} is read here too: it would be overwritten", USAGE)
    if path.suffix == ".playbook":
        raise fail(f"{path} is the name of a playbook: it would be overwritten", USAGE)


class _progress:  # noqa: N801  used like a function
    """A progress bar on a terminal, nothing in a pipe."""

    def __init__(self, console: Any) -> None:
        self.console = console
        self.bar: Any = None

    def __enter__(self) -> Any:
        if not self.console.is_terminal:
            return lambda _done, _all: None
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self.bar = Progress(
            TextColumn("deciding"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            console=self.console, transient=True,
        )  # fmt: skip
        self.bar.start()
        task = self.bar.add_task("deciding", total=None)
        return lambda done, whole: self.bar.update(task, completed=done, total=whole)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


@cli.command(epilog='Example: hikeshi explain care.playbook --text "my charger caught fire" --set author.followers=12k')
def explain(
    playbook: PlaybookArgument,
    inbox: Annotated[str | None, typer.Argument(metavar="INBOX", help="An export that holds the message.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The message's id in INBOX.")] = None,
    text: Annotated[str | None, typer.Option(help="A message's text.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="FIELD=VALUE of that message; repeatable.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
) -> None:
    """Say why one message is decided as it is, and what would have to differ."""
    from engine.batch.single import explain_id, explain_message
    from engine.report import terminal

    plan = _plan(playbook)
    if (inbox is None) == (text is None) or (inbox is None) != (id_ is None):
        raise fail("give either --text, or INBOX and --id", USAGE)
    if inbox is not None and id_ is not None:
        explained = explain_id(plan, _open_all([inbox], format_, map_, tz), inbox, id_)
    else:
        explained = explain_message(plan, {"text": text, **_settings(plan, set_ or [])})
    if as_json:
        document = explained.record() | {"why": explained.explainer.as_dict(explained.trace)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
    else:
        terminal.console().print(terminal.explanation(explained))


def _settings(plan: Any, settings: list[str]) -> dict[str, Any]:
    from engine.batch.settings import SettingError, parse_settings

    try:
        return parse_settings(plan, settings)
    except SettingError as error:
        raise fail(str(error), USAGE) from None


@cli.command(epilog="Example: hikeshi check care.playbook --strict")
def check(
    playbook: Annotated[list[Path] | None, typer.Argument(metavar="PLAYBOOK...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    explain_code: Annotated[
        str | None, typer.Option("--explain", metavar="CODE", help="Explain a code such as HK201.")
    ] = None,
) -> None:
    """Say everything that is wrong with a playbook."""
    from engine.incidents import PAGES
    from engine.language.checks import page
    from engine.language.diagnostics import Severity, render_all

    if explain_code:
        code = explain_code.upper()
        text = f"{code}: {PAGES[code]}\n" if code in PAGES else page(code)
        if text is None:
            raise fail(f"there is no diagnostic {explain_code}", USAGE)
        typer.echo(text)
        return
    if not playbook:
        raise fail("name a playbook, or a code with --explain", USAGE)
    findings = [found for path in playbook for found in _load(path)[1]]
    errors = sum(one.severity is Severity.ERROR for one in findings)
    warnings = len(findings) - errors
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in findings], ensure_ascii=False, indent=2))
    elif findings:
        typer.echo(render_all(findings))
        typer.echo(f"\n{_amount(errors, 'error')}, {_amount(warnings, 'warning')}")
    else:
        typer.echo(f"{_amount(len(playbook), 'playbook')} checked: nothing to say")
    if errors or (strict and warnings):
        raise typer.Exit(PLAYBOOK)


def _amount(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


@cli.command(epilog="Example: hikeshi fmt --check playbooks/*.playbook")
def fmt(
    playbook: Annotated[list[Path], typer.Argument(metavar="PLAYBOOK...")],
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if something would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Format playbooks in place; meaning and comments are kept."""
    from engine.language.checks import explain_trouble, too_deep
    from engine.language.diagnostics import render_all
    from engine.language.format import format_file
    from engine.language.parse import parse
    from engine.language.source import Source

    changed, broken = [], False
    for path in playbook:
        text = _text(path)
        parsed = parse(Source(str(path), text))
        found = [*map(explain_trouble, parsed.troubles), *too_deep.check_file(parsed.file)]
        if found:
            typer.echo(render_all(found), err=True)
            broken = True
            continue
        formatted = format_file(parsed.file)
        if formatted == text:
            continue
        changed.append(path)
        if diff:
            lines = unified_diff(
                text.splitlines(keepends=True), formatted.splitlines(keepends=True), str(path), f"{path} (formatted)"
            )
            typer.echo("".join(lines), nl=False)
        elif check_only:
            typer.echo(f"would format {path}")
        else:
            _replace(path, formatted)
            typer.echo(f"formatted {path}")
    if broken:
        raise typer.Exit(PLAYBOOK)
    if changed and (check_only or diff):
        raise typer.Exit(NO)


@cli.command(epilog="Example: hikeshi graph care.playbook -o care.svg")
def graph(
    playbook: PlaybookArgument,
    format_: Annotated[GraphFormat | None, typer.Option("--format", help="Default: by OUT's ending, else svg.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Default: standard output.")] = None,
) -> None:
    """Draw the decision graph."""
    from engine.drawing import draw
    from engine.graph import build

    endings = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".json": "json"}
    if out is not None:
        _can_be_written(out, [playbook])
        if format_ is None and out.suffix.lower() not in endings:
            raise fail(f"{out}: a graph ends in {', '.join(endings)}, or say which --format it is", USAGE)
    chosen = format_.value if format_ else endings[out.suffix.lower()] if out else "svg"
    drawn = draw(build(_checked(playbook)), chosen)
    if out is None:
        typer.echo(drawn, nl=not drawn.endswith("\n"))
    else:
        _replace(out, drawn)


@cli.command(epilog="Example: hikeshi inbox export.csv --to inbox.jsonl")
def inbox(
    inbox: Annotated[list[str], typer.Argument(metavar="INBOX...")],
    to: Annotated[Path | None, typer.Option(help="Write the messages in Hikeshi's own format.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
    us: UsOption = None,
) -> None:
    """Say what a file holds: format, messages, time span, how much of each field is known, first rows."""
    from engine.inbox import coverage, to_jsonl
    from engine.report import terminal

    opened = _open_all(inbox, format_, map_, tz, us)
    if to is not None:
        if len(opened) > 1:
            raise fail("--to takes one inbox at a time", USAGE)
        _can_be_written(to, [Path(inbox[0])])
        to_jsonl(opened[0], to)
        return
    for one in opened:
        found = coverage(one)
        if as_json:
            typer.echo(json.dumps(terminal.coverage_dict(one, found), ensure_ascii=False, indent=2, default=str))
        else:
            terminal.console().print(terminal.coverage(one, found))


@cli.command("test", epilog="Example: hikeshi test playbooks/ -k kettle")
def replay(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="Files, or folders to look in.")
    ] = None,
    only: Annotated[str, typer.Option("-k", help="Only incidents with this in their name.")] = "",
    junit: Annotated[Path | None, typer.Option(help="Also write the results as JUnit XML.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    fail_on_empty: Annotated[bool, typer.Option("--fail-on-empty", help="Exit 1 when nothing was tested.")] = False,
    show_coverage: Annotated[bool, typer.Option("--coverage", help="Say what no incident reaches.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the coverage as a page: the playbook, coloured.")] = None,
    min_coverage: Annotated[
        float | None,
        typer.Option(min=0, max=100, metavar="PCT", help="Exit 1 when fewer of a hundred edges are reached."),
    ] = None,
    mutants: Annotated[bool, typer.Option("--mutate", help="Which faults would no incident notice?")] = False,
    min_score: Annotated[
        float | None,
        typer.Option(min=0, max=100, metavar="PCT", help="Exit 1 when fewer of a hundred faults are noticed."),
    ] = None,
    workers: Annotated[int | None, typer.Option("-j", "--jobs", min=1, help="Processes. Default: one a core.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Again whenever a playbook or an incident changes.")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="Show the steps of features, and test nothing.")] = False,
) -> None:
    """Replay recorded incidents and features: is every message decided as it should be?"""
    from engine.incidents import changes_in, step_page
    from engine.report.tested import tested

    if steps:
        typer.echo(step_page(), nl=False)
        return
    places = paths or [Path()]
    for path in (one for one in (junit, html) if one is not None):
        _can_be_written(path, [one for one in places if one.is_file()])
    if junit is not None and html is not None and junit.resolve() == html.resolve():
        raise fail(f"{junit}: results and coverage cannot both be written there", USAGE)
    if only and (mutants or min_score is not None):
        raise fail("--mutate looks at all incidents: leave out -k", USAGE)
    if watch and find_spec("watchfiles") is None:
        raise fail("--watch needs what `pip install 'hikeshi[watch]'` brings", USAGE)
    jobs = workers or os.cpu_count() or 1
    for _ in changes_in(places) if watch else (None,):
        try:
            suites = _suites(places, jobs)
        except typer.Exit:
            if not watch:
                raise
            continue
        found = tested(suites, only, mutants=mutants or min_score is not None, workers=jobs)
        if as_json:
            typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
        else:
            found.show(covered=show_coverage or min_coverage is not None)
        if junit is not None:
            _replace(junit, found.junit())
        if html is not None:
            _replace(html, found.page())
    low = found.edges < (min_coverage or 0) or found.score < (min_score or 0)
    if found.failed or low or (fail_on_empty and not found.verdicts):
        raise typer.Exit(NO)


def _suites(paths: list[Path], workers: int) -> list[Any]:
    """The playbooks with their incidents, replayed."""
    from engine.incidents import SuiteError, files_in, replay_all, suites_of

    try:
        suites = suites_of(files_in(paths))
        replay_all(suites, workers)
    except FileNotFoundError as error:
        raise fail(f"there is no file or folder {error}", USAGE) from None
    except SuiteError as error:
        raise _not_replayed(error) from None
    return suites


def _not_replayed(error: Any) -> typer.Exit:
    """What is wrong with a file is printed, and the exit code says so."""
    from engine.language.diagnostics import render_all

    if not error.findings:
        return fail(str(error), USAGE if error.missing else PLAYBOOK)
    typer.echo(render_all(error.findings), err=True)
    return fail(f"{error.path} has {_amount(len(error.findings), 'error')} and was not replayed", PLAYBOOK)


@cli.command(epilog="Example: hikeshi diff main:airline.playbook airline.playbook --inbox last-week.csv")
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A .playbook file, or REVISION:PATH in git, PATH from here.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A .playbook file, or REVISION:PATH.")],
    inbox: Annotated[list[str], typer.Option("--inbox", help="An export; may be given several times.")],
    groups: Annotated[int, typer.Option(min=1, help="At the most so many groups of changes.")] = 20,
    rules: Annotated[
        bool, typer.Option("--rules", help="How the rules of NEW fare: holding, deciding, overlapping.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, all of it.")] = False,
    html: Annotated[Path | None, typer.Option(help="Also write all of it as a page.")] = None,
    fail_on_change: Annotated[bool, typer.Option("--fail-on-change", help="Exit 1 when anything changes.")] = False,
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
) -> None:
    """Show which decisions over an inbox a change of a playbook changes, the weightiest first.

    Exits with 1 when a guarantee of NEW does not hold of a message.
    """
    from engine.incidents import RevisionError, difference, playbook_at
    from engine.incidents.diff import as_dict
    from engine.report import changes, terminal
    from engine.report.changes_page import changes_page

    plans = []
    for number, name in enumerate((old, new)):
        try:
            with playbook_at(name) as path:
                plans.append(_plan(path, guarantees=number == 1))
        except RevisionError as error:
            raise fail(str(error), USAGE) from None
    if html is not None:
        _can_be_written(html, [Path(old), Path(new), *map(Path, inbox)])
    before, after = plans
    found = difference(before, after, _open_all(inbox, format_, map_, tz))
    if html is not None:
        _replace(html, changes_page(found, old, new))
    if as_json:
        typer.echo(json.dumps(as_dict(found), ensure_ascii=False, indent=2))
    else:
        terminal.console().print(changes.difference(found, groups, rules=rules))
    if found.broken or (fail_on_change and found.groups):
        raise typer.Exit(NO)


@cli.command(epilog="Example: hikeshi record care.playbook export.csv --id 4711 --name 'The kettle of March'")
def record(
    playbook: PlaybookArgument,
    inbox: Annotated[str, typer.Argument(metavar="INBOX")],
    id_: Annotated[list[str] | None, typer.Option("--id", help="A message; may be given several times.")] = None,
    between: Annotated[
        tuple[datetime, datetime] | None,
        typer.Option(
            metavar="FROM TO",
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"],
            help="All that came from then on until then.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="What the incident is called.")] = "What happened",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A new .incidents.yaml. Default: standard output.")
    ] = None,
    format_: FormatOption = None,
    map_: MapOption = None,
    tz: ZoneOption = None,
) -> None:
    """Write down messages of an export as a recorded incident, with personal data masked."""
    from engine.incidents import RecordingError, beside
    from engine.incidents import record as record_messages

    if not id_ and between is None:
        raise fail("say which messages: --id ID, or --between FROM TO", USAGE)
    if not name.strip():
        raise fail("--name is empty: an incident has a name", USAGE)
    if between is not None and between[0] >= between[1]:
        raise fail("--between ends before it begins", USAGE)
    if out is not None and not out.name.endswith(".incidents.yaml"):
        raise fail(f"{out}: a file of incidents ends in .incidents.yaml", USAGE)
    if out is not None and out.exists():
        raise fail(f"{out} is there already; record to standard output, and put the incident into it", USAGE)
    if out is not None:
        _can_be_written(out, [playbook, Path(inbox)])
    try:
        found = record_messages(
            _plan(playbook),
            _open(inbox, format_, map_, tz),
            name=name,
            playbook=beside(playbook, out),
            ids=frozenset(id_) if id_ else None,
            between=between,
        )
    except RecordingError as error:
        raise fail(str(error), USAGE) from None
    if out is None:
        typer.echo(found.text, nl=False)
    else:
        _replace(out, found.text)
    for reason in found.unread:
        typer.echo(f"not recorded: {reason}", err=True)
    for one in found.changed:
        typer.echo(
            f"message {one.message.id} is decided otherwise with its text masked: look at what is expected", err=True
        )
    typer.echo(
        f"{_amount(found.messages, 'message')} recorded, {_amount(found.masked, 'text')} masked. What is expected is what "
        "the playbook decides now: correct it. Names within texts are not recognised: read them before you share them.",
        err=True,
    )


@cli.command(epilog="Example: hikeshi init my-playbooks")
def init(directory: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Make a starter repository: a playbook, its incidents and a feature, a sample inbox, a CI job."""
    from engine.starter import write_starter

    try:
        written = write_starter(directory)
    except FileExistsError as error:
        raise fail(f"{error.filename or error} is there already; nothing was written", USAGE) from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(f"\nnext: cd {directory} && hikeshi run care.playbook sample.inbox.jsonl -o decisions.jsonl")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"hikeshi {VERSION}")
        raise typer.Exit


@cli.callback()
def common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""


# ---- shared by the commands


def _load(path: Path) -> tuple[Any, list[Any]]:
    """A playbook and all its findings, in source order."""
    from engine.language.load import load_checked

    if not path.is_file():
        raise fail(f"there is no playbook {path}" if not path.exists() else f"{path} is not a file", USAGE)
    return load_checked(path)


def _checked(path: Path) -> Any:
    """A playbook without errors; otherwise they are printed, and the exit code says so."""
    from engine.language.diagnostics import Severity, render_all

    playbook, findings = _load(path)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if errors:
        typer.echo(render_all(errors), err=True)
        raise fail(f"{path} has {_amount(len(errors), 'error')} and was not loaded", PLAYBOOK)
    if not playbook.decides:
        raise fail(f"{path} has no steps: it can be used by other playbooks, but decides nothing", PLAYBOOK)
    return playbook


def _plan(path: Path, *, guarantees: bool = False) -> Any:
    from engine.plan import compile_plan

    return compile_plan(_checked(path), guarantees=guarantees)


def _open_all(
    names: list[str], format_: str | None, map_: str | None, tz: str | None, us: list[str] | None = None
) -> list[Any]:
    from engine.inbox import open_inboxes

    return open_inboxes(names, format=format_, map_file=map_, tz=tz, us=us or [])


def _open(name: str, format_: str | None, map_: str | None, tz: str | None) -> Any:
    from engine.inbox import open_inbox

    return open_inbox(name, format=format_, map_file=map_, tz=tz)


def _text(path: Path) -> str:
    if not path.is_file():
        raise fail(f"there is no playbook {path}" if not path.exists() else f"{path} is not a file", USAGE)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fail(f"{path} is not UTF-8: byte {error.start + 1} cannot be read", PLAYBOOK) from None


def _replace(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    if not path.resolve().parent.is_dir():
        raise fail(f"{path}: there is no folder {path.parent}", USAGE)
    path = path.resolve()  # a link stays a link
    if path.exists() and not path.is_file():  # a pipe or a device cannot be taken the place of
        path.write_text(text, encoding="utf-8", newline="")
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def app() -> None:
    """The `hikeshi` command: run it, and turn what can go wrong outside into one paragraph and an exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stopped)
    try:
        _run_command()
    except (KeyboardInterrupt, typer.Abort):
        typer.echo(STOPPED, err=True)
        sys.exit(INTERRUPTED)


def _stopped(number: int, _frame: object) -> None:
    """Asked to end: everything is put away on the way out, as after Ctrl-C."""
    typer.echo(STOPPED, err=True)
    sys.exit(128 + number)


def _run_command() -> None:
    from engine.inbox.piece import InboxError

    try:
        code = cli(standalone_mode=False)
        if code == INTERRUPTED:
            typer.echo(STOPPED, err=True)
        sys.exit(code if isinstance(code, int) else 0)
    except (KeyboardInterrupt, typer.Abort):
        raise
    except InboxError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"error: {where}{error.strerror or error}", err=True)
        sys.exit(INPUT)
    except Exception as error:
        if hasattr(error, "show"):  # the option parser's own, which knows how to say what is wrong
            error.show()
            sys.exit(USAGE)
        if os.environ.get("HIKESHI_DEBUG"):
            raise
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        typer.echo(
            f"error: Hikeshi itself failed ({type(error).__name__} at {place}). This is a mistake of ours: please report "
            "it. HIKESHI_DEBUG=1 shows the traceback, which may quote messages.",
            err=True,
        )
        sys.exit(OURS)


if __name__ == "__main__":
    app()
