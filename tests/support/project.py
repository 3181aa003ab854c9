"""A copy of this repository's own tenant in a folder of its own, driven by the command line."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenantctl.cli.__main__ import run
from tenantctl.sandbox import Sandbox

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def command(*arguments: str) -> Ran:
    """Run one command that belongs to no project, in this process, with pipes for a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    return Ran(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Project:
    """A project folder and a way to run commands in it."""

    root: Path

    def run(self, *arguments: str) -> Ran:
        """Run one command in this process, with pipes for a terminal."""
        return command(*arguments, "--chdir", str(self.root))

    def ok(self, *arguments: str) -> Ran:
        """Run one command that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, f"{arguments}: exit {ran.code}\n{ran.out}\n{ran.err}"
        return ran

    @contextmanager
    def sandbox(self, env: str = "dev", tenant: str = "hearthhollow") -> Iterator[Sandbox]:
        """The embedded tenant, looked into without any of our readers."""
        domain = f"{tenant}-{env}.sandbox.invalid"
        sandbox = Sandbox(domain, self.root / ".tenantctl" / "sandbox" / f"{domain}.sqlite")
        try:
            yield sandbox
        finally:
            sandbox.close()

    def writes(self, env: str = "dev") -> int:
        """How many writing requests the embedded tenant has seen."""
        return int(self.ok("sandbox", "status", env, "--json").json["requests"].get("writes", 0))

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace *old*, which must stand there once, in a file of the project."""
        path = self.root / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new))

    def steps(self, env: str = "dev", *options: str) -> list[str]:
        """The ids of the steps of a plan, each with its sign."""
        saved = self.root / "steps.json"
        self.ok("plan", env, "--out", str(saved), *options)
        plan = json.loads(saved.read_text())
        return [step["id"] for step in plan["plan"]["steps"]]


def copy_of_repository(folder: Path) -> Project:
    """This repository's shop alone, in *folder*: where there is one tenant, `ENV` says enough."""
    for name in ("tenants/hearthhollow", "environments/hearthhollow"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return Project(folder)
