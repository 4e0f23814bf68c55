"""Exports -> messages: one format a file, plus detection, threads, quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.inbox import jsonl
from engine.inbox.piece import PIECE_SIZE, Batch, Inbox, InboxError, Piece, Quarantined
from engine.message import Kind


def open_inbox(name: str, *, format: str | None = None, map_file: str | None = None, tz: str | None = None) -> Inbox:
    return Inbox(name, name, "jsonl")


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    return jsonl.pieces(inbox, size)


def read(inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    return jsonl.read(inbox, piece, fields, declared)
