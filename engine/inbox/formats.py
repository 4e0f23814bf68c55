"""The formats, and which one reads a given inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.inbox import delimited, jsonl, parquet, twitter_support
from engine.inbox.piece import PIECE_SIZE, Batch, Inbox, Piece, kinds
from engine.message import Kind

FORMATS = (jsonl, delimited, parquet, twitter_support)
"""Every format that can be read. A member has NAME, ABOUT, `pieces` and `read`."""


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    """Cut an inbox into pieces of about `size` bytes that can be read in any order, in any process."""
    match inbox.format:
        case "jsonl":
            return jsonl.pieces(inbox, size)
        case "parquet":
            return parquet.pieces(inbox, size)
        case "twitter-support":
            return twitter_support.pieces(inbox, size)
        case _:
            return delimited.pieces(inbox, size)


def read(inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read one piece.

    A row is judged by the asked fields only: ask for `id` and `text` wherever messages without them must not pass.

    Args:
        inbox: from `open_inbox`.
        piece: one of its pieces.
        fields: names from `engine.message.FIELD`, or `extra.NAME`.
        declared: the kinds of extras; text where it does not say.

    Raises:
        ValueError: a field that no message has.
    """
    match inbox.format:
        case "jsonl":
            return jsonl.read(inbox, piece, fields, declared)
        case "parquet":
            return parquet.read(inbox, piece, fields, declared)
        case "twitter-support":
            return twitter_support.read(inbox, piece, fields, declared)
        case _:
            return delimited.read(inbox, piece, fields, declared)


def read_bytes(inbox: Inbox, data: bytes, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read JSONL lines that lie in memory: standard input as it arrives."""
    return jsonl.read_bytes(inbox, data, kinds(fields, declared or {}))
