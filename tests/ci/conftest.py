"""Stories of repositories on GitHub, and programs that stand before the real ones."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ci.fake_github import GitHub, served
from ci.stories import Told, tell
from ci.told import Fake, Ran

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


@pytest.fixture(scope="session")
def stubs(tmp_path_factory) -> Path:
    """Programs that stand before the real ones: a `python` that installs nothing from anywhere."""
    folder = tmp_path_factory.mktemp("stubs")
    for path in STUBS.iterdir():
        target = folder / path.name
        target.write_text(path.read_text().replace("@PYTHON@", sys.executable))
        target.chmod(target.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture(scope="session")
def told(tmp_path_factory, worker_id, stubs) -> Callable[[str], dict[str, Told]]:
    """Stories by their names; each is told once for all processes of the session."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "stories"
    folder.mkdir(exist_ok=True)
    return lambda name: tell(name, folder, stubs)


@pytest.fixture(scope="module")
def github() -> Iterator[GitHub]:
    with served() as server:
        yield server


@pytest.fixture
def fake(tmp_path) -> Fake:
    """A tenantctl that does what it is told."""
    return Fake(tmp_path)


@pytest.fixture
def run(fake) -> Callable[..., Ran]:
    """Runs a script of an action with such a tenantctl."""
    return fake.run
