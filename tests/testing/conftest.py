"""The harness in Node.js, run on units made up for it; and a Node.js to run it with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tenantctl.testing.code import CodeTests, run_code_tests
from tenantctl.testing.node import find_node
from testing.given import UNITS

HARNESS = Path(__file__).parent / "harness"
INSTALLED = {
    "there": "1.0.0",
    "@scope/there": "1.0.0",
    "undeclared": "1.0.0",
}


@pytest.fixture(scope="session")
def node() -> Path:
    """The Node.js that tests of code are run with; the development environment brings one."""
    return find_node(None, os.environ)


@pytest.fixture(scope="session")
def harness_ran(node, tmp_path_factory) -> CodeTests:
    """What the harness shows of itself: all its test files at once, as a tenant's are run."""
    root = tmp_path_factory.mktemp("harness")
    folder = root / "tenants" / "shop" / "tests"
    shutil.copytree(HARNESS, folder)
    for name, version in INSTALLED.items():
        package = root / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(f'{{"name": "{name}", "version": "{version}"}}')
        (package / "index.js").write_text(f"module.exports = () => '{name} {version}';")
    files = [str(path.relative_to(root)) for path in sorted(folder.glob("*.test.mjs"))]
    return run_code_tests(node, root, "shop", files, UNITS)
