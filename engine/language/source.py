"""A playbook file's text, and places in it: the one module that counts lines, columns and terminal cells."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field


def cells(text: str) -> int:
    """Count the terminal cells that `text` fills: two for East Asian wide characters, none for combining marks.

    >>> cells("abc"), cells("発火"), cells("é")
    (3, 4, 1)
    """
    width = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Me", "Mn"}:
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text under the name that people know it by."""

    name: str
    text: str
    line_starts: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the line starts once."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        object.__setattr__(self, "line_starts", tuple(starts))

    def line_of(self, offset: int) -> int:
        """The line (from 1) that holds the character at `offset`."""
        return bisect_right(self.line_starts, offset)

    def line(self, number: int) -> str:
        """Line `number` (from 1) without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def column_of(self, offset: int) -> int:
        """The column (from 1, in characters) of the character at `offset`."""
        return offset - self.line_starts[self.line_of(offset) - 1] + 1


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` up to, not including, `end` of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line (from 1) where the span begins."""
        return self.source.line_of(self.start)

    @property
    def column(self) -> int:
        """The column (from 1, in characters) where the span begins."""
        return self.source.column_of(self.start)

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the beginning of this one to the end of `other`."""
        return Span(self.source, self.start, other.end)
