"""Whether a text column may hold something odd, asked at the speed of memory.

Looks at the bytes of an Arrow string view array: 16 bytes a word, its length (4 bytes), then either up to 12 bytes of
the word itself or its first 4 bytes and where the rest lies. Columns nearly never hold anything odd, and asking
Polars word by word costs as much as parsing them. A yes may be wrong (it is then looked at word by word); a no is
always right.

Source: Apache Arrow Columnar Format 1.4, "Variable-size Binary View Layout".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_INLINE = 12
_NUL, _PLUS, _BRACKET, _BRACE = b"\0+[{"


@dataclass(frozen=True, slots=True)
class Odd:
    """What some word of a column may hold: a NUL character, a plus sign, or `{` or `[` as its first character."""

    nul: bool
    plus: bool
    opened: bool


NOTHING_ODD = Odd(nul=False, plus=False, opened=False)


def odd(words: pl.Series, *, plus: bool = False) -> Odd:
    r"""What may be odd in a String column; a plus sign only when asked for.

    >>> odd(pl.Series(["a", "b\0"])), odd(pl.Series(["[x]", None]))
    (Odd(nul=True, plus=False, opened=False), Odd(nul=False, plus=False, opened=True))
    """
    if words.null_count() == words.len():
        return NOTHING_ODD
    array = cast("pa.StringViewArray", words.to_arrow(compat_level=pl.CompatLevel.newest()))
    if not pa.types.is_string_view(array.type):
        return Odd(nul=True, plus=True, opened=True)
    buffers = array.buffers()
    views = _bytes(buffers[1])[array.offset * 16 : (array.offset + len(array)) * 16].reshape(-1, 16)
    first = views[:, 4]
    opened = bool(((first == _BRACKET) | (first == _BRACE)).any())
    lengths = views.view(np.uint32)[:, 0]
    if lengths.max() > _INLINE:
        short = lengths <= _INLINE
        views, lengths = views[short], lengths[short]
    said = int(lengths.sum(dtype=np.int64)) + int(np.count_nonzero(lengths))
    rest = [_bytes(one) for one in buffers[2:] if one is not None and one.size]
    return Odd(
        nul=int(np.count_nonzero(views)) != said or any(not one.min() for one in rest),
        plus=plus and (_PLUS in views or any(_PLUS in one for one in rest)),
        opened=opened,
    )


def _bytes(buffer: pa.Buffer) -> npt.NDArray[np.uint8]:
    return np.frombuffer(buffer, np.uint8)
