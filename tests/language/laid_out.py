"""A playbook's words, laid out at random: the same words with other spaces, line ends and comments between them."""

from __future__ import annotations

from random import Random

from lark import Token

from engine.language.parse import _LOCK, _parser
from engine.language.source import Source

SPACES = ("\n", " ", "  ", "\t", "\r\n", "\u3000", "\u00a0", "\ufeff ", "\n\n", "\n\n\n", "\n   ", "\f")
INLINE = (" ", "  ", "\t", "\u3000", "\u00a0", "\ufeff ")


def tokens(text: str) -> list[Token]:
    """The words and marks of a text that parses, comments left out."""
    with _LOCK:
        lark, builder = _parser()
        builder.begin(Source("x", text), 0, [])
        return list(lark.parse_interactive(text).exhaust_lexer())


def laid_out(text: str, random: Random, *, comments: float) -> tuple[str, list[str]]:
    """The same words, otherwise laid out, and the comments that were put between them.

    Where two words stood apart, they still do; where they touched, they may not. `step NAME` in a matrix cell stays on
    its line.
    """
    told: list[str] = []
    out: list[str] = []
    at, cell = 0, 0

    def comment() -> str:
        told.append(f"# c{len(told)}{random.choice(('', ' why', ' 理由', ' when x -> y', ' # again', '“'))}")
        return told[-1] + random.choice(("\n", "\r\n", "  \n"))

    def between(touching: bool) -> str:
        if cell:
            return random.choice(INLINE)
        gap = "" if touching and random.random() < 0.5 else random.choice(SPACES) if random.random() < 0.5 else " "
        while random.random() < comments:
            gap += comment() + random.choice(("", " ", "\n", "  "))
        return gap

    for token in tokens(text):
        touching = at == token.start_pos
        out.append(between(touching))
        out.append(str(token))
        cell = 2 if token.type == "_CELL_STEP" else max(cell - 1, 0)
        at = token.end_pos or 0
    cell = 0
    out.append(between(touching=False))
    if random.random() < 0.3:
        told.append("# last, without a line end")
        out.append("\n" + told[-1])
    return "".join(out), told
