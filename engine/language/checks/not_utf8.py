"""The file is not written in UTF-8.

A playbook is read as UTF-8, so that Japanese and every other script reads the same on every machine. Files saved by
older programs as Shift_JIS, Latin-1 or UTF-16 must be saved again: most editors have "Save with encoding".

Wrong:
    # saved as Shift_JIS
    terms anger "最悪"

Right:
    # saved as UTF-8
    terms anger "最悪"
"""

from __future__ import annotations

from engine.language.checks.finding import finding
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.source import Source, Span

CODE = "HK111"
SEVERITY = Severity.ERROR


def report(source: Source, start: int) -> Diagnostic:
    """Say where the first letter is that could not be read; `start` counts bytes, so no letter lies beyond it."""
    place = max(source.text.find("\N{REPLACEMENT CHARACTER}", 0, start + 1), 0)
    return finding(
        CODE,
        SEVERITY,
        "this file is not written in UTF-8",
        Span(source, place, place + 1),
        "the first letter that cannot be read",
        help="open the file in your editor and save it with the encoding UTF-8",
    )
