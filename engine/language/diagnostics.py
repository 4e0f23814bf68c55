"""What can be said about a playbook: a code, a severity, a sentence, places; rendered as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.language.source import Span, cells

WIDEST_LINE = 160


class Severity(StrEnum):
    """An error keeps the playbook from loading; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what is to be said right beside it."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `labels` are further places; `help` is given only when it would be right."""

    code: str
    severity: Severity
    message: str
    label: Label
    labels: tuple[Label, ...] = ()
    help: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def order(self) -> tuple[str, int, str]:
        """Sorts diagnostics of one file in source order."""
        return (self.label.span.source.name, self.label.span.start, self.code)

    def as_dict(self) -> dict[str, object]:
        """The diagnostic as JSON can hold it; lines and columns count from 1, columns in characters."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "help": self.help,
            "notes": list(self.notes),
            "labels": [_label_as_dict(label) for label in (self.label, *self.labels)],
        }


def _label_as_dict(label: Label) -> dict[str, object]:
    span = label.span
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "length": span.end - span.start,
        "text": label.text,
    }


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def render(diagnostic: Diagnostic) -> str:
    """The diagnostic as a person reads it, the caret under the exact span, measured in terminal cells."""
    labels = (diagnostic.label, *diagnostic.labels)
    gutter = max(len(str(label.span.line)) for label in labels)
    lines = [f"{diagnostic.severity.value}[{diagnostic.code}]: {_visible(diagnostic.message)}"]
    for number, label in enumerate(labels):
        span = label.span
        arrow = "-->" if number == 0 else ":::"
        lines.append(f"{' ' * gutter}{arrow} {_visible(span.source.name)}:{span.line}:{span.column}")
        lines.extend(_excerpt(label, gutter))
    if diagnostic.help:
        lines.append(f"{' ' * gutter} = help: {_visible(diagnostic.help)}")
    lines.extend(f"{' ' * gutter} = note: {_visible(note)}" for note in diagnostic.notes)
    return "\n".join(lines)


def _excerpt(label: Label, gutter: int) -> list[str]:
    span = label.span
    whole = span.source.line(span.line)
    first = span.column - 1
    length = min(span.end - span.start, max(len(whole) - first, 1))
    cut = max(0, first - WIDEST_LINE // 2) if len(whole) > WIDEST_LINE else 0
    shown = whole[cut : cut + WIDEST_LINE]
    before = _visible(whole[cut:first])
    marked = _visible(whole[first : first + length])[:WIDEST_LINE]
    carets = "^" * max(cells(marked), 1)
    blank = " " * gutter
    return [
        f"{blank} |",
        f"{span.line:>{gutter}} | {_visible(shown)}",
        f"{blank} | {' ' * cells(before)}{carets} {_visible(label.text)}".rstrip(),
    ]


def _visible(text: str) -> str:
    """Tabs as one space and control characters as a mark, so that columns line up and nothing reaches the terminal."""
    return "".join(
        " " if c == "\t" else c if c.isprintable() or c == "\u3000" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """All of them, in source order, a blank line between two."""
    return "\n\n".join(render(diagnostic) for diagnostic in sorted(diagnostics, key=lambda d: d.order))
