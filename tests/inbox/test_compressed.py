"""Compressed exports are read as what is in them; what cannot be unpacked says so in one line."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

from engine import resources
from engine.batch.run import run
from engine.inbox import InboxError, open_inbox, open_inboxes
from engine.language.load import load
from engine.plan import Plan, compile_plan

PLAYBOOKS = resources.playbooks()
EXPORT = PLAYBOOKS / "airline.inbox.jsonl"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def airline() -> Plan:
    return compile_plan(load(PLAYBOOKS / "airline.playbook")[0])


def packed(folder: Path, kind: str, data: bytes, inner: str = "export.jsonl") -> Path:
    path = folder / f"{inner}.{kind}"
    match kind:
        case "gz":
            path.write_bytes(gzip.compress(data[:1000]) + gzip.compress(data[1000:]))
        case "zst":
            path.write_bytes(pa.compress(data, codec="zstd", asbytes=True))
        case _:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("__MACOSX/._export", b"x")
                archive.writestr("folder/", b"")
                archive.writestr(f"folder/{inner}", data)
    return path


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_compressed_export_is_decided_as_what_is_in_it(
    airline: Plan, tmp_path: Path, kind: str, workers: int
) -> None:
    run(airline, [open_inbox(str(EXPORT))], str(tmp_path / "plain.jsonl"), None)
    inbox = open_inbox(str(packed(tmp_path, kind, EXPORT.read_bytes())))
    assert inbox.name.endswith(kind)
    assert inbox.format == "jsonl"
    run(airline, [inbox], str(tmp_path / "out.jsonl"), None, piece_size=30_000, workers=workers)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "plain.jsonl").read_bytes()


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_the_name_inside_tells_the_format(tmp_path: Path, kind: str) -> None:
    assert open_inbox(str(packed(tmp_path, kind, b"id\ttext\n1\ta\n", "export.tsv"))).format == "tsv"


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_what_is_damaged_says_so(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path, kind, EXPORT.read_bytes())
    whole = path.read_bytes()
    truncated = [whole[:-30], whole[: len(whole) // 2]]
    changed = [whole[:300] + b"\xff" * 60 + whole[360:]] if kind != "zst" else []  # its check sum is optional
    for broken in (*truncated, *changed):
        path.write_bytes(broken)
        with pytest.raises(InboxError, match="cannot be unpacked, it is damaged"):
            open_inbox(str(path))


def test_an_archive_of_several_exports_is_several_inboxes(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(7):
            archive.writestr(f"{number}.csv", "id,text\n1,a\n")
    found = open_inboxes([str(path)])
    assert [one.name for one in found] == [f"{path}/{number}.csv" for number in range(7)]
    with pytest.raises(InboxError, match=r"holds 7 inboxes \(.*/0.csv, .* and 4 more\)"):
        open_inbox(str(path))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/", b"")
    with pytest.raises(InboxError):
        open_inbox(str(path))


def test_a_workbook_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(InboxError, match="workbook"):
        open_inbox(str(path))


def test_what_was_compressed_twice_or_is_empty_says_so(tmp_path: Path) -> None:
    path = packed(tmp_path, "gz", gzip.compress(b"id,text\n1,a\n"), "export.csv")
    with pytest.raises(InboxError, match="gzip-compressed twice"):
        open_inbox(str(path))
    with pytest.raises(InboxError, match="empty"):
        open_inbox(str(packed(tmp_path, "gz", b"", "export.csv")))


def test_what_was_unpacked_is_gone_when_the_command_ends(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    path = packed(tmp_path, "gz", EXPORT.read_bytes())
    done = subprocess.run(
        [sys.executable, ROOT / "cli.py", "inbox", path],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path / "tmp")},
    )
    assert "351 messages" in done.stdout
    assert not list((tmp_path / "tmp").iterdir())
