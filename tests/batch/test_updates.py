"""One message in several files: the newest update is decided, the others are counted, nothing is lost or doubled."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.run import run
from engine.batch.single import explain_id
from engine.inbox import open_inboxes
from engine.language.load import load_text
from engine.plan import Plan, compile_plan


def plan() -> Plan:
    playbook, findings = load_text(
        'step start\n  when text mentions "fire" -> hand off to safety\n  otherwise -> respond publicly\n',
        "a.playbook",
        None,
    )
    assert not findings
    return compile_plan(playbook)


PLAN = plan()


def decided(folder: Path, **options: object) -> tuple[list[tuple[str, str]], object]:
    out = folder.with_name("out.jsonl")
    found = run(PLAN, open_inboxes([str(folder)]), str(out), folder.with_name("bad.jsonl"), **options)  # type: ignore[arg-type]
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return [(row["id"], row["decision"]) for row in rows], found


def month(folder: Path, name: str, *rows: dict[str, object]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_later_file_wins_where_nothing_says_when_a_row_was_changed(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    month(folder, "2026-01.jsonl", {"id": "1", "text": "fire"}, {"id": "2", "text": "fire"})
    month(folder, "2026-02.jsonl", {"id": "1", "text": "out again"}, {"id": "3", "text": "hello"})
    rows, found = decided(folder)
    assert rows == [("2", "hand off"), ("1", "respond publicly"), ("3", "respond publicly")]
    assert (found.superseded, found.quarantined, found.messages) == (1, 0, 3)  # type: ignore[attr-defined]


def test_the_newest_update_wins_wherever_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    month(folder, "1.jsonl", {"id": "1", "text": "fire", "updated_at": "2026-02-02T10:00:00Z"})
    month(folder, "2.jsonl", {"id": "1", "text": "before", "updated_at": "2026-02-01T10:00:00Z"})
    assert decided(folder)[0] == [("1", "hand off")]


def test_an_update_within_one_file_wins_too(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    rows = [
        {"id": "1", "text": text, "updated_at": f"2026-02-0{day}T10:00:00Z"}
        for day, text in ((1, "a"), (3, "fire"), (2, "b"))
    ]
    month(folder, "1.jsonl", *rows)
    assert decided(folder)[0] == [("1", "hand off")]


def test_the_same_id_twice_in_one_file_is_a_fault_and_not_an_update(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    month(folder, "1.jsonl", {"id": "1", "text": "fire"}, {"id": "1", "text": "again"})
    month(folder, "2.jsonl", {"id": "2", "text": "hello"})
    rows, found = decided(folder)
    assert rows == [("1", "hand off"), ("2", "respond publicly")]
    assert (found.superseded, found.quarantined) == (0, 1)  # type: ignore[attr-defined]
    [bad] = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (bad["line"], bad["raw"]) == (2, '{"id": "1", "text": "again"}')


def test_explain_speaks_of_the_newest(tmp_path: Path) -> None:
    folder = tmp_path / "months"
    month(folder, "1.jsonl", {"id": "1", "text": "fire"})
    month(folder, "2.jsonl", {"id": "1", "text": "hello"})
    explained = explain_id(PLAN, open_inboxes([str(folder)]), "months", "1")
    assert explained.message["text"] == "hello"


ROW = st.tuples(st.sampled_from("abc"), st.sampled_from([None, 1, 2, 3]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ROW, min_size=1, max_size=5), min_size=2, max_size=3), st.integers(30, 200))
def test_every_row_is_decided_replaced_or_quarantined_once(
    files: list[list[tuple[str, int | None]]], size: int
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "months"
        rows: dict[str, list[tuple[int, int, int | None]]] = {}
        for at, file in enumerate(files):
            lines = []
            for line, (name, updated) in enumerate(file):
                rows.setdefault(name, []).append((at, line, updated))
                row = {"id": name, "text": f"{at} {line}"}
                lines.append(row if updated is None else row | {"updated_at": f"2026-01-0{updated}T00:00:00Z"})
            month(folder, f"{at}.jsonl", *lines)  # type: ignore[arg-type]
        written, found = decided(folder, piece_size=size)
        lost = again = 0
        for its in rows.values():
            told = all(updated is not None for _, _, updated in its)
            file, line, _ = max(its, key=lambda one: (one[2] or 0, one[0], one[1]))
            rest = [one for one in its if one[:2] != (file, line)]
            faults = [one for one in rest if one[0] == file and not told]
            again += len(faults)
            lost += len(rest) - len(faults)
        assert sorted(name for name, _ in written) == sorted(rows)
        assert (found.superseded, found.quarantined) == (lost, again)  # type: ignore[attr-defined]
