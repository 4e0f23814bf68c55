"""No message ever comes to a step.

Every step and matrix is reached from `start`, by a rule or a matrix cell that says `step ...`. One that is not was
forgotten, or is not needed any more.

Wrong:
    playbook "Acme"
    step start
      otherwise -> no reply needed
    step care
      otherwise -> respond publicly

Right:
    playbook "Acme"
    step start
      when text asks a question -> step care
      otherwise -> no reply needed
    step care
      otherwise -> respond publicly
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import syntax as s
from engine.language.checks.finding import finding, word_for
from engine.language.checks.no_start import START
from engine.language.checks.parts import ways_on
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.playbook import Playbook

CODE = "HK405"
SEVERITY = Severity.ERROR


def check(playbook: Playbook) -> Iterator[Diagnostic]:
    """Every step and matrix of the playbook's own file that nothing leads to."""
    nodes: dict[str, s.Step | s.Matrix] = {**playbook.matrices, **playbook.steps}
    if START not in nodes or playbook.broken:
        return
    reached, waiting = {START}, [START]
    while waiting:
        for way in ways_on(nodes[waiting.pop()]):
            if way.text not in nodes:  # a misspelt step may be the very one that seems unreachable
                return
            if way.text not in reached:
                reached.add(way.text)
                waiting.append(way.text)
    for name, node in nodes.items():
        if name not in reached and playbook.is_main(node.name.span):
            message = f"no message ever comes to the {word_for(node)} `{name}`"
            yield finding(CODE, SEVERITY, message, node.name.span, "nothing leads here from `start`")
