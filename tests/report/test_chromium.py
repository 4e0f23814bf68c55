"""The page in a real browser, without a screen: nothing runs, nothing leaves, and it opens at once."""

from __future__ import annotations

import random
import re
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from engine.report.morning import report
from tests.report import sheets
from tests.report.test_page import HOSTILE

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here"),
    pytest.mark.xdist_group("chromium"),
]

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--hide-scrollbars",
)  # fmt: skip

LEAKS = [
    '<img src="http://leak.example/1">',
    '"><img src="http://leak.example/2"><i x="',
    "<style>body{background:url(http://leak.example/3)}</style>",
    '<link rel="prefetch" href="http://leak.example/4"><link rel="dns-prefetch" href="//leak.example">',
    '<script src="http://leak.example/5"></script>',
    '<iframe src="http://leak.example/6"></iframe>',
    "<script>document.title='ran';document.body.dataset.ran=1</script>",
    '<svg onload="document.body.dataset.ran=1">',
    '<meta http-equiv="refresh" content="0;url=http://leak.example/7">',
    '<base href="http://leak.example/">',
]


@contextmanager
def proxied() -> Iterator[tuple[str, list[str]]]:
    """A proxy that hears every request of the browser and answers none."""
    heard: list[str] = []

    class Ear(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            heard.append(self.rfile.readline().decode("latin-1"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()


def browse(file: Path, *more: str, proxy: str | None = None) -> str:
    """What the browser makes of a page, or prints."""
    assert BROWSER
    through = [f"--proxy-server={proxy}", "--proxy-bypass-list=<-loopback>"] if proxy else []
    profile = file.parent / "profile"
    command = [BROWSER, *QUIET, *through, f"--user-data-dir={profile}", *more, file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, encoding="utf-8")
    return done.stdout


def hostile() -> pl.DataFrame:
    """Messages in which everything that is text would ask a server or run a script if it could."""
    rows = []
    for number, text in enumerate(LEAKS + HOSTILE):
        rows.append(
            {name: text for name, kind in sheets.SCHEMA.items() if kind == pl.String()}
            | {name: [text] for name, kind in sheets.SCHEMA.items() if kind == pl.List(pl.String)}
            | {"id": f"{number}", "decision": "hand off", "posted_at": sheets.START + timedelta(hours=number)}
            | {"message.direction": "inbound", "message.link": f"http://leak.example/{number}", "notify": []}
        )
    return sheets.frame(rows)


def test_no_script_runs_and_no_request_leaves(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(hostile().lazy(), title=LEAKS[0]).html(), encoding="utf-8")
    with proxied() as (proxy, heard):
        made = browse(file, "--dump-dom", "--virtual-time-budget=2000", proxy=proxy)
    assert "<main" in made
    assert "data-ran" not in made
    assert "<title>ran" not in made
    assert [one for one in heard if "leak.example" in one] == []


def test_the_proxy_hears_and_the_browser_runs_what_is_not_escaped(tmp_path: Path) -> None:
    file = tmp_path / "careless.html"
    file.write_text(f"<!DOCTYPE html><body>{''.join(LEAKS[:7])}", encoding="utf-8")
    with proxied() as (proxy, heard):
        made = browse(file, "--dump-dom", "--virtual-time-budget=2000", proxy=proxy)
    assert "data-ran" in made
    assert [one for one in heard if "leak.example" in one]


def test_the_style_of_the_page_is_let_through_by_its_own_policy(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(sheets.everything().lazy(), title="Test").html(), encoding="utf-8")
    with_style, without = tmp_path / "with.png", tmp_path / "without.png"
    browse(file, f"--screenshot={with_style}", "--window-size=1000,1400")
    bare = tmp_path / "bare.html"
    bare.write_text(
        re.sub(r"<style>.*?</style>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL), encoding="utf-8"
    )
    browse(bare, f"--screenshot={without}", "--window-size=1000,1400")
    broken = tmp_path / "broken.html"
    broken.write_text(file.read_text(encoding="utf-8").replace("<style>", "<style>/* */"), encoding="utf-8")
    refused = tmp_path / "refused.png"
    browse(broken, f"--screenshot={refused}", "--window-size=1000,1400")
    assert with_style.read_bytes() != without.read_bytes()
    assert refused.read_bytes() == without.read_bytes()


@pytest.mark.slow
def test_two_hundred_thousand_decisions_are_a_small_page_that_opens_at_once(tmp_path: Path) -> None:
    count, draw = 200_000, random.Random(7)
    seed = sheets.everything(400)
    rows = pl.Series([draw.randrange(seed.height) for _ in range(count)])
    many = seed[rows].with_columns(
        pl.format("m{}", pl.int_range(count)).alias("id"),
        pl.format("p{}", pl.int_range(count) % 50_000).alias("message.author.id"),
        pl.format("t{}", pl.int_range(count) // 2).alias("thread"),
    )
    many.write_parquet(tmp_path / "sheet.parquet")
    html = report(pl.scan_parquet(tmp_path / "sheet.parquet"), title="Test").html()
    assert len(html.encode()) < 5_000_000
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        browse(file, f"--screenshot={tmp_path / 'shot.png'}", "--window-size=1280,900")
        taken.append(time.perf_counter() - start)
    assert min(taken) < 2, taken
