"""What `terraform show -json` writes is read as what it says."""

from __future__ import annotations

import json

import pytest

from foreign.terraform.written import only, said
from tenantctl.errors import FilesError
from tenantctl.foreign.terraform import read
from tenantctl.model import Secret


def resource(address: str, values, sensitive=None):
    kind, name = address.rpartition("module.x.")[2].split("[")[0].split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": values,
        "sensitive_values": sensitive or {},
    }


STATE = {
    "format_version": "1.0",
    "values": {
        "root_module": {
            "resources": [
                resource(
                    "auth0_client.web",
                    {
                        "id": "abc",
                        "client_id": "abc",
                        "client_secret": "live",
                        "name": "Web",
                        "description": "",
                        "callbacks": ["https://a"],
                        "allowed_origins": [],
                        "addons": [],
                        "jwt_configuration": [{"alg": "RS256", "scopes": {}}],
                        "signing_keys": [{"cert": "x"}],
                    },
                    {"client_secret": True},
                ),
                {"address": "data.auth0_tenant.t", "mode": "data", "type": "auth0_tenant"},
                {"address": "null_resource.n", "mode": "managed", "type": "null_resource"},
            ],
            "child_modules": [
                {
                    "address": "module.x",
                    "resources": [
                        resource(
                            'module.x.auth0_connection.db["a"]',
                            {
                                "id": "con_1",
                                "name": "db",
                                "strategy": "auth0",
                                "options": [{"configuration": {"K": "v"}, "import_mode": False}],
                            },
                            {"options": [{"configuration": {"K": True}}]},
                        ),
                        resource(
                            "module.x.auth0_connection_clients.c",
                            {"connection_id": "con_1", "enabled_clients": ["abc"]},
                        ),
                    ],
                }
            ],
        }
    },
}


def read_json(folder, document):
    path = folder / "state.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read(path, {"dev": None})["dev"]


def test_a_state_is_read_with_its_ids_as_names_and_without_what_says_nothing(tmp_path):
    found = read_json(tmp_path, STATE)
    web = only(found, "clients")
    assert web.names == ("Web", "abc", "auth0_client.web")
    assert dict(web.fields) == {
        "name": "Web",
        "callbacks": ["https://a"],
        "jwt_configuration": {"alg": "RS256"},
    }
    links = only(found, "connection_clients")
    assert links.owners == ('module.x.auth0_connection.db["a"]',)
    assert links.fields["clients"] == ["abc"]
    assert len(found.items) == 3


def test_what_a_state_says_is_sensitive_is_a_secret(tmp_path):
    found = read_json(tmp_path, STATE)
    options = only(found, "connections").fields["options"]
    assert options["configuration"]["K"] == Secret("X_CONNECTION_DB_A_OPTIONS_CONFIGURATION_K")
    assert "live" not in repr(found)
    assert {level for level, _, _ in said(found)} == {"secret"}


PLAN = {
    "format_version": "1.2",
    "planned_values": {
        "root_module": {
            "resources": [
                resource("auth0_client.web", {"name": "Web"}),
                resource("auth0_client.many[0]", {"name": "Many"}),
                resource("auth0_client.many[1]", {"name": "More"}),
                resource("auth0_client_grant.g", {"audience": "https://api.example"}),
                resource("auth0_client_grant.h", {"audience": "https://api.example"}),
            ]
        }
    },
    "configuration": {
        "root_module": {
            "resources": [
                {
                    "address": "auth0_client_grant.g",
                    "expressions": {
                        "client_id": {"references": ["auth0_client.web.id", "auth0_client.web"]}
                    },
                },
                {
                    "address": "auth0_client_grant.h",
                    "expressions": {"client_id": {"references": ["auth0_client.many[0].id"]}},
                },
            ]
        }
    },
}


def test_what_a_plan_cannot_tell_yet_is_told_by_what_it_refers_to(tmp_path):
    found = read_json(tmp_path, PLAN)
    grants = [item.fields["client_id"] for item in found.items if item.kind == "client_grants"]
    assert grants == ["auth0_client.web", "auth0_client.many[0]"]
    assert not found.notes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is not JSON"),
        ("[]", "this is not what `terraform show -json` writes"),
        ('{"lineage": "x", "resources": []}', "this is a state file itself"),
        ('{"values": 1}', "this is not what `terraform show -json` writes"),
        ('{"values": {"root_module": {"resources": [1]}}}', ""),
        ('{"values": {"root_module": {"resources": [{"mode": "managed"}]}}}', ""),
        ('{"values": null}', ""),
    ],
)
def test_json_that_is_nothing_of_the_sort_is_refused_or_empty(tmp_path, text, message):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    if message:
        with pytest.raises(FilesError, match=message):
            read(path, {"dev": None})
    else:
        assert read(path, {"dev": None})["dev"].items == ()
