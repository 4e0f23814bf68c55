"""Compressed exports (`.gz`, `.zst`, `.zip`): unpacked once into a folder of their own, which goes when the process does.

Pieces of a file are read by several processes from several places, which a compressed file does not allow. Unpacking takes
disk as large as the export. A `.zip` holds one export; folders and files that systems put beside it do not count.
"""

from __future__ import annotations

import atexit
import gzip
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

import pyarrow as pa

from engine.inbox.piece import InboxError

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_ENDINGS = (".gz", ".zst", ".zip")
_BLOCK = 1 << 20
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where the unpacked file lies, and what it is called inside."""

    path: str
    inner: str


def unpacked(name: str, head: bytes) -> Unpacked | None:
    """Unpack a file that begins as a compressed one; None when it does not, or is an Excel workbook.

    Raises:
        InboxError: it is damaged, encrypted, or a ZIP archive without exactly one export in it.
        OSError: there is no room to unpack it.
    """
    if not head.startswith((GZIP, ZSTD, ZIP)):
        return None
    try:
        if head.startswith(GZIP):
            return _unpack(cast("IO[bytes]", gzip.open(name)), name, _plain_name(name))
        if head.startswith(ZSTD):
            return _unpack(
                cast("IO[bytes]", pa.CompressedInputStream(pa.OSFile(name), "zstd")), name, _plain_name(name)
            )
        with zipfile.ZipFile(name) as archive:
            inner = _only_one(name, archive)
            return _unpack(archive.open(inner), name, inner) if inner is not None else None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
        raise InboxError(f"{name} cannot be unpacked, it is damaged: {error}.") from None
    except RuntimeError as error:  # what zipfile says of a password
        raise InboxError(f"{name} cannot be unpacked: {error}.") from None


def _plain_name(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix.lower() in _ENDINGS else path.name


def _only_one(name: str, archive: zipfile.ZipFile) -> str | None:
    """The one export of an archive; None for an Excel workbook, which is a ZIP archive too."""
    inside = [one.filename for one in archive.infolist() if not one.is_dir()]
    if "[Content_Types].xml" in inside:
        return None
    exports = [one for one in inside if not one.startswith("__MACOSX/") and not PurePosixPath(one).name.startswith(".")]
    if len(exports) == 1:
        return exports[0]
    if not exports:
        raise InboxError(f"{name} is a ZIP archive with nothing in it.")
    some = ", ".join(exports[:_NAMED]) + (f" and {len(exports) - _NAMED} more" if len(exports) > _NAMED else "")
    raise InboxError(f"{name} holds {len(exports)} files ({some}). Unpack it, and name the one that is the export.")


def _unpack(source: IO[bytes], name: str, inner: str) -> Unpacked:
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-unpacked-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "export"
    with source, path.open("wb") as target:
        while block := _read(source, name):
            target.write(block)
    return Unpacked(str(path), inner)


def _read(source: IO[bytes], name: str) -> bytes:
    """A block of what is unpacked; what is wrong with reading is wrong with the file, unlike what is with writing.

    Raises:
        InboxError: it is damaged.
    """
    try:
        return source.read(_BLOCK)
    except OSError as error:  # how zstd and gzip say that data is damaged
        raise InboxError(f"{name} cannot be unpacked, it is damaged: {error}.") from None
