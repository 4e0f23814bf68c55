"""Texts that strangers wrote, as cells that a spreadsheet shows and does not execute."""

from __future__ import annotations

import polars as pl

_FORMULA = r"^[=+@\t\r\n＝＋－＠-]"
"""What a formula can begin with, also full-width, as Japanese spreadsheets take it.

Source: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection.
"""
_NUMBER = r"^-?[0-9.]+$"


def harmless(column: pl.Expr) -> pl.Expr:
    """Texts (String), each with `'` before it that a spreadsheet would take for a formula; numbers stay.

    >>> pl.select(harmless(pl.Series(["=1+1", "-12", "＝SUM(A1)", "a=b"]))).to_series().to_list()
    ["'=1+1", '-12', "'＝SUM(A1)", 'a=b']
    """
    risky = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    return pl.when(risky).then(pl.lit("'") + column).otherwise(column)
