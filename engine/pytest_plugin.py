"""`pytest` runs recorded incidents and the features that name a playbook: an item for each incident, no code needed.

Loaded by pytest itself through an entry point, so nothing of the engine is imported before there is a file to test.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engine.incidents import Suite, Verdict
    from engine.incidents.recorded import Incident

_ENDINGS = (".incidents.yaml", ".feature")


class IncidentFailed(Exception):  # noqa: N818  what pytest shows is that it failed
    """Messages of an incident are not decided as they should be."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        super().__init__(f"{len(verdicts)} messages")
        self.verdicts = verdicts


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A file of incidents, or a feature of ours."""
    if not file_path.name.endswith(_ENDINGS):
        return None
    from engine.incidents import FEATURE, belongs

    if file_path.name.endswith(FEATURE) and not belongs(file_path):
        return None
    collected: pytest.Collector = IncidentFile.from_parent(parent, path=file_path)
    return collected


class IncidentFile(pytest.File):
    """A file of incidents with its playbook; replayed when the first of its items runs."""

    suite: Suite
    verdicts: list[Verdict] | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each incident.

        Raises:
            pytest.Collector.CollectError: the file or its playbook has errors.
        """
        from engine.incidents import SuiteError, suites_of
        from engine.report.plain import plain

        try:
            (self.suite,) = suites_of([_near(self.path)])
        except SuiteError as error:
            raise self.CollectError(_why(error)) from None
        for incident in self.suite.incidents[0].incidents:
            yield IncidentItem.from_parent(self, name=plain(incident.name), incident=incident)

    def replayed(self) -> list[Verdict]:
        """What came of every message.

        Raises:
            SuiteError: a message cannot be read, or a file expects what the playbook cannot say.
        """
        if self.verdicts is None:
            self.verdicts = self.suite.replay()
        return self.verdicts


class IncidentItem(pytest.Item):
    """One incident."""

    parent: IncidentFile

    def __init__(self, *, incident: Incident, **other: Any) -> None:
        super().__init__(**other)
        self.incident = incident

    def runtest(self) -> None:
        """Replay it.

        Raises:
            IncidentFailed: a message is not decided as it should be.
        """
        missed = [one for one in self.parent.replayed() if one.incident.name == self.incident.name and one.missed]
        if missed:
            raise IncidentFailed(missed)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Expected and got, the path with its values, and the nearest way there; as `hikeshi test` says it."""
        from engine.incidents import SuiteError
        from engine.report.verdicts import failure_text

        if isinstance(excinfo.value, IncidentFailed):
            return "\n".join(failure_text(one) for one in excinfo.value.verdicts)
        if isinstance(excinfo.value, SuiteError):
            return _why(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the incident stands."""
        return self.path, self.incident.span.line - 1, f"incident: {self.name}"


def _near(path: Path) -> Path:
    """The path from the folder that pytest runs in, where it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _why(error: Any) -> str:
    from engine.language.diagnostics import render_all

    return render_all(error.findings) if error.findings else str(error)
