"""What a run has done so far, kept beside its output, so that after any end it can go on where it was.

A folder `.OUT.hikeshi` holds it while the run lasts: the output as far as it is written, parts that are not in it yet, the
quarantined rows, the hashes of the ids, and `journal`, a line a part. A line is written only after everything that it
speaks of is on the disk, so it is true whenever the machine stops. Lines and what they speak of are cut back to the last
whole line before a run goes on. Pieces are cut and decided alike every time, so what is written in the end is the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import numpy as np

from engine.batch.ids import Hashes
from engine.inbox import Inbox
from engine.inbox.quarantine import Atomic
from engine.plan import Plan
from engine.version import VERSION

EVERY = 1.0
"""Seconds between two times that the disk is asked to keep what is there."""

_SAMPLES, _SAMPLE = 64, 1 << 16


class ResumeError(Exception):
    """A run cannot go on where another was; the message says why, for people."""


@dataclass(slots=True)
class Entry:
    """A part that is done: everything that a run needs to know of it afterwards.

    `inbox` is the place of its inbox among those of the run, `place` where it lies in the output (start and size), or None
    when it is a file of its own; `end` is the byte behind which the output is nothing yet.
    """

    number: int
    inbox: int
    place: tuple[int, int] | None
    end: int
    lines: int
    bytes: int
    messages: int
    decided: int
    quarantined: int
    superseded: int
    ids: int
    counts: list[tuple[str, str | None, int]] = field(default_factory=list)
    severity: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @classmethod
    def nothing(cls) -> Entry:
        """The part of an inbox without a message."""
        return cls(0, 0, None, 0, 0, 0, 0, 0, 0, 0, 0)


def fingerprint(plan: Plan, inboxes: Sequence[Inbox], **options: Any) -> dict[str, Any]:
    """What must be the same for a run to go on: the playbook, this program, how it was asked, and the inboxes.

    An inbox is known by its size, when it was last changed, and a hash of parts of it; reading all of it would take as
    long as deciding a tenth of it.
    """
    sources = {path: name for one in inboxes for path, name in (one.sources or ((one.path, one.name),))}
    columns = [repr((one.format, one.rows, one.columns)) for one in inboxes]
    return {
        "playbook": [plan.name, plan.version],
        "program": VERSION,
        "options": options | {"columns": hashlib.sha256("\0".join(columns).encode()).hexdigest()},
        "inboxes": [[name, *_looked_at(path, name)] for path, name in sources.items()],
    }


def _looked_at(path: str, name: str) -> list[Any]:
    """Size, time of change, and a hash of samples. What was unpacked for this run is new each time: the archive's time counts."""
    file = Path(path)
    stat = file.stat()
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        for at in range(_SAMPLES):
            opened.seek(max(stat.st_size - _SAMPLE, 0) * at // (_SAMPLES - 1))
            digest.update(opened.read(_SAMPLE))
    own = next((one for one in (Path(name), *Path(name).parents) if one.exists()), file)
    changed = own.stat().st_mtime_ns if own.is_file() else 0
    return [stat.st_size, changed, digest.hexdigest()]


_WHAT = {
    "playbook": "the playbook was changed since",
    "program": "it was begun by another version of Hikeshi",
    "options": "it was begun with other options, another column map or another zone",
    "inboxes": "the inbox was changed since, or other inboxes are named",
}


def folder_of(out: Path) -> Path:
    """Where the journal of an output lies: beside the file itself, where `out` is a link to it."""
    out = out.resolve()
    return out.with_name(f".{out.name}.hikeshi")


class Journal:
    """The folder of one run. Nobody else writes it: two runs with one output would spoil each other."""

    def __init__(self, out: Path, told: dict[str, Any], *, resume: bool) -> None:
        """Begin, or go on.

        Args:
            out: the output's final name.
            told: the run's `fingerprint`.
            resume: go on where a run with the same fingerprint was, if there is one.

        Raises:
            ResumeError: another run is writing this output, or what is there was another run's.
            OSError: the folder cannot be made.
        """
        self.folder = folder_of(out)
        self.done: list[Entry] = []
        self.finished = False
        self.left_over = False
        """An unfinished run was there, and was not asked to go on."""
        self._files: list[IO[bytes]] = []
        self.waiting: list[tuple[Entry, bytes, bytes]] = []
        self.kept_at = time.monotonic()
        self.folder.mkdir(exist_ok=True)
        self.lock = (self.folder / "lock").open("ab")
        try:
            _take(self.lock, out)
            self._begin(told, resume=resume)
            if not self.finished:
                self.journal, self.ids, self.bad = map(self._appended, ("journal", "ids", "quarantine"))
        except BaseException:
            self.close(remove=False)
            raise

    def _begin(self, told: dict[str, Any], *, resume: bool) -> None:
        there, journal = self.folder / "run.json", self.folder / "journal"
        if resume and there.is_file():
            self._must_be_the_same(json.loads(there.read_text(encoding="utf-8")), told)
            self._read()
            return
        self.left_over = journal.is_file() and journal.stat().st_size > 0
        there.unlink(missing_ok=True)
        for one in self.folder.iterdir():
            if one.name != "lock":
                one.unlink()
        with Atomic(there) as file:
            file.write(json.dumps(told, ensure_ascii=False).encode())
        sync_folder(self.folder)

    def _must_be_the_same(self, before: dict[str, Any], told: dict[str, Any]) -> None:
        told = json.loads(json.dumps(told))
        for name, what in _WHAT.items():
            if before.get(name) != told[name]:
                raise ResumeError(f"the unfinished run cannot go on: {what}. Without --resume it begins anew.")

    def _read(self) -> None:
        """All whole lines; what comes after them is cut off, in the files that they speak of too."""
        journal = self.folder / "journal"
        data = journal.read_bytes() if journal.is_file() else b""
        whole = ids = bad = 0
        for line in data.split(b"\n")[:-1]:
            sum_, _, text = line.partition(b" ")
            if sum_ != b"%08x" % zlib.crc32(text):
                break
            said = json.loads(text)
            if "finished" in said:
                self.finished = True
            else:
                ids, bad = said.pop("ids_end"), said.pop("bad_end")
                place, counts = said.pop("place"), said.pop("counts")
                self.done.append(Entry(**said, place=place and tuple(place), counts=[tuple(one) for one in counts]))
            whole += len(line) + 1
        for name, size in (("journal", whole), ("ids", ids), ("quarantine", bad)):
            file = self.folder / name
            if file.is_file():
                os.truncate(file, size)

    def _appended(self, name: str) -> IO[bytes]:
        file = (self.folder / name).open("ab")
        self._files.append(file)
        return file

    def hashes(self) -> list[Hashes]:
        """The hashes of the ids of the parts that are done, part by part."""
        if not self.done:
            return []
        whole = np.fromfile(self.folder / "ids", np.uint64).reshape(-1, 2)
        ends = np.cumsum([entry.ids for entry in self.done])
        return np.split(whole, ends[:-1])

    def note(self, entry: Entry, ids: Hashes, bad: bytes) -> None:
        """A part was decided; it is kept with the next `keep`."""
        self.waiting.append((entry, np.ascontiguousarray(ids).tobytes(), bad))

    def due(self) -> bool:
        """Whether it is time to keep what is waiting."""
        return bool(self.waiting) and time.monotonic() - self.kept_at > EVERY

    def keep(self, parts: int, files: Sequence[Path]) -> None:
        """Have the disk keep the first so many waiting parts, which are written, and then say so.

        Args:
            parts: how many.
            files: what they were written to.
        """
        taken, self.waiting = self.waiting[:parts], self.waiting[parts:]
        self.kept_at = time.monotonic()
        if not taken:
            return
        for file in files:
            _sync(file)
        lines = []
        ids_end, bad_end = self.ids.tell(), self.bad.tell()
        for entry, ids, bad in taken:
            self.ids.write(ids)
            self.bad.write(bad)
            ids_end, bad_end = ids_end + len(ids), bad_end + len(bad)
            lines.append(_line(asdict(entry) | {"ids_end": ids_end, "bad_end": bad_end}))
        _flush(self.ids)
        _flush(self.bad)
        self.journal.write(b"".join(lines))
        _flush(self.journal)
        self.done += [entry for entry, _, _ in taken]

    def finish(self) -> None:
        """Everything is in its last form in the folder; only names are to be given."""
        self.finished = True
        self.journal.write(_line({"finished": True}))
        _flush(self.journal)
        self._close_files()

    def close(self, *, remove: bool) -> None:
        """Let go of the folder; `remove` when nothing of it is needed any more."""
        self._close_files()
        if remove:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()

    def _close_files(self) -> None:
        for file in self._files:
            with contextlib.suppress(OSError):  # what could not be written is not said to be there
                file.close()

    @property
    def worth_keeping(self) -> bool:
        """Whether a later run would have something to go on with."""
        return bool(self.done) or self.finished

    def __enter__(self) -> Self:
        """The folder is there."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """What a later run can go on with stays, unless everything is done."""
        self.close(remove=kind is None or not self.worth_keeping)


def _line(said: dict[str, Any]) -> bytes:
    text = json.dumps(said, ensure_ascii=False).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names of a folder's files, where the system can be asked to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _take(lock: IO[bytes], out: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: nothing is locked there
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ResumeError(f"another run is writing {out}: wait until it is done, or name another output") from None
