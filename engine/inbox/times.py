"""Times as sources write them -> UTC. A column at once; only what no format fits is looked at one by one.

Known: RFC 3339 and its relatives (a space for `T`, `+0000`, nanoseconds, ` UTC`), Twitter's `Tue Oct 31 22:10:47 +0000
2017`, RFC 5322 mail dates, seconds or milliseconds since 1970, and without zone `2026-02-06 15:03`, `2026/02/06
15:03:00`, `06-Feb-2026 03:03PM` and dates alone. Day-or-month-first dates with slashes (`03/04/2026`) are not guessed at:
a column map says a source's own styles, see `in_styles`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import polars as pl

ZULU = "%Y-%m-%dT%H:%M:%SZ"
ISO = "%+"
ZONED = (ISO, "%a %b %d %H:%M:%S %z %Y", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
"""With a zone, the likeliest first. `%+` is RFC 3339, loosely."""

ZONELESS = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M", "%d-%b-%Y %I:%M%p",
)  # fmt: skip
DATES = ("%Y-%m-%d", "%Y/%m/%d")

MILLISECONDS_FROM = 1e11
"""A number from here on counts milliseconds, below it seconds (1e11 s is the year 5138, 1e11 ms is 1973)."""

_FIRST_YEAR = 1000
"""A year before is one of two digits that a style with four took for its own."""
_FEW = 50
_LONGEST = 64
_SHORTEST_EPOCH = 9

UTC_TIME = pl.Datetime("us", "UTC")
BAD_TIME = "cannot be read as a time"
NO_ZONE = "has no zone and none was given with --tz"


def to_utc(raw: pl.Series, zone: str | None) -> tuple[pl.Series, dict[int, str]]:
    """Times of a String column.

    Args:
        raw: String, null where unknown.
        zone: the IANA name of the zone of times without one, or None when there is none.

    Returns:
        The times (Datetime us UTC), and for each row that has a value but no time the reason.

    >>> to_utc(pl.Series(["2026-01-05T16:30:55Z", None, "soon"]), None)[1]
    {2: 'cannot be read as a time'}
    """
    known = raw.len() - raw.null_count()
    if not known:
        return pl.Series(raw.name, [None] * raw.len(), UTC_TIME), {}
    first = raw.drop_nulls()[0]
    order = (ZULU, *ZONED) if len(first) == len("2026-01-05T16:30:55Z") and first.endswith("Z") else ZONED
    done = pl.Series(raw.name, [None], UTC_TIME).new_from_index(0, raw.len())
    for at, style in enumerate(order):
        found = raw.str.to_datetime(style, time_unit="us", time_zone="UTC", strict=False, cache=False)
        done = done.zip_with(done.is_not_null(), found) if at else found
        if done.len() - done.null_count() == known:
            return done, {}
        if style in (ZULU, ISO) and _rare(done, raw):
            break
    if zone is not None and not _rare(done, raw):
        done = _zoneless(raw, done, zone)
    return _one_by_one(raw, done, zone)


def _rare(done: pl.Series, raw: pl.Series) -> bool:
    """Whether so few are left that they are quicker read one by one."""
    return done.null_count() - raw.null_count() < _FEW


def in_styles(raw: pl.Series, styles: Sequence[str]) -> pl.Series:
    """Times in a source's own styles as RFC 3339, without zone where the style has none; other words are kept.

    Args:
        raw: String.
        styles: strftime directives (`%d/%m/%Y %H:%M`), the first that fits a word counts.

    >>> in_styles(pl.Series(["03/04/2026 15:03", "06/02/26", "soon"]), ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y"]).to_list()
    ['2026-04-03T15:03:00.000000', '2026-02-06T00:00:00.000000', 'soon']
    """
    calm, done = raw.str.strip_chars(), pl.Series([None], dtype=pl.String).new_from_index(0, raw.len())
    for style in styles:
        if done.null_count() == raw.null_count():
            break
        found = _full_years(calm.str.to_datetime(style, time_unit="us", strict=False, cache=False))
        zone = "Z" if isinstance(found.dtype, pl.Datetime) and found.dtype.time_zone is not None else ""
        done = done.zip_with(done.is_not_null(), found.dt.strftime(f"%Y-%m-%dT%H:%M:%S%.6f{zone}"))
    return done.zip_with(done.is_not_null(), raw)


def is_style(style: str) -> bool:
    """Whether a style says a whole day, and hour and minute both or neither.

    >>> is_style("%d/%m/%Y %H:%M"), is_style("DD/MM/YYYY"), is_style("%d/%m %H:%M"), is_style("%d.%m.%Y %H")
    (True, False, False, False)
    """
    sample = pl.Series([datetime(2026, 2, 16, 15, 3, tzinfo=UTC)], dtype=UTC_TIME)
    try:
        back = sample.dt.strftime(style).str.to_datetime(style, time_unit="us", strict=False, cache=False)[0]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return False
    return isinstance(back, datetime) and back.date() == sample[0].date()


def _full_years(found: pl.Series) -> pl.Series:
    """Without the times before the year 1000."""
    return found.set((found.dt.year() < _FIRST_YEAR).fill_null(value=False), None)


def _zoneless(raw: pl.Series, done: pl.Series, zone: str) -> pl.Series:
    for style in (*ZONELESS, *DATES):
        local = _full_years(raw.str.to_datetime(style, time_unit="us", strict=False, cache=False))
        if local.null_count() < raw.len():
            found = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
                "UTC"
            )
            done = done.zip_with(done.is_not_null(), found)
        if done.null_count() == raw.null_count():
            break
    return done


def _one_by_one(raw: pl.Series, done: pl.Series, zone: str | None) -> tuple[pl.Series, dict[int, str]]:
    left = (done.is_null() & raw.is_not_null()).arg_true()
    reasons: dict[int, str] = {}
    rows, times = [], []
    for row, value in zip(left.to_list(), raw.gather(left).to_list(), strict=True):
        found = one(value, zone)
        if isinstance(found, str):
            reasons[row] = found
        else:
            rows.append(row)
            times.append(found)
    if rows:
        done = done.scatter(rows, pl.Series(times, dtype=UTC_TIME))
    return done, reasons


def one(value: str, zone: str | None) -> datetime | str:
    """One time in UTC, or the reason why it is none.

    >>> one("1609459200", None)
    datetime.datetime(2021, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    >>> one("2021-01-01 09:00", "Asia/Tokyo")
    datetime.datetime(2021, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    >>> one("2021-01-01 09:00", None)
    'has no zone and none was given with --tz'
    """
    value = value.strip()
    try:
        found = _epoch(value) or _any_style(value) or _mail(value)
        if found is None:
            return BAD_TIME
        if found.tzinfo is None:
            if zone is None:
                return NO_ZONE
            found = found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return BAD_TIME


def has_zone(value: str) -> bool | None:
    """Whether a time says its zone; None when it is no time."""
    found = one(value, None)
    return True if isinstance(found, datetime) else False if found == NO_ZONE else None


def _epoch(value: str) -> datetime | None:
    if not (value.isascii() and value.replace(".", "", 1).isdigit() and len(value) <= _LONGEST):
        return None
    digits = value.partition(".")[0]
    if len(digits) < _SHORTEST_EPOCH:
        return None
    number = float(value)
    scale = 1000.0 if number >= MILLISECONDS_FROM else 1.0
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / scale)


def _any_style(value: str) -> datetime | None:
    if len(value) > _LONGEST:
        return None
    alone = pl.Series([value], dtype=pl.String)
    for style in ZONED:
        found = alone.str.to_datetime(style, time_unit="us", time_zone="UTC", strict=False, cache=False)[0]
        if isinstance(found, datetime):
            return found.astimezone(UTC)
    for style in (*ZONELESS, *DATES):
        found = alone.str.to_datetime(style, time_unit="us", strict=False, cache=False)[0]
        if isinstance(found, datetime) and found.year >= _FIRST_YEAR:
            return found
    return None


def _mail(value: str) -> datetime | None:
    if len(value) > _LONGEST or "," not in value:
        return None
    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
