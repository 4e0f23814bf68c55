"""Which encoding a text file is in, and its bytes as UTF-8.

A byte-order mark decides (UTF-16, UTF-8); else UTF-8 where it fits; else cp932, in which Japanese Excel saves. A byte
that is not valid in the encoding stays an invalid byte in what `utf8` returns, so that its row can be quarantined
alone.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from engine.inbox.piece import InboxError

HEAD = 1 << 20
"""Bytes that are looked at to find out what a file is."""

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

MAGIC = (
    (b"PK\x03\x04", "an Excel workbook, or a ZIP archive in a ZIP archive", "save it as CSV (UTF-8), or unpack it"),
    (b"\x1f\x8b", "gzip-compressed twice", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed twice", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV (UTF-8)"),
    (b"%PDF", "a PDF document", "export the messages as CSV or JSONL"),
    (b"SQLite format 3", "an SQLite database", "export the messages as CSV or JSONL"),
)
"""First bytes of what people hand in by mistake: what it is, and what to do."""

_BINARY = bytes(set(range(32)) - {0, 9, 10, 11, 12, 13, 27}) + b"\x7f"
_ODD_SHARE = 50
_BAD_SHARE = 10


def head_of(path: str, name: str) -> bytes:
    """The first bytes of a file.

    Raises:
        InboxError: there is no such file, it is a folder, it cannot be opened, or it is empty.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise InboxError(f"{name} is a folder. Name the export file in it.")
        with file.open("rb") as opened:
            head = opened.read(HEAD)
            blank = not head.strip()
            while blank and (more := opened.read(HEAD)):
                blank = not more.strip()
    except FileNotFoundError:
        raise InboxError(f"{name} does not exist.") from None
    except OSError as error:
        raise InboxError(f"{name} cannot be opened: {error.strerror or error}.") from None
    if blank or (head[:3] == codecs.BOM_UTF8 and not head[3:].strip()):
        raise InboxError(f"{name} is empty: there is no message in it.")
    return head


def encoding_of(path: str, name: str, head: bytes) -> tuple[str, int]:
    """The encoding of a text file and the byte where its text starts, after a byte-order mark.

    Raises:
        InboxError: it is not text, or in an encoding that is not known.
    """
    for magic, what, advice in MAGIC:
        if head.startswith(magic):
            raise InboxError(f"{name} is {what}, not text: {advice}.")
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    odd = len(head) - len(head.translate(None, _BINARY)) + head.count(b"\0")
    if odd * _ODD_SHARE > len(head):
        raise InboxError(
            f"{name} is not text: its first bytes belong to a binary file, or to UTF-16 without a byte-order mark. "
            "Export the messages as CSV or JSONL in UTF-8."
        )
    if head.isascii():
        head = _later(path, len(head))
    bad, lines = _undecodable(head, "utf-8")
    if bad * _BAD_SHARE <= lines:
        return "utf-8", 0
    if _undecodable(head, "cp932")[0] * _BAD_SHARE <= lines and _japanese(head):
        return "cp932", 0
    if bad * _BAD_SHARE <= head.count(b"\n"):
        return "utf-8", 0  # a few damaged rows in an ASCII file: they are quarantined one by one
    raise InboxError(
        f"{name} is neither UTF-8 nor UTF-16 nor Japanese Windows text (cp932), so its letters cannot be told apart safely. "
        "Save it as UTF-8 and try again."
    )


def _later(path: str, at: int) -> bytes:
    """The bytes from the first block that is not plain ASCII."""
    with Path(path).open("rb") as opened:
        opened.seek(at)
        while block := opened.read(HEAD):
            if not block.isascii():
                return block.partition(b"\n")[2] or block
    return b""


def _undecodable(head: bytes, encoding: str) -> tuple[int, int]:
    """How many lines that are not ASCII do not decode, and how many there are; the last line may be cut."""
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    if len(lines) > 1 and len(head) >= HEAD:
        lines.pop()
    bad = 0
    for line in lines:
        try:
            line.decode(encoding)
        except UnicodeDecodeError as error:
            bad += not (len(lines) == 1 and len(head) >= HEAD and error.end == len(line))
    return bad, len(lines)


def _japanese(head: bytes) -> bool:
    """Whether text has enough kana among what is not ASCII to be Japanese and no other language read wrongly."""
    text = [one for one in head.decode("cp932", "ignore") if not one.isascii()]
    full = sum("\u3040" <= one <= "\u30ff" or "\u3000" <= one <= "\u303f" for one in text)
    return full * 10 > len(text)


def utf8(data: bytes, encoding: str) -> bytes:
    r"""Bytes of an encoding as UTF-8; what is invalid stays invalid.

    >>> utf8("é".encode("utf-16-le"), "utf-16-le")
    b'\xc3\xa9'
    """
    if encoding == "utf-8":
        return data
    if encoding == "cp932":
        return data.decode(encoding, "surrogateescape").encode("utf-8", "surrogateescape")
    odd = data[len(data) - len(data) % 2 :]
    text = data[: len(data) - len(odd)].decode(encoding, "surrogatepass")
    return text.encode("utf-8", "surrogatepass") + (b"\xff" if odd else b"")


def invalid(row: bytes) -> str | None:
    r"""The reason why a row is no valid text, or None.

    >>> invalid(b"a\xff")
    'It is not valid UTF-8 (byte 2).'
    """
    try:
        row.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"It is not valid UTF-8 (byte {error.start + 1})."
    return None
