"""Which commit a project is at, as Git itself sees it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tenantctl.errors import UsageError
from tenantctl.ledger import commit_of
from tenantctl.ledger.git import commits_of, has_commit, past, trouble


@pytest.fixture
def project(tmp_path):
    """A project in a folder of its repository, with one commit."""
    root = tmp_path / "configuration"
    for name in ("tenants", "environments", "docs"):
        (root / name).mkdir(parents=True)
        (root / name / "a.yaml").write_text("a: 1\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Begin")
    return root


def git(folder, *arguments):
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@hearth.example"]
    run = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_a_clean_project_is_at_its_commit(project):
    assert commit_of(project) == git(project, "rev-parse", "HEAD")


@pytest.mark.parametrize("name", ["tenants/a.yaml", "environments/a.yaml", "tenants/new.yaml"])
def test_a_changed_or_new_file_makes_it_dirty(project, name):
    (project / name).write_text("a: 2\n")
    assert commit_of(project) == git(project, "rev-parse", "HEAD") + "-dirty"


def test_a_change_elsewhere_does_not(project):
    (project / "docs" / "a.yaml").write_text("a: 2\n")
    assert commit_of(project) == git(project, "rev-parse", "HEAD")


def test_there_is_no_commit_outside_git_or_before_the_first(tmp_path):
    assert commit_of(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert commit_of(tmp_path) == ""
    assert commit_of(tmp_path / "missing") == ""


def test_a_broken_repository_is_no_repository(project):
    (project.parent / ".git" / "HEAD").write_text("nonsense")
    assert commit_of(project) == ""


def test_asking_for_the_state_runs_no_program_of_the_project(project, tmp_path):
    hook = tmp_path / "hook.sh"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o700)
    git(project, "config", "core.fsmonitor", str(hook))
    assert commit_of(project)
    assert not (tmp_path / "ran").exists()


def test_the_ledger_does_not_load_git_before_it_is_needed():
    code = "import sys, tenantctl.ledger; sys.exit('git' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_how_the_files_were_at_a_commit_is_written_elsewhere(project, tmp_path):
    first = git(project, "rev-parse", "HEAD")
    (project / "tenants" / "a.yaml").write_text("a: 2\n")
    git(project, "commit", "--quiet", "-am", "Change")
    (project / "tenants" / "a.yaml").write_text("a: 3\n")
    into = tmp_path / "then"
    assert past(project, first[:10], into) == first
    assert (into / "tenants" / "a.yaml").read_text() == "a: 1\n"
    assert (into / "environments" / "a.yaml").read_text() == "a: 1\n"
    assert not (into / "docs").exists()
    assert (project / "tenants" / "a.yaml").read_text() == "a: 3\n"


def test_a_project_at_the_top_of_its_repository_has_a_past_too(tmp_path):
    (tmp_path / "tenants" / "shop").mkdir(parents=True)
    (tmp_path / "tenants" / "shop" / "tenant.yaml").write_text("playbook: b2c\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Begin")
    past(tmp_path, "HEAD", tmp_path / "then")
    assert (tmp_path / "then" / "tenants" / "shop" / "tenant.yaml").is_file()


def test_a_link_of_a_commit_is_the_file_of_that_commit_and_leads_nowhere_else(project, tmp_path):
    links = {"in": "a.yaml", "on": "in.yaml", "loop": "loop.yaml", "gone": "b.yaml", "folder": "."}
    links |= {"out": "/etc/passwd", "up": "../../../../../etc/passwd", "top": "../docs/a.yaml"}
    for name, target in links.items():
        (project / "tenants" / f"{name}.yaml").symlink_to(target)
    (project / "docs" / "a.yaml").write_text("top\n")
    text = (project / "tenants" / "a.yaml").read_text()
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "Link")
    (project / "tenants" / "a.yaml").write_text("by now: another\n")
    past(project, "HEAD", tmp_path / "then", ("tenants",))
    found = {path.stem: path.read_text() for path in (tmp_path / "then" / "tenants").iterdir()}
    assert found == {"a": text, "in": text, "on": text, "top": "top\n"}
    assert not any(path.is_symlink() for path in (tmp_path / "then").rglob("*"))


@pytest.mark.parametrize(
    "commit", ["", "nothing", "--all", "HEAD..HEAD", "0" * 40, "HEAD@{yesterday}", "@{-1}~"]
)
def test_what_is_no_commit_is_refused_in_words(project, tmp_path, commit):
    with pytest.raises(UsageError, match="Git knows no commit"):
        past(project, commit, tmp_path / "then")
    assert not (tmp_path / "then").exists()


def test_outside_git_there_is_no_past(tmp_path):
    with pytest.raises(UsageError, match="Git knows no commit HEAD here: the project is in no Git"):
        past(tmp_path, "HEAD", tmp_path / "then")
    assert commits_of(tmp_path, "tenants") == ()


def test_without_git_there_is_no_past_either(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "git", None)  # what its package says where git is missing
    assert (commits_of(project, "tenants"), has_commit(project, "HEAD")) == ((), False)
    with pytest.raises(UsageError, match="Git knows no commit HEAD here: Git is not installed"):
        past(project, "HEAD", project / "then")


def test_why_git_tells_nothing_is_told_with_what_helps(project, monkeypatch):
    assert trouble(project) == ("", "")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # as in a container's job
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    why, help = trouble(project)
    assert why == "Git refuses this folder, which belongs to somebody else"
    assert help == f"git config --global --add safe.directory {project}"
    with pytest.raises(UsageError, match="belongs to somebody else"):
        past(project, "HEAD", project / "then")


def test_the_commits_of_a_folder_are_those_that_changed_it_on_any_branch(project, monkeypatch):
    first = git(project, "rev-parse", "HEAD")
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "tenants" / "a.yaml").write_text("a: 2\n")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2090-01-01T00:00:00Z")
    git(project, "commit", "--quiet", "-am", "Change")
    second = git(project, "rev-parse", "HEAD")
    (project / "docs" / "a.yaml").write_text("a: 2\n")
    git(project, "commit", "--quiet", "-am", "Tell")
    git(project, "checkout", "--quiet", "-")
    assert commits_of(project, "tenants") == (second, first)
    assert commits_of(project, "tenants", limit=1) == (second,)


def test_a_tree_that_leads_upward_is_written_nowhere(tmp_path):
    git(tmp_path, "init", "--quiet")

    def made(type, data):
        command = ["git", "hash-object", "-t", type, "-w", "--literally", "--stdin"]
        run = subprocess.run(command, cwd=tmp_path, input=data, capture_output=True, check=True)
        return run.stdout.decode().strip()

    def tree(mode, name, of):
        return made("tree", f"{mode} {name}\0".encode() + bytes.fromhex(of))

    evil = tree("100644", "evil.yaml", made("blob", b"a: 1\n"))
    top = tree("40000", "tenants", tree("40000", "..", evil))
    commit = git(tmp_path, "commit-tree", top, "-m", "Crafted")
    (tmp_path / "then").mkdir()
    with pytest.raises(UsageError):
        past(tmp_path, commit, tmp_path / "then" / "inner")
    assert [path.name for path in tmp_path.rglob("evil.yaml")] == []
