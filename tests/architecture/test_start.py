"""The first second: `--help` must not pay for what it does not use."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from support.project import command
from tenantctl.cli.verbs import VERBS

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

UNUSED = {"cryptography", "jwt", "pygments", "requests", "rich"}


def start(*arguments):
    """A fresh interpreter's exit code, text and modules after `tenantctl` with *arguments*."""
    call = [sys.executable, "-c", START, json.dumps(arguments)]
    run = subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)
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


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_there_with_its_help_as_the_list_says(verb):
    listed, own = command("--help"), command(verb, "--help")
    assert (listed.code, own.code) == (0, 0)
    assert f"tenantctl {verb} " in own.out
    lines = listed.out.partition("Commands:")[2].splitlines()
    said = next(line for line in lines if line.split()[:1] == [verb])
    first = " ".join(own.out.split("\n\n")[1].split())
    assert first.startswith(said.split(maxsplit=1)[1].removesuffix("...").strip().rstrip("."))


def test_a_verb_builds_no_other_verb():
    ended = start("kinds", "--help")
    others = {f"tenantctl.cli.{VERBS[verb].partition(':')[0]}" for verb in VERBS if verb != "kinds"}
    assert others & set(ended["modules"]) == set()


def test_a_program_that_asks_a_tenant_loads_nothing_of_its_libraries_that_it_never_calls():
    code = (
        "import contextlib, json, sys\n"
        "from tenantctl.__main__ import main\n"
        "sys.argv = ['tenantctl', 'kinds', '--help']\n"
        "with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(SystemExit):\n"
        "    main()\n"
        "import tenantctl.gateway.live\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    call = [sys.executable, "-c", code]
    run = subprocess.run(call, capture_output=True, text=True, timeout=60, check=True)
    loaded = set(json.loads(run.stdout))
    assert "tenantctl.gateway.live" in loaded
    assert loaded & UNUSED == set()
