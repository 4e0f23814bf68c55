"""Hikeshi: a crisis-triage rules engine with a playbook language.

The way of a message, and the order to read the rooms in: `language` (text to a checked playbook), `graph`, `plan`,
`signals` (a message's text to facts), `evaluate` (facts to a decision and its trace), `inbox` (exports to messages),
`batch` (an inbox through a playbook), `drawing` and `report` (what people look at).

Public names are imported when they are first used, so that checking a playbook does not wait for what runs an inbox.

>>> import engine
>>> playbook, findings = engine.load_text('step start otherwise -> no reply needed', "tiny.playbook", None)
>>> plan = engine.compile_plan(playbook)
>>> engine.explain_message(plan, {"text": "hello"}).record()["decision"]
'no reply needed'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.batch.run import Summary, run
    from engine.batch.single import Explained, explain_id, explain_message
    from engine.graph import build
    from engine.inbox import open_inbox
    from engine.incidents import difference
    from engine.language.checks import check
    from engine.language.load import load, load_text
    from engine.plan import compile_plan
    from engine.version import VERSION

_PUBLIC = {
    "VERSION": "engine.version",
    "Explained": "engine.batch.single",
    "Summary": "engine.batch.run",
    "build": "engine.graph",
    "check": "engine.language.checks",
    "compile_plan": "engine.plan",
    "difference": "engine.incidents",
    "explain_id": "engine.batch.single",
    "explain_message": "engine.batch.single",
    "load": "engine.language.load",
    "load_text": "engine.language.load",
    "open_inbox": "engine.inbox",
    "run": "engine.batch.run",
}

__all__ = [
    "VERSION",
    "Explained",
    "Summary",
    "build",
    "check",
    "compile_plan",
    "difference",
    "explain_id",
    "explain_message",
    "load",
    "load_text",
    "open_inbox",
    "run",
]


def __getattr__(name: str) -> Any:
    """A public name, imported now."""
    if name not in _PUBLIC:
        msg = f"module 'engine' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_PUBLIC[name]), name)
