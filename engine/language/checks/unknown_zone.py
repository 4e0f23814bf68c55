"""A time zone does not exist.

A time zone is named after a city in its region, as in the IANA list: `Asia/Tokyo`, `Europe/Berlin`, `America/New_York`.
Such a zone knows its summer time; `UTC` has none.

Wrong:
    hours care in "Tokyo"
      mon-fri 09:00-18:00

Right:
    hours care in "Asia/Tokyo"
      mon-fri 09:00-18:00
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK212"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every zone that nobody keeps."""
    for hours in playbook.hours.values():
        zone = hours.zone
        if not exists(zone.text):
            message = f"there is no time zone `{zone.text}`"
            yield finding(CODE, SEVERITY, message, zone.span, "not in the IANA list of zones", help=_help(zone.text))


@lru_cache(maxsize=256)
def exists(zone: str) -> bool:
    """Whether the machine knows the zone.

    >>> exists("Asia/Tokyo"), exists("Tokyo")
    (True, False)
    """
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        return False
    return True


def _help(zone: str) -> str | None:
    zones = _zones()
    city = zone.strip().replace(" ", "_").casefold()
    for one in zones:
        if one.rsplit("/", 1)[-1].casefold() == city or one.casefold() == city:
            return f"did you mean `{one}`?"
    return unknown_name(zone, zones)


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))
