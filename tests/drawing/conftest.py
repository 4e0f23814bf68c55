"""The graphs that most tests of the drawings look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.graph import Graph
from tests.drawing.graphs import SMALL, from_text

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", params=["small", "airline", "saas", "retail_ja"])
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The small playbook, and the shipped ones."""
    text = SMALL
    if request.param != "small":
        text = (HERE / "playbooks" / f"{request.param}.playbook").read_text(encoding="utf-8")
    return from_text(text, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The small playbook's graph."""
    return from_text(SMALL, tmp_path_factory.mktemp("small"))
