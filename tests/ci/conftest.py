"""A repository on a GitHub of our own, and machines that run its workflows."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ci.documents import ROOT
from ci.fake_github import GitHub, served
from ci.machine import Event, Machine

PROJECT = (
    "tenants/hearthhollow",
    "tenants/tallowbridge",
    "environments/hearthhollow",
    "environments/tallowbridge",
)
STUBS = Path(__file__).parent / "stubs"


@pytest.fixture(scope="session", autouse=True)
def committers():
    """Git with a name and without anybody's own settings."""
    names = {f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    given = {**dict.fromkeys(names, "ann@example.com"), "GIT_CONFIG_GLOBAL": os.devnull}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    yield
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class Repository:
    """A work tree, and the bare repository that it is pushed to."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.work, self.origin = folder / "work", folder / "origin.git"
        subprocess.run(["git", "init", "-q", "-b", "main", str(self.work)], check=True)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(self.origin)], check=True)
        git(self.work, "remote", "add", "origin", str(self.origin))
        for name in names:
            path = ROOT / name
            if path.is_dir():
                shutil.copytree(path, self.work / name)
            else:
                (self.work / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, self.work / name)
        (self.work / ".gitignore").write_text(".tenantctl/\ndist/\n")
        self.push("The first commit")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.work / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def push(self, message: str) -> None:
        git(self.work, "add", "-A")
        git(self.work, "commit", "-q", "-m", message)
        git(self.work, "push", "-q", "origin", "main")


@pytest.fixture(scope="session")
def stubs(tmp_path_factory) -> Path:
    """Programs that stand before the real ones: a `python` that installs nothing from anywhere."""
    folder = tmp_path_factory.mktemp("stubs")
    for path in STUBS.iterdir():
        target = folder / path.name
        target.write_text(path.read_text().replace("@PYTHON@", sys.executable))
        target.chmod(target.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture(scope="module")
def github() -> Iterator[GitHub]:
    with served() as server:
        yield server


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Repository:
    """The shop alone: what a user's own repository has."""
    return Repository(tmp_path_factory.mktemp("repository"), PROJECT)


@pytest.fixture(scope="module")
def machine(tmp_path_factory, repository, github, stubs) -> Callable[..., Machine]:
    """Makes runs of workflows; the tenants are the same for all of one module."""
    live = tmp_path_factory.mktemp("live")

    def make(event: Event, **more: Any) -> Machine:
        folder = tmp_path_factory.mktemp("run")
        (folder / "live").symlink_to(live)
        (folder / "bin").symlink_to(stubs)
        return Machine(repository.origin, folder, event, github, **more)

    return make
