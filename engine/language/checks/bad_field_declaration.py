"""An extra field is not declared as it should be.

`field` declares a column of your export that Hikeshi does not know. Its name begins with `extra.`, and its type is
`text`, `number`, `count`, `yes/no`, `time`, `duration` or `list`.

Wrong:
    field plan: text

Right:
    field extra.plan: text
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.comparing import listed
from engine.language.checks.finding import finding, unknown_name
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook
from engine.language.types import DECLARED_TYPES
from engine.message import FIELD

CODE = "HK211"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every extra field with another name, or of a type that does not exist."""
    for field in playbook.fields.values():
        name, kind = field.name, field.type
        if name.text in FIELD:
            message = f"`{name.text}` is a field that every message has"
            yield finding(CODE, SEVERITY, message, name.span, "it needs no declaration")
        elif not name.text.startswith("extra."):
            message = "the name of an extra field begins with `extra.`"
            last = name.text.rsplit(".", 1)[-1]
            yield finding(CODE, SEVERITY, message, name.span, help=f"write `extra.{last}`")
        if kind.text not in DECLARED_TYPES:
            message = f"no field has the type `{kind.text}`"
            known = tuple(DECLARED_TYPES)
            yield finding(
                CODE, SEVERITY, message, kind.span, f"types are {listed(known)}", help=unknown_name(kind.text, known)
            )
