"""Compressed exports (`.gz`, `.zst`, `.zip`): unpacked once into a folder of their own, which goes when the process does.

Pieces of a file are read by several processes from several places, which a compressed file does not allow. Unpacking takes
disk as large as the export. Of a `.zip` every file is an export, but those that systems put beside them do not count.
"""

from __future__ import annotations

import atexit
import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

import pyarrow as pa

from engine.inbox.piece import InboxError

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_ENDINGS = (".gz", ".zst", ".zip")
_BLOCK = 1 << 20
WORKBOOK = {"[Content_Types].xml", "mimetype"}
"""Files by which the ZIP archives of Excel and OpenDocument are known."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was compressed: where it lies unpacked, and what it is called inside."""

    path: str
    inner: str


def unpacked(name: str, head: bytes, wanted: Callable[[list[str]], list[str]] = list) -> list[Member] | None:
    """Unpack a file that begins as a compressed one; None when it does not, or is a workbook, which is a ZIP archive too.

    Args:
        name: the file.
        head: its first bytes.
        wanted: of the names of a ZIP archive's files, in alphabetical order, those that are to be unpacked.

    Raises:
        InboxError: it is damaged, encrypted, or a ZIP archive with nothing in it.
        OSError: there is no room to unpack it.
    """
    if not head.startswith((GZIP, ZSTD, ZIP)):
        return None
    try:
        if head.startswith(GZIP):
            return [_unpack(cast("IO[bytes]", gzip.open(name)), name, _plain_name(name))]
        if head.startswith(ZSTD):
            stream = pa.CompressedInputStream(pa.OSFile(name), "zstd")
            return [_unpack(cast("IO[bytes]", stream), name, _plain_name(name))]
        with zipfile.ZipFile(name) as archive:
            inside = [one.filename for one in archive.infolist() if not one.is_dir()]
            if not WORKBOOK.isdisjoint(inside):
                return None
            exports = sorted(one for one in inside if not hidden(one))
            if not exports:
                raise InboxError(f"{name} is a ZIP archive with nothing in it.")
            return [_unpack(archive.open(inner), name, inner) for inner in wanted(exports)]
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
        raise InboxError(f"{name} cannot be unpacked, it is damaged: {error}.") from None
    except RuntimeError as error:  # what zipfile says of a password
        raise InboxError(f"{name} cannot be unpacked: {error}.") from None


def hidden(name: str) -> bool:
    """Whether a file is one that systems put beside others.

    >>> hidden("__MACOSX/._march.csv"), hidden(".DS_Store"), hidden("2026/march.csv")
    (True, True, False)
    """
    return any(part.startswith(".") or part in ("__MACOSX", "Thumbs.db") for part in PurePosixPath(name).parts)


def _plain_name(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix.lower() in _ENDINGS else path.name


def own_folder() -> Path:
    """A new folder for files made for the occasion; it goes when the process does."""
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _unpack(source: IO[bytes], name: str, inner: str) -> Member:
    path = own_folder() / "export"
    with source, path.open("wb") as target:
        while block := _read(source, name):
            target.write(block)
    return Member(str(path), inner)


def _read(source: IO[bytes], name: str) -> bytes:
    """A block of what is unpacked; what is wrong with reading is wrong with the file, unlike what is with writing.

    Raises:
        InboxError: it is damaged.
    """
    try:
        return source.read(_BLOCK)
    except OSError as error:  # how zstd and gzip say that data is damaged
        raise InboxError(f"{name} cannot be unpacked, it is damaged: {error}.") from None
