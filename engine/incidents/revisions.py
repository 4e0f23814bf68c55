"""A playbook as it was: a file, or one of a git revision, with the files beside it that it may use."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath


class RevisionError(Exception):
    """There is no such playbook. The message is one clear paragraph for people."""


@contextmanager
def playbook_at(name: str) -> Iterator[Path]:
    """A playbook's file: `name` itself, or `REVISION:PATH` as git has it, in a folder that is gone afterwards.

    PATH counts from the folder where one stands, as every other path does.

    Raises:
        RevisionError: there is no such file, revision or repository.

    >>> with playbook_at("playbooks/airline.playbook") as path:
    ...     path.name
    'airline.playbook'
    """
    path = Path(name)
    if path.is_file():
        yield path
        return
    revision, colon, inside = name.partition(":")
    if not colon or not revision or not inside or path.exists() or revision.startswith("-"):
        raise RevisionError(f"{name} is not a file" if path.exists() else f"there is no playbook {name}")
    place = PurePosixPath(inside)
    with tempfile.TemporaryDirectory(prefix="hikeshi-") as folder:
        tree = _git("rev-parse", "--verify", f"{revision}:./{place.parent}", of=name).decode().strip()
        for file in (
            _git("ls-tree", "-r", "--full-tree", "--name-only", "-z", tree, of=name)
            .decode("utf-8", "replace")
            .split("\0")
        ):
            if file.endswith(".playbook"):
                target = Path(folder, file)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_git("cat-file", "blob", f"{tree}:{file}", of=name))
        found = Path(folder, place.name)
        if not found.is_file():
            raise RevisionError(f"git has no playbook {inside} in {revision}")
        yield found


def _git(*arguments: str, of: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise RevisionError(f"there is no file {of}, and no git here to look it up in a revision")
    done = subprocess.run([git, *arguments], capture_output=True, check=False)  # noqa: S603  a list, not a shell's line
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[-1].removeprefix("fatal: ") if said else "git did not say why"
        raise RevisionError(f"there is no file {of}, and git cannot find it either: {why}")
    return done.stdout
