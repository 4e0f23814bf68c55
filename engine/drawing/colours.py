"""The five decisions' colours and marks: told apart without colour vision, and in a black and white print.

Source: Okabe and Ito, "Color Universal Design" (2008): blue, orange and reddish purple; the greys are far from them and
from each other in lightness. Text on each fill has a contrast of at least 4.5:1 and each line on white at least 3:1
(WCAG 2.2, 1.4.3 and 1.4.11), which the tests compute.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.decision import HAND_OFF, IGNORE_AS_TROLL, NO_REPLY_NEEDED, RESPOND_PUBLICLY, TAKE_PRIVATE


@dataclass(frozen=True, slots=True)
class Paint:
    """`fill` lies under text in `ink`; `line` is for arrows on white; `mark` is an SVG path in a box of 12 by 12."""

    fill: str
    ink: str
    line: str
    mark: str


PAINTS = {
    RESPOND_PUBLICLY: Paint("#0067A6", "#FFFFFF", "#0067A6", "M1 2H11V8.5H6L3.5 11V8.5H1Z"),
    TAKE_PRIVATE: Paint("#DB9DBF", "#1B1F24", "#A8487E", "M2 5.5H10V11H2ZM4 5.5V3.5A2 2 0 0 1 8 3.5V5.5"),
    HAND_OFF: Paint("#F2A900", "#1B1F24", "#A86A00", "M1 6H10.5M6.5 2L10.5 6L6.5 10"),
    IGNORE_AS_TROLL: Paint("#4A4F57", "#FFFFFF", "#4A4F57", "M6 1A5 5 0 1 0 6 11A5 5 0 1 0 6 1ZM2.5 2.5L9.5 9.5"),
    NO_REPLY_NEEDED: Paint("#E9ECF0", "#1B1F24", "#7A828E", "M1.5 6.5L4.5 9.5L10.5 2.5"),
}
"""By decision: a speech bubble, a lock, an arrow, a barred circle, a tick."""

STEP = Paint("#FFFFFF", "#1B1F24", "#3D4652", "")
"""Steps, matrices and the arrows that lead to them."""

START = Paint("#1B2A41", "#FFFFFF", "#1B2A41", "")

CARD = "#FFFFFF"
INK = "#1B1F24"
QUIET = "#59626E"
STEM = "#7A828E"
"""For the lines from a step to its rules."""

HAIRLINE = "#C9CFD7"
"""For borders that carry no meaning."""


def paint(decision: str | None) -> Paint:
    """The decision's paint, or a step's."""
    return PAINTS[decision] if decision else STEP
