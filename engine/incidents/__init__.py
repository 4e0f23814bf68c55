"""What happened before, held against a playbook: recorded incidents, and what a change would have decided otherwise.

Reading order: `recorded` (what an incident is), `reading` (YAML to incidents), `scene`, `steps`, `features` (Gherkin to
incidents), `gather` (their messages and facts), `replay`, `suite`; then what is said of them: `coverage`, `faults`,
`mutants`, `mutation`; and what changes on a history: `revisions`, `statistics`, `diff`. `masking` and `recording` write
incidents from an export, `watching` looks for changes of files.
"""

from engine.incidents.coverage import Coverage, coverage
from engine.incidents.diff import Difference, Group, Said, difference
from engine.incidents.features import FEATURE, belongs
from engine.incidents.mutation import Mutation, mutate
from engine.incidents.reading import load_incidents
from engine.incidents.recorded import ENDING, PAGES, Incidents
from engine.incidents.recording import Recording, RecordingError, beside, record
from engine.incidents.replay import Verdict, check_against, replay
from engine.incidents.revisions import RevisionError, playbook_at
from engine.incidents.steps import page as step_page
from engine.incidents.suite import Suite, SuiteError, files_in, load_suite, replay_all, suites_of
from engine.incidents.watching import changes_in

__all__ = [
    "ENDING",
    "FEATURE",
    "PAGES",
    "Coverage",
    "Difference",
    "Group",
    "Incidents",
    "Mutation",
    "Recording",
    "RecordingError",
    "RevisionError",
    "Said",
    "Suite",
    "SuiteError",
    "Verdict",
    "belongs",
    "beside",
    "changes_in",
    "check_against",
    "coverage",
    "difference",
    "files_in",
    "load_incidents",
    "load_suite",
    "mutate",
    "playbook_at",
    "record",
    "replay",
    "replay_all",
    "step_page",
    "suites_of",
]
