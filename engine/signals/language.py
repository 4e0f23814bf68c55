"""Language: guessed from the text where the source does not say; unknown when unsure.

The script decides where it can: kana are Japanese, Hangul Korean, Thai Thai. Texts in Latin script are known by their
small words: at least two of a language, and more than of any other. Han characters alone may be Chinese or Japanese.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from engine.signals import lexicon
from engine.signals.terms import Scanner

NAME = "lang"
ENOUGH = 2

SCRIPTS = (
    ("ja", "[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    ("ko", "[\uac00-\ud7a3]"),
    ("th", "[\u0e01-\u0e5b]"),
    ("ru", "[\u0430-\u044f\u0410-\u042f]{3}"),
    ("ar", "[\u0621-\u064a]{3}"),
    ("zh", "[的是了不我们這这吗嗎沒没很怎么麼什为為]"),
)


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    return Scanner(lexicon.stop_words())


def guess(texts: pl.Series) -> pl.Series:
    """The language of each text (String), null when unsure.

    >>> guess(pl.Series(["where is my bag and why", "充電器が発火した", "ok"])).to_list()
    ['en', 'ja', None]
    """
    by_script = pl.coalesce(pl.when(pl.col("t").str.contains(p)).then(pl.lit(lang)) for lang, p in SCRIPTS)
    guessed = pl.DataFrame({"t": texts}).select(by_script.alias("lang")).to_series()
    rest = guessed.is_null().arg_true()
    if not len(rest):
        return guessed
    scanner = _scanner()
    some = texts.gather(rest)
    found = scanner.counts(scanner.scan(some), some, scanner.names)
    table = np.stack([found[name].to_numpy() for name in scanner.names])
    best = table.argmax(axis=0)
    ranked = np.sort(table, axis=0)
    sure = (ranked[-1] >= ENOUGH) & (ranked[-1] > ranked[-2])
    names = pl.Series(scanner.names).gather(best)
    return guessed.scatter(rest, pl.select(pl.when(pl.Series(sure)).then(names)).to_series())
