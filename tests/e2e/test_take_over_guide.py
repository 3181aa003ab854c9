"""The guide to taking over what exists: its commands run, and it leaves nothing out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.test_readme import commands, missing
from support.project import REPOSITORY
from tenantctl.cli.__main__ import run
from tenantctl.foreign.deploy_cli.types import TYPES as DEPLOY_CLI
from tenantctl.foreign.terraform.types import TYPES as TERRAFORM
from tenantctl.kinds import KINDS
from tenantctl.model import LEVELS

GUIDE = (REPOSITORY / "docs/take-over.md").read_text("utf-8")
SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SHOWN = [
    line.strip()
    for block in SHELL.findall(GUIDE)
    for line in block.splitlines()
    if line.strip().startswith("tenantctl ")
]


@pytest.mark.thorough
def test_the_example_does_what_it_says(tmp_path):
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    steps = commands(GUIDE)
    assert len(steps) >= 8
    for command, shown in steps:
        ran = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        lines = [line.removesuffix("...").rstrip() or line for line in shown]
        assert missing(lines, ran.stdout) == [], f"{command} said\n{ran.stdout}"


@pytest.mark.parametrize("line", SHOWN)
def test_a_command_that_needs_a_tenant_is_one_that_there_is(line, capsys):
    words = shlex.split(line)[1:]
    assert run([words[0], "--help"]) == 0
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("types of auth0-deploy-cli", DEPLOY_CLI),
        ("resources of Terraform", [name.removeprefix("auth0_") for name in TERRAFORM]),
    ],
)
def test_the_guide_says_what_becomes_of_everything(what, names):
    cells = set(re.findall(r"`(\w+)`", GUIDE))
    assert set(names) - cells == set(), what


def test_every_kind_that_the_guide_names_is_one():
    tables = re.findall(r"^\| `.*\| (.*) \|$", GUIDE, re.MULTILINE)
    named = {name for cell in tables for name in re.findall(r"`([a-z]+_[a-z_]+)`", cell)}
    fields = {"custom_login_page", "scim_configuration", "directory_provisioning"}
    fields |= {"discovery_domains", "guardian_"}
    assert named - KINDS.keys() - fields == set()


def test_every_level_of_notes_is_explained():
    rows = GUIDE.split("## The report")[1].count("\n| ") - 1
    assert rows == len(LEVELS)
