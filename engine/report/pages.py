"""Pages that open anywhere, without a network: one HTML file each, everything escaped, under a strict policy.

The policy allows the page's own style sheet, named by its hash, and nothing else: no script, no picture, no request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.report.plain import plain

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def page(template: str, *, styles: Sequence[str] = (), more_style: str = "", **values: Any) -> str:
    """A page from its template; every value is escaped.

    Args:
        template: the template's name.
        styles: style sheets beside the one that all pages have.
        more_style: rules that were made for this very page, of our own words and numbers only.
        values: what the template puts in.
    """
    sheets = [(_TEMPLATES / name).read_text(encoding="utf-8").strip() for name in ("style.css", *styles)]
    style = "\n".join(one for one in (*sheets, more_style) if one)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = _environment().get_template(template)
    return made.render(style=style, policy=_POLICY.format(digest), **values)


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
