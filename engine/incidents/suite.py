"""What is tested together: a playbook with all its recorded incidents, wherever they are written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from engine.batch.crew import context, end_with_the_parent, get_ready
from engine.incidents.features import FEATURE, belongs, load_feature
from engine.incidents.reading import load_incidents
from engine.incidents.recorded import ENDING, Incidents
from engine.incidents.replay import Verdict, check_against, replay
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.load import load_checked
from engine.language.playbook import Playbook
from engine.plan import Plan, compile_plan

ALONE_UP_TO = 3000
"""Recorded messages up to which other processes cost more than they bring."""


class SuiteError(Exception):
    """A file cannot be replayed: `findings` say why, or the message does when there are none.

    `missing` says that there is no such playbook.
    """

    def __init__(self, path: Path, message: str, findings: list[Diagnostic], *, missing: bool = False) -> None:
        super().__init__(path, message, findings)
        self.missing = missing
        self.path = path
        self.message = message
        self.findings = findings

    def __str__(self) -> str:
        return self.message


@dataclass(slots=True)
class Suite:
    """A playbook and the files with its incidents."""

    path: Path
    playbook: Playbook
    plan: Plan
    incidents: list[Incidents] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def replay(self) -> list[Verdict]:
        """Every message of which something is expected.

        Raises:
            SuiteError: a file expects what this playbook cannot say, or has messages that cannot be read.
        """
        verdicts: list[Verdict] = []
        for one in self.incidents:
            findings = check_against(one, self.plan)
            replayed, unread = replay(one, self.plan) if not findings else ([], [])
            if findings or unread:
                raise SuiteError(Path(one.source.name), "", findings + unread)
            verdicts += replayed
        return verdicts


def replay_all(suites: Sequence[Suite], workers: int = 1) -> None:
    """Replay suites and keep their verdicts in them; many messages of several playbooks on several processes.

    Raises:
        SuiteError: as `Suite.replay`.
    """
    count = sum(len(incident.messages) for suite in suites for one in suite.incidents for incident in one.incidents)
    if workers <= 1 or len(suites) <= 1 or count <= ALONE_UP_TO:
        for suite in suites:
            suite.verdicts = suite.replay()
        return
    with ExitStack() as stack:
        get_ready(stack)
        pool = stack.enter_context(
            ProcessPoolExecutor(min(workers, len(suites)), mp_context=context(), initializer=end_with_the_parent)
        )
        for suite, verdicts in zip(suites, pool.map(Suite.replay, suites), strict=True):
            suite.verdicts = verdicts


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files of incidents among files and below folders, and the features that name a playbook; in order of name.

    Raises:
        FileNotFoundError: there is no such file or folder.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = [*path.rglob(f"*{ENDING}"), *(one for one in path.rglob(f"*{FEATURE}") if belongs(one))]
            found += sorted(
                one for one in files if not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
        elif path.is_file():
            found.append(path)
        else:
            raise FileNotFoundError(path)
    return list(dict.fromkeys(found))


def suites_of(files: Iterable[Path]) -> list[Suite]:
    """The files by their playbooks, each of which is read once.

    Raises:
        SuiteError: a file or its playbook has errors.
    """
    suites: dict[Path, Suite] = {}
    for path in files:
        incidents, findings = (load_feature if path.name.endswith(FEATURE) else load_incidents)(path)
        if incidents is None:
            raise SuiteError(path, "", findings)
        playbook = path.parent / incidents.playbook
        key = playbook.resolve()
        if key not in suites:
            suites[key] = load_suite(playbook, asked_by=path)
        suites[key].incidents.append(incidents)
    return list(suites.values())


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def load_suite(path: Path, *, asked_by: Path | None = None) -> Suite:
    """A playbook without incidents yet.

    Raises:
        SuiteError: there is no such playbook, or it has errors, or decides nothing.
    """
    if not _is_file(path):
        wanted = f", which {asked_by} is about" if asked_by else ""
        raise SuiteError(path, f"there is no playbook {path}{wanted}", [], missing=True)
    playbook, findings = load_checked(path)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if errors:
        raise SuiteError(path, "", errors)
    if not playbook.decides:
        raise SuiteError(path, f"{path} has no steps: it can be used by other playbooks, but decides nothing", [])
    return Suite(path, playbook, compile_plan(playbook, guarantees=True))
