"""What happened before, held against a playbook: what a change of it would have decided otherwise.

Reading order: `revisions`, `diff`.
"""

from engine.incidents.diff import Difference, Group, Said, difference
from engine.incidents.revisions import RevisionError, playbook_at

__all__ = ["Difference", "Group", "RevisionError", "Said", "difference", "playbook_at"]
