"""What people name -> inboxes: files, folders of files, archives, compressed files, quarantines, standard input.

Most files are an inbox each. Some exports are several files that belong together (an X archive, a download of one's own
data, a folder of mails or of pages of JSON): they are one inbox.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.inbox import detect, excel, mail, quarantine
from engine.inbox.compressed import GZIP, ZIP, ZSTD, Member, hidden, unpacked
from engine.inbox.convert import converted, plain_messages
from engine.inbox.detect import Asked
from engine.inbox.document import read_document
from engine.inbox.encoding import HEAD, encoding_of, head_of, utf8
from engine.inbox.formats import ARCHIVES, DOCUMENTS
from engine.inbox.piece import Inbox, InboxError

STANDARD_INPUT = "-"
_LOOK = 1 << 16


def open_inboxes(
    names: Iterable[str],
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    map_file: str | None = None,
    tz: str | None = None,
    us: Iterable[str] = (),
) -> list[Inbox]:
    """Find out what files and folders are, from their names and first bytes.

    Args:
        names: as the user wrote them; `-` is JSONL on standard input and is not looked at.
        format: one of `engine.inbox.detect.names()`, or None to find out.
        map_file: a column map (see `engine.inbox.mapping`).
        tz: the zone of times without one, by its IANA name; goes before the map's.
        us: our own accounts (ids, handles, addresses), whose messages are outbound.

    Raises:
        InboxError: one of them cannot be read at all, for a reason that the message says.
        OSError: there is no room to unpack one.
    """
    asked = Asked.of(format, map_file, tz, us)
    return [inbox for name in names for inbox in _opened(name, asked)]


def open_inbox(
    name: str,
    *,
    format: str | None = None,  # noqa: A002 - the option's name
    map_file: str | None = None,
    tz: str | None = None,
    us: Iterable[str] = (),
) -> Inbox:
    """Like `open_inboxes`, for a name that is one inbox.

    Raises:
        InboxError: also when there are several in it.
    """
    found = open_inboxes([name], format=format, map_file=map_file, tz=tz, us=us)
    if len(found) > 1:
        raise InboxError(f"{name} holds {len(found)} inboxes ({_listed(one.name for one in found)}). Name one of them.")
    return found[0]


def _opened(name: str, asked: Asked) -> list[Inbox]:
    if name == STANDARD_INPUT:
        return [detect.standard_input(asked)]
    path = Path(name)
    if path.is_dir():
        inside = sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
        files = [Member(os.path.realpath(path / one), one) for one in inside if not hidden(one)]
        wanted = set(_wanted([one.inner for one in files]))
        if not files:
            raise InboxError(f"{name} is a folder with no file in it.")
        return _several(name, [one for one in files if one.inner in wanted], asked)
    return _file(Member(os.path.realpath(name), name), name, asked)


def _file(file: Member, name: str, asked: Asked) -> list[Inbox]:
    """The inboxes in one file that lies at a path and that people call by a name."""
    head = head_of(file.path, name)
    members = unpacked(file.path, head, _wanted)
    if members is None:
        return _plain_file(file, name, head, asked)
    if len(members) > 1 or _archive([one.inner for one in members]) is not None:
        return _several(name, members, asked)
    [member] = members
    return _plain_file(member, name, head_of(member.path, name), asked)


def _plain_file(file: Member, name: str, head: bytes, asked: Asked) -> list[Inbox]:
    if quarantine.is_begun(head):  # whatever was asked for when its rows were first read
        return quarantine.reread(file.path, name, partial(_reopened, name, asked))
    if excel.is_workbook(head):
        return [detect.workbook(file.path, name, asked)]
    format_ = _document(file, name, head, asked)
    if format_ is None:
        return [detect.opened(file.path, name, file.inner, head, asked)]
    return [_converted(format_, name, [file], asked)]


def _reopened(name: str, asked: Asked, path: str, kind: str, format_: str | None) -> Inbox:
    """Rows of a quarantine, read as what they were."""
    head = head_of(path, name)
    match kind:
        case quarantine.CELLS:
            return detect.opened(path, name, "rows.csv", head, replace(asked, format=format_), encoding="utf-8")
        case quarantine.MESSAGES:
            return detect.opened(path, name, "rows.jsonl", head, replace(asked, format="jsonl", map=None))
        case quarantine.COLUMNS:
            return detect.lines_with_columns(path, name, head, asked)
        case quarantine.LINES:
            return detect.opened(path, name, "rows.jsonl", head, replace(asked, format="jsonl"), encoding="utf-8")
        case _:
            return Inbox(path, name, "jsonl")


def _several(name: str, files: Sequence[Member], asked: Asked) -> list[Inbox]:
    """The inboxes of a folder or an archive: what belongs together as one, where its first file stands."""
    archive = _archive([one.inner for one in files])
    if archive is not None and asked.format in (None, archive):
        return [_converted(archive, name, files, asked)]
    together: dict[tuple[str | None, str], list[Member]] = {}
    for file in files:
        shown = f"{name}/{file.inner}"
        head = head_of(file.path, shown)
        alone = head.startswith((GZIP, ZSTD, ZIP)) or quarantine.is_begun(head)
        format_ = None if alone else _document(file, shown, head, asked)
        together.setdefault((format_, shown if format_ is None else ""), []).append(file)
    inboxes: list[Inbox] = []
    for (format_, shown), its in together.items():
        if format_ is None:
            inboxes += _file(its[0], shown, asked)
        else:
            several = len(its) > 1 or len(together) == 1
            inboxes.append(_converted(format_, name if several else f"{name}/{its[0].inner}", its, asked))
    return inboxes


def _archive(names: Sequence[str]) -> str | None:
    """The format of an export that is several files, known by what they are called."""
    return next((one.NAME for one in ARCHIVES if any(map(one.wanted, names))), None)


def _wanted(names: list[str]) -> list[str]:
    """Of an archive's files those that are read: all, but of an export that is known only what holds messages."""
    found = _archive(names)
    one = next((one for one in ARCHIVES if found == one.NAME), None)
    return [name for name in names if one.wanted(name)] if one is not None else names


def _document(file: Member, name: str, head: bytes, asked: Asked) -> str | None:
    """The format of a file that is mail or a JSON document; None when it is none, or is read line by line as it stands."""
    known = {mail.NAME, *(one.NAME for one in DOCUMENTS)}
    if asked.format in known and asked.map is not None:
        raise InboxError(f"{asked.format} knows its own fields: leave out --map, or --format, to read {name}.")
    if asked.format in known or asked.format == "json":
        return asked.format
    if asked.format is not None:
        return None
    if asked.map is None and _is_mail(file.inner, head):
        return mail.NAME
    if not detect.begins_as_json(head):
        return None
    encoding, start = encoding_of(file.path, name, head)
    text = utf8(head[start : start + _LOOK], encoding).decode("utf-8", "replace")
    fit = [one.NAME for one in DOCUMENTS if asked.map is None and one.looks_like(file.inner, text)]
    return fit[0] if fit else "json" if not detect.is_lines(text, whole=len(head) < HEAD) else None


def _converted(format_: str, name: str, files: Sequence[Member], asked: Asked) -> Inbox:
    """Files of one format, as one inbox whose messages are read now."""
    sources = [(one.path, name if len(files) == 1 else f"{name}/{one.inner}") for one in files]
    if format_ == mail.NAME:
        mails = (message for path, shown in sources for message in mail.messages(path, shown, asked.us))
        return detect.described(converted(format_, name, mails, sources, in_bytes=True), mail.ABOUT, asked)
    documents = [read_document(one.path, name if len(files) == 1 else one.inner) for one in files]
    member = next((one for one in DOCUMENTS if format_ == one.NAME), None)
    if member is None:
        return detect.described(converted(format_, name, plain_messages(documents), sources), None, asked)
    found = member.messages(documents, asked.us)
    return detect.described(converted(format_, name, found, sources), member.ABOUT, asked)


def _is_mail(name: str, head: bytes) -> bool:
    return not name.lower().endswith((".csv", ".tsv", ".tab")) and mail.looks_like(name, head[:_LOOK].decode("latin-1"))


def _listed(names: Iterable[str], most: int = 3) -> str:
    some = list(names)
    return ", ".join(some[:most]) + (f" and {len(some) - most} more" if len(some) > most else "")
