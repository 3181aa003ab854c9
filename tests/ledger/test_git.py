"""Which commit a project is at, as Git itself sees it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tenantctl.ledger import commit_of


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
