"""Exports -> messages, piece by piece, never losing a row. Read in the order of the imports.

`open_inbox` finds out what a file is, `pieces` cuts it, `read` turns a piece into a typed frame and the rows that could not
be read. The formats are `FORMATS`, one file each.
"""

from engine.inbox.piece import DTYPES, PIECE_SIZE, Batch, Inbox, InboxError, Piece, Quarantined
from engine.inbox.detect import open_inbox  # isort: skip
from engine.inbox.formats import FORMATS, pieces, read, read_bytes  # isort: skip
from engine.inbox.coverage import Coverage, FieldCoverage, coverage, to_jsonl  # isort: skip
from engine.inbox.threads import structure, thread_facts  # isort: skip

__all__ = [
    "DTYPES", "Coverage", "FieldCoverage", "coverage", "to_jsonl", "FORMATS", "PIECE_SIZE", "Batch", "Inbox", "InboxError", "Piece", "Quarantined", "open_inbox", "pieces",
    "read", "read_bytes", "structure", "thread_facts",
]  # fmt: skip
