"""Exports -> messages, piece by piece, never losing a row.

`open_inbox` finds out what a file is, `pieces` cuts it, `read` turns a piece into a typed frame and the rows that could
not be read. The formats are `FORMATS`, one file each. `structure` and `thread_facts` work out threads for the whole
import; `coverage` says what a file has; `to_jsonl` writes it in Hikeshi's own format.

Reading order: piece, times, typed, objects, jsonl, rows, delimited, parquet, names, mapping, detect, threads.
"""

from engine.inbox.coverage import Coverage, FieldCoverage, coverage, to_jsonl
from engine.inbox.formats import pieces, raw_rows, read, read_bytes
from engine.inbox.opening import open_inbox, open_inboxes
from engine.inbox.piece import DTYPES, PIECE_SIZE, Batch, Inbox, InboxError, Piece, Quarantined
from engine.inbox.threads import FACTS as THREAD_FACTS
from engine.inbox.threads import first_rows, structure, structure_of, thread_facts

__all__ = [
    "DTYPES",
    "PIECE_SIZE",
    "THREAD_FACTS",
    "Batch",
    "Coverage",
    "FieldCoverage",
    "Inbox",
    "InboxError",
    "Piece",
    "Quarantined",
    "coverage",
    "first_rows",
    "open_inbox",
    "open_inboxes",
    "pieces",
    "raw_rows",
    "read",
    "read_bytes",
    "structure",
    "structure_of",
    "thread_facts",
    "to_jsonl",
]
