"""What happens to a repository on GitHub, event after event; each is told once and then looked at.

A story takes a while, and several tests look at each: whoever needs one first has it told, and
other processes of the same session read what was kept of it.
"""

from __future__ import annotations

import fcntl
import pickle
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci.documents import PAGES, ROOT, WORKFLOWS
from ci.events import dispatch, pull_request, push, schedule
from ci.fake_github import GitHub, served
from ci.machine import Event, Machine, Step
from ci.repositories import Repository, shop, tool
from operations.behind import Api
from tenantctl.sandbox import Sandbox

BLOCK = re.compile(r"^```yaml\n# (?P<file>\S+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"OWNER/tenantctl/(\S+)@COMMIT")
OPENSSL = re.compile(r"^\$ (openssl .*)$", re.MULTILINE)
SECRETS = {
    "AUTH0_PLAN_CLIENT_ID": "reads",
    "AUTH0_PLAN_PRIVATE_KEY": "pl4n-key",
    "AUTH0_APPLY_CLIENT_ID": "writes",
    "AUTH0_APPLY_PRIVATE_KEY": "4pply-key",
    "TENANT_SECRETS": '{"CRM_PROD": "tops3cret"}',
}


@dataclass
class Told:
    """What came of one event."""

    jobs: Mapping[str, str]
    outputs: Mapping[str, Mapping[str, Any]]
    steps: list[Step]
    summaries: list[str]
    artifacts: Path
    scanned: list[dict[str, Any]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)

    @property
    def results(self) -> dict[str, str]:
        """How the jobs ended that were not skipped."""
        return {name: result for name, result in self.jobs.items() if result != "skipped"}

    @property
    def log(self) -> str:
        return "\n".join(step.log for step in self.steps)

    def ran(self, name: str) -> Step:
        """The last step of this *name*."""
        return next(step for step in reversed(self.steps) if step.name == name)


@dataclass
class Place:
    """A repository on a GitHub of our own; its tenants outlive every machine."""

    folder: Path
    stubs: Path
    repository: Repository
    github: GitHub
    number: int = 0

    def run(self, file: str | Path, event: Event, **inputs: Any) -> Told:
        """Have *event* set off the workflow *file*."""
        return self.with_secrets({}, file, event, **inputs)

    def with_secrets(
        self, secrets: Mapping[str, str], file: str | Path, event: Event, **inputs: Any
    ) -> Told:
        self.number += 1
        folder = self.folder / f"run-{self.number}"
        live = self.folder / "live"
        live.mkdir(exist_ok=True)
        folder.mkdir()
        (folder / "live").symlink_to(live)
        (folder / "bin").symlink_to(self.stubs)
        machine = Machine(self.repository.origin, folder, event, self.github, secrets)
        path = file if isinstance(file, Path) else WORKFLOWS / file
        jobs = machine.run(path, **inputs)
        return Told(
            {name: job.result for name, job in jobs.items()},
            {name: dict(job.outputs) for name, job in jobs.items()},
            machine.steps,
            machine.summaries,
            machine.artifacts,
            machine.scanned,
            machine.published,
            deepcopy(self.github.comments),
            deepcopy(self.github.issues),
        )


def examples(page: str) -> dict[str, str]:
    """The whole files that a page shows, by their names."""
    return {each["file"]: each["text"] for each in BLOCK.finditer((PAGES / page).read_text())}


def openssl(number: int) -> list[str]:
    """A command that the page shows for backups, the one that makes a key or the one that reads."""
    return OPENSSL.findall((PAGES / "README.md").read_text())[number].split()


def tenants(place: Place) -> dict[str, Told]:
    """This repository's own workflow of tenants, up to a promotion from nowhere."""
    told = {"pull request": place.run("tenants.yml", pull_request())}
    told["push"] = place.run("tenants.yml", push())
    told["night"] = place.run("tenants.yml", schedule())
    nobody = {"target": "tallowbridge/dev", "hotfix": ""}
    told["promotion"] = place.run("tenants.yml", dispatch(**nobody), **nobody)
    return told


def pages(place: Place) -> dict[str, Told]:
    """The examples of the page about GitHub, in somebody's own repository."""
    subprocess.run(openssl(0), cwd=place.folder, check=True, capture_output=True, timeout=60)
    pem = place.folder / "backup.pem"
    pem.rename(place.repository.work / "backup.pem")
    place.repository.push("Whom backups are for")
    files = {}
    for name, text in examples("README.md").items():
        files[Path(name).name] = place.folder / Path(name).name
        files[Path(name).name].write_text(ELSEWHERE.sub(r"$/\1", text))
    told = {"fork": place.run(files["plan.yml"], pull_request("eve/shop"))}
    told["push"] = place.with_secrets(SECRETS, files["apply.yml"], push())
    told["own"] = place.run(files["own.yml"], push())
    hotfix = {"env": "qa", "hotfix": "a test; `touch x` $(touch x)"}
    told["promotion"] = place.with_secrets(SECRETS, files["promote.yml"], dispatch(), **hotfix)
    behind(place.folder / "live", "hearthhollow-dev")
    told["night"] = place.with_secrets(SECRETS, files["night.yml"], schedule())
    return told


def behind(live: Path, tenant: str) -> None:
    """Somebody changes a tenant by hand."""
    domain = f"{tenant}.sandbox.invalid"
    sandbox = Sandbox(domain, live / "sandbox" / f"{domain}.sqlite")
    try:
        api = Api(sandbox, domain)
        (web,) = (each for each in api.items("clients") if each["name"] == "Web")
        api.send("PATCH", f"/clients/{web['client_id']}", {"callbacks": ["https://evil.example"]})
    finally:
        sandbox.close()


def release(place: Place) -> dict[str, Told]:
    """This repository's own releases and its continuous integration."""
    text = (ROOT / "src/tenantctl/__init__.py").read_text()
    version = re.findall(r'__version__ = "(.*)"', text)[0]
    return {
        "tag": place.run("release.yml", push(f"refs/tags/v{version}")),
        "wrong tag": place.run("release.yml", push("refs/tags/v9.9.9")),
        "pull request": place.run("ci.yml", pull_request()),
    }


STORIES: Mapping[str, tuple[Callable[[Path], Repository], Callable[[Place], dict[str, Told]]]] = {
    "tenants": (shop, tenants),
    "pages": (shop, pages),
    "release": (tool, release),
}


def tell(name: str, folder: Path, stubs: Path) -> dict[str, Told]:
    """A story, told by whoever of the session's processes asks first; *folder* is all of theirs."""
    kept = folder / f"{name}.pickle"
    with alone(folder / f"{name}.lock"):
        if not kept.exists():
            place = folder / name
            place.mkdir()
            made, story = STORIES[name]
            with served() as github:
                told = story(Place(place, stubs, made(place), github))
            kept.write_bytes(pickle.dumps(told))
    return dict(pickle.loads(kept.read_bytes()))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
