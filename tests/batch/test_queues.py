"""Work queues: everything that waits is in one, the most urgent first; nothing that is done, and no formula."""

from __future__ import annotations

import csv
import errno
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import resources
from engine.batch import queues
from engine.batch.queues import COLUMNS, file_names, write_queues
from engine.batch.run import run
from engine.inbox import open_inbox
from engine.language.load import load
from engine.plan import compile_plan

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TIME, TEXT = pl.Datetime("us", "UTC"), pl.String()
SCHEMA = {
    **dict.fromkeys(("id", "thread"), TEXT),
    "posted_at": TIME,
    **dict.fromkeys(("channel", "decision", "team", "severity", "exposure", "because"), TEXT),
    **dict.fromkeys(("acknowledge_by", "reply_by", "resolve_by", "follow_up_at"), TIME),
    "tags": pl.List(TEXT),
    **dict.fromkeys(("priority", "assign", "reply"), TEXT),
    **dict.fromkeys(("message.text", "message.author.name", "message.author.handle", "message.link"), TEXT),
    "message.author.followers": pl.Int64(),
    "message.answered_at": TIME,
    "message.answered_by": TEXT,
}
Row = dict[str, Any]


def row(id_: str, decision: str | None = "respond publicly", **more: object) -> Row:
    return {"id": id_, "decision": decision, "posted_at": AT, "message.text": "hello"} | more


def sheet(*rows: Row) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema=SCHEMA)


def read(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def written(folder: Path, *rows: Row, as_of: datetime | None = AT) -> dict[str, list[dict[str, str]]]:
    counts = write_queues(folder, sheet(*rows), as_of=as_of, levels=("low", "high"))
    found = read(folder)
    assert sum(counts.values()) == sum(map(len, found.values()))
    assert {name: len(found[file.removesuffix(".csv")]) for name, file in file_names(counts).items()} == counts
    return found


def order(folder: Path, *rows: Row) -> list[str]:
    return [one["id"] for one in written(folder, *rows)["care"]]


# ---- who gets what


def test_each_team_has_its_own_and_what_needs_nobody_is_in_none(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        row("1", "hand off", team="PR", assign="Mika"),
        row("2", "take private"),
        row("3", assign="Mika"),
        row("4", "ignore as troll", assign="Mika"),
        row("5", "no reply needed", assign="Mika"),
        row("6", None),
        row("7", **{"message.answered_by": "brand"}),
        row("8", **{"message.answered_by": "peer", "message.answered_at": AT}),
    )
    assert {name: [one["id"] for one in its] for name, its in found.items()} == {
        "Mika": ["3"], "PR": ["1"], "care": ["2", "8"],
    }  # fmt: skip


def test_what_was_answered_later_than_the_moment_of_the_queue_still_waits(tmp_path: Path) -> None:
    answered = {"message.answered_by": "brand", "message.answered_at": AT}
    rows = (row("1", **answered), row("2"))
    for as_of, waiting in ((AT - timedelta(seconds=1), ["1", "2"]), (AT, ["2"]), (None, ["2"])):
        found = written(tmp_path / str(as_of), *rows, as_of=as_of)
        assert [one["id"] for one in found["care"]] == waiting


def test_every_message_of_a_run_that_waits_is_in_one_queue(tmp_path: Path) -> None:
    plan = compile_plan(load(resources.playbooks() / "airline.playbook")[0])
    inbox = open_inbox(str(resources.playbooks() / "airline.inbox.jsonl"))
    taken: list[pl.DataFrame] = []

    def then(sheets: Any) -> None:
        taken.append(pl.concat([pl.read_parquet(path) for path in sheets.paths], how="diagonal_relaxed"))
        write_queues(tmp_path / "queues", taken[0].lazy(), levels=("low", "medium", "high", "critical"))

    run(plan, [inbox], str(tmp_path / "out.jsonl"), None, then=then)
    expected: dict[str, set[str]] = {}
    for one in taken[0].iter_rows(named=True):
        if one["message.answered_by"] == "brand" or one["decision"] in {None, "ignore as troll", "no reply needed"}:
            continue
        own = one["team"] if one["decision"] == "hand off" else one["assign"] or "care"
        expected.setdefault(own, set()).add(one["id"])
    found = {name: {one["id"] for one in its} for name, its in read(tmp_path / "queues").items()}
    assert found == expected
    assert len(found) > 4


# ---- in which order


def test_the_most_urgent_comes_first(tmp_path: Path) -> None:
    early, late = AT - timedelta(hours=1), AT + timedelta(hours=1)
    rows = (
        row("low", priority="low", severity="high"),
        row("late", reply_by=late),
        row("early", resolve_by=late, reply_by=early),
        row("high", severity="high"),
        row("urgent", priority="urgent"),
        row("b"),
        row("a", priority="normal"),
        row("before", posted_at=early),
        row("whenever", posted_at=None),
    )
    assert order(tmp_path, *rows) == ["urgent", "high", "early", "late", "before", "a", "b", "whenever", "low"]
    assert [one["overdue"] for one in read(tmp_path)["care"]][2:4] == ["yes", ""]
    assert read(tmp_path)["care"][2]["due"] == "2026-03-02T08:00:00Z"


moments = st.sampled_from([None, *(AT + timedelta(minutes=30 * number) for number in range(4))])
some_rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(st.characters(codec="utf-8"), max_size=3),
            "decision": st.sampled_from(["respond publicly", "take private", "hand off", "no reply needed", None]),
            "team": st.sampled_from(["PR", "care"]),
            "assign": st.sampled_from([None, None, "Mika"]),
            "priority": st.sampled_from([None, "low", "normal", "high", "urgent"]),
            "severity": st.sampled_from([None, "low", "high", "another playbook's"]),
            "acknowledge_by": moments,
            "reply_by": moments,
            "resolve_by": moments,
            "posted_at": moments,
            "message.answered_at": moments,
            "message.answered_by": st.sampled_from([None, "brand", "peer"]),
        }
    ),
    unique_by=lambda one: one["id"],
    max_size=25,
)


@settings(max_examples=150)
@given(some_rows)
def test_queues_are_as_a_plain_sort_would_have_them(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    def key(one: Row) -> tuple[object, ...]:
        never = datetime.max.replace(tzinfo=UTC)
        due = min([one[name] or never for name in ("acknowledge_by", "reply_by", "resolve_by")])
        priority = ["urgent", "high", "normal", "low"].index(one["priority"] or "normal")
        severity = {"high": 0, "low": 1}.get(one["severity"], 2)
        return priority, severity, due, one["posted_at"] or never, one["id"].encode()

    expected: dict[str, list[Row]] = {}
    for one in sorted(rows, key=key):
        at = one["message.answered_at"]
        answered = one["message.answered_by"] == "brand" and (at is None or at <= AT + timedelta(hours=1))
        if one["decision"] not in {None, "no reply needed"} and not answered:
            own = one["team"] if one["decision"] == "hand off" else one["assign"] or "care"
            expected.setdefault(own, []).append(one)
    folder = tmp_path_factory.mktemp("queues")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(queues, "_PART", 9)
        patched.setattr(queues, "_AT_ONCE", 2)
        found = written(folder, *rows, as_of=AT + timedelta(hours=1))
    ids = {name: [one["id"] for one in its] for name, its in found.items()}
    assert {name: [one.removeprefix("'") for one in its] for name, its in ids.items()} == {
        name: [one["id"].removeprefix("'") for one in its] for name, its in expected.items()
    }
    for name, its in expected.items():
        dues = [
            min(filter(None, (one["acknowledge_by"], one["reply_by"], one["resolve_by"])), default=None) for one in its
        ]
        late = ["yes" if due and due < AT + timedelta(hours=1) else "" for due in dues]
        assert [one["overdue"] for one in found[name]] == late


def test_without_levels_severity_has_no_part_in_the_order(tmp_path: Path) -> None:
    rows = sheet(row("1", severity="low"), row("2", severity="high"))
    write_queues(tmp_path, rows)
    assert [one["id"] for one in read(tmp_path)["care"]] == ["1", "2"]


# ---- what stands in them


def test_a_person_sees_all_that_is_needed_to_act(tmp_path: Path) -> None:
    said = {
        "thread": "t", "channel": "x", "severity": "high", "exposure": "viral", "because": "somebody may be hurt",
        "priority": "urgent", "reply": "dm_please", "tags": ["crisis", "by name"], "reply_by": AT + timedelta(seconds=0.25),
        "follow_up_at": AT + timedelta(days=1), "message.text": '発煙、\n"help", please', "message.link": "https://x.example/1",
        "message.author.name": "美香", "message.author.handle": "mika", "message.author.followers": 1200,
    }  # fmt: skip
    found = written(tmp_path, row("7", "take private", **said))
    assert found == {
        "care": [
            {
                "due": "2026-03-02T09:00:00.25Z", "overdue": "", "priority": "urgent", "severity": "high",
                "exposure": "viral", "decision": "take private", "channel": "x", "who": "美香 / mika", "followers": "1200",
                "text": '発煙、\n"help", please', "because": "somebody may be hurt", "draft": "dm_please",
                "tags": "crisis | by name", "link": "https://x.example/1", "follow_up_at": "2026-03-03T09:00:00Z",
                "id": "7", "thread": "t", "posted_at": "2026-03-02T09:00:00Z",
            }
        ]
    }  # fmt: skip
    assert (tmp_path / "care.csv").read_bytes().startswith(b"\xef\xbb\xbfdue,overdue,priority,")
    assert list(found["care"][0]) == list(COLUMNS)


HOSTILE = [
    "=cmd()",
    "@x",
    "+1",
    "-cmd",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＠x",
    '=1","=2',
    '"',
    "a;b",
    "a,b",
    "a\nb",
    "\u202ex",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_execute_is_inert_and_the_rest_is_whole(text: str, tmp_path: Path) -> None:
    names = [name for name, kind in SCHEMA.items() if kind == TEXT and name not in {"decision", "priority", "assign"}]
    said = {name: text for name in names if name != "message.answered_by"}
    cells = written(tmp_path, row(text, **said, tags=[text]))["care"][0]
    inert = text if text[0] in '"a\u202e' else f"'{text}"
    for name in ("severity", "exposure", "channel", "text", "because", "draft", "tags", "link", "id", "thread"):
        assert cells[name] == inert, name
    assert cells["who"] == (f"{text} / {text}" if inert == text else f"'{text} / {text}")


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    found = written(tmp_path, row("1", **{"message.text": "🙂" * 16_000}), row("2", **{"message.text": "🙂" * 16_001}))
    whole, cut = (one["text"] for one in found["care"])
    assert whole == "🙂" * 16_000
    assert cut == whole + "…"
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_columns_that_a_sheet_lacks_are_empty(tmp_path: Path) -> None:
    assert write_queues(tmp_path, pl.LazyFrame({"id": ["1"], "decision": ["hand off"], "team": ["PR"]})) == {"PR": 1}
    assert {name: value for name, value in read(tmp_path)["PR"][0].items() if value} == {
        "id": "1", "decision": "hand off",
    }  # fmt: skip
    empty = pl.LazyFrame(schema={"id": pl.String, "decision": pl.String, "rule": pl.String})
    assert write_queues(tmp_path, empty) == {}
    assert read(tmp_path) == {"PR": []}
    assert write_queues(tmp_path / "new", empty) == {}
    assert read(tmp_path / "new") == {}


def test_without_a_moment_the_latest_of_the_sheet_counts(tmp_path: Path) -> None:
    rows = [row("1", reply_by=AT + timedelta(hours=1)), row("ours", None, posted_at=AT + timedelta(hours=2))]
    assert written(tmp_path, *rows, as_of=None)["care"][0]["overdue"] == "yes"
    assert written(tmp_path, rows[0], as_of=None)["care"][0]["overdue"] == ""


# ---- files


def test_yesterdays_queue_is_emptied_and_other_files_stay(tmp_path: Path) -> None:
    written(tmp_path, row("1", "hand off", team="PR"))
    (tmp_path / "notes.csv").write_text("mine\n", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    assert write_queues(tmp_path, sheet(row("2"))) == {"care": 1}
    assert (tmp_path / "notes.csv").read_text(encoding="utf-8") == "mine\n"
    assert (tmp_path / "PR.csv").read_text(encoding="utf-8-sig") == ",".join(COLUMNS) + "\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["PR.csv", "care.csv", "folder.csv", "notes.csv"]


def test_a_file_that_is_no_queue_is_never_written_over_and_nothing_changes(tmp_path: Path) -> None:
    written(tmp_path, row("1", "hand off", team="PR"), row("2", "hand off", team="ads"))
    before = (tmp_path / "ads.csv").read_bytes()
    noted = b"\xef\xbb\xbf" + ",".join([*COLUMNS, "done"]).encode() + b"\nsomebody's notes\n"
    for text in (b"mine\n", noted, b""):
        (tmp_path / "care.csv").write_bytes(text)
        with pytest.raises(FileExistsError, match="no work queue of ours") as raised:
            write_queues(tmp_path, sheet(row("3"), row("4", "hand off", team="ads")))
        assert raised.value.filename == str(tmp_path / "care.csv")
        assert (tmp_path / "care.csv").read_bytes() == text
        assert (tmp_path / "ads.csv").read_bytes() == before
        assert len(read(tmp_path)["PR"]) == 1
        assert sorted(one.name for one in tmp_path.iterdir()) == ["PR.csv", "ads.csv", "care.csv"]


def test_a_sheet_that_cannot_be_read_leaves_no_folder_and_no_change(tmp_path: Path) -> None:
    def broken(_: pl.Series) -> pl.Series:
        raise RuntimeError("unreadable")

    rows = sheet(row("1")).with_columns(pl.col("reply").map_batches(broken, return_dtype=pl.String))
    with pytest.raises(Exception, match="unreadable"):
        write_queues(tmp_path / "new", rows)
    assert list(tmp_path.iterdir()) == []
    written(tmp_path, row("2"))
    with pytest.raises(Exception, match="unreadable"):
        write_queues(tmp_path, rows)
    assert [one["id"] for one in read(tmp_path)["care"]] == ["2"]
    assert [one.name for one in tmp_path.iterdir()] == ["care.csv"]


def test_a_folder_is_made_where_it_is_wanted_and_others_may_read_it(tmp_path: Path) -> None:
    written(tmp_path / "a" / "b", row("1"))
    assert os.name == "nt" or (tmp_path / "a" / "b" / "care.csv").stat().st_mode & 0o400
    assert os.name == "nt" or (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o777 & ~umask()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OSError):  # noqa: PT011  whatever the system says
        written(tmp_path / "file", row("1"))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def umask() -> int:
    value = os.umask(0)
    os.umask(value)
    return value


def test_a_team_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    teams = ("../../PR", "..", ".", "", "/etc/passwd", "C:\\x", "a\0b")
    written(tmp_path / "q", *(row(str(number), "hand off", team=team) for number, team in enumerate(teams)))
    assert len(list((tmp_path / "q").iterdir())) == len(teams)
    assert [one.name for one in tmp_path.iterdir()] == ["q"]


def test_names_that_people_know_are_kept() -> None:
    kept = ["care", "press office", "広報・本社", "Société №1", "安全 デスク", "emea.care", "R&D (night)", "🙂"]
    assert file_names(kept) == {name: f"{name}.csv" for name in sorted(kept)}


def test_of_names_that_differ_by_case_only_the_first_keeps_it() -> None:
    found = file_names(["care", "Care", "CARE", "STRASSE", "straße"])
    assert found["CARE"] == "CARE.csv"
    assert len({one.casefold() for one in found.values()}) == 5


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9.txt", "con .x", "COM²", "CONIN$"])
def test_names_that_windows_keeps_for_itself_are_changed(name: str) -> None:
    (file,) = file_names([name]).values()
    assert file.startswith("_")


@given(
    st.sets(
        st.text(st.characters(codec="utf-8"), max_size=300)
        | st.sampled_from(["a", "A", "á", "a\u0301", "a/", "a_", "con"])
    )
)
def test_any_names_give_files_that_every_system_can_have(names: set[str]) -> None:
    found = file_names(names)
    assert found.keys() == names
    files = list(found.values())
    assert len({unicodedata.normalize("NFC", one).casefold() for one in files}) == len(files)
    for file in files:
        assert len(file.encode()) <= 255
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', file)
        assert file == file.strip()
        assert file[0] not in ".-~"
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)\s*\..*", file)
    assert file_names(sorted(names, reverse=True)) == found


FULL = """
import sys
from pathlib import Path
import polars as pl
from engine.batch.queues import write_queues
folder = Path(sys.argv[1])
def sheet(size):
    ids = pl.int_range(size, dtype=pl.Int64, eager=True).cast(pl.String)
    return pl.LazyFrame({"id": ids, "decision": ["take private"] * size}).with_columns(
        pl.col("id").hash().cast(pl.String).repeat_by(20).list.join("").alias("message.text")
    )
write_queues(folder, sheet(10))
before = (folder / "care.csv").read_bytes()
try:
    write_queues(folder, sheet(100_000))
except OSError as error:
    print(error.errno, error.filename, (folder / "care.csv").read_bytes() == before, len(list(folder.iterdir())))
"""


def test_a_full_disk_is_said_and_leaves_the_queues_as_they_were(tmp_path: Path) -> None:
    if not shutil.which("unshare"):
        pytest.skip("no way to have a small disk here")
    mounted = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"', tmp_path]
    if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no way to have a small disk here")
    for folder in (tmp_path / "queues", tmp_path):  # the folder's own disk, or the disk it is the top of
        program = [*mounted, sys.executable, "-c", FULL, folder]
        done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
        assert done.stdout == f"{errno.ENOSPC} {folder} True 1\n"
