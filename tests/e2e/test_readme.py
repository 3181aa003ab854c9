"""The tutorial of the README: every command runs, and every line it shows is really said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.project import REPOSITORY

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(section: str) -> list[tuple[str, list[str]]]:
    """Each command of the console blocks with the lines that are shown for it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(section):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def missing(shown: list[str], said: str) -> list[str]:
    """The shown lines that were not said, in this order; `...` stands for anything.

    Where only the name of a step is shown, what stands beside it may differ.
    """
    lines, place, lacking = said.splitlines(), 0, []
    for line in shown:
        if line == "...":
            continue
        fits = (n for n in range(place, len(lines)) if lines[n].rstrip().startswith(line.rstrip()))
        at = next(fits, None)
        if at is None:
            lacking.append(line)
        else:
            place = at + 1
    return lacking


@pytest.mark.thorough
def test_the_tutorial_does_what_it_says(project):
    tutorial = (REPOSITORY / "README.md").read_text().split("## Five minutes")[1].split("\n## ")[0]
    steps = commands(tutorial)
    assert len(steps) >= 8
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NO_COLOR": "1",
    }
    for command, shown in steps:
        ran = subprocess.run(
            command,
            shell=True,
            cwd=project.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        assert missing(shown, ran.stdout) == [], f"{command} said\n{ran.stdout}"


def test_the_first_screen_shows_a_real_plan(applied):
    screen = (REPOSITORY / "README.md").read_text().split("## Five minutes")[0]
    ((command, shown),) = commands(screen)
    applied.edit(
        "tenants/hearthhollow/phase1/architecture.yaml",
        "friendly_name: Hearth & Hollow",
        "friendly_name: Hearth and Hollow",
    )
    applied.edit(
        "tenants/hearthhollow/phase1/authentication.yaml",
        'callbacks: ["${var.shop_url}/callback"]',
        'callbacks: ["${var.shop_url}/return"]',
    )
    said = applied.ok(*command.split()[1:]).out
    assert missing(shown, said) == [], said
