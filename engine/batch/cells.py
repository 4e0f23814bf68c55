"""Values as cells: texts of strangers that a spreadsheet shows and does not execute, and times as records write them."""

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


def time_text(time: pl.Expr) -> pl.Expr:
    """Times (Datetime UTC) as the JSON lines have them, with the fraction of a second where there is one.

    >>> from datetime import UTC, datetime
    >>> pl.select(time_text(pl.lit(datetime(2026, 3, 9, 7, 41, 0, 250_000, tzinfo=UTC)))).item()
    '2026-03-09T07:41:00.25Z'
    """
    return time.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").str.replace(r"\.?0*Z", "Z")
