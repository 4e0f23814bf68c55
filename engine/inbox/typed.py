"""A source's words -> typed columns, with a reason for every row that has a word that cannot be read.

All formats end here, so a number or a direction is read alike everywhere. A column is converted at once; only the words
that resist are looked at one by one, by the functions called `*_of`. Those are the specification.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

import polars as pl

from engine.inbox.odd import Odd, odd
from engine.inbox.piece import DTYPES
from engine.inbox.times import to_utc
from engine.message import FIELD, Kind

NAMES = frozenset({"id", "thread", "in_reply_to", "author.id"})
"""Fields that name something: digits lost in them join what does not belong together."""

LOST_DIGITS = r"^-?[0-9]+([.,][0-9]+)?[eE]\+[0-9]{1,3}$"
"""What Excel and floating point leave of a long id: `1.6185E+18`. The sign is required: `12e5` may be an id."""

YES = frozenset({"true", "yes", "1", "y", "t", "1.0"})
NO = frozenset({"false", "no", "0", "n", "f", "0.0"})
NOTHING = frozenset({"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity"})
"""Not a number, and so unknown."""
BLANKS = frozenset({"n/a", "na", "-", "--", "null", "none", "unknown"})
"""How people and tables say that a number, or yes or no, is not known."""

NUL = "has a NUL character in it"

Reasons = dict[int, str]
"""Row (from 0) -> why it cannot be read; the first reason found."""

_LONGEST, _GROUP, _SHOWN = 64, 3, 40


def typed(
    columns: Mapping[str, pl.Series],
    wanted: Mapping[str, Kind],
    zone: str | None,
    seen: Mapping[str, Odd] | None = None,
) -> tuple[pl.DataFrame, Reasons]:
    """Convert columns to the types of their kinds.

    Args:
        columns: for every wanted field a column of equal length, String or already of its kind's type; null is unknown.
        wanted: the fields and their kinds.
        zone: the zone of times without one.
        seen: what is odd in columns that the caller has looked at already.

    Returns:
        A frame with the wanted fields in order, and the rows that must be quarantined (they are still in the frame).

    >>> typed({"likes": pl.Series(["1,234", "12k"])}, {"likes": Kind.COUNT}, None)[1]
    {1: '`likes` is no whole number: 12k'}
    """
    found: list[pl.Series] = []
    reasons: Reasons = {}
    for name, kind in wanted.items():
        column, bad = _column(name, kind, columns[name], zone, (seen or {}).get(name))
        found.append(column.alias(name))
        for row, reason in bad.items():
            reasons.setdefault(row, reason)
    return pl.DataFrame(found), reasons


def _column(name: str, kind: Kind, raw: pl.Series, zone: str | None, seen: Odd | None) -> tuple[pl.Series, Reasons]:
    if raw.dtype != pl.String:
        return _already_typed(kind, raw), {}
    if name == "text":
        return _text(raw, seen or odd(raw))
    if name == "id":
        return _id(raw, seen or odd(raw, plus=True))
    if kind is Kind.TEXT:
        return _name(name, raw, seen or odd(raw, plus=True)) if name in NAMES else (_without_blanks(raw), {})
    if kind is Kind.CATEGORY:
        return _category(name, _without_blanks(raw))
    raw = _without_blanks(raw)
    if kind is Kind.TIME:
        times, bad = to_utc(raw, zone)
        return times, {row: f"`{name}` {reason}: {shown(raw[row])}" for row, reason in bad.items()}
    if kind is Kind.LIST:
        return pl.Series([None if one is None else list_of(one) for one in raw.to_list()], dtype=DTYPES[kind]), {}
    exact, what = _EXACT[kind]
    return _each(name, raw, _FAST[kind](raw), exact, what)


def _already_typed(kind: Kind, raw: pl.Series) -> pl.Series:
    if kind in (Kind.NUMBER, Kind.DURATION) and raw.dtype == pl.Float64:
        return raw.set(~raw.is_finite(), None) if not raw.is_finite().all() else raw
    if kind is Kind.LIST and raw.null_count() < raw.len():
        return raw.cast(DTYPES[kind]).list.drop_nulls()
    return raw if raw.dtype == DTYPES[kind] else raw.cast(DTYPES[kind])


def _without_blanks(raw: pl.Series) -> pl.Series:
    """An empty word is unknown."""
    empty = raw == ""
    return raw.set(empty.fill_null(value=False), None) if empty.any() else raw


def _text(raw: pl.Series, seen: Odd) -> tuple[pl.Series, Reasons]:
    reasons = dict.fromkeys(raw.is_null().arg_true().to_list(), "`text` is missing.") if raw.null_count() else {}
    return raw, reasons | (_nul("text", raw) if seen.nul else {})


def _nul(name: str, raw: pl.Series) -> Reasons:
    has = raw.str.contains("\0", literal=True)
    return dict.fromkeys(has.arg_true().to_list(), f"`{name}` {NUL}.")


def _id(raw: pl.Series, seen: Odd) -> tuple[pl.Series, Reasons]:
    named, lost = _name("id", raw, seen)
    reasons = dict.fromkeys(named.is_null().arg_true().to_list(), "It has no `id`.") if named.null_count() else {}
    return named, reasons | lost | (_nul("id", named) if seen.nul else {})


def _name(name: str, raw: pl.Series, seen: Odd) -> tuple[pl.Series, Reasons]:
    raw = _without_blanks(raw)
    if not seen.plus:
        return raw, {}
    lost = raw.str.contains(LOST_DIGITS).arg_true().to_list()
    return raw, {row: f"`{name}` has lost digits ({shown(raw[row])}): export it as text." for row in lost}


def _category(name: str, raw: pl.Series) -> tuple[pl.Series, Reasons]:
    field = FIELD.get(name)
    if field is None or not field.closed:
        return raw, {}
    reasons: Reasons = {}
    known = raw.is_in(list(field.words))
    if not known.all():
        calm = raw.str.strip_chars().str.to_lowercase()
        raw = raw.zip_with(known | raw.is_null(), calm)
        for row in (~calm.is_in(list(field.words))).arg_true().to_list():
            reasons[row] = f"`{name}` is neither {' nor '.join(field.words)}: {shown(raw[row])}"
    return (raw.fill_null("inbound") if name == "direction" and raw.null_count() else raw), reasons


def _each(
    name: str, raw: pl.Series, done: pl.Series, exact: Callable[[str], object], what: str
) -> tuple[pl.Series, Reasons]:
    """What the column at once did not convert, one by one; `exact` raises ValueError for a word it does not know."""
    if done.null_count() == raw.null_count():
        return done, {}
    left = (done.is_null() & raw.is_not_null()).arg_true()
    rows, values, reasons = [], [], {}
    for row, word in zip(left.to_list(), raw.gather(left).to_list(), strict=True):
        try:
            value = exact(word)
        except ValueError:
            reasons[row] = f"`{name}` is {what}: {shown(word)}"
        else:
            rows.append(row)
            values.append(value)
    return (done.scatter(rows, pl.Series(values, dtype=done.dtype)) if rows else done), reasons


def count_of(word: str) -> int | None:
    """A whole number: `12`, `1,234`, `12.0`; `NaN` is unknown.

    >>> count_of(" 1,234 "), count_of("12.0"), count_of("nan")
    (1234, 12, None)
    """
    value = number_of(word)
    if value is None:
        return None
    digits = word.strip().replace(",", "")
    whole = digits.lstrip("+-")
    exact = int(digits) if whole.isascii() and whole.isdigit() else int(value)
    if value != math.floor(value) or not -(2**63) <= exact < 2**63:
        raise ValueError(word)
    return exact


def number_of(word: str) -> float | None:
    """A number; `NaN` and infinity are unknown.

    >>> number_of("1,234.5"), number_of("-.5"), number_of("inf")
    (1234.5, -0.5, None)
    """
    calm = word.strip().lower()
    if calm in NOTHING or calm in BLANKS:
        return None
    if len(calm) > _LONGEST or "_" in calm or not calm.isascii():
        raise ValueError(word)
    whole, point, rest = calm.partition(".")
    if "," in whole:
        first, *groups = whole.lstrip("+-").split(",")
        if (
            not 1 <= len(first) <= _GROUP
            or any(len(one) != _GROUP for one in groups)
            or not (first + "".join(groups)).isdigit()
        ):
            raise ValueError(word)
        whole = whole.replace(",", "")
    value = float(whole + point + rest)
    return value if math.isfinite(value) else None


def yes_no_of(word: str) -> bool | None:
    """Yes or no, in the ways that exports say it; None where they say that it is not known.

    >>> yes_no_of("TRUE"), yes_no_of("0")
    (True, False)
    """
    calm = word.strip().lower()
    if calm in YES:
        return True
    if calm in NO:
        return False
    if calm in BLANKS:
        return None
    raise ValueError(word)


def list_of(word: str) -> list[str]:
    """A list: a JSON array, or words between commas or semicolons.

    >>> list_of('["a", 1, null]'), list_of("vip; late,")
    (['a', '1'], ['vip', 'late'])
    """
    if word.lstrip().startswith("["):
        try:
            found = json.loads(word)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list) and not any(isinstance(one, dict | list) for one in found):
            return [one if isinstance(one, str) else json.dumps(one) for one in found if one is not None]
    return [one for one in (part.strip() for part in word.replace(";", ",").split(",")) if one]


def shown(word: object) -> str:
    """A word for a reason: short, on one line.

    >>> shown("x" * 100)[-4:]
    'xxx…'
    """
    calm = "".join(one if one.isprintable() else " " for one in str(word)[: _SHOWN + 1])
    return calm[:_SHOWN] + "…" if len(calm) > _SHOWN else calm


def _fast_yes_no(raw: pl.Series) -> pl.Series:
    calm = raw.str.to_lowercase()
    yes = calm.is_in(list(YES))
    return yes.set(~(yes | calm.is_in(list(NO))).fill_null(value=True), None)


_FAST: dict[Kind, Callable[[pl.Series], pl.Series]] = {
    Kind.COUNT: lambda raw: raw.cast(pl.Int64, strict=False),
    Kind.NUMBER: lambda raw: _finite(raw.cast(pl.Float64, strict=False)),
    Kind.DURATION: lambda raw: _finite(raw.cast(pl.Float64, strict=False)),
    Kind.YES_NO: _fast_yes_no,
}

_EXACT: dict[Kind, tuple[Callable[[str], object], str]] = {
    Kind.COUNT: (count_of, "no whole number"),
    Kind.NUMBER: (number_of, "no number"),
    Kind.DURATION: (number_of, "no number of seconds"),
    Kind.YES_NO: (yes_no_of, "neither yes nor no"),
}


def _finite(raw: pl.Series) -> pl.Series:
    return raw.set((~raw.is_finite()).fill_null(value=False), None)
