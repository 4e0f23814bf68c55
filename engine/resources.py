"""Where `grammar.lark`, the shipped playbooks and word lists lie, in a checkout or in a wheel: the only place that knows."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def grammar() -> str:
    """The text of the grammar."""
    return _find("grammar.lark").read_text(encoding="utf-8")


def playbooks() -> Path:
    """The folder of shipped playbooks; `std/` lies in it."""
    return _find("playbooks")


def lexicons() -> Path:
    """The folder of the signals' word lists."""
    return _PACKAGE / "signals" / "lexicons"
