"""`tenantctl diff`: any two states beside each other."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest

from diff.conftest import git
from support.largely import mostly
from tenantctl.ledger import open_ledger, read_plan, save_plan
from tenantctl.model import Address, Entry

FORMS = {
    "files": "dev",
    "commit": "dev@HEAD",
    "plan": "plan.json",
    "receipt": "receipt:dev",
    "backup": "backup.json",
    "live": "live:dev",
}
SAID = {
    "files": "The shop on the written web.",
    "commit": "The shop on the committed web.",
    "plan": "The shop on the planned web.",
    "receipt": "The shop on the applied web.",
    "backup": "The shop on the applied web.",
    "live": "The shop as somebody left it.",
}
PAIRS = list(combinations(FORMS, 2))


@pytest.fixture(autouse=True)
def _inside(looked_at, monkeypatch):
    """Files are named as somebody in the project's folder names them."""
    monkeypatch.chdir(looked_at.root)


@pytest.mark.parametrize(("a", "b"), mostly(PAIRS, fast=PAIRS[::3], rest=pytest.mark.thorough))
def test_every_two_kinds_of_operands_can_be_compared(looked_at, golden, a, b):
    ran = looked_at.ok("diff", FORMS[a], FORMS[b], "--address", "clients.*")

    differ = SAID[a] != SAID[b]
    assert (f"{SAID[a]} -> {SAID[b]}" in ran.out) is differ
    assert ("No differences" in ran.out) is not differ
    golden(f"{a}_{b}.txt", ran.out)


def test_the_files_of_two_environments_differ_in_what_the_files_say_why(looked_at, golden):
    options = ("--address", "clients.web-shop", "--address", "log_streams.*")

    golden("dev_prod.txt", looked_at.ok("diff", "dev", "prod", *options).out)


@pytest.mark.thorough
def test_two_live_tenants_differ_in_more_than_their_files_tell(looked_at, golden):
    before = looked_at.writes()
    ran = looked_at.ok("diff", "live:dev", "live:qa", "--address", "clients.web-shop")

    assert "The shop as somebody left it. -> The shop on the applied web." in ran.out
    golden("live_live.txt", ran.out)
    assert looked_at.writes() == before


def test_two_receipts_of_different_environments_can_be_compared(looked_at):
    found = looked_at.ok("diff", "receipt:dev", "receipt:qa", "--json").json

    assert found["counts"]["only_a"] == found["counts"]["only_b"] == 0
    (tenant,) = [each for each in found["resources"] if each["address"] == "tenant"]
    fields = {each["field"]: (each["before"], each["after"]) for each in tenant["fields"]}
    assert fields["session_lifetime"] == ("24", "168")


def test_it_exits_with_2_only_where_that_is_asked_for_and_something_differs(looked_at):
    codes = [
        looked_at.run("diff", *operands, *options).code
        for operands in (("plan.json", "receipt:dev"), ("receipt:dev", "receipt:dev"))
        for options in ((), ("--detailed-exitcode",))
    ]
    assert codes == [0, 2, 0, 0]


def test_json_has_all_that_the_text_says(looked_at):
    found = looked_at.ok("diff", "dev@HEAD", "dev", "--json").json

    assert (found["format"], found["type"], found["differ"]) == (1, "diff", True)
    commit = git(looked_at.root, "rev-parse", "--short=7", "HEAD")
    assert found["a"] == f"hearthhollow/dev@HEAD ({commit})"
    assert found["b"] == "hearthhollow/dev"
    (resource,) = found["resources"]
    assert (resource["sign"], resource["address"]) == ("~", "clients.web-shop")
    (field,) = resource["fields"]
    assert (field["before"], field["after"]) == (SAID["commit"], SAID["files"])
    assert found["counts"]["fields"] == 1


def test_reports_say_the_same_in_files(looked_at, tmp_path):
    paths = [tmp_path / f"diff{end}" for end in (".md", ".json", ".txt")]
    options = [part for path in paths for part in ("--report", str(path))]
    ran = looked_at.ok("diff", "plan.json", "receipt:dev", *options)

    assert "| <code>clients.web-shop</code> |" in paths[0].read_text()
    assert json.loads(paths[1].read_text())["counts"]["fields"] == 1
    assert paths[2].read_text() == ran.out
    assert looked_at.run("diff", "plan.json", "dev", "--report", "x.pdf").code == 64


@pytest.mark.parametrize(
    ("operand", "said", "help"),
    [
        ("devv", "no environment devv", 'did you mean "dev"?'),
        ("live:devv", "no environment devv", 'did you mean "dev"?'),
        ("dev@nowhere", "Git knows no commit nowhere", "git log"),
        ("dev@--output=x", "Git knows no commit", "git log"),
        ("devv@HEAD", "at commit HEAD, hearthhollow has no environment devv", "did you mean"),
        ("x" * 5000, "no environment xxx", "live:TENANT/ENV"),
        ("receipt:prod", "hearthhollow/prod has no receipt", "receipts fetch hearthhollow/prod"),
        ("receipt:dev@zz", "has no receipt zz", "receipts log hearthhollow/dev"),
        ("missing.json", "there is no file missing.json", "live:TENANT/ENV"),
        ("environments/hearthhollow/dev.yaml", "neither a plan nor a backup", "--out FILE"),
    ],
)
def test_an_operand_that_is_nothing_is_refused_with_what_could_be_meant(
    looked_at, operand, said, help
):
    ran = looked_at.run("diff", operand, "dev")

    assert ran.code == 64, ran.err
    error, _, more = ran.err.partition("help:")
    assert said in error
    assert help in more


def test_a_glob_that_means_nothing_of_either_side_is_refused(looked_at):
    ran = looked_at.run("diff", "plan.json", "receipt:dev", "--address", "client.*")
    assert (ran.code, "did you mean clients.*" in ran.err) == (64, True)


def test_a_receipt_goes_by_its_name_or_by_the_beginning_of_its_digest(looked_at):
    receipts = looked_at.root / ".tenantctl" / "receipts" / "hearthhollow" / "dev"
    (stem,) = [path.stem for path in receipts.glob("2*.json")]
    digest = json.loads((receipts / f"{stem}.json").read_text())["receipt"]["digest"]

    for name in (stem, stem[:8], digest[:8]):
        ran = looked_at.ok("diff", f"receipt:dev@{name}", "receipt:dev")
        assert "No differences" in ran.out


@pytest.mark.thorough
def test_what_is_gone_from_a_tenant_is_only_on_the_other_side(apart):
    with apart.sandbox() as sandbox:
        (id,) = sandbox.documents("log_streams")
        sandbox.drop("log_streams", id)

    there = apart.ok("diff", "live:dev", "dev", "--address", "log_streams.*")
    back = apart.ok("diff", "dev", "live:dev", "--address", "log_streams.*")

    assert "  + log_streams.siem\n" in there.out
    assert there.out.endswith("1 only in hearthhollow/dev.\n")
    assert "  - log_streams.siem\n" in back.out
    assert back.out.endswith("1 only in hearthhollow/dev.\n")


@pytest.mark.thorough
def test_what_a_backup_does_not_have_is_only_in_the_tenant(apart):
    """A backup and a tenant say all there is, also what nobody has declared."""
    with apart.sandbox() as sandbox:
        role = {"id": "rol_0000000000000001", "name": "By hand", "description": ""}
        sandbox.put("roles", role["id"], role)

    ran = apart.ok("diff", str(apart.root / "backup.json"), "live:dev", "--address", "roles.*")

    assert "  + roles.by-hand\n" in ran.out


def test_another_version_of_a_secret_is_another_secret(apart):
    file = "environments/hearthhollow/dev.yaml"
    apart.edit(
        file,
        "LEGACY_API_TOKEN: {from: generated}",
        "LEGACY_API_TOKEN: {from: generated, version: 2}",
    )
    git(apart.root, "commit", "-aqm", "another version")
    apart.edit(file, "version: 2}", "version: 3}")

    ran = apart.ok("diff", "dev@HEAD", "dev", "--address", "connections.*")

    assert "(secret LEGACY_API_TOKEN, changed)" in ran.out


def test_the_files_of_a_commit_ask_nobody_for_secrets(apart):
    """A command that an earlier commit names is not one that somebody wants to be run today."""
    file = "environments/hearthhollow/dev.yaml"
    mark = apart.root / "was-run"
    source = f"LEGACY_API_TOKEN: {{from: 'cmd:touch {mark}'}}"
    apart.edit(file, "LEGACY_API_TOKEN: {from: generated}", source)
    git(apart.root, "commit", "-aqm", "a command")
    git(apart.root, "checkout", "-q", "HEAD~1", "--", file)

    apart.ok("diff", "dev@HEAD", "dev")

    assert not mark.exists()


@pytest.mark.thorough
def test_a_field_that_only_the_domains_tell_apart_is_counted(apart):
    for env in ("dev", "qa"):
        with apart.sandbox(env) as sandbox:
            clients = sandbox.documents("clients").items()
            (id,) = [key for key, client in clients if client["name"] == "Web Shop"]
            text = f"see https://hearthhollow-{env}.sandbox.invalid/help"
            sandbox.edit("clients", id, {"description": text})
    options = ("--address", "clients.web-shop")

    ran = apart.ok("diff", "live:dev", "live:qa", *options)
    every = apart.ok("diff", "live:dev", "live:qa", *options, "--all-fields")

    assert "1 field differs only in the domain of the tenant" in ran.out
    assert "description" not in ran.out
    assert "hearthhollow-dev.sandbox.invalid/help -> " in every.out


def test_what_is_wrong_with_the_files_of_a_commit_is_told_with_the_commit(apart):
    file = "tenants/hearthhollow/tenant.yaml"
    apart.edit(file, "playbook: b2c\n", "playbook: b2cc\n")
    git(apart.root, "commit", "-aqm", "broken")
    apart.edit(file, "playbook: b2cc\n", "playbook: b2c\n")

    ran = apart.run("diff", "dev@HEAD", "dev")

    assert ran.code == 65
    assert f"HEAD:{file}:" in ran.err


def test_a_commit_from_before_the_tenants_is_told_from_a_wrong_folder(apart):
    nothing = git(
        apart.root,
        "commit-tree",
        "-m",
        "Begin",
        git(apart.root, "write-tree", "--prefix=environments/"),
    )
    ran = apart.run("diff", f"dev@{nothing}", "dev")
    assert (ran.code, f"commit {nothing} has no tenants/*/tenant.yaml" in ran.err) == (64, True)


def test_what_a_later_version_has_written_is_left_out_and_told(apart):
    saved = apart.root / "plan.json"
    plan = read_plan(saved)
    strange = {Address("novelties", "x"): Entry(fields={"name": "x"})}
    save_plan(replace(plan, entries={**plan.entries, **strange}), saved)

    ran = apart.ok("diff", str(saved), "receipt:dev")

    assert "has novelties, which this version does not know." in " ".join(ran.out.split())
    assert "1 resource differs in 1 field." in ran.out


def test_a_receipt_that_holds_no_values_is_refused(apart):
    ledger = open_ledger(apart.root / ".tenantctl")
    receipt = ledger.receipt("hearthhollow", "dev")
    assert receipt is not None
    old = {address: replace(entry, fields={}) for address, entry in receipt.entries.items()}
    ledger.write_receipt(replace(receipt, entries=old, when="2027-01-01T00:00:00.000+00:00"))

    ran = apart.run("diff", "receipt:dev", "dev")

    assert (ran.code, "holds no values" in ran.err) == (64, True)
