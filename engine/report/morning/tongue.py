"""How the page speaks: numbers, times and sentences in English or Japanese. The sentences are in `japanese.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from engine.report.morning.japanese import JAPANESE
from engine.report.plain import plain

LANGUAGES = ("en", "ja")
_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "ja": ("月", "火", "水", "木", "金", "土", "日")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "en": ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")),
    "ja": ((86400, "日"), (3600, "時間"), (60, "分"), (1, "秒")),
}
_ODD_SPACES = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_JAPANESE = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]|[\u3400-\u9fff]")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Tongue:
    """One of `LANGUAGES`, and the zone in which times are told."""

    lang: str
    zone: str = "UTC"
    year: int = 0
    """The year that goes without saying."""

    def say(self, text: str, **values: object) -> str:
        """A sentence of the page, written in English in the code, with its values put in.

        >>> Tongue("ja").say("Decisions")
        '判断'
        """
        return self.template(text).format(**values)

    def template(self, text: str) -> str:
        """A sentence of the page before its values are put in."""
        return JAPANESE.get(text, text) if self.lang == "ja" else text

    def count(self, number: float | None) -> str:
        """A number; a dash for what is not known.

        >>> Tongue("en").count(12345), Tongue("en").count(None), Tongue("en").count(2.5)
        ('12,345', '–', '2.5')
        """
        if number is None:
            return "–"
        return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"

    def decimal(self, number: float | None) -> str:
        """A number with two decimals and its sign's own character.

        >>> Tongue("en").decimal(-0.001), Tongue("en").decimal(-0.5)
        ('0.00', '−0.50')
        """
        return "–" if number is None else f"{round(number, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")

    def share(self, part: float | None, whole: float | None) -> str:
        """A share in per cent.

        >>> Tongue("en").share(1, 3), Tongue("en").share(0, 0)
        ('33%', '–')
        """
        if part is None or not whole:
            return "–"
        percent = 100 * part / whole
        rounded = f"{percent:.0f}"
        if (rounded == "100" and part != whole) or (rounded == "0" and part):
            rounded = f"{percent:.1f}" if 0.05 <= percent < 99.95 else "<0.1" if part < whole / 2 else ">99.9"
        return f"{rounded}%"

    def span(self, seconds: float | None) -> str:
        """A duration in its two largest units.

        >>> Tongue("en").span(5400), Tongue("ja").span(5400), Tongue("en").span(0)
        ('1 h 30 min', '1時間30分', '0 s')
        """
        if seconds is None:
            return "–"
        left, parts = round(abs(seconds)), []
        gap = " " if self.lang == "en" else ""
        for size, unit in _UNITS[self.lang]:
            if left >= size:
                parts.append(f"{left // size:,}{gap}{unit}")
                left %= size
            elif parts:
                break
            if len(parts) == 2:
                break
        return gap.join(parts) or f"0{gap}{_UNITS[self.lang][-1][1]}"

    def local(self, moment: str | datetime) -> datetime:
        """A moment in the page's zone."""
        return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(ZoneInfo(self.zone))

    def moment(self, given: str | datetime | None) -> str:
        """A moment as people write it.

        >>> Tongue("en").moment("2026-03-09T07:41:00Z"), Tongue("ja", "Asia/Tokyo").moment("2026-03-09T07:41:00Z")
        ('Mon 9 Mar 2026, 07:41', '2026年3月9日（月）16:41')
        """
        if given is None:
            return "–"
        at = self.local(given)
        return f"{self.day(at)}{', ' if self.lang == 'en' else ''}{at:%H:%M}"

    def day(self, given: str | datetime) -> str:
        """A day as people write it."""
        at = self.local(given)
        day = _DAYS[self.lang][at.weekday()]
        if self.lang == "ja":
            year = "" if at.year == self.year else f"{at.year}年"
            return f"{year}{at.month}月{at.day}日（{day}）"
        year = "" if at.year == self.year else f" {at.year}"
        return f"{day} {at.day} {_MONTHS[at.month - 1]}{year}"

    def period(self, first: str, last: str) -> str:
        """From one moment to another; the day once where it is the same.

        >>> Tongue("en", year=2026).period("2026-03-09T07:00:00Z", "2026-03-09T09:00:00Z")
        'Mon 9 Mar, 07:00 – 09:00'
        """
        start, end = self.local(first), self.local(last)
        return f"{self.moment(start)} – {f'{end:%H:%M}' if start.date() == end.date() else self.moment(end)}"

    def piece(self, given: str, every: str) -> str:
        """A piece of the time line, named by its beginning."""
        at = self.local(given)
        if every in ("1h", "10m", "6h"):
            return self.moment(at)
        if every == "1y":
            return f"{at.year}"
        if every in ("1mo", "1q"):
            return f"{at.year}年{at.month}月" if self.lang == "ja" else f"{_MONTHS[at.month - 1]} {at.year}"
        return self.day(at)

    def axis(self, every: str) -> str:
        """How the axis of a time line writes its dates, in D3's notation."""
        formats = {
            "10m": ("%H:%M", "%H:%M"),
            "1h": ("%-d %b %H:%M", "%-m/%-d %H:%M"),
            "1mo": ("%b %Y", "%Y年%-m月"),
            "1q": ("%b %Y", "%Y年%-m月"),
            "1y": ("%Y", "%Y年"),
        }
        return formats.get(every, ("%-d %b", "%-m月%-d日"))[self.lang == "ja"]


def shown(text: str | None, most: int = 500) -> str:
    r"""An author's text as a page can hold it: odd spaces are spaces, no control characters, cut at so many characters.

    >>> shown("a\u00a0b" + chr(0)), shown("abcdef", 4)
    ('a b�', 'abc…')
    """
    calm = _ODD_SPACES.sub(" ", (text or "")[: most + 1].replace("\r\n", "\n").replace("\r", "\n"))
    kept = _JOINER.join(plain(part) for part in calm.split(_JOINER))
    return kept[: most - 1] + "…" if len(kept) > most else kept


def own(text: str | None, most: int = 120) -> Markup:
    """An author's word within a sentence of ours: kept apart from it in direction and, when Japanese, in language."""
    line = " ".join(shown(text, most).split())
    lang = Markup(' lang="ja"') if _JAPANESE.search(line) else Markup()
    return Markup("<bdi{}>{}</bdi>").format(lang, escape(line))


def language(tag: str | None, text: str) -> str | None:
    """A language for an attribute: what the record says when it is a well-formed tag, else Japanese where it looks so."""
    if tag and _TAG.fullmatch(tag):
        return tag
    return "ja" if re.search(r"[\u3040-\u30ff]", text) else None
