"""Work queues: one CSV a team, the most urgent first, for people who work a list from top to bottom.

Hand-offs go to their team; what is to be answered goes to whom the playbook assigns it, else to `care`. Trolls and what
needs no reply are in no queue, nor is what we have answered already.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow as pa

from engine.batch.cells import harmless, time_text
from engine.decision import HAND_OFF, PRIORITIES, RESPOND_PUBLICLY, TAKE_PRIVATE

CARE = "care"
COLUMNS = (
    "due", "overdue", "priority", "severity", "exposure", "decision", "channel", "who", "followers", "text", "because",
    "draft", "tags", "link", "follow_up_at", "id", "thread", "posted_at",
)  # fmt: skip
_DUE = ("acknowledge_by", "reply_by", "resolve_by")
_MOMENTS = ("posted_at", "message.answered_at", "message.resolved_at")
_ORDER = ("#priority", "#severity", "#due", "#posted_at", "#id")
"""Columns to sort by, as they are before they become cells."""
_MARK = "\ufeff"
"""So that Excel takes the file for UTF-8."""
_HEADER = (_MARK + ",".join(COLUMNS)).encode()
_LONGEST = 16_000
"""Characters of a text, at two units each within the 32,767 of a cell, behind which Excel would begin a new one.
Source: Microsoft, Excel specifications and limits."""
_PART, _AT_ONCE = 100_000, 50_000
"""Rows that are in memory together while the sheet is read, and while queues are written."""

_NAME_LONGEST = 120
"""Bytes of UTF-8; names of files may have 255."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?")
"""Source: Microsoft, Naming Files, Paths, and Namespaces."""


def write_queues(
    folder: Path, sheet: pl.LazyFrame, *, as_of: datetime | None = None, levels: Sequence[str] | None = None
) -> dict[str, int]:
    """Write the queues of a sheet (see `engine.batch.sheet`).

    Ordered by priority, severity, the earliest time that something is due, when it was written, and id; what is unknown
    comes after what is known. All queues are written before the first gets its name, and those of an earlier run without
    a message now are written empty, so that nobody works yesterday's.

    Args:
        folder: where; made when it is not there.
        sheet: one row a message; columns that it lacks are empty. Rows without a decision are our own messages. Answered
            is what `message.answered_by` says `brand` of, at `message.answered_at`. It is collected
            a part at a time, and must give the same rows in the same order each time.
        as_of: the moment of the queue: what is due before it is overdue, what was answered after it is not answered. The
            latest moment of the sheet when None.
        levels: of the scale `severity`, the lowest first; severity has no part in the order when None.

    Returns:
        How many messages each queue has, by the queue's name; none for what is in no queue.

    Raises:
        OSError: something could not be written; or a file is in the way that is no work queue of ours. No queue has
            changed then, unless the disk failed while files were renamed.
    """
    folder = folder.resolve()
    there = folder.is_dir()
    (folder if there else folder.parent).mkdir(parents=True, exist_ok=True)
    with (
        _numbered(folder),
        TemporaryDirectory(
            prefix=".hikeshi-", dir=folder if there else folder.parent, ignore_cleanup_errors=True
        ) as temporary,
    ):
        new = Path(temporary) / "queues"
        new.mkdir()
        messages = _on_the_disk(_cells(sheet, as_of, levels), sheet, Path(temporary))
        order = messages.select("#queue", *_ORDER).with_row_index("row").sort("#queue", *_ORDER, nulls_last=True)
        rows = {str(name): own["row"] for (name,), own in order.group_by("#queue", maintain_order=True)}
        files = file_names(rows)
        for name, own in rows.items():
            _write(new / files[name], messages, own)
        counts = {name: len(own) for name, own in rows.items()}
        del messages, order  # before the file that they lie in
        if there:
            _take_places(folder, new)
        else:
            new.rename(folder)
    return counts


def file_names(queues: Collection[str]) -> dict[str, str]:
    r"""A file name for each queue, which every system can have; no two differ by case only.

    A name that had to be changed for that ends with six digits of its hash, so that it is never another queue's.

    >>> file_names(["PR", "pr", "press/legal", "NUL", "広報・本社"])  # doctest: +NORMALIZE_WHITESPACE
    {'NUL': '_NUL-ae6de1.csv', 'PR': 'PR.csv', 'pr': 'pr-0510ed.csv', 'press/legal': 'press_legal-a8dcc1.csv',
     '広報・本社': '広報・本社.csv'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for queue in sorted(queues):
        whole = unicodedata.normalize("NFC", queue)
        safe = _safe(whole)
        digest = hashlib.sha256(queue.encode()).hexdigest()
        tries = [*([safe] if safe == whole else []), f"{safe}-{digest[:6]}", f"{safe}-{digest}"]
        name = next(one for one in tries if one.casefold() not in taken)
        taken.add(name.casefold())
        found[queue] = f"{name}.csv"
    return found


def _safe(name: str) -> str:
    """A name without what some system does not take: separators, what cannot be seen, ends that are dropped."""
    told = (
        "_" if one in '<>:"/\\|?*' or unicodedata.category(one) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} else one
        for one in name
    )
    begins = re.sub(r"^[\s.~-]+", "", "".join(told)).encode()[:_NAME_LONGEST].decode(errors="ignore")
    shown = re.sub(r"[\s.]+$", "", begins) or "queue"
    return f"_{shown}" if _RESERVED.fullmatch(shown) else shown


# ---- what stands in them


def _cells(
    sheet: pl.LazyFrame, as_of: datetime | None, levels: Sequence[str] | None
) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
    """How a part of the sheet becomes what is in a queue: `#queue`, what it is sorted by, and its cells."""
    there = sheet.collect_schema().names()
    text, time = pl.String(), pl.Datetime("us", "UTC")

    def column(name: str, kind: pl.DataType = text) -> pl.Expr:
        return (pl.col(name).cast(kind) if name in there else pl.lit(None, kind)).alias(name)

    if as_of is None:
        latest = sheet.select(pl.max_horizontal(*(column(name, time).max() for name in _MOMENTS))).collect()
        moment = pl.lit(latest.item() if latest.height else None, time)
    else:
        moment = pl.lit(as_of.astimezone(UTC), time)
    later = (column("message.answered_at", time) > moment).fill_null(value=False)
    answered = column("message.answered_by").eq_missing(pl.lit("brand")) & ~later
    decision = column("decision")
    answerable = decision.is_in([RESPOND_PUBLICLY, TAKE_PRIVATE])
    queue = (
        pl.when(decision == HAND_OFF)
        .then(pl.coalesce(column("team"), pl.lit(CARE)))
        .when(answerable)
        .then(pl.coalesce(column("assign"), pl.lit(CARE)))
    )
    due = pl.min_horizontal(*(column(name, time) for name in _DUE))
    tags = column("tags", pl.List(pl.String)).list.join(" | ")
    who = [column(f"message.author.{name}") for name in ("name", "handle")]
    cells = {
        "due": time_text(due),
        "overdue": pl.when(due < moment).then(pl.lit("yes")),
        "who": pl.concat_str(*who, separator=" / ", ignore_nulls=True),
        "followers": column("message.author.followers", pl.Int64()),
        "text": _short(column("message.text")),
        "because": _short(column("because")),
        "draft": column("reply"),
        "tags": pl.when(tags != "").then(tags),
        "link": column("message.link"),
        "follow_up_at": time_text(column("follow_up_at", time)),
        "posted_at": time_text(column("posted_at", time)),
    }
    told = {name: cells.get(name, column(name)) for name in COLUMNS}
    urgent_first, worst_first = PRIORITIES[::-1], tuple(levels or ())[::-1]
    wanted = [
        queue.alias("#queue"),
        _place(column("priority"), urgent_first, urgent_first.index("normal")).alias("#priority"),
        _place(column("severity"), worst_first, len(worst_first)).alias("#severity"),
        due.alias("#due"),
        column("posted_at", time).alias("#posted_at"),
        column("id").alias("#id"),
        *((one if name == "followers" else harmless(one)).alias(name) for name, one in told.items()),
    ]
    return lambda part: part.filter(~answered).select(wanted).filter(pl.col("#queue").is_not_null())


def _place(column: pl.Expr, words: Sequence[str], otherwise: int) -> pl.Expr:
    """The place of each word, `otherwise` where there is none or another."""
    return column.replace_strict(dict(zip(words, count())), default=otherwise, return_dtype=pl.Int64)


def _short(column: pl.Expr) -> pl.Expr:
    cut = column.str.slice(0, _LONGEST) + pl.lit("…")
    return pl.when(column.str.len_chars() > _LONGEST).then(cut).otherwise(column)


# ---- files


def _on_the_disk(cells: Callable[[pl.LazyFrame], pl.LazyFrame], sheet: pl.LazyFrame, folder: Path) -> pl.DataFrame:
    """The cells of a sheet, as a table that lies in files and takes memory only where it is looked at.

    A part at a time: all at once, Polars would read ahead more than it needs.
    """
    size = sheet.select(pl.len()).collect().item()
    parts = []
    for start in range(0, max(size, 1), _PART):
        path = folder / f"messages-{start}"
        cells(sheet.slice(start, _PART)).collect().write_ipc(path)
        parts.append(pl.DataFrame(pa.ipc.open_file(pa.memory_map(str(path))).read_all()))
    return pl.concat(parts, rechunk=False)


def _write(path: Path, messages: pl.DataFrame, rows: pl.Series) -> None:
    with path.open("wb") as file:
        file.write(_HEADER + b"\n")
        for start in range(0, len(rows), _AT_ONCE):
            some = messages[rows.slice(start, _AT_ONCE)].select(COLUMNS)
            some.write_csv(file, include_header=False)
        file.flush()
        os.fsync(file.fileno())


def _take_places(folder: Path, new: Path) -> None:
    """Give the new queues their names in a folder that is there, and empty the old ones without a message now."""
    made = sorted(new.iterdir())
    for file in made:
        place = folder / file.name
        if place.exists() and not _is_ours(place):
            said = "it is there already and is no work queue of ours: move it away"
            raise FileExistsError(errno.EEXIST, said, str(place))
    names = {file.name for file in made}
    empty = new / "empty"
    # Before the new ones: on a disk that does not tell `PR.csv` from `pr.csv`, the old file is the new one's place.
    for old in sorted(folder.glob("*.csv")):
        if old.name not in names and old.is_file() and _is_ours(old):
            empty.write_bytes(_HEADER + b"\n")
            empty.replace(old)
    for file in made:
        file.replace(folder / file.name)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline(len(_HEADER) + 2).rstrip(b"\r\n") == _HEADER


@contextmanager
def _numbered(folder: Path) -> Iterator[None]:
    """Errors of the disk with their number, which Polars tells in words only."""
    try:
        yield
    except OSError as error:
        number = re.search(r"\(os error (\d+)\)", str(error)) if error.errno is None else None
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(folder)) from None
