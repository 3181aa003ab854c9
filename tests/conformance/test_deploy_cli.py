"""auth0-deploy-cli takes the sandbox for Auth0: it exports, imports, and finds what it imported."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from campaigns.figures import commit, table, write_page
from conformance import deploy_cli
from conformance.drawn import furnish
from tenantctl.sandbox import Sandbox

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
LISTED = tuple(kind for kind, (path, _, _) in TYPES.items() if "{}" not in path)
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


@pytest.mark.thorough
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


@dataclass(frozen=True)
class Configuration:
    """A published configuration: where it lies, its keywords, and the domain it was written for."""

    name: str
    path: str
    keywords: str = ""
    domain: str = ""


CONFIGURATIONS = (
    Configuration("distributeaid", ".", domain="distributeaid.eu.auth0.com"),
    Configuration(
        "infas", "tenant.yaml", "_derived/mappings.example.json", domain="example.us.auth0.com"
    ),
    Configuration("xlair", "tenant.yaml", "_derived/mappings.example.json"),
    Configuration("tms", "tenant.yaml"),
)
SECRETS = (
    "CONNECTIONS_GOOGLE_APPS_SECRET",
    "CONNECTIONS_OKTA_SECRET",
    "EVENT_STREAM_WEBHOOK_BEARER_TOKEN",
)
# It publishes every module anew, and writes a default of its own into databases.
RESTLESS = {"latest_version_number", "disable_self_service_change_password"}
CLEARED = "holds the clients, connections, roles, ... of a new tenant and no others"
TWINS = ("distributeaid", "infas")


def prepared(configuration, shared, folder, tenant):
    """A copy that speaks of the served tenant where it spoke of its own; the path to import."""
    copy = folder / configuration.name
    shutil.copytree(shared / "data" / "configs" / configuration.name, copy, copy_function=put)
    if configuration.domain:
        for path in filter(Path.is_file, copy.rglob("*")):
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            text = text.replace(configuration.domain, tenant.domain)
            path.write_text(text, encoding="utf-8", errors="surrogateescape")
    found = sorted(copy.rglob(configuration.path)) if configuration.path != "." else [copy]
    return found[0], keywords(configuration, copy)


def put(source, target):
    Path(target).write_bytes(Path(source).read_bytes())


def keywords(configuration, copy):
    if not configuration.keywords:
        return {}
    text = (copy / configuration.keywords).read_text(encoding="utf-8")
    return {"AUTH0_KEYWORD_REPLACE_MAPPINGS": text}


def declared(path, variables):
    """The names a configuration gives, by type, as the tool reads them."""
    if path.is_dir():
        return {kind: names_in(path, pattern, TYPES[kind][2]) for kind, pattern in FOLDERS.items()}
    text = path.read_text(encoding="utf-8")
    known = json.loads(variables.get("AUTH0_KEYWORD_REPLACE_MAPPINGS", "{}"))
    for word, value in known.items():
        text = text.replace(f"@@{word}@@", json.dumps(value)).replace(f"##{word}##", str(value))
    document = yaml.safe_load(text)
    return {
        kind: {item[name] for item in document.get(kind) or []}
        for kind, (_, _, name) in TYPES.items()
    }


def names_in(folder, pattern, name):
    """What the files say; the provider of e-mails lies among the templates and has no such name."""
    read = (json.loads(file.read_text(encoding="utf-8")) for file in folder.glob(pattern))
    return {item[name] for item in read if name in item}


def check_held(tenant, names):
    """How many of these names the tenant holds; fails where it lacks one."""
    count = 0
    for kind, wanted in names.items():
        if "{}" in TYPES[kind][0]:
            held = {name for name in wanted if tenant.get(f"/email-templates/{name}")}
        else:
            held = names_of(tenant, kind) if wanted else set()
        assert wanted <= held, (kind, wanted - held)
        count += len(wanted)
    return count


@pytest.mark.campaign
@pytest.mark.usefixtures("tool")
def test_configurations_are_imported_exported_and_imported_again(shared, served, tmp_path):
    began, rows = time.monotonic(), [("tenant", "what", "seen")]
    make_rich(tmp_path / "served")
    names = [each.name for each in CONFIGURATIONS]
    with served("empty", "rich", *names, *(f"{name}-twin" for name in TWINS)) as tenants:
        new = tenants["empty"]
        deploy_cli.export(new, tmp_path / "empty")
        rows += own_export(tenants["rich"], tmp_path)
        for configuration in CONFIGURATIONS:
            rows += imported(configuration, shared, tenants, tmp_path)
        last = tenants[TWINS[0]]
        clear(last, tmp_path)
        for kind in LISTED:
            left = {name.replace(last.domain, new.domain) for name in names_of(last, kind)}
            assert left == names_of(new, kind), kind
        rows.append((TWINS[0], "import of an empty tenant's export, deletes allowed", CLEARED))
    write(rows, time.monotonic() - began)


def make_rich(folder):
    folder.mkdir(exist_ok=True)
    box = Sandbox("rich.sandbox.invalid", folder / "rich.sqlite")
    furnish(box)
    box.close()


def own_export(tenant, folder):
    """With the secrets that the tool cannot export and would lose otherwise."""
    first = deploy_cli.export(tenant, folder / "rich-1")
    secrets = json.dumps(dict.fromkeys(SECRETS, "secret"))
    file = folder / "rich-1" / "tenant.yaml"
    deploy_cli.import_(tenant, file, AUTH0_KEYWORD_REPLACE_MAPPINGS=secrets)
    assert settled(deploy_cli.export(tenant, folder / "rich-2")) == settled(first)
    yield (
        "rich",
        "export, import of that export, export",
        "both exports are alike, but for what the tool itself changes",
    )


def settled(export):
    """Without what the tool itself changes with every import."""
    return [line for line in export.splitlines() if line.split(":")[0].strip() not in RESTLESS]


def imported(configuration, shared, tenants, folder):
    name = configuration.name
    tenant = tenants[name]
    path, variables = prepared(configuration, shared, folder, tenant)
    deploy_cli.import_(tenant, path, **variables)
    count = check_held(tenant, declared(path, variables))
    yield name, "import", f"holds all {count} named things"
    first = deploy_cli.export(tenant, folder / f"{name}-export")
    if name in TWINS:
        twin = tenants[f"{name}-twin"]
        file = folder / f"{name}-export" / "tenant.yaml"
        file.write_text(first.replace(tenant.domain, twin.domain), encoding="utf-8")
        deploy_cli.import_(twin, file, delete=True)
        again = deploy_cli.export(twin, folder / f"{name}-again").replace(
            twin.domain, tenant.domain
        )
        assert again == first
        yield name, "its export into a fresh tenant, deletes allowed", "exports the same"


def clear(tenant, folder):
    deploy_cli.import_(tenant, folder / "empty" / "tenant.yaml", delete=True)


def write(rows, seconds):
    facts = {
        "commit": commit(),
        "auth0-deploy-cli": deploy_cli.VERSION,
        "seconds": round(seconds),
    }
    what = (
        "auth0-deploy-cli, unmodified, over TLS against tenants of `tenantctl sandbox serve`. Every"
        " run of the tool ended with exit code 0. *rich* holds one of everything that can be made."
        " The others are public configurations of other people, with the domain they were written"
        " for replaced by the served one's."
    )
    write_page("deploy-cli", "auth0-deploy-cli against the sandbox", what, facts, table(rows))
