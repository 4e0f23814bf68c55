"""`use`: several files become one playbook.

Used files stand side by side: term lists that two of them declare under one name are joined, which is how languages
add up. Anything else declared twice is an error, and a file changes what it uses only by `extend` and `replace`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine import resources
from engine.language import syntax as s
from engine.language.checks import (
    check,
    duplicate_definition,
    explain_trouble,
    not_utf8,
    nothing_to_change,
    use_cycle,
    use_escapes,
    use_missing,
)
from engine.language.diagnostics import Diagnostic, has_errors
from engine.language.parse import parse
from engine.language.playbook import TABLES, Playbook
from engine.language.source import Source, Span

SUFFIX = ".playbook"


_NAMESPACES: tuple[tuple[type, ...], ...] = (
    (s.Field, s.Define, s.Scale, s.Score, s.Watch),
    (s.Step, s.Matrix),
    (s.Hours,),
    (s.Terms,),
    (s.Outcome,),
    (s.Ladder,),
    (s.Reply,),
)
"""Kinds of definitions that share their names: a condition cannot hold a scale and a score of one name."""


def load(path: Path) -> tuple[Playbook, list[Diagnostic]]:
    """Read a playbook file and all that it uses.

    Returns what could be read, and every diagnostic of reading and parsing; `checks` says the rest.

    Raises:
        OSError: the file itself cannot be read.
    """
    return _load(path.read_bytes(), str(path), str(path.resolve()), path.resolve().parent)


def load_checked(path: Path) -> tuple[Playbook, list[Diagnostic]]:
    """Like `load`, with everything that the checks say too, in source order.

    Raises:
        OSError: the file itself cannot be read.
    """
    playbook, findings = load(path)
    return playbook, sorted([*findings, *check(playbook)], key=lambda one: one.order)


def load_text(data: bytes | str, name: str, folder: Path | None) -> tuple[Playbook, list[Diagnostic]]:
    """Load a playbook that is already in memory; `folder` is where its `use` looks, None for the shipped ones only."""
    return _load(data, name, name, folder)


def _load(data: bytes | str, name: str, key: str, folder: Path | None) -> tuple[Playbook, list[Diagnostic]]:
    loader = _Loader(folder)
    main = loader.read(data, name)
    loader.follow(main, folder, (key,))
    return loader.merged(main), loader.diagnostics


class _Loader:
    """What has been read so far, in the order in which it takes effect."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self.diagnostics: list[Diagnostic] = []
        self.files: dict[str, s.File] = {}
        self.uses: dict[str, set[str]] = {}
        self.broken: set[str] = set()
        self.incomplete = False

    def read(self, data: bytes | str, name: str) -> s.File:
        if isinstance(data, bytes):
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                text = data.decode("utf-8", errors="replace")
                source = Source(name, text)
                self.diagnostics.append(not_utf8.report(source, error.start))
                return s.File((), (), Span(source, 0, 0))
        else:
            text = data
        source = Source(name, text)
        parsed = parse(source)
        self.diagnostics.extend(explain_trouble(trouble) for trouble in parsed.troubles)
        self.broken |= parsed.broken
        return parsed.file

    def follow(self, file: s.File, folder: Path | None, trail: tuple[str, ...]) -> None:
        """Read what `file` uses, first, so that it takes effect before it."""
        key = trail[-1]
        self.uses[key] = set()
        for statement in file.statements:
            if not isinstance(statement, s.Use):
                continue
            found = self._resolve(statement, folder)
            if found is None:
                self.incomplete = True
                continue
            path, shown = found
            other = str(path)
            self.uses[key].add(other)
            if other in trail:
                self.diagnostics.append(use_cycle.report(statement, (*trail[trail.index(other) :], other)))
            elif other not in self.files:
                used = self.read(path.read_bytes(), shown)
                self.follow(used, path.parent, (*trail, other))
            self.uses[key] |= self.uses.get(other, set())
        self.files[key] = file

    def _resolve(self, use: s.Use, folder: Path | None) -> tuple[Path, str] | None:
        written = use.path.text
        parts = written.replace("\\", "/").split("/")
        if ".." in parts or not written or Path(written).is_absolute() or ":" in written or "\0" in written:
            self.diagnostics.append(use_escapes.report(use))
            return None
        relative = written if written.endswith(SUFFIX) else written + SUFFIX
        roots = [r for r in (folder, self.root, resources.playbooks()) if r is not None]
        for root in roots:
            path = root / relative
            if not path.is_file():
                continue
            resolved = path.resolve()
            if not any(resolved.is_relative_to(r.resolve()) for r in roots):
                self.diagnostics.append(use_escapes.report(use))
                return None
            return resolved, relative.removesuffix(SUFFIX) if root == roots[-1] else str(path)
        known = [
            str(p.relative_to(root).with_suffix("")) for root in roots for p in sorted(root.glob("*.playbook"))
        ] + [f"std/{p.stem}" for p in sorted((resources.playbooks() / "std").glob("*.playbook"))]
        self.diagnostics.append(use_missing.report(use, known))
        return None

    def merged(self, main: s.File) -> Playbook:
        tables: dict[type, dict[str, s.Named]] = {node: {} for node in TABLES}
        origin: dict[tuple[type, str], str] = {}
        guarantees: list[s.Guarantee] = []
        brand: tuple[s.Phrase, ...] = ()
        for key, file in self.files.items():
            for statement in file.statements:
                match statement:
                    case s.Header() | s.Use():
                        pass
                    case s.Guarantee():
                        guarantees.append(statement)
                    case s.Brand(phrases) | s.Extend(s.Brand(phrases)):
                        brand += phrases
                    case s.Replace(s.Brand(phrases)):
                        brand = phrases
                    case s.Extend(s.Terms() as terms):
                        self._extend(tables[s.Terms], terms)
                    case s.Replace(definition) if not isinstance(definition, s.Brand):
                        self._replace(tables, definition)
                    case s.Extend() | s.Replace():  # the brand was above; the grammar extends nothing else
                        pass
                    case _:
                        self._declare(tables, origin, key, statement)
        return Playbook(
            main,
            tuple(self.files.values()),
            guarantees=tuple(guarantees),
            brand=brand,
            broken=frozenset(self.broken) if has_errors(self.diagnostics) else frozenset(),
            incomplete=self.incomplete,
            **{TABLES[node]: table for node, table in tables.items()},  # type: ignore[arg-type]
        )

    def _declare(
        self, tables: dict[type, dict[str, s.Named]], origin: dict[tuple[type, str], str], key: str, one: s.Named
    ) -> None:
        name = one.name.text
        namespace = next(kinds for kinds in _NAMESPACES if type(one) in kinds)
        for kind in namespace:
            earlier = tables[kind].get(name)
            if earlier is None:
                continue
            where = origin.get((kind, name), key)
            side_by_side = where != key and where not in self.uses[key]
            if isinstance(one, s.Terms) and isinstance(earlier, s.Terms) and side_by_side:
                tables[s.Terms][name] = replace(earlier, phrases=earlier.phrases + one.phrases)
            else:
                self.diagnostics.append(duplicate_definition.report(one, earlier, used=where != key))
            return
        tables[type(one)][name] = one
        origin[type(one), name] = key

    def _extend(self, table: dict[str, s.Named], terms: s.Terms) -> None:
        earlier = table.get(terms.name.text)
        if isinstance(earlier, s.Terms):
            table[terms.name.text] = replace(earlier, phrases=earlier.phrases + terms.phrases)
            return
        table[terms.name.text] = terms
        if terms.name.text not in self.broken and not self.incomplete:
            self.diagnostics.append(nothing_to_change.report("extend", terms, table))

    def _replace(self, tables: dict[type, dict[str, s.Named]], one: s.Named) -> None:
        table = tables[type(one)]
        if one.name.text not in table and one.name.text not in self.broken and not self.incomplete:
            self.diagnostics.append(nothing_to_change.report("replace", one, table))
        table[one.name.text] = one
