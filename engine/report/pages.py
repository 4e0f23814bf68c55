"""Pages that open anywhere, without a network: one HTML file each, everything escaped, under a strict policy.

The policy allows the page's own style sheet, named by its hash, and nothing else: no script, no picture, no request.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.report.plain import plain

_TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, **values: Any) -> str:
    """A page from its template; every value is escaped."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = _environment().get_template(template)
    return made.render(style=style, policy=f"default-src 'none'; style-src 'sha256-{digest}'", **values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["amount"] = lambda number: f"{number:,}"
    made.filters["plain"] = plain
    return made
