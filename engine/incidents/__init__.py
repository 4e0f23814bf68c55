"""What happened before, held against a playbook: recorded incidents, and what a change would have decided otherwise.

Reading order: `recorded`, `replay`, `coverage`, `revisions`, `diff`.
"""

from engine.incidents.coverage import Coverage, coverage
from engine.incidents.diff import Difference, Group, Said, difference
from engine.incidents.recorded import ENDING, PAGES, Incidents, load_incidents
from engine.incidents.replay import Verdict, check_against, replay
from engine.incidents.revisions import RevisionError, playbook_at

__all__ = [
    "ENDING",
    "PAGES",
    "Coverage",
    "Difference",
    "Group",
    "Incidents",
    "RevisionError",
    "Said",
    "Verdict",
    "check_against",
    "coverage",
    "difference",
    "load_incidents",
    "playbook_at",
    "replay",
]
