"""auth0-deploy-cli takes the sandbox for Auth0: it exports, imports, and finds what it imported."""

import pytest
import yaml

from conformance import deploy_cli

# Where a type's things are, under which key of a list that is wrapped, and what names them.
TYPES = {
    "actions": ("/actions/actions", "actions", "name"),
    "clients": ("/clients", "", "name"),
    "connections": ("/connections", "", "name"),
    "databases": ("/connections", "", "name"),
    "emailTemplates": ("/email-templates/{}", "", "template"),
    "organizations": ("/organizations", "", "name"),
    "resourceServers": ("/resource-servers", "", "identifier"),
    "roles": ("/roles", "", "name"),
    "rules": ("/rules", "", "name"),
}
FOLDERS = {
    "actions": "actions/*.json",
    "clients": "clients/*.json",
    "connections": "connections/*.json",
    "databases": "database-connections/*/database.json",
    "emailTemplates": "emails/*.json",
    "organizations": "organizations/*.json",
    "resourceServers": "resource-servers/*.json",
    "roles": "roles/*.json",
    "rules": "rules/*.json",
}


@pytest.fixture
def tool():
    return deploy_cli.command()


@pytest.fixture
def served(tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()

    def serve(*names):
        return deploy_cli.serving(folder, names)

    return serve


def names_of(tenant, kind):
    path, key, name = TYPES[kind]
    if "{}" in path:
        return set()
    answer = tenant.get(path)
    items = answer[key] if key else answer
    return {item[name] for item in items}


@pytest.mark.usefixtures("tool")
def test_an_empty_tenant_is_exported(served, tmp_path):
    with served("shop") as tenants:
        text = deploy_cli.export(tenants["shop"], tmp_path / "export")
        exported = yaml.safe_load(text)
        connections = names_of(tenants["shop"], "connections")
    assert connections
    listed = {item["name"] for kind in ("databases", "connections") for item in exported[kind]}
    assert listed == connections
    assert {item["name"] for item in exported["clients"]} <= {"Default App", "tenantctl"}
    assert exported["actions"] == exported["roles"] == exported["organizations"] == []
