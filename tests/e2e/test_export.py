"""A live tenant as files: the first time, again, in another environment, and piece by piece."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from e2e import canaries
from support.project import Project
from tenantctl.cli.site import Site, settle
from tenantctl.cli.wiring import project as project_of
from tenantctl.errors import FilesError
from tenantctl.files import read_environment
from tenantctl.ledger import open_ledger
from tenantctl.model import Address

FRESH = "tenants/new"


def texts(root):
    """Every file of the tenants and environments, by path."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for name in ("tenants", "environments")
        for path in sorted((root / name).rglob("*"))
        if path.is_file()
    }


def only_secrets(step):
    """Whether a step writes nothing but secrets, which here are made up anew."""
    update = step["change"].get("update", {"edits": [{"after": None}]})
    return all("$secret" in json.dumps(edit["after"]) for edit in update["edits"])


@pytest.fixture
def taken(applied: Project) -> Project:
    """A project of which nothing is left but the environment file of dev, and its tenant."""
    shutil.rmtree(applied.root / "tenants")
    shutil.rmtree(applied.root / ".tenantctl" / "receipts")
    for path in (applied.root / "environments/hearthhollow").iterdir():
        if path.name != "dev.yaml":
            path.unlink()
    dev = applied.root / "environments/hearthhollow/dev.yaml"
    dev.write_text("# Ours.\nkind: development\ndomain: embedded # here\nphases: [1]\n")
    (applied.root / "tenants").mkdir()
    return applied


def test_the_plan_after_a_first_export_is_empty(taken):
    said = taken.ok("export", "hearthhollow/dev").out

    assert "resources of" in said
    assert "tenantctl plan hearthhollow/dev" in said
    assert taken.steps() == []
    assert taken.ok("plan", "dev", "--detailed-exitcode").code == 0


def test_the_environment_file_that_was_there_is_kept(taken):
    taken.ok("export", "hearthhollow/dev")

    text = (taken.root / "environments/hearthhollow/dev.yaml").read_text()
    assert text.startswith("# Ours.\nkind: development\ndomain: embedded # here\nphases: [1, 2]\n")
    assert "ADD_ID_TOKEN_CLAIMS_CLAIM_NAMESPACE" in text


@pytest.mark.thorough
def test_exporting_writes_nothing_to_the_tenant_and_asks_for_reading_only(taken):
    taken.ok("export", "hearthhollow/dev")
    before = taken.writes()

    taken.ok("export", "hearthhollow/dev")
    taken.ok("import", "dev")

    assert taken.writes() == before


@pytest.mark.thorough
def test_exporting_again_changes_no_byte(taken):
    taken.ok("export", "hearthhollow/dev")
    before = texts(taken.root)

    taken.ok("export", "dev")

    assert texts(taken.root) == before


@pytest.mark.thorough
def test_what_hangs_on_something_declared_is_nobody_s_to_add(applied):
    line = "      clients: [web-shop, checkout, account-centre, ios-app, android-app]\n"
    path = "tenants/hearthhollow/phase1/authentication.yaml"
    applied.edit(path, line, "")

    said = applied.ok("export", "dev").out

    assert "connection_clients.customers" not in said
    assert line not in (applied.root / path).read_text()


@pytest.mark.thorough
def test_what_somebody_changed_in_the_dashboard_is_the_one_line_that_changes(taken):
    taken.ok("export", "hearthhollow/dev")
    path = taken.root / "tenants/hearthhollow/phase1/architecture.yaml"
    path.write_text(path.read_text().replace("tenant:", "tenant:   # the shop's"))
    before = texts(taken.root)
    with taken.sandbox() as sandbox:
        (id,) = sandbox.documents("tenant_settings")
        sandbox.edit("tenant_settings", id, {"friendly_name": "Renamed"})

    taken.ok("export", "dev")

    after = texts(taken.root)
    changed = [name for name in after if after[name] != before[name]]
    assert changed == ["tenants/hearthhollow/phase1/architecture.yaml"]
    old, new = (each[changed[0]].decode().splitlines() for each in (before, after))
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert [b.strip() for _, b in pairs] == ["friendly_name: Renamed"]
    assert taken.steps() == []


@pytest.mark.thorough
def test_an_action_that_is_not_deployed_is_told_and_left_to_the_plan(taken):
    taken.ok("export", "hearthhollow/dev")
    before = texts(taken.root)
    with taken.sandbox() as sandbox:
        (id,) = [i for i, a in sandbox.documents("actions").items() if a["name"] == "init-profile"]
        sandbox.edit("actions", id, {"all_changes_deployed": False})

    taken.ok("export", "dev")

    assert texts(taken.root) == before
    assert taken.steps() == ["actions.init-profile"]


@pytest.mark.thorough
def test_a_line_that_goes_away_after_an_export_is_ours_to_delete(taken):
    taken.ok("export", "hearthhollow/dev")
    env = taken.root / "environments/hearthhollow/dev.yaml"
    env.write_text(env.read_text() + "policy: {delete: managed}\n")
    path = taken.root / "tenants/hearthhollow/phase1/operations.yaml"
    text = path.read_text()
    start = text.index("  log_streams:")
    path.write_text(text[:start] + text[text.index("  tenant:", start) :])

    assert taken.steps() == ["log_streams.siem"]


@pytest.mark.thorough
def test_an_export_in_full_says_what_goes_without_saying(taken):
    roots = {options: taken.root / f"there{len(options)}" for options in ((), ("--full",))}

    for options, root in roots.items():
        taken.ok("export", "hearthhollow/dev", "--into", str(root), *options)

    path = "tenants/hearthhollow/phase1/authentication.yaml"
    brief, full = ((root / path).read_text() for root in roots.values())
    assert "is_first_party: true" in full
    assert "is_first_party: true" not in brief


def test_files_that_are_right_stay_where_new_ones_would_not_be(applied):
    path = "tenants/hearthhollow/phase1/authentication.yaml"
    before = texts(applied.root)
    environment = read_environment(applied.root, "hearthhollow", "dev")
    site = Site(project_of(applied.root), applied.root, environment)

    with pytest.raises(FilesError):
        settle(site, {path: "hosting: {clients: {web: 1}}\n"}, {})

    assert texts(applied.root) == before


@pytest.mark.thorough
def test_a_second_environment_is_what_it_has_otherwise(applied):
    applied.ok("plan", "prod", "--out", str(applied.root / "prod.json"))
    applied.ok("apply", str(applied.root / "prod.json"))
    there = Project(applied.root / "there")
    there.root.mkdir()
    applied.ok("export", "hearthhollow/dev", "--into", str(there.root))
    first = texts(there.root)

    arguments = ("hearthhollow/prod", "--into", str(there.root), "--second-environment")
    said = applied.ok("export", *arguments).out

    assert "custom_domains.login-dev-hearthhollow-example is taken to be what prod calls" in said
    prod = (there.root / "environments/hearthhollow/prod.yaml").read_text()
    assert "session_lifetime: 168" in prod
    state = there.root / ".tenantctl/sandbox"
    state.mkdir(parents=True, exist_ok=True)
    for name in ("dev", "prod"):
        domain = f"hearthhollow-{name}.sandbox.invalid.sqlite"
        shutil.copy(applied.root / ".tenantctl/sandbox" / domain, state / domain)
        there.ok("plan", name, "--out", str(there.root / "plan.json"))
        steps = json.loads((there.root / "plan.json").read_text())["plan"]["steps"]
        assert [step["id"] for step in steps if not only_secrets(step)] == [], name
    assert first.keys() <= texts(there.root).keys()


@pytest.mark.thorough
def test_a_second_environment_knows_the_ids_of_its_tenant(applied):
    applied.ok("plan", "prod", "--out", str(applied.root / "prod.json"))
    applied.ok("apply", str(applied.root / "prod.json"))
    there = Project(applied.root / "there")
    there.root.mkdir()
    applied.ok("export", "hearthhollow/dev", "--into", str(there.root))
    shutil.copytree(applied.root / ".tenantctl/sandbox", there.root / ".tenantctl/sandbox")
    env = there.root / "environments/hearthhollow/prod.yaml"
    env.write_text("kind: production\ndomain: embedded\n")

    there.ok("export", "hearthhollow/prod", "--second-environment")

    receipt = open_ledger(there.root / ".tenantctl").receipt("hearthhollow", "prod")
    with there.sandbox("prod") as sandbox:
        (id,) = sandbox.documents("custom_domains")
    here = Address("custom_domains", "login-dev-hearthhollow-example")
    assert receipt is not None
    assert receipt.entries[here].id == id


@pytest.mark.thorough
def test_what_nobody_declares_is_listed_and_chosen_by_name(applied):
    listed = applied.ok("import", "dev", "--json").json
    assert listed["unmanaged"]["clients"] == ["Default App"]
    of_clients = applied.ok("import", "dev", "clients", "--json").json
    assert of_clients["unmanaged"] == {"clients": ["Default App"]}

    applied.ok("import", "dev", "clients", "Default App")

    text = (applied.root / "tenants/hearthhollow/phase1/authentication.yaml").read_text()
    assert "default-app:" in text
    assert "clients" not in applied.ok("import", "dev", "--json").json["unmanaged"]
    assert applied.steps() == []
    assert applied.ok("validate", "prod").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "Shop/dev", "--domain", "x.eu.auth0.com"), "is no name"),
        (("export", "hearthhollow/nosuch"), "give --domain"),
        (("export", "hearthhollow/dev", "--domain", "x.eu.auth0.com"), "no --domain"),
        (("export", "hearthhollow/dev", "--second-environment"), "has been taken over"),
        (("import", "dev", "client", "x"), "did you mean clients?"),
        (("import", "dev", "clients", "Nobody"), "the tenant has no clients Nobody"),
        (("import", "dev", "clients", "Web Shop"), "is declared already"),
        (("import", "dev", "connection_clients", "x"), "are written as clients of connections"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(applied, arguments, said):
    before = texts(applied.root)

    ran = applied.run(*arguments)

    assert ran.code == 64, ran.err
    assert said in ran.err
    assert texts(applied.root) == before


@pytest.mark.thorough
def test_no_secret_of_the_tenant_gets_into_a_file_or_onto_the_screen(applied, monkeypatch):
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    canaries.plant(applied)
    applied.ok("apply", "dev", "--yes")
    secrets = {*canaries.VALUES.values(), *canaries.generated(applied)}
    secrets |= set(canaries.kept_by_the_tenant(applied))
    fresh = applied.root / "fresh"

    said = [applied.ok("export", "hearthhollow/dev", "--into", str(fresh), "--full")]
    canaries.strew(applied)
    said += [applied.ok("export", "dev"), applied.ok("import", "dev"), applied.ok("export", "dev")]

    for ran in said:
        assert canaries.seen(ran.out + ran.err, secrets) == []
    for root in (fresh, applied.root):
        for path, data in texts(root).items():
            assert canaries.seen(data.decode(), secrets) == [], path
            assert "(secret " not in data.decode(), path
    assert "holds the value of the secret" in said[1].out
    assert os.environ["SHORT"] == canaries.VALUES["SHORT"]


def test_an_export_tells_as_json_all_that_it_tells_as_text(taken):
    document = json.loads(taken.ok("export", "hearthhollow/dev", "--json").out)

    assert document["counts"]["clients"] == 8
    assert {"notes", "secrets", "next"} <= document.keys()
