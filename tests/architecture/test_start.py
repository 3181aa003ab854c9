"""The first second: `--help` must not pay for what it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

HEAVY = {
    "aiohttp", "asyncio", "auth0", "git", "httpx", "jinja2", "jsonschema", "jsonschema_rs",
    "pydantic", "rich", "trustme", "uvicorn",
}  # fmt: skip
START = """
import io, json, sys
from contextlib import redirect_stdout
sys.argv = ["tenantctl", *json.loads(sys.argv[1])]
from tenantctl.cli.__main__ import main
text, code = io.StringIO(), 0
with redirect_stdout(text):
    try:
        code = main()
    except SystemExit as end:
        code = end.code
print(json.dumps({"code": code or 0, "text": text.getvalue(), "modules": sorted(sys.modules)}))
"""


def start(*arguments):
    """A fresh interpreter's exit code, text and modules after `tenantctl` with *arguments*."""
    command = [sys.executable, "-c", START, json.dumps(arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"]], ids=" ".join)
def test_a_start_that_only_prints_loads_nothing_heavy(arguments):
    ended = start(*arguments)
    assert ended["code"] == 0
    assert "tenantctl" in ended["text"]
    assert HEAVY & set(ended["modules"]) == set()


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_what_must_not_be_loaded_is_there_to_load(name):
    assert find_spec(name), "a misspelt or dropped name in HEAVY would guard nothing"
