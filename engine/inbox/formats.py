"""The formats, and which one reads a given inbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from engine.inbox import (
    app_store,
    chatwoot,
    delimited,
    facebook_download,
    facebook_graph,
    google_business,
    jsonl,
    parquet,
    sprout,
    talkwalker,
    x_api,
    x_archive,
    zendesk,
)
from engine.inbox.convert import ArchiveFormat, DocumentFormat
from engine.inbox.piece import PIECE_SIZE, Batch, Inbox, Piece, kinds
from engine.message import Kind


class RowFormat(Protocol):
    """How the rows of a file are made; each process reads the pieces that it is given."""

    def pieces(self, inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
        """See `pieces`."""

    def read(
        self, inbox: Inbox, piece: Piece, fields: Sequence[str], declared: Mapping[str, Kind] | None = None
    ) -> Batch:
        """See `read`."""

    def raw_rows(self, inbox: Inbox, piece: Piece, lines: Sequence[int]) -> list[bytes]:
        """See `raw_rows`."""


ROWS: dict[str, RowFormat] = {"jsonl": jsonl, "delimited": delimited, "parquet": parquet}
"""How files are made that are read as they lie there: a member has `pieces` and `read`."""

DOCUMENTS: tuple[DocumentFormat, ...] = (
    x_archive, x_api, facebook_download, facebook_graph, zendesk, chatwoot, sprout, talkwalker, app_store, google_business,
)  # fmt: skip
"""Formats whose files are JSON documents, the most telling first; their messages are read once, into lines."""

ARCHIVES: tuple[ArchiveFormat, ...] = (x_archive, facebook_download)
"""Those whose exports are several files, known by what they are called."""


def pieces(inbox: Inbox, size: int = PIECE_SIZE) -> Iterator[Piece]:
    """Cut an inbox into pieces of about `size` bytes that can be read in any order, in any process."""
    return ROWS[inbox.rows].pieces(inbox, size)


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
    return ROWS[inbox.rows].read(inbox, piece, fields, declared)


def raw_rows(inbox: Inbox, piece: Piece, lines: Sequence[int]) -> list[bytes]:
    """The bytes of rows of a piece, given their lines in it."""
    return ROWS[inbox.rows].raw_rows(inbox, piece, lines)


def read_bytes(inbox: Inbox, data: bytes, fields: Sequence[str], declared: Mapping[str, Kind] | None = None) -> Batch:
    """Read JSONL lines that lie in memory: standard input as it arrives."""
    return jsonl.read_bytes(inbox, data, kinds(fields, declared or {}))
