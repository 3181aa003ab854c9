"""What is likely wrong in a configuration is told where it stands, and the rest goes on."""

from __future__ import annotations

import json

import pytest

from foreign.deploy_cli.made_up import told, write
from tenantctl.foreign.deploy_cli import read

ACTION = {"name": "a", "code": "./a.js", "supported_triggers": [{"id": "post-login"}]}
ON = {**ACTION, "deployed": True}
BOUND = {"post-login": [{"action_name": "a"}]}
ELSEWHERE = {**ON, "name": "b", "supported_triggers": [{"id": "event-stream"}]}
GRANTS = [
    {"client_id": "Batch", "audience": "https://a", "scope": []},
    {"client_id": "Batch", "audience": "https://b", "scope": []},
]
YAML = [
    # what is said, notes
    ({"actions": [ON], "triggers": BOUND}, []),
    ({"actions": [ON]}, []),
    (
        {"actions": [ACTION], "triggers": BOUND},
        ["mistake: the action a is bound to a trigger, but not deployed"],
    ),
    (
        {"actions": [ON, {**ON, "name": "b"}, ELSEWHERE | {"name": "c"}], "triggers": BOUND},
        ["hint: the action b is bound to no trigger, so it never runs"],
    ),
    (
        {"actions": [ON, {**ACTION, "name": "b"}], "triggers": BOUND},
        ["guess: the action b is not deployed, and bound to no trigger"],
    ),
    (
        {"actions": [ON], "triggers": {"post-login": [{"action_name": "a"}, {"action_name": "z"}]}},
        ["mistake: post-login binds z, which is not among the actions"],
    ),
    ({"triggers": {"post-login": [{"action_name": "z"}]}}, []),
    (
        {"clientGrants": GRANTS, "organizations": [{"name": "o", "client_grants": [GRANTS[1]]}]},
        [],
    ),
    (
        {
            "clientGrants": GRANTS,
            "organizations": [{"name": "o", "client_grants": [{"client_id": "Batch"}]}],
        },
        ["guess: o: Batch has several grants; the first was taken"],
    ),
    (
        {"resourceServers": [{"identifier": "x", "scopes": [{"value": "a", "dance": 1}]}]},
        ["loss: x: scopes.0.dance left out: a field that Auth0 does not take"],
    ),
    (
        {"flows": [{"name": "f", "body": "./gone.json"}]},
        ["mistake: f: there is no file ./gone.json"],
    ),
]


@pytest.mark.parametrize(("said", "notes"), YAML)
def test_what_is_likely_wrong_in_a_yaml_file_is_told(said, notes, tmp_path):
    write(tmp_path, {"tenant.yaml": json.dumps(said), "a.js": "//"})
    assert told(read(tmp_path, {"dev": None})["dev"]) == notes


def test_an_organization_uses_the_first_grant_of_a_client_or_the_one_for_its_api(tmp_path):
    organizations = [
        {"name": "first", "client_grants": [{"client_id": "Batch"}]},
        {"name": "second", "client_grants": [{"client_id": "Batch", "audience": "https://b"}]},
    ]
    said = {"clientGrants": GRANTS, "organizations": organizations}
    write(tmp_path, {"tenant.yaml": json.dumps(said)})
    found = read(tmp_path, {"dev": None})["dev"]
    used = {
        item.owners[0]: item.fields["grants"]
        for item in found.items
        if item.kind == "organization_client_grants"
    }
    assert used == {
        "first": ["Batch / https://a / client"],
        "second": ["Batch / https://b / client"],
    }
    names = [item.names[0] for item in found.items if item.kind == "client_grants"]
    assert names == ["Batch / https://a / client", "Batch / https://b / client"]


PARTIALS = {"login": [{"login": [{"name": "start", "template": "partials/gone.liquid"}, {}]}]}
FOLDERS = [
    (
        {"attack-protection/dance.json": "{}"},
        ["mistake: there is no attack protection dance"],
    ),
    (
        {"prompts/partials.json": json.dumps(PARTIALS)},
        ["mistake: there is no partials/gone.liquid"],
    ),
    (
        {"roles/a.json": '{"name": "caf\udce9"}'},
        ["mistake: this is not UTF-8"],
    ),
    (
        {"emails/reset_email.json": '{"template": "reset_email", "body": "./gone.html"}'},
        ["mistake: reset_email: there is no file ./gone.html"],
    ),
]


@pytest.mark.parametrize(("files", "notes"), FOLDERS)
def test_what_is_likely_wrong_in_a_folder_is_told(files, notes, tmp_path):
    for name, text in {"tenant.json": "{}", **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert told(read(tmp_path, {"dev": None})["dev"]) == notes


def test_scripts_may_be_named_beside_the_options_and_one_provider_stand_alone(tmp_path):
    files = {
        "database-connections/d/database.json": json.dumps(
            {"name": "d", "customScripts": {"login": "./login.js"}}
        ),
        "database-connections/d/login.js": "// login",
        "phone-providers/provider.json": '{"name": "custom", "credentials": {}}',
    }
    found = read(write(tmp_path, files), {"dev": None})["dev"]
    kinds = {item.kind: item.fields for item in found.items}
    assert kinds["connections"]["options"] == {"customScripts": {"login": "// login"}}
    assert kinds["phone_providers"] == {"name": "custom", "credentials": {}}
    assert found.notes == ()
