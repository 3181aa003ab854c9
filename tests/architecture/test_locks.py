"""What `make install` installs is what pyproject.toml asks for; `make lock` makes it so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"] + PROJECT["build-system"]["requires"]
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?P<rest>.*(?:\n +.*)*)", re.MULTILINE)
LOCKS = {
    name: (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    for name in ("runtime", "dev")
}


def pins(lock):
    return {canonicalize_name(pin["name"]): pin["version"] for pin in PIN.finditer(LOCKS[lock])}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("runtime", each) for each in RUNTIME] + [("dev", each) for each in RUNTIME + DEVELOPMENT],
)
def test_a_lock_pins_every_requirement_within_its_range(lock, wanted):
    requirement = Requirement(wanted)
    assert requirement.specifier.contains(pins(lock)[canonicalize_name(requirement.name)])


def test_people_develop_with_the_versions_that_run():
    assert pins("runtime").items() <= pins("dev").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_nothing_says_where_to_fetch(lock):
    found = list(PIN.finditer(LOCKS[lock]))
    assert len(found) > 20
    assert [pin["name"] for pin in found if "--hash=sha256:" not in pin["rest"]] == []
    assert [line for line in LOCKS[lock].splitlines() if "://" in line or "index" in line] == []
