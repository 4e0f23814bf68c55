"""Bytes of a mail as text, whatever they say they are: declarations are often missing, and often wrong.

What is conclusive goes first: the escapes of iso-2022-jp, then valid UTF-8, then what was declared. Text that declares
Latin letters, or nothing, is Japanese Windows text or EUC when it reads as such and has kana in it, or has bytes that no
Latin letter has.
"""

from __future__ import annotations

import re

ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "cp932": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "unicode-1-1-utf-7": "utf-7", "hz-gb-2312": "hz",
}  # fmt: skip
"""What mail calls an encoding, and the one that also has the letters that senders add to it.

Source: WHATWG Encoding Standard, "Names and labels" (the same supersets).
"""

LATIN = frozenset({
    "", "ascii", "us-ascii", "iso-8859-1", "iso_8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252", "cp1252",
    "8bit", "unknown", "unknown-8bit", "x-unknown", "default", "default_charset",
})  # fmt: skip
"""Declarations that say little: what a program writes that does not know."""

UNLIKE_ASCII = frozenset({"utf-7", "hz", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be"})
"""Encodings in which bytes that could be ASCII, or UTF-8, are other letters."""

_JIS = re.compile(rb"\x1b\$[@B]|\x1b\(I|\x1b\$\(D")
_ESCAPE = re.compile(rb"(\x1b\$[@B]|\x1b\$\(D|\x1b\([BJHI])")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


def decoded(data: bytes, declared: str | None) -> str:
    """Bytes as text; what cannot be read at all becomes U+FFFD.

    >>> decoded("充電器が熱い①".encode("cp932"), "us-ascii"), decoded("café".encode("utf-8"), "iso-8859-1")
    ('充電器が熱い①', 'café')
    """
    name = (declared or "").strip(" \t\"'").lower()
    if _JIS.search(data):
        return _jis(data)
    encoding = ALIASES.get(name, name)
    order = (encoding,) if encoding in UNLIKE_ASCII else ("utf-8",) if encoding in LATIN else ("utf-8", encoding)
    for one in order:
        found = _strict(data, one)
        if found is not None:
            return found
    guesses = [found for one in ("cp932", "euc_jp") if (found := _strict(data, one)) is not None]
    for found in guesses:
        if _KANA.search(found):
            return found
    western = _strict(data, "cp1252")
    if western is not None or not guesses:
        return western or _lenient(data, "latin-1" if encoding in LATIN else encoding)
    return guesses[0]


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return None


def _lenient(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _jis(data: bytes) -> str:
    """Text in iso-2022-jp as it is really sent: with ①, ㈱, 髙 and half-width kana, which the standard has not.

    Source: JIS X 0208 to Shift_JIS by the arithmetic of JIS X 0208:1997 appendix 1; CP50221 for the additions.
    """
    text, mode = [], b"\x1b(B"
    for part in _ESCAPE.split(data):
        if _ESCAPE.fullmatch(part):
            mode = part
        elif mode in (b"\x1b$@", b"\x1b$B"):
            line, end, rest = part.partition(b"\n")  # the next line begins in ASCII, even where nothing says so
            text.append(_two_bytes(line) + (end + rest).decode("cp932", "replace"))
        elif mode == b"\x1b(I":
            text.append(bytes(one | 0x80 if 0x21 <= one <= 0x5F else one for one in part).decode("cp932", "replace"))
        elif mode == b"\x1b$(D":
            text.append((mode + part + b"\x1b(B").decode("iso2022_jp_1", "replace"))
        else:
            text.append(_strict(part, "utf-8") or part.decode("cp932", "replace"))
    return "".join(text)


def _two_bytes(part: bytes) -> str:
    """Pairs of 7-bit bytes; one that is none is a letter of its own."""
    out, at = bytearray(), 0
    while at < len(part):
        high, low = part[at], part[at + 1] if at + 1 < len(part) else 0
        if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):
            out.append(high)
            at += 1
            continue
        out.append((high + 1) // 2 + (0x70 if high < 0x5F else 0xB0))
        out.append(low + (0x7E if high % 2 == 0 else 0x1F + (low >= 0x60)))
        at += 2
    return bytes(out).decode("cp932", "replace")
