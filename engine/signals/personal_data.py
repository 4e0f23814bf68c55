"""Personal data: whether a message holds an e-mail address, a phone, card, order or booking number, or a postal address.

Card numbers must pass the check digit. Patterns are ours, for the forms that customers write in English and Japanese.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

NAME = "text.personal_data"

MAYBE = (
    r"[A-Za-z0-9._%+Ａ-Ｚａ-ｚ０-９-][@＠]|[都道府県市区郡町村][^\s、。]{1,12}[0-9０-９]|[0-9０-９][^0-9０-９]?[0-9０-９][^0-9０-９]?[0-9０-９][^0-9０-９]?[0-9０-９]"
    r"|(?i:pnr|booking|confirmation|reservation|locator)|丁目|番地|[0-9] [A-Za-z]{2,20} [SsAaRrLlDdBb][TtVvOoDdAaNnRrLl]"
)
"""What any of the patterns needs; the many messages without it are not looked at further."""

PATTERNS = (
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}",
    (
        r"(?:^|[^0-9A-Za-z/ .-]|(?:^|[^0-9])[ .-])(?:\+[0-9]{1,3}[ .-]?)?(?:\([0-9]{2,4}\)|0?[0-9]{2,4})[ .-]?[0-9]{3,4}[ .-][0-9]{3,4}"
        r"(?:$|[^0-9 .-]|[ .-](?:$|[^0-9]))"
    ),
    r"(?:^|[^0-9])0[5789]0-?[0-9]{4}-?[0-9]{4}(?:[^0-9]|$)",
    r"〒 ?[0-9]{3}-?[0-9]{4}",
    r"[都道府県市区郡町村][^\s、。]{1,12}[0-9]{1,4}(?:丁目|番地|番|-[0-9]{1,4})",
    r"(?i)(?:^|[^a-z])[0-9]{1,5} [a-z]{2,20} (?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd)(?:[^a-z]|$)",
    (
        r"(?i)(?:order|booking|reservation|confirmation|ticket|account|invoice|member(?:ship)?|customer|case|ref(?:erence)?|pnr"
        r"|tracking|policy|serial)(?: (?:no|number|code|id|ref(?:erence)?|is))*[ .:#]{1,3}[a-z]{0,4}-?[0-9][0-9a-z-]{3,}"
    ),
    (
        r"(?i)(?:booking|confirmation|reservation|pnr|record locator)(?: (?:code|ref(?:erence)?|is))*[ :#]{1,3}"
        r"(?-i:[A-Z0-9]{5,8})(?:[^a-zA-Z0-9]|$)"
    ),
    r"(?:注文|予約|会員|お客様|問い?合わ?せ|伝票|受付|口座|追跡)(?:番号|No|ＮＯ|ID)?[^0-9A-Za-z]{0,6}[0-9A-Za-z-]{0,12}[0-9][0-9A-Za-z-]{3,}",
)
CARD = r"(?:^|[^0-9])([0-9](?:[ -]?[0-9]){12,18})(?:[^0-9]|$)"


def measure(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Whether each message holds personal data. Full-width forms are read as plain ones."""
    found = np.zeros(len(texts), dtype=bool)
    maybe = texts.str.contains(MAYBE).fill_null(value=False).arg_true()
    if not len(maybe):
        return found
    some = texts.gather(maybe).str.normalize("NFKC")
    hit = pl.select(pl.any_horizontal(some.str.contains(pattern) for pattern in PATTERNS)).to_series()
    cards = some.str.extract(CARD).str.replace_all("[ -]", "")
    for row in cards.is_not_null().arg_true():
        if _check_digit_holds(cards[row]):
            hit[row] = True
    found[maybe.filter(hit).to_numpy()] = True
    return found


def _check_digit_holds(digits: str) -> bool:
    """The Luhn check of payment cards.

    Source: ISO/IEC 7812-1, annex B.

    >>> _check_digit_holds("4111111111111111"), _check_digit_holds("4111111111111112")
    (True, False)
    """
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
