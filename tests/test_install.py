"""What is built can be installed and used away from the checkout. Needs PyPI for the build tools, as any build does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from engine.version import VERSION

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("install")]

ROOT = Path(__file__).resolve().parent.parent
DEPENDENCIES = sysconfig.get_path("purelib")
PLAYBOOK = """\
playbook "Away" owner "social-care"

use "std/en"

step start
  when text mentions fire
    -> hand off to safety
  otherwise
    -> no reply needed
"""
INBOX = [{"id": "1", "text": "My kettle caught fire"}, {"id": "2", "text": "Lovely weather"}]


def run(*command: str | Path, cwd: Path, code: int = 0, **more: str) -> str:
    """A command's standard output; nothing of this environment but its PATH is handed on."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV"))}
    env |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "LC_ALL": "C.UTF-8"} | more
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def shipped(folder: str) -> list[str]:
    """The files of a folder of the checkout, from the folder on."""
    found = (path for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    return [str(path.relative_to(ROOT)) for path in found if not path.match("*.pyc") and not path.name.startswith(".")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from the sdist."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A virtual environment that has what Hikeshi depends on, and not Hikeshi; its `bin`."""
    folder = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=tmp_path)
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (site / "dependencies.pth").write_text(DEPENDENCIES + "\n", encoding="utf-8")
    return folder / "bin"


def install(fresh: Path, *what: str | Path) -> None:
    run(sys.executable, "-m", "pip", "--python", fresh / "python", "install", "--quiet", "--no-deps", *what, cwd=fresh)


def use(fresh: Path, tmp_path: Path) -> None:
    """What somebody does with it, in a folder of their own."""
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "away.playbook").write_text(PLAYBOOK, encoding="utf-8")
    (desk / "inbox.jsonl").write_text("".join(json.dumps(one) + "\n" for one in INBOX), encoding="utf-8")
    hikeshi = fresh / "hikeshi"
    assert run(hikeshi, "--version", cwd=desk) == f"hikeshi {VERSION}\n"
    run(hikeshi, "check", "--strict", "away.playbook", cwd=desk)
    run(hikeshi, "run", "away.playbook", "inbox.jsonl", "-o", "decisions.jsonl", cwd=desk)
    decided = [json.loads(line) for line in (desk / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["decision"] for one in decided] == ["hand off", "no reply needed"]
    run(hikeshi, "init", "ours", cwd=desk)
    ours = desk / "ours"
    run(hikeshi, "run", "care.playbook", "sample.inbox.jsonl", "-o", "decisions.csv", cwd=ours)
    works_as_a_team(fresh, ours)


def works_as_a_team(fresh: Path, ours: Path) -> None:
    """A new repository passes `hikeshi test` and `pytest`; a fault in its playbook fails both, with rule and incident."""
    commands = [[fresh / "hikeshi", "test"], [fresh / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]]
    for command in commands:
        assert "passed" in run(*command, cwd=ours)
    playbook = ours / "care.playbook"
    whole = playbook.read_text(encoding="utf-8")
    playbook.write_text(whole.replace("hand off to safety", "hand off to marketing"), encoding="utf-8")
    for command in commands:
        printed = run(*command, cwd=ours, code=1)
        for said in (
            "A kettle on fire", "care.incidents.yaml", "A kettle catches fire, and few people see it", "care.feature",
            "team should be safety, is marketing", "crisis[critical, quiet]",
        ):  # fmt: skip
            assert said in printed, (command, said, printed)
    playbook.write_text(whole, encoding="utf-8")


def test_the_wheel_holds_all_that_is_needed(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert {"cli.py", "engine/py.typed", "engine/grammar.lark", "engine/playbooks/std/en.playbook"} <= inside
    assert {"engine/signals/lexicons/en.yaml", "engine/signals/lexicons/ja.yaml"} <= inside
    assert {*shipped("engine"), *(f"engine/{name}" for name in shipped("playbooks"))} <= inside
    top = {name.split("/")[0] for name in inside}
    assert top == {"cli.py", "engine", f"hikeshi-{VERSION}.dist-info"}


def test_the_sdist_holds_all_that_is_needed(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"grammar.lark", "cli.py", "pyproject.toml", "README.md", "LICENSE"} <= inside
    assert {*shipped("engine"), *shipped("playbooks"), *shipped("features"), *shipped("docs")} <= inside


def test_the_wheel_works_away_from_the_checkout(built: Path, fresh: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    install(fresh, wheel)
    place = run(fresh / "python", "-c", "import engine; print(engine.__file__)", cwd=tmp_path)
    assert place.startswith(str(fresh.parent))
    use(fresh, tmp_path)


def test_an_editable_install_works(fresh: Path, tmp_path: Path) -> None:
    install(fresh, "-e", ROOT)
    place = run(fresh / "python", "-c", "import engine; print(engine.__file__)", cwd=tmp_path)
    assert place.strip() == str(ROOT / "engine" / "__init__.py")
    use(fresh, tmp_path)


def test_readme_try_it_works_in_a_copy(tmp_path: Path) -> None:
    """The very line, where what Hikeshi depends on need not be fetched."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    command = text.split("## Try it\n")[1].split("```sh\n")[1].split("\n```")[0]
    copy = tmp_path / "copy"
    leave = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "decisions.*", "node_modules")
    shutil.copytree(ROOT, copy, ignore=leave)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run("bash", "-c", command, cwd=copy, PATH=path, PYTHONPATH=DEPENDENCIES)
    messages = (copy / "playbooks" / "airline.inbox.jsonl").read_text(encoding="utf-8").splitlines()
    inbound = [one for one in map(json.loads, messages) if one.get("direction") != "outbound"]
    decided = [json.loads(line) for line in (copy / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in decided] == [one["id"] for one in inbound]
    assert f"reads {len(messages)} messages" in text
    assert f"decides the {len(inbound)} that" in text


def test_ci_runs_what_readme_says() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    command = text.split("## Test it\n")[1].split("```sh\n")[1].split("\n```")[0]
    shown = run("bash", ".ci/run", "--show", cwd=ROOT)
    place = shown.split("-m venv ")[1].split(" ")[0]
    assert shown.strip() == command.replace(".venv", place)
