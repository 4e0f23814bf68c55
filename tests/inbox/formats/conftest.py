"""What the tests of document formats share: an export written in the test, and what its format makes of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from engine.inbox.document import Broken, Document, Dropped, Found

HERE = Path(__file__).parent
ODD = (None, [], {}, 3, 1.5, "x", True, [None], [{}], {"x": []})


class Export:
    """All that a format finds in an export."""

    def __init__(self, module: ModuleType, files: dict[str, str], us: frozenset[str]) -> None:
        self.documents = [Document(f"/nowhere/{name}", name, text) for name, text in files.items()]
        self.all = list(module.messages(self.documents, us))
        self.found = [one for one in self.all if isinstance(one, Found)]
        self.broken = [one for one in self.all if isinstance(one, Broken)]
        self.dropped = [one.what for one in self.all if isinstance(one, Dropped)]

    @property
    def messages(self) -> list[dict]:
        """The messages without what is unknown."""
        return [{name: value for name, value in one.fields.items() if value is not None} for one in self.found]

    def column(self, name: str) -> list[object]:
        return [one.fields.get(name) for one in self.found]

    @property
    def quarantined(self) -> list[tuple[str, str]]:
        """The characters that cannot be read, and why."""
        return [(one.document.text[one.start : one.end], one.reason) for one in self.broken]


@pytest.fixture
def export() -> Callable[..., Export]:
    """`export(x_api, "a.json", us={"7"})` reads files of this folder; `export(x_api, {"a.json": "{}"})` these texts."""

    def reader(module: ModuleType, files: str | dict[str, str], *us: str) -> Export:
        if isinstance(files, str):
            files = {files: (HERE / files).read_text(encoding="utf-8")}
        return Export(module, files, frozenset(us))

    return reader


@pytest.fixture
def mangled() -> Callable[[object], Iterator[object]]:
    """`mangled(sample)` -> the sample, each time with another of its values, at any depth, replaced by something odd."""

    def places(value: object, way: tuple = ()) -> Iterator[tuple]:
        yield way
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, one in inside:
            yield from places(one, (*way, key))

    def mangler(sample: object) -> Iterator[object]:
        for way in places(sample):
            for odd in ODD:
                if not way:
                    yield odd
                    continue
                whole = copy.deepcopy(sample)
                at = whole
                for key in way[:-1]:
                    at = at[key]
                at[way[-1]] = odd
                yield whole

    return mangler
