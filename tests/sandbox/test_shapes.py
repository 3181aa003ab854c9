"""The generated shapes are up to date, complete and closed."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "src" / "tenantctl" / "shapes"


def read(name):
    return json.loads((SHAPES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.thorough
def test_the_committed_shapes_are_what_the_sdk_gives():
    command = [sys.executable, "-m", "tools.generate_shapes", "--check"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("path", sorted(SHAPES.glob("*.json")), ids=lambda path: path.stem)
def test_every_body_is_a_valid_schema(path):
    shape = read(path.stem)
    assert shape["resource"] == path.stem
    for operation in shape["operations"].values():
        assert operation["path"].startswith("/")
        if "body" in operation:
            jsonschema_rs.validator_for(operation["body"])


@pytest.mark.parametrize(
    ("resource", "operation", "body", "valid"),
    [
        ("clients", "create", {"name": "a"}, True),
        ("clients", "create", {"name": "a", "foo": 1}, False),
        ("clients", "create", {}, False),
        ("clients", "update", {"client_secret": "x"}, True),
        ("clients", "create", {"name": "a", "client_secret": "x"}, False),
        ("connections", "update", {"name": "a"}, False),
        ("connections", "create", {"name": "a", "strategy": "auth0", "enabled_clients": []}, False),
        ("roles", "update", {"description": None}, True),
    ],
)
def test_a_body_is_what_its_operation_takes(resource, operation, body, valid):
    schema = read(resource)["operations"][operation]["body"]
    assert jsonschema_rs.validator_for(schema).is_valid(body) is valid


@pytest.mark.parametrize(
    "option",
    [
        "passwordPolicy",
        "customScripts",
        "client_secret",
        "signInEndpoint",
        "discovery_url",
        "scope",
    ],
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_connection_options_are_those_of_every_strategy(operation, option):
    body = read("connections")["operations"][operation]["body"]
    assert option in body["$defs"]["ConnectionOptions"]["properties"]


def test_what_a_read_answers_is_listed():
    assert {"client_id", "name", "signing_keys"} <= set(read("clients")["read"])
    assert {"id", "options", "strategy"} <= set(read("connections")["read"])
