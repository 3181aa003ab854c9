"""Planted secrets are not in what a team shares and reads: branch, reports, events, comparisons."""

from __future__ import annotations

import subprocess

import pytest

from e2e import canaries
from e2e.test_canaries import Watch
from support.project import Project, copy_of_repository

DEV = "hearthhollow/dev"
FORMS = ("md", "html", "json", "sarif", "xml", "txt")


def reports(name: str, *forms: str) -> tuple[str, ...]:
    """A report of each form."""
    return tuple(word for form in forms for word in ("--report", f"{{root}}/{name}.{form}"))


COMMANDS: list[tuple[int, tuple[str, ...]]] = [
    (0, ("validate", DEV, *reports("validate", "sarif", "json", "xml", "txt"))),
    (0, ("plan", DEV, "--full", "--out", "{root}/saved.json", *reports("plan", *FORMS))),
    (0, ("plan", DEV, "--json-into", "{root}/saved.jsonl", "--stats")),
    (0, ("show", "{root}/saved.json", *reports("show", *FORMS))),
    (2, ("drift", DEV, "--detailed-exitcode", *reports("drift", "md", "json", "sarif", "txt"))),
    (0, ("drift", DEV, "--json", "--json-into", "{root}/drift.jsonl")),
    (0, ("diff", f"live:{DEV}", DEV, *reports("diff", "md", "json"))),
    (0, ("diff", f"receipt:{DEV}", f"live:{DEV}", "--json")),
    (0, ("diff", "{root}/saved.json", f"{DEV}@HEAD", "--json")),
    (0, ("backup", DEV, "--to", "{root}/backup.json")),
    (0, ("diff", "{root}/backup.json", f"live:{DEV}")),
    (0, ("parity", "hearthhollow", "--all")),
    (0, ("rehearse", DEV, *reports("rehearse", "md", "json", "xml", "txt"))),
    (0, ("rehearse", "{root}/saved.json", "--json", "--json-into", "{root}/rehearse.jsonl")),
    (0, ("apply", "{root}/saved.json", "--json-into", "{root}/apply.jsonl", "--stats")),
    (0, ("apply", DEV, "--yes", "--rotate", "EXTRA_06", "--json-into", "{root}/again.jsonl")),
    (0, ("attest", DEV, "privacy_review", "--reason", "looked at")),
    (0, ("promote", "hearthhollow/qa", "--yes", *reports("promote", "md", "json"))),
    (0, ("receipts", "log", DEV, "--json")),
    (0, ("receipts", "fetch", DEV)),
    (0, ("bootstrap", DEV)),
    (0, ("lock", "show", DEV)),
]


def git(folder, *arguments: str) -> bytes:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@hearth.example"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, check=True
    ).stdout


@pytest.fixture
def watch(tmp_path, monkeypatch):
    """A project full of canaries that shares its receipts, applied once."""
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    project = copy_of_repository(tmp_path / "project")
    canaries.plant(project)
    for env in ("dev", "qa", "prod"):
        path = project.root / f"environments/hearthhollow/{env}.yaml"
        text = path.read_text()
        needed = [name for name in [*canaries.EXTRA, *canaries.KEPT] if f"  {name}:" not in text]
        more = "".join(f"  {name}: {{from: generated}}\n" for name in needed)
        path.write_text(text.replace("secrets:\n", f"secrets:\n{more}") + "\nreceipts: {}\n")
    (project.root / ".gitignore").write_text(".tenantctl/\n")
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(project.root, "init", "--quiet")
    git(project.root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(project.root, "add", ".")
    git(project.root, "commit", "--quiet", "-m", "Begin")
    project.ok("apply", DEV, "--yes")
    secrets = {
        *canaries.VALUES.values(),
        *canaries.generated(project),
        *canaries.kept_by_the_tenant(project),
    }
    assert len(secrets) >= 30
    return Watch(project, secrets)


@pytest.mark.thorough
def test_nothing_that_is_shared_reported_or_compared_tells_a_secret(watch, tmp_path):
    canaries.strew(watch.project)
    for code, arguments in COMMANDS:
        assert watch.run(*arguments) == code, arguments
    listed = watch.project.ok("receipts", "log", DEV, "--json").json["receipts"]
    for each in listed:
        assert watch.run("receipts", "show", DEV, each["name"], "--json") == 0
    kinds = {each["kind"] for each in listed}
    assert kinds >= {"apply", "drift", "attestation", "test"}

    objects = git(tmp_path / "remote.git", "cat-file", "--batch-all-objects", "--batch")
    told = objects.decode("utf-8", "replace")
    assert '"receipt"' in told
    assert canaries.seen(told, watch.secrets) == []


def test_the_search_finds_a_secret_on_the_branch(watch, tmp_path):
    """The test above would notice: what it looks through is what others get."""
    secret = canaries.VALUES["EXTRA_01"]
    project = Project(watch.project.root)
    project.ok("attest", DEV, "privacy_review", "--reason", f"key {secret}")
    objects = git(tmp_path / "remote.git", "cat-file", "--batch-all-objects", "--batch")
    assert canaries.seen(objects.decode("utf-8", "replace"), watch.secrets) == [secret[:14]]
