"""The way back to a backup: what it restores, what it leaves alone, and what it says it cannot."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from operations.behind import Api, do, havoc
from support.largely import mostly
from support.project import REPOSITORY, Project
from tenantctl.kinds import KINDS, canonical, said
from tenantctl.kinds.canonical import Lens
from tenantctl.ledger import dump_backup, read_backup
from tenantctl.model import Address, Backup, Resource, refs, to_json

SHOP, B2B = "hearthhollow", "tallowbridge"
DEV = "environments/hearthhollow/dev.yaml"


@pytest.fixture(scope="session")
def _customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dev of Tallowbridge, applied once, with a backup beside it."""
    root = tmp_path_factory.mktemp("customers")
    for name in ("tenants", "environments"):
        shutil.copytree(REPOSITORY / name, root / name)
    project = Project(root)
    project.ok("apply", f"{B2B}/dev", "--yes")
    project.ok("backup", f"{B2B}/dev", "--to", str(root / "then.json"))
    return root


@pytest.fixture
def customers(_customers: Path, tmp_path: Path) -> Project:
    shutil.copytree(_customers, tmp_path / "project")
    return Project(tmp_path / "project")


def keep(project: Project, target: str, name: str) -> Path:
    project.ok("backup", target, "--to", str(project.root / name))
    return project.root / name


def go_back(project: Project, target: str, file: Path, *options: str) -> dict[str, str]:
    """Restore, and apply the plan; its steps, each with what it does."""
    plan = project.root / "way.json"
    project.ok("restore", target, str(file), "--out", str(plan), *options)
    steps = json.loads(plan.read_text())["plan"]["steps"]
    project.ok("apply", str(plan))
    return {step["id"]: next(iter(step["change"])) for step in steps}


def essence(backup: Backup, then: Backup) -> dict[str, object]:
    """What *backup* says of what was there *then*, without what goes without saying.

    Members that name what came later are left out: they stay on purpose.
    """
    found = {}
    for address in then.resources:
        kind, resource = KINDS[address.kind], backup.resources[address]
        fields = dict(resource.fields)
        if kind.members:
            members = fields[kind.members]
            fields[kind.members] = [each for each in members if not _names_newer(each, then)]
        words = said(kind, address.key, fields)
        words = {name: value for name, value in words.items() if value not in ([], {}, "")}
        found[str(address)] = to_json(canonical(Lens(kind, words), words, ()))
    return found


def _names_newer(member: object, then: Backup) -> bool:
    named = {ref.address for ref in refs(member)}
    return any(a not in then.resources and a.key not in KINDS[a.kind].system for a in named)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", mostly(range(4), fast=1))
def test_a_tenant_is_as_it_was_whatever_was_done_to_it(customers, seed):
    then = customers.root / "then.json"
    done = do(customers, B2B, havoc(seed))
    assert len(done) > 10

    steps = go_back(customers, f"{B2B}/dev", then)

    assert "delete" not in steps.values()
    now = keep(customers, f"{B2B}/dev", "now.json")
    before, after = read_backup(then), read_backup(now)
    assert essence(after, before) == essence(before, before)
    again = customers.ok("restore", f"{B2B}/dev", str(then)).out
    assert "Nothing to do: tallowbridge-dev.sandbox.invalid is as it was." in again
    assert "clients.newcomer-" in again


@pytest.mark.thorough
@pytest.mark.parametrize("seed", mostly(range(4, 6), fast=1))
def test_after_a_restore_the_files_have_nothing_to_add(customers, seed):
    """Nothing that the backup merely knew became ours, and nothing of ours was forgotten."""
    do(customers, B2B, havoc(seed))
    go_back(customers, f"{B2B}/dev", customers.root / "then.json")

    planned = customers.ok("plan", f"{B2B}/dev").out
    assert "Nothing to do: tallowbridge-dev.sandbox.invalid is as the files say." in planned
    assert "Released" not in planned


def of(api: Api, path: str, name: str) -> dict[str, object]:
    return next(item for item in api.items(path) if item["name"] == name)


def rename(api: Api) -> None:
    path = f"/clients/{of(api, 'clients', 'Default App')['client_id']}"
    api.send("PATCH", path, {"name": "Stolen", "callbacks": ["https://evil.example"]})


@pytest.mark.thorough
def test_what_nobody_declares_is_restored_and_stays_undeclared(applied):
    file = keep(applied, "dev", "then.json")
    do(applied, SHOP, rename)

    assert go_back(applied, "dev", file) == {"clients.default-app": "update"}

    app = do(applied, SHOP, lambda api: of(api, "clients", "Default App"))
    assert not app.get("callbacks")
    receipt = json.loads(next(applied.root.glob(".tenantctl/receipts/*/dev/last.json")).read_text())
    assert "clients.default-app" not in receipt["receipt"]["entries"]
    assert applied.steps() == []


def test_a_restore_is_no_release_and_its_receipt_says_so(applied):
    file = keep(applied, "dev", "then.json")
    do(applied, SHOP, rename)
    go_back(applied, "dev", file)

    receipt = json.loads(next(applied.root.glob(".tenantctl/receipts/*/dev/last.json")).read_text())
    assert receipt["receipt"]["digest"] == f"backup:{read_backup(file).when}"
    assert receipt["receipt"]["full"] is False


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("options", "steps"),
    [
        (("--kind", "clients"), ["clients.default-app", "clients.web-shop"]),
        (("--address", "clients.web-*"), ["clients.web-shop"]),
        (("--kind", "tenant", "--kind", "branding"), ["branding"]),
        (("--kind", "clients", "--address", "*.default-*"), ["clients.default-app"]),
    ],
    ids=["a kind", "an address", "two kinds", "both"],
)
def test_a_part_can_be_chosen(applied, options, steps):
    file = keep(applied, "dev", "then.json")

    def change(api):
        rename(api)
        shop = of(api, "clients", "Web Shop")
        api.send("PATCH", f"/clients/{shop['client_id']}", {"callbacks": []})
        api.send("PATCH", "/branding", {"colors": {"primary": "#ff0000"}})

    do(applied, SHOP, change)
    saved = applied.root / "way.json"
    applied.ok("restore", "dev", str(file), *options, "--out", str(saved))
    planned = json.loads(saved.read_text())["plan"]
    assert [step["id"] for step in planned["steps"]] == steps


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("policy", "options", "deleted"),
    mostly(
        [
            ("managed", (), False),
            ("managed", ("--delete",), True),
            ("never", ("--delete",), False),
            ("per_run", ("--delete",), True),
            ("never", (), False),
        ],
        fast=3,
    ),
)
def test_what_an_apply_made_since_goes_only_if_asked_for_and_permitted(
    applied, policy, options, deleted
):
    applied.edit(DEV, "  delete: managed", f"  delete: {policy}")
    file = keep(applied, "dev", "then.json")
    definition = applied.root / "tenants/hearthhollow/phase1/authentication.yaml"
    definition.write_text(
        definition.read_text().replace(
            "  clients:\n", "  clients:\n    late-comer: {name: Late, app_type: spa}\n", 1
        )
    )
    applied.ok("apply", "dev", "--yes")
    do(applied, SHOP, lambda api: api.send("POST", "/clients", {"name": "Nobody's"}))

    steps = go_back(applied, "dev", file, *options)

    assert steps == ({"clients.late-comer": "delete"} if deleted else {})
    names = do(applied, SHOP, lambda api: {item["name"] for item in api.items("clients")})
    assert ("Late" in names) is not deleted
    assert "Nobody's" in names
    assert applied.steps() == (["clients.late-comer"] if deleted else [])


@pytest.mark.thorough
def test_what_is_made_anew_and_what_is_lost_with_it_is_said(applied):
    file = keep(applied, "dev", "then.json")

    def lose(api):
        api.send("DELETE", f"/clients/{of(api, 'clients', 'iOS App')['client_id']}")
        api.send("DELETE", f"/connections/{of(api, 'connections', 'customers')['id']}")

    do(applied, SHOP, lose)
    told = " ".join(applied.ok("restore", "dev", str(file)).out.split())
    assert "2 objects are gone and are made anew, under new ids" in told
    assert "Lost with the old connections, and in no backup: all its users" in told
    assert "Next: tenantctl restore hearthhollow/dev FILE --out plan.json" in told


@pytest.mark.thorough
def test_secrets_come_from_where_the_environment_has_them(applied):
    """Whoever deleted the action took its secrets with it."""
    file = keep(applied, "dev", "then.json")

    def lose(api):
        api.send("PATCH", "/actions/triggers/post-login/bindings", {"bindings": []})
        action = of(api, "actions/actions", "add-id-token-claims")
        api.send("DELETE", f"/actions/actions/{action['id']}")

    do(applied, SHOP, lose)
    steps = go_back(applied, "dev", file)
    assert steps == {
        "actions.add-id-token-claims": "create",
        "trigger_bindings.post-login": "create",
    }
    action = do(applied, SHOP, lambda api: of(api, "actions/actions", "add-id-token-claims"))
    assert [secret["name"] for secret in action["secrets"]] == ["CLAIM_NAMESPACE"]
    assert applied.steps() == []


@pytest.mark.thorough
def test_a_secret_that_nobody_declares_has_to_be_supplied_and_that_is_said(applied):
    def make(api):
        action = {
            "name": "theirs",
            "code": "exports.onExecutePostLogin = async () => {};",
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
            "secrets": [{"name": "KEY", "value": "s3cret-of-theirs"}],
        }
        return api.send("POST", "/actions/actions", action)["id"]

    id = do(applied, SHOP, make)
    file = keep(applied, "dev", "then.json")
    assert "s3cret-of-theirs" not in file.read_text()
    do(applied, SHOP, lambda api: api.send("DELETE", f"/actions/actions/{id}"))
    told = " ".join(applied.ok("restore", "dev", str(file)).out.split())
    assert "have to be supplied afterwards: actions.theirs secrets." in told
    assert go_back(applied, "dev", file) == {"actions.theirs": "create"}


@pytest.mark.thorough
def test_what_the_policy_protects_from_replacement_is_refused_as_in_any_plan(applied):
    """A field that is set at birth only: the object was deleted, and made again otherwise."""
    file = keep(applied, "dev", "then.json")

    def replace(api):
        api.send("DELETE", f"/connections/{of(api, 'connections', 'synthetic')['id']}")
        api.send("POST", "/connections", {"name": "synthetic", "strategy": "email"})

    do(applied, SHOP, replace)
    ran = applied.run("restore", "dev", str(file), "--out", str(applied.root / "way.json"))
    assert ran.code == 5
    assert "replacement" in ran.out
    assert applied.run("apply", str(applied.root / "way.json")).code == 5


@pytest.mark.thorough
def test_a_backup_of_another_tenant_needs_a_word(customers):
    there = str(customers.root / "then.json")
    refused = customers.run("restore", f"{B2B}/qa", there)
    assert refused.code == 64
    assert "--from-elsewhere" in refused.err
    planned = customers.ok("restore", f"{B2B}/qa", there, "--from-elsewhere", "--json").json
    assert planned["counts"]["create"] > 50
    text = json.dumps(planned)
    assert "tallowbridge-dev.sandbox.invalid" not in text.replace(there, "").replace(
        "how tallowbridge-dev.sandbox.invalid was", ""
    )


@pytest.mark.thorough
def test_a_lost_tenant_is_had_back_in_a_new_one(applied):
    """qa has never been applied to: nothing of it is there yet."""
    file = keep(applied, "dev", "then.json")
    steps = go_back(applied, "qa", file, "--from-elsewhere")
    assert steps["clients.web-shop"] == "create"
    again = read_backup(keep(applied, "qa", "again.json"))
    then = read_backup(file)
    others = {address for address in then.resources if address.kind != "custom_domains"}
    assert others <= again.resources.keys()
    assert again.ids[Address("clients", "web-shop")] != then.ids[Address("clients", "web-shop")]


@pytest.mark.thorough
def test_what_a_later_version_has_kept_is_not_guessed_at(applied):
    file = keep(applied, "dev", "then.json")
    there = Address("teleporters", "x")
    later = replace(read_backup(file), resources={there: Resource(there, {})}, version="99.0")
    file.write_text(dump_backup(later))
    ran = applied.run("restore", "dev", str(file))
    assert ran.code == 64
    assert "has teleporters, which this version does not know" in ran.err


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("latest",), 64, "there is no backup of hearthhollow/dev yet"),
        (("none.json",), 65, "there is no such file"),
        (("then.json", "--kind", "client"), 64, "there is no kind client"),
        (("then.json", "--address", "clients.nobody"), 64, "the backup has nothing of"),
    ],
)
def test_what_is_not_there_cannot_be_restored(applied, monkeypatch, arguments, code, told):
    keep(applied, "dev", "then.json")
    shutil.rmtree(applied.root / ".tenantctl/backups")
    monkeypatch.chdir(applied.root)
    ran = applied.run("restore", "dev", *arguments)
    assert (ran.code, told in ran.err) == (code, True)


@pytest.mark.thorough
def test_objects_that_have_other_names_in_the_files_now_are_still_themselves(applied):
    """The definition calls it something else since: it is not deleted, nor made a second time."""
    file = keep(applied, "dev", "then.json")
    for path in (applied.root / "tenants").rglob("*.yaml"):
        text = path.read_text()
        path.write_text(text.replace("ios-app", "iphone-app"))
    applied.ok("apply", "dev", "--yes")
    do(applied, SHOP, rename)
    assert go_back(applied, "dev", file, "--delete") == {"clients.default-app": "update"}
    assert applied.steps() == []
    assert Address("clients", "ios-app") in read_backup(file).resources
