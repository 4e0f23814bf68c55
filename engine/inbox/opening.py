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
from engine.inbox.compressed import Member, hidden, unpacked
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
        format: one of `NAMES`, or None to find out.
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
    if quarantine.is_begun(head) and asked.format is None:
        return quarantine.reread(file.path, name, partial(_reopened, name, asked))
    if asked.format in (None, mail.NAME) and _is_mail(file.inner, head):
        return [_mail(name, [file], asked)]
    if excel.is_workbook(head):
        return [detect.workbook(file.path, name, asked)]
    group = _document(file, name, head, asked)
    return (
        [_converted(group, name, [file], asked)]
        if group is not None
        else [detect.opened(file.path, name, file.inner, head, asked)]
    )


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
    groups: dict[str, list[Member]] = {}
    for file in files:
        shown = f"{name}/{file.inner}"
        head = head_of(file.path, shown)
        plain = not head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")) and not quarantine.is_begun(head)
        if plain and _is_mail(file.inner, head) and asked.format in (None, mail.NAME):
            groups.setdefault(mail.NAME, []).append(file)
        elif plain and (found := _document(file, shown, head, asked)) is not None:
            groups.setdefault(found, []).append(file)
        else:
            groups[f"\0{shown}"] = [file]
    inboxes: list[Inbox] = []
    for key, its in groups.items():
        if key == mail.NAME:
            inboxes.append(_mail(name, its, asked))
        elif key.startswith("\0"):
            inboxes += _file(its[0], key[1:], asked)
        else:
            shown = name if len(its) > 1 or len(groups) == 1 else f"{name}/{its[0].inner}"
            inboxes.append(_converted(key, shown, its, asked))
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
    """The format of a file that is a JSON document; None when it is none, or is read line by line as it stands."""
    known = {one.NAME for one in DOCUMENTS}
    if asked.format in known or asked.format == "json":
        return asked.format
    if asked.format is not None or not detect.begins_as_json(head):
        return None
    encoding, start = encoding_of(file.path, name, head)
    text = utf8(head[start : start + _LOOK], encoding).decode("utf-8", "replace")
    fit = [one.NAME for one in DOCUMENTS if one.looks_like(file.inner, text)]
    return fit[0] if fit else "json" if not detect.is_lines(text, whole=len(head) < HEAD) else None


def _converted(format: str, name: str, files: Sequence[Member], asked: Asked) -> Inbox:  # noqa: A002
    documents = [read_document(one.path, name if len(files) == 1 else one.inner) for one in files]
    sources = [(one.path, one.name if len(files) == 1 else f"{name}/{one.name}") for one in documents]
    member = next((one for one in DOCUMENTS if format == one.NAME), None)
    found = member.messages(documents, asked.us) if member is not None else plain_messages(documents)
    return detect.described(converted(format, name, found, sources), member, asked)


def _is_mail(name: str, head: bytes) -> bool:
    return not name.lower().endswith((".csv", ".tsv", ".tab")) and mail.looks_like(name, head[:_LOOK].decode("latin-1"))


def _mail(name: str, files: Sequence[Member], asked: Asked) -> Inbox:
    sources = [(one.path, name if len(files) == 1 else f"{name}/{one.inner}") for one in files]
    found = (message for path, shown in sources for message in mail.messages(path, shown, asked.us))
    return detect.described(converted(mail.NAME, name, found, sources, in_bytes=True), mail, asked)


def _listed(names: Iterable[str], most: int = 3) -> str:
    some = list(names)
    return ", ".join(some[:most]) + (f" and {len(some) - most} more" if len(some) > most else "")
