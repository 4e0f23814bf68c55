"""What people name: any format, told from its look and saying how sure; folders, archives, and quarantines again."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from engine.batch.run import run
from engine.inbox import Inbox, InboxError, coverage, open_inbox, open_inboxes
from engine.inbox.detect import names
from engine.inbox.formats import DOCUMENTS
from engine.language.load import load_text
from engine.plan import Plan, compile_plan

FIXTURES = Path(__file__).parent / "formats"
PLAYBOOK = 'field extra.plan: text\nstep start\n  when text mentions "fire" and likes >= 3 -> hand off to safety\n  otherwise -> respond publicly\n'


@pytest.fixture(scope="module")
def plan() -> Plan:
    playbook, findings = load_text(PLAYBOOK, "a.playbook", None)
    assert not findings
    return compile_plan(playbook)


def opened(path: Path, **how: object) -> Inbox:
    return open_inbox(str(path), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "format_", "sure"),
    [
        ("a.jsonl", '{"id": "1", "text": "a"}\n', "jsonl", "certain"),
        ("a.txt", '{"id": "1", "text": "a"}\n{"id": "2", "note": "b"}\n{"id": "3", "note": "c"}', "jsonl", "a guess"),
        ("a.csv", "id,text\n1,a\n", "csv", "certain"),
        ("a.csv", "Message ID,Body,Created at,Author,Followers\n1,a,2026-01-05T10:00:00Z,Mika,3\n", "csv", "likely"),
        ("a.csv", "Number,Description\n1,a\n", "csv", "a guess"),
        ("a.json", '[{"id": "1", "text": "a"},\n {"id": "2", "text": "b"}]', "json", "likely"),
        ("a.json", '{\n "id": "1",\n "text": "a"\n}\n', "json", "likely"),
        ("a.csv", ("tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
                   "1,Mika,True,Tue Oct 31 22:10:47 +0000 2017,a,,\n"), "twitter-support", "certain"),
    ],
)  # fmt: skip
def test_a_format_is_told_and_how_sure_that_is(
    tmp_path: Path, name: str, content: str, format_: str, sure: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = opened(tmp_path / name)
    assert (found.format, found.sure) == (format_, sure)
    assert found.why
    assert coverage(found).messages >= 1


def test_every_document_fixture_is_told_from_all_others() -> None:
    for path in sorted(FIXTURES.glob("*.*json")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        fit = [one.NAME for one in DOCUMENTS if one.looks_like(path.name, text)]
        assert len(fit) <= 1, (path.name, fit)


def test_a_format_that_is_asked_for_is_used_and_one_that_is_none_says_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    with pytest.raises(InboxError, match="did you mean `brandwatch`"):
        opened(tmp_path / "a.csv", format="brandwach")
    assert len(set(names())) == len(names()) > 20


def test_our_own_accounts_write_outbound(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,author.handle\n1,a,AcmeCare\n2,b,mika\n", encoding="utf-8")
    found = coverage(opened(tmp_path / "a.csv", us=["@acmecare"]))
    assert (found.inbound, found.outbound) == (1, 1)


def test_a_folder_is_all_its_files_and_what_systems_put_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "2026-02.csv").write_text("id,text\n2,b\n", encoding="utf-8")
    (tmp_path / "2026-01.csv.gz").write_bytes(gzip.compress(b"id,text\n1,a\n"))
    (tmp_path / "b" / "march.jsonl").write_text('{"id":"3","text":"c"}\n', encoding="utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"\0\1")
    found = open_inboxes([str(tmp_path)])
    assert [one.name.removeprefix(f"{tmp_path}/") for one in found] == [
        "2026-01.csv.gz",
        "2026-02.csv",
        "b/march.jsonl",
    ]


def test_pages_of_one_document_format_are_one_inbox(tmp_path: Path, plan: Plan) -> None:
    for number in range(3):
        page = {"data": [{"id": f"{number}", "text": "fire", "conversation_id": "1", "author_id": "9",
                          "edit_history_tweet_ids": [f"{number}"]}], "meta": {"result_count": 1}}  # fmt: skip
        (tmp_path / f"page{number}.json").write_text(json.dumps(page), encoding="utf-8")
    [inbox] = open_inboxes([str(tmp_path)])
    assert (inbox.format, len(inbox.sources)) == ("x-api", 3)
    assert coverage(inbox).messages == 3


def test_a_file_of_a_folder_that_is_no_inbox_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("Remember to call Mika.\n", encoding="utf-8")
    with pytest.raises(InboxError, match=r"notes\.txt has no column"):
        open_inboxes([str(tmp_path)])


def run_again(plan: Plan, inbox: Path, folder: Path, number: int, **how: object) -> tuple[list[str], Path]:
    out, bad = folder / f"out{number}.jsonl", folder / f"bad{number}.jsonl"
    run(plan, open_inboxes([str(inbox)], **how), str(out), bad)  # type: ignore[arg-type]
    return [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()], bad


def corrected(bad: Path, *changes: tuple[str, str]) -> None:
    text = bad.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    bad.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_rows_of_a_table_are_read_again_when_they_were_corrected(tmp_path: Path, plan: Plan, encoding: str) -> None:
    rows = 'id;text;likes\n1;"火事だ; two\nlines";12k\n2;fire;3\n3;"open;1\n4;a;b;c\n5;日本;1.6E+4x\n'
    (tmp_path / "a.csv").write_bytes(rows.encode(encoding))
    ids, bad = run_again(plan, tmp_path / "a.csv", tmp_path, 1)
    assert ids == ["2"]
    kept = [json.loads(line) for line in bad.read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["header"], row["format"]) for row in kept] == [
        (line, "id;text;likes", "csv") for line in (2, 5, 6, 7)
    ]
    corrected(bad, ("12k", "12000"), ("1.6E+4x", "3"))
    ids, again = run_again(plan, bad, tmp_path, 2)
    assert ids == ["1", "5"]
    still = [json.loads(line) for line in again.read_text(encoding="utf-8").splitlines()]
    assert still == [kept[2], kept[1]] or still == kept[1:3]
    corrected(again, ('3;\\"open;1', "3;open;1"), ("4;a;b;c", "4;a b c;"))
    assert sorted(run_again(plan, again, tmp_path, 3)[0]) == ["3", "4"]


def test_rows_of_a_map_want_the_map_again(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "a.csv").write_text("Ticket,Body,Hearts\nT1,fire,x\nT2,b,3\n", encoding="utf-8")
    written = "format: csv\ncolumns: {id: Ticket, text: Body, likes: Hearts}\n"
    (tmp_path / "a.yaml").write_text(written, encoding="utf-8")
    ids, bad = run_again(plan, tmp_path / "a.csv", tmp_path, 1, map_file=str(tmp_path / "a.yaml"))
    assert ids == ["T2"]
    corrected(bad, ("T1,fire,x", "T1,fire,4"))
    assert run_again(plan, bad, tmp_path, 2, map_file=str(tmp_path / "a.yaml"))[0] == ["T1"]


def test_lines_are_read_again_and_bytes_that_are_no_text_are_kept(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        b'{"id": "1", "text": "a\xff"}\n{"id": "2", "text": "b"}\n{"id": "2", "text": "twice"}\n{"id": "3", "text": "c"\n'
        + b"".join(b'{"id": "more%d", "text": "d"}\n' % number for number in range(9))
    )
    ids, bad = run_again(plan, tmp_path / "a.jsonl", tmp_path, 1)
    assert ids == ["2", *(f"more{number}" for number in range(9))]
    corrected(bad, ('\\"twice\\"', '\\"later\\"'), ('\\"2\\"', '\\"4\\"'), ('\\"c\\"', '\\"c\\"}'))
    ids, again = run_again(plan, bad, tmp_path, 2)
    assert ids == ["4", "3"]
    [row] = [json.loads(line) for line in again.read_text(encoding="utf-8").splitlines()]
    assert row["line"] == 1
    corrected(again, ("\\\\xff", "!"))
    assert run_again(plan, again, tmp_path, 3)[0] == ["1"]


def test_messages_of_a_document_keep_their_own_bytes_and_are_corrected_as_messages(tmp_path: Path, plan: Plan) -> None:
    posts = [
        {"id": "1", "text": "fire", "conversation_id": "1", "author_id": "9", "edit_history_tweet_ids": ["1"],
         "created_at": "soon"},
        {"id": "2", "text": "b", "conversation_id": "1", "author_id": "9", "edit_history_tweet_ids": ["2"]},
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({"data": posts, "meta": {}}, indent=1), encoding="utf-8")
    ids, bad = run_again(plan, tmp_path / "a.json", tmp_path, 1)
    assert ids == ["2"]
    [row] = [json.loads(line) for line in bad.read_text(encoding="utf-8").splitlines()]
    assert row["raw"].startswith("{")
    assert '"edit_history_tweet_ids"' in row["raw"]
    assert (row["line"], row["message"]["posted_at"]) == (3, "soon")
    row["message"]["posted_at"] = "2026-01-05T10:00:00Z"
    bad.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert run_again(plan, bad, tmp_path, 2)[0] == ["1"]


def test_json_of_a_map_is_corrected_as_it_was_written(tmp_path: Path, plan: Plan) -> None:
    rows = [{"n": 1, "words": {"said": "fire"}, "hearts": "x"}, {"n": 2, "words": {"said": "b"}, "hearts": 3}]
    (tmp_path / "a.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (tmp_path / "a.yaml").write_text("columns: {id: n, text: words.said, likes: hearts}\n", encoding="utf-8")
    ids, bad = run_again(plan, tmp_path / "a.json", tmp_path, 1, map_file=str(tmp_path / "a.yaml"))
    assert ids == ["2"]
    corrected(bad, ('\\"x\\"', "4"))
    assert run_again(plan, bad, tmp_path, 2, map_file=str(tmp_path / "a.yaml"))[0] == ["1"]


def test_a_map_goes_before_what_a_file_looks_like_and_not_with_a_product(tmp_path: Path) -> None:
    post = {"id": "1", "text": "a", "author_id": "9", "edit_history_tweet_ids": ["1"], "note": "of ours"}
    (tmp_path / "a.json").write_text(json.dumps([post]), encoding="utf-8")
    (tmp_path / "a.yaml").write_text("columns: {id: id, text: note}\n", encoding="utf-8")
    assert opened(tmp_path / "a.json").format == "x-api"
    mapped = opened(tmp_path / "a.json", map_file=str(tmp_path / "a.yaml"))
    assert (mapped.format, coverage(mapped).first_rows["text"].to_list()) == ("json", ["of ours"])
    with pytest.raises(InboxError, match="x-api knows its own fields: leave out --map"):
        opened(tmp_path / "a.json", map_file=str(tmp_path / "a.yaml"), format="x-api")


def test_a_mail_that_cannot_be_read_keeps_its_line(tmp_path: Path, plan: Plan) -> None:
    mails = "".join(
        f"From a@shop.test Mon Mar  2 09:00:0{n} 2026\nFrom: a@shop.test\nMessage-ID: <{n}@shop.test>\n"
        f"Date: {date}\nSubject: fire\n\nHello\n\n"
        for n, date in enumerate(["Mon, 2 Mar 2026 09:00:00 +0900", "the day before", "Mon, 2 Mar 2026 09:00:00 +0900"])
    )
    (tmp_path / "box.mbox").write_text(mails, encoding="utf-8")
    ids, bad = run_again(plan, tmp_path / "box.mbox", tmp_path, 1)
    assert ids == ["0@shop.test", "2@shop.test"]
    [row] = [json.loads(line) for line in bad.read_text(encoding="utf-8").splitlines()]
    assert row["line"] in (9, 10)
    assert "the day before" in row["raw"]


def test_rows_of_parquet_are_read_again(tmp_path: Path, plan: Plan) -> None:
    import polars as pl

    pl.DataFrame({"Message ID": ["1", "2"], "Body": ["a", "b"], "likes": ["x", "2"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    ids, bad = run_again(plan, tmp_path / "a.parquet", tmp_path, 1)
    assert ids == ["2"]
    corrected(bad, ('\\"x\\"', '\\"7\\"'))
    assert run_again(plan, bad, tmp_path, 2)[0] == ["1"]


def test_a_row_that_is_broken_in_the_quarantine_itself_is_kept(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1"}\n{"id": "2", "text": "b"}\n', encoding="utf-8")
    _, bad = run_again(plan, tmp_path / "a.jsonl", tmp_path, 1)
    bad.write_text(bad.read_text(encoding="utf-8") + '{"inbox": "half\n', encoding="utf-8")
    _, again = run_again(plan, bad, tmp_path, 2)
    kept = [json.loads(line) for line in again.read_text(encoding="utf-8").splitlines()]
    assert [row["line"] for row in kept] == [1, 2]
    assert kept[1]["raw"] == '{"inbox": "half'
    _, third = run_again(plan, again, tmp_path, 3)
    assert [json.loads(line)["raw"] for line in third.read_text(encoding="utf-8").splitlines()] == [
        r["raw"] for r in kept
    ]


def test_an_x_archive_is_one_inbox_as_a_folder_and_as_a_zip(tmp_path: Path, plan: Plan) -> None:
    tweets = [{"tweet": {"id_str": str(n), "id": str(n), "full_text": "fire &amp; smoke", "created_at":
                         "Thu Jan 26 08:15:54 +0000 2023"}} for n in range(3)]  # fmt: skip
    files = {
        "data/tweets.js": "window.YTD.tweets.part0 = " + json.dumps(tweets),
        "data/account.js": 'window.YTD.account.part0 = [{"account": {"accountId": "7", "username": "acme"}}]',
        "data/ad-impressions.js": "window.YTD.ad_impressions.part0 = []",
        "Your archive.html": "<html></html>",
    }
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name, text in files.items():
            (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "folder" / name).write_text(text, encoding="utf-8")
            archive.writestr(name, text)
    for path in ("archive.zip", "folder"):
        found = coverage(opened(tmp_path / path))
        assert (found.format, found.messages, found.outbound) == ("x-archive", 3, 3)
        assert found.first_rows["text"].to_list()[0] == "fire & smoke"
