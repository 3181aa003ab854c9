"""Going back to what an environment had before, and what that does not bring back."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from promotion.small import commit, describe, described, held
from promotion.test_conditions import history, receipt
from support.project import Project
from tenantctl.engine.rollback import chosen, former
from tenantctl.errors import UsageError
from tenantctl.ledger import open_ledger
from tenantctl.model import Receipt

FILE = "tenants/shop/phase1/authentication.yaml"
SECOND = "    second:\n      name: Second\n      app_type: spa\n"


def receipts(project: Project, env: str = "dev") -> list[tuple[str, Receipt]]:
    return list(open_ledger(project.root / ".tenantctl").history("shop", env))


@pytest.fixture
def moved(shop: Project) -> Project:
    """dev has had two definitions, both committed: the second one has `Second` and a new text."""
    shop.ok("apply", "dev", "--yes")
    describe(shop, "The shop.", "Broken.")
    with (shop.root / FILE).open("a") as file:
        file.write(SECOND)
    commit(shop.root, "Break it")
    shop.ok("apply", "dev", "--yes")
    assert held(shop, "dev") == {"Web Shop", "Second"}
    return shop


def test_a_rollback_brings_the_definition_before_and_leaves_the_files_alone(moved: Project):
    files = (moved.root / FILE).read_text()
    before = receipts(moved)[1][1]
    report = moved.root / "back.md"
    ran = moved.ok("rollback", "dev", "--yes", "--report", str(report))
    assert described(moved, "dev") == "The shop."
    assert held(moved, "dev") == {"Web Shop"}
    marked = report.read_text()
    assert marked.startswith("<!-- tenantctl:rollback:shop/dev -->\n\n## Rollback of ")
    assert "<code>clients.second</code> was made since and is deleted" in marked
    assert (moved.root / FILE).read_text() == files
    (_, last), *_ = receipts(moved)
    assert (last.kind, last.status, last.full) == ("apply", "converged", True)
    assert (last.digest, last.commit) == (before.digest, before.commit)
    assert "clients.second was made since and is deleted" in ran.out
    assert "the files here stay as they are" in ran.out


def test_what_was_deleted_since_comes_back_with_another_id(shop: Project):
    with (shop.root / FILE).open("a") as file:
        file.write(SECOND)
    commit(shop.root, "A second one")
    shop.ok("apply", "dev", "--yes")
    shop.edit(FILE, SECOND, "")
    commit(shop.root, "And away")
    shop.ok("apply", "dev", "--yes")
    ran = shop.ok("rollback", "dev", "--yes")
    assert "clients.second is created anew and gets another id" in ran.out
    assert held(shop, "dev") == {"Web Shop", "Second"}
    ids = [
        found.id
        for _, each in receipts(shop)
        for address, found in each.entries.items()
        if str(address) == "clients.second"
    ]
    assert len(ids) == len(set(ids)) == 2


def test_what_was_made_since_stays_where_the_policy_deletes_nothing(moved: Project):
    moved.edit("environments/shop/dev.yaml", "delete: managed", "delete: never")
    ran = moved.ok("rollback", "dev", "--yes")
    assert "clients.second was made since and stays: the policy deletes nothing" in ran.out
    assert held(moved, "dev") == {"Web Shop", "Second"}


@pytest.mark.thorough
def test_what_was_rolled_back_from_is_not_promoted_again_until_there_is_something_newer(
    moved: Project,
):
    first = receipts(moved)[1][1].digest
    moved.ok("promote", "qa", "--yes")
    bad = receipts(moved, "qa")[0][1].digest
    assert bad != first
    describe(moved, "Broken.", "Mended.")
    commit(moved.root, "Mend it")
    moved.ok("apply", "dev", "--yes")
    moved.ok("promote", "qa", "--yes")
    moved.ok("rollback", "qa", "--yes")
    assert described(moved, "qa") == "Broken."
    ran = moved.run("promote", "qa", "--yes")
    assert ran.code == 5
    assert "shop/qa has gone back from" in ran.out
    assert described(moved, "qa") == "Broken."
    describe(moved, "Mended.", "Mended at last.")
    commit(moved.root, "Mend it once more")
    moved.ok("apply", "dev", "--yes")
    moved.ok("promote", "qa", "--yes")
    assert described(moved, "qa") == "Mended at last."


@pytest.mark.thorough
def test_a_second_rollback_goes_further_back_and_not_to_what_was_left(moved: Project):
    describe(moved, "Broken.", "Worse.")
    commit(moved.root, "Worse")
    moved.ok("apply", "dev", "--yes")
    moved.ok("rollback", "dev", "--yes")
    assert described(moved, "dev") == "Broken."
    moved.ok("rollback", "dev", "--yes")
    assert described(moved, "dev") == "The shop."
    ran = moved.run("rollback", "dev", "--yes")
    assert ran.code == 64
    assert "has nothing to go back to" in ran.err


@pytest.mark.parametrize("what", ["name", "digest", "commit", "branch"])
def test_a_receipt_is_named_by_its_name_its_digest_or_its_commit(moved: Project, what: str):
    name, first = receipts(moved)[1]
    asked = {"name": name, "digest": first.digest[:8], "commit": first.commit[:8]}
    ran = moved.ok("rollback", "dev", "--to", asked.get(what, "main~1"), "--yes")
    assert f"receipt {name}" in ran.out
    assert described(moved, "dev") == "The shop."


def test_what_is_there_and_what_never_was_are_no_way_back(moved: Project):
    name, _ = receipts(moved)[0]
    for asked, said in (
        (name, "now"),
        ("main", "now"),
        ("zz", "has no receipt zz"),
        ("", "names nothing"),
    ):
        ran = moved.run("rollback", "dev", "--to", asked)
        assert ran.code == 64
        assert said in ran.err
    ran = moved.run("rollback", "qa")
    assert ran.code == 64
    assert "shop/qa has no receipts" in ran.err


@pytest.mark.thorough
def test_a_rollback_is_saved_and_applied_as_any_plan(moved: Project):
    saved = str(moved.root / "back.json")
    moved.edit("environments/shop/dev.yaml", "policy: {", "policy: {approval: manual, ")
    name, _ = receipts(moved)[1]
    ran = moved.run("rollback", "dev", "--yes", "--to", name, "--delete")
    assert ran.code == 5
    assert f"tenantctl rollback shop/dev --to {name} --delete --out plan.json" in ran.err
    ran = moved.ok("rollback", "dev", "--out", saved)
    assert f"Next: tenantctl apply {saved}" in ran.out
    assert described(moved, "dev") == "Broken."
    moved.ok("apply", saved)
    assert described(moved, "dev") == "The shop."
    assert receipts(moved)[0][1].commit == receipts(moved)[-1][1].commit


def test_gates_about_order_keep_nobody_from_going_back_to_what_was_there_as_a_whole(moved: Project):
    adopted = "adopts: [application_integration, deployment_automation, "
    moved.edit("tenants/shop/tenant.yaml", "adopts: [application_integration, ", adopted)
    commit(moved.root, "More topics")
    moved.ok("apply", "dev", "--yes")
    moved.ok("promote", "qa", "--yes")
    describe(moved, "Broken.", "Worse.")
    commit(moved.root, "Worse")
    moved.ok("apply", "dev", "--yes")
    moved.ok("promote", "qa", "--yes")
    moved.edit("environments/shop/qa.yaml", "policy:", "gates: enforce\npolicy:")
    ran = moved.run("rollback", "qa", "--json", "--out", str(moved.root / "x.json"))
    allowed = {each["rule"]: each["allowed"] for each in ran.json["plan"]["violations"]}
    assert "qa had this definition before" in allowed["Q04.promotion-order"]
    assert (ran.json["type"], len(ran.json["notes"])) == ("rollback", 1)

    ledger, ((_, there), (_, first)) = open_ledger(moved.root / ".tenantctl"), receipts(moved, "qa")
    shutil.rmtree(moved.root / ".tenantctl" / "receipts" / "shop" / "qa")
    ledger.write_receipt(replace(first, status="partial", phases=()))
    ledger.write_receipt(there)
    key = "ed25519:" + "A" * 43 + "="
    moved.edit("environments/shop/qa.yaml", "policy:", f'receipts: {{trust: ["{key}"]}}\npolicy:')
    ran = moved.run("rollback", "qa", "--to", first.digest[:8], "--json")
    allowed = {each["rule"]: each["allowed"] for each in ran.json["plan"]["violations"]}
    assert (ran.code, allowed["Q04.promotion-order"]) == (5, "")
    said = " ".join(ran.json["notes"])
    assert "nobody whom receipts.trust of shop/qa names has signed that receipt" in said
    assert "no receipt shows that shop/qa ever had all of this definition" in said
    assert "phase 1 was not released here then" in said


def with_secret(shop: Project, source: str) -> None:
    """An action that has a secret, kept at *source*."""
    shop.edit("tenants/shop/tenant.yaml", "secrets: {}", "secrets:\n  KEY: {description: A key.}")
    shop.edit(
        "tenants/shop/tenant.yaml",
        "adopts: [application_integration, ",
        "adopts: [application_integration, id_token_claims, ",
    )
    (shop.root / "tenants/shop/phase1/authorization.yaml").write_text(
        "id_token_claims:\n  actions:\n    claims:\n      name: claims\n"
        "      code: exports.onExecutePostLogin = async () => {};\n"
        "      supported_triggers: {post-login: v3}\n      secrets:\n"
        "        KEY: !secret KEY\n"
    )
    for env in ("dev", "qa", "prod"):
        said = f"secrets:\n  KEY: {{from: {source}, version: 1}}\npolicy:"
        shop.edit(f"environments/shop/{env}.yaml", "policy:", said)
    commit(shop.root, "A secret")


@pytest.mark.thorough
def test_secrets_that_were_written_anew_since_are_said_to_keep_their_value(shop: Project):
    with_secret(shop, "generated")
    shop.ok("apply", "dev", "--yes")
    describe(shop, "The shop.", "Broken.")
    shop.edit("environments/shop/dev.yaml", "version: 1", "version: 2")
    commit(shop.root, "Another key")
    shop.ok("apply", "dev", "--yes")
    ran = shop.ok("rollback", "dev", "--yes")
    said = "actions.claims secrets.KEY.value was written anew since and keeps today's value (KEY)"
    assert said in ran.out


def test_no_secret_is_seen_wherever_somebody_has_put_it(
    shop: Project, monkeypatch: pytest.MonkeyPatch
):
    canary = "s3cr3t-canary-0123456789"
    monkeypatch.setenv("CANARY", canary)
    with_secret(shop, "env:CANARY")
    shop.ok("apply", "dev", "--yes")
    shop.ok("promote", "qa", "--yes")
    with shop.sandbox("qa", "shop") as sandbox:
        clients = sandbox.documents("clients")
        (id,) = [id for id, client in clients.items() if client["name"] == "Web Shop"]
        sandbox.edit("clients", id, {"description": f"by hand {canary}"})
    describe(shop, "The shop.", "Broken.")
    commit(shop.root, "Break it")
    shop.ok("apply", "dev", "--yes")
    written = [shop.root / f"{verb}{end}" for verb in "pr" for end in (".md", ".json", ".txt")]
    told = []
    for verb, files in (("promote", written[:3]), ("rollback", written[3:])):
        reports = [word for file in files for word in ("--report", str(file))]
        told.append(shop.ok(verb, "qa", "--yes", "--full", *reports))
        told.append(shop.run("promote", "qa", "--json"))
    assert all("by hand" in written[n].read_text() for n in range(3))
    kept = [path for path in (shop.root / ".tenantctl").rglob("*.json") if path.is_file()]
    texts = [path.read_text() for path in (*written, *kept)]
    assert not [text for text in (*texts, *(r.out + r.err for r in told)) if canary in text]


def named(text: str) -> list[tuple[str, Receipt]]:
    return [(f"r{each.when[11:13]}", each) for each in history(text)]


FORMER = {
    "the one before": ("A7 B8", "r07"),
    "not the same again": ("A7 B8 B9", "r07"),
    "not what failed": ("A6 Bpartial7 C8", "r06"),
    "from what failed": ("A6 Bpartial7", "r06"),
    "not a selection": ("A6 Bselection7 C8", "r06"),
    "not what it has gone back from": ("A5 B6 C7 B8", "r05"),
    "what it was on its way back to, and no further": ("A4 B5 C6 Bpartial7", "r05"),
    "not the same again where that failed": ("A5 B6 Bpartial7", "r05"),
}


@pytest.mark.parametrize("name", FORMER)
def test_without_a_name_it_is_the_last_other_definition_that_was_there_as_a_whole(name):
    text, expected = FORMER[name]
    assert former(named(text), "shop/dev")[0] == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no receipts"),
        ("A7", "nothing to go back to"),
        ("A7 B8 A9", "nothing to go back"),
        ("Apartial7", "nothing to go back to"),
    ],
)
def test_where_nothing_else_was_ever_there_it_says_so(text, said):
    with pytest.raises(UsageError, match=said):
        former(named(text), "shop/dev")


def test_what_was_not_finished_is_no_hindrance_to_naming_it_again():
    found = named("A6 B7 Apartial8")
    assert chosen(found, "shop/dev", "r08", ())[0] == "r08"
    assert chosen(found, "shop/dev", "a" * 8, ())[0] == "r06"
    with pytest.raises(UsageError, match="nothing to go back to") as caught:
        former(named("Apartial6"), "shop/dev")
    assert "tenantctl resume shop/dev" in caught.value.help


def test_what_is_in_force_is_not_answered_with_an_apply_of_files_that_may_be_others():
    with pytest.raises(UsageError, match="has the definition aaaaaaaaaaaa of r08 now") as caught:
        chosen(named("A6 B7 A8"), "shop/dev", "r08", ())
    assert "apply" not in caught.value.help


def test_what_means_several_definitions_is_refused():
    found = [("r1", receipt(1, digest="abcdef1" + "0" * 57))]
    found.insert(0, ("r2", receipt(2, digest="abcdef2" + "0" * 57)))
    found.insert(0, ("r3", receipt(3)))
    with pytest.raises(UsageError, match="abcdef means several receipts of shop/dev: r2, r1"):
        chosen(found, "shop/dev", "abcdef", ())
    assert chosen(found, "shop/dev", "abcdef1", ())[0] == "r1"


def test_a_restored_backup_is_no_definition():
    found = [("r2", receipt(2)), ("r1", receipt(1, digest="backup:" + "0" * 64))]
    with pytest.raises(UsageError, match="r1 is the receipt of a restored backup"):
        chosen(found, "shop/dev", "r1", ())
    with pytest.raises(UsageError, match="nothing to go back to"):
        former(found, "shop/dev")


def test_of_several_receipts_of_one_definition_one_that_converged_is_taken():
    found = named("A6 Apartial7 B8")
    assert chosen(found, "shop/dev", "a" * 8, ())[0] == "r06"
    failed = [("x", replace(found[1][1], digest="d" * 64)), found[0]][::-1]
    assert chosen(failed, "shop/dev", "x", ())[0] == "x"
