"""`--set author.followers=12k`: a message's fields as people write them on a command line."""

from __future__ import annotations

from typing import Any

from engine.inbox.piece import EXTRA
from engine.language.suggest import nearest
from engine.message import FIELD, Kind
from engine.plan import Plan

_FACTORS = {"k": 1e3, "M": 1e6, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""Of a count or number `k` and `M`, of a duration the rest."""


class SettingError(ValueError):
    """A setting that cannot be read; the message says why."""


def parse_settings(plan: Plan, settings: list[str]) -> dict[str, Any]:
    """Field values by name, each of its field's kind.

    Raises:
        SettingError: no `=`, no such field, or a value that is not of its kind.
    """
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            msg = f"--set {setting}: write FIELD=VALUE"
            raise SettingError(msg)
        found[name] = _value(plan, name, value)
    return found


def _value(plan: Plan, name: str, value: str) -> Any:
    kind = plan.declared.get(name) or (FIELD[name].kind if name in FIELD else Kind.TEXT)
    if name not in FIELD and not name.startswith(EXTRA):
        near = nearest(name, FIELD)
        msg = f"--set {name}: no message field is called so" + (f"; did you mean {near}?" if near else "")
        raise SettingError(msg)
    if name in FIELD and FIELD[name].derived:
        msg = f"--set {name}: this is worked out from the whole import; explain a message of an inbox with --id"
        raise SettingError(msg)
    match kind:
        case Kind.COUNT | Kind.NUMBER | Kind.DURATION:
            return _number(name, value, "kM" if kind is not Kind.DURATION else "smhdw")
        case Kind.YES_NO:
            words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
            if value.lower() not in words:
                msg = f"--set {name}: say yes or no, not {value}"
                raise SettingError(msg)
            return words[value.lower()]
        case Kind.LIST:
            return [one.strip() for one in value.split(",")]
        case _:
            return value


def _number(name: str, value: str, units: str) -> float:
    unit = value[-1:] if value[-1:] in tuple(units) else ""
    try:
        number = float(value.removesuffix(unit)) * _FACTORS.get(unit, 1)
    except ValueError:
        msg = (
            f"--set {name}: {value} is not a number; write {'8400, 8.4k or 1.5M' if units == 'kM' else '30m, 1h or 3d'}"
        )
        raise SettingError(msg) from None
    return int(number) if number == int(number) else number
