"""One message in several files of an import: the newest update counts, and what it replaces is neither decided nor lost.

Monthly files overlap, and a review or a ticket comes again when it was changed. Of rows with one id that is decided which
was updated last, where the source says so (`updated_at`); else which stands in the later file. Two rows with one id in
one file, and no word about updates, are no update but a fault: the first counts and the second is quarantined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.batch.ids import hashes
from engine.inbox import Inbox, Piece, read

_HEAD = 1 << 16


def may_have_updates(inboxes: Sequence[Inbox]) -> bool:
    """Whether an id may come again as an update: there are several files, or a column that says when a row was changed."""
    return len(inboxes) > 1 or any(len(one.sources) > 1 or _says_when(one) for one in inboxes)


def _says_when(inbox: Inbox) -> bool:
    if inbox.columns.columns:
        return inbox.columns.of("updated_at") is not None
    with Path(inbox.path).open("rb") as file:
        return b'"updated_at"' in file.read(_HEAD)


def ids_of(inbox: Inbox, piece: Piece) -> pl.DataFrame:
    """What is compared: `line`, both hashes of the id (`one`, `two`), and `updated` (Int64, microseconds; null unknown)."""
    messages = read(inbox, piece, ("id", "updated_at")).messages
    both = hashes(messages["id"])
    updated = messages["updated_at"].dt.epoch("us").alias("updated")
    return pl.DataFrame([messages["line"], pl.Series("one", both[:, 0]), pl.Series("two", both[:, 1]), updated])


def replaced(
    pieces: Iterable[tuple[int, Inbox, Piece]], look: Callable[[Inbox, Piece], Callable[[], pl.DataFrame]]
) -> list[npt.NDArray[np.uint32]]:
    """The lines of each piece that a newer update of the same message replaces.

    Args:
        pieces: all pieces of the import in order, each with its inbox and that inbox's place among them.
        look: begins to read what `ids_of` gives, and gives what waits for it.

    Cost grows with the rows as sorting does; 28 bytes a row.
    """
    begun = [(place, len(inbox.sources) > 1, look(inbox, piece)) for place, inbox, piece in pieces]
    frames = [
        wait().with_columns(
            pl.lit(number, pl.UInt32).alias("piece"),
            pl.lit(place, pl.UInt32).alias("place"),
            pl.lit(several).alias("several"),
        )
        for number, (place, several, wait) in enumerate(begun)
    ]
    if not frames:
        return []
    whole = pl.concat(frames)
    again = whole.filter(pl.struct("one", "two").is_duplicated())
    order = [pl.col("updated").fill_null(np.iinfo(np.int64).min), pl.col("place"), pl.col("piece"), pl.col("line")]
    names = ("one", "two")
    ranked = again.with_columns(
        pl.col("place").sort_by(order).last().over(names).alias("its_place"),
        pl.col("piece").sort_by(order).last().over(names).alias("its_piece"),
        pl.col("line").sort_by(order).last().over(names).alias("its_line"),
        (pl.col("updated").is_not_null().all().over(names) | pl.col("several")).alias("told"),
    )
    winner = (pl.col("piece") == pl.col("its_piece")) & (pl.col("line") == pl.col("its_line"))
    fault = (pl.col("place") == pl.col("its_place")) & ~pl.col("told")
    losers = ranked.filter(~winner & ~fault)
    found = losers.select("piece", "line").sort("piece", "line")
    numbers, lines = found["piece"].to_numpy(), found["line"].to_numpy()
    bounds = np.searchsorted(numbers, np.arange(len(frames) + 1))
    return [lines[start:end] for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]
