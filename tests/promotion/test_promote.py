"""From dev over qa to prod by the command line: what is promoted, what is refused, what is kept."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from promotion.small import commit, describe, described, git, held
from support.project import Project
from tenantctl.ledger import open_ledger, read_plan
from tenantctl.model import DriftReceipt, Receipt

QA, PROD = "environments/shop/qa.yaml", "environments/shop/prod.yaml"


def last(project: Project, env: str) -> Receipt:
    found = open_ledger(project.root / ".tenantctl").receipt("shop", env)
    assert found is not None
    return found


def policy(project: Project, file: str, text: str) -> None:
    """Add *text* to the policy of an environment."""
    project.edit(file, "policy: {", f"policy: {{{text}, ")


def judged(project: Project, *arguments: str) -> list[str]:
    """What speaks against a promotion, by its JSON."""
    ran = project.run("promote", *arguments, "--json", "--out", str(project.root / "x.json"))
    return [
        each["detail"]
        for each in ran.json["plan"]["violations"]
        if each["rule"] == "promotion" and not each["allowed"]
    ]


def test_a_definition_goes_from_dev_over_qa_to_prod_past_a_squash_merge(shop: Project):
    git(shop.root, "checkout", "--quiet", "-b", "feature")
    describe(shop, "The shop.", "The new shop.")
    branch = commit(shop.root, "A new shop")
    shop.ok("apply", "dev", "--yes")
    assert last(shop, "dev").commit == branch

    git(shop.root, "checkout", "--quiet", "main")
    git(shop.root, "merge", "--quiet", "--squash", "feature")
    squashed = commit(shop.root, "A new shop (#1)")
    git(shop.root, "branch", "--quiet", "-D", "feature")
    shop.ok("promote", "qa", "--yes")
    assert described(shop, "qa") == "The new shop."
    assert last(shop, "qa").digest == last(shop, "dev").digest
    assert last(shop, "qa").commit == squashed
    assert held(shop, "qa") == {"Web Shop"}

    shop.ok("promote", "prod", "--yes")
    assert described(shop, "prod") == "The new shop."
    assert held(shop, "prod") == {"Web Shop", "Probe"}
    assert last(shop, "prod").digest == last(shop, "dev").digest


def test_what_dev_has_is_promoted_and_not_what_the_files_say_by_now(shop: Project):
    shop.ok("apply", "dev", "--yes")
    before = commit_of(shop)
    describe(shop, "The shop.", "Not tried.")
    commit(shop.root, "Go on")
    ran = shop.ok("promote", "qa", "--yes")
    assert f"as commit {before[:12]} has it" in ran.out
    assert described(shop, "qa") == "The shop."
    assert last(shop, "qa").commit == before


def commit_of(project: Project) -> str:
    return git(project.root, "rev-parse", "HEAD")


def test_a_definition_is_found_in_a_fresh_clone_whose_history_was_rewritten(
    shop: Project, tmp_path: Path
):
    describe(shop, "The shop.", "One.")
    commit(shop.root, "One")
    shop.ok("apply", "dev", "--yes")
    git(shop.root, "commit", "--quiet", "--amend", "-m", "One, said better")
    amended = commit_of(shop)
    for number in range(3):
        describe(shop, "One." if number == 0 else f"{number}.", f"{number + 1}.")
        commit(shop.root, f"Go on {number}")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--no-local", str(shop.root), str(clone))
    shutil.copytree(shop.root / ".tenantctl", clone / ".tenantctl")
    there = Project(clone)
    shop_of = there.ok("promote", "qa", "--yes")
    assert f"as commit {amended[:12]} has it" in shop_of.out
    assert described(there, "qa") == "One."


def test_a_definition_that_is_nowhere_is_an_error_that_says_how_many_commits_were_looked_at(
    shop: Project,
):
    describe(shop, "The shop.", "Never committed.")
    shop.ok("apply", "dev", "--yes")
    describe(shop, "Never committed.", "The shop.")
    ran = shop.run("promote", "qa")
    assert ran.code == 1
    assert "is found nowhere" in ran.err
    assert "those of the 1 commit that were looked at" in ran.err
    assert "it was applied when files differed from commit" in ran.err


@pytest.mark.thorough
def test_a_definition_of_another_version_of_the_tool_is_said_to_be_one(shop: Project):
    shop.ok("apply", "dev", "--yes")
    ledger = open_ledger(shop.root / ".tenantctl")
    other = replace(last(shop, "dev"), digest="c" * 64, version="0.0.9", when=later(1))
    ledger.write_receipt(other)
    ran = shop.run("promote", "qa")
    assert ran.code == 1
    assert "it was applied by tenantctl 0.0.9" in ran.err


def later(seconds: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)).isoformat()


@pytest.mark.thorough
def test_a_definition_that_todays_environment_file_does_not_fit_takes_that_of_its_commit(
    shop: Project,
):
    shop.ok("apply", "dev", "--yes")
    shop.edit("tenants/shop/tenant.yaml", "variables:\n", "variables:\n  more: {type: string}\n")
    describe(shop, "The shop.", '"${var.more}"')
    for name in ("dev", "qa", "prod"):
        shop.edit(f"environments/shop/{name}.yaml", "variables:\n", "variables:\n  more: x\n")
    shop.edit(QA, "https://qa.shop.example", "https://moved.shop.example")
    policy(shop, QA, "approval: manual")
    commit(shop.root, "One variable more")
    assert shop.run("promote", "qa", "--yes").code == 5  # the policy is today's
    saved = str(shop.root / "plan.json")
    ran = shop.ok("promote", "qa", "--out", saved)
    shop.ok("apply", saved)
    assert "qa: today's environment file does not fit this definition" in ran.out
    assert "the variable more is not declared" in unwrapped(ran.out)
    with shop.sandbox("qa", "shop") as sandbox:
        (found,) = [c for c in sandbox.documents("clients").values() if c["name"] == "Web Shop"]
    assert found["callbacks"] == ["https://qa.shop.example/callback"]


def test_the_three_panels_say_what_came_what_will_happen_and_what_still_differs(shop: Project):
    shop.ok("apply", "dev", "--yes")
    shop.ok("promote", "qa", "--yes")
    describe(shop, "The shop.", "The new shop.")
    shop.edit(QA, "policy:", "overrides:\n  clients.web-shop: {oidc_conformant: true}\npolicy:")
    commit(shop.root, "Two changes")
    shop.ok("apply", "dev", "--yes")
    report = shop.root / "promotion.json"
    ran = shop.ok("promote", "qa", "--out", str(shop.root / "plan.json"), "--report", str(report))
    view = json.loads(report.read_text())
    assert view["type"] == "promotion"
    assert view["verdict"] == "ready"
    (came,) = view["came"]["resources"]
    assert [(came["address"], each["field"]) for each in came["fields"]] == [
        ("clients.web-shop", "description")
    ]
    assert view["plan"]["counts"]["update"] == 1
    assert {(each["address"], each["field"]) for each in view["unexercised"]} == {
        ("clients.web-shop", "oidc_conformant")
    }
    assert view["unexercised"][0]["where"] == f"{QA}:8"
    assert {each["reason"]: each["fields"] for each in view["reasons"]} == {
        "variable shop_url": ["clients.web-shop callbacks"],
        f"override, {QA}:8": ["clients.web-shop oidc_conformant"],
    }
    for said in ("1. What dev got", "2. What qa will get", "3. What will still differ"):
        assert said in ran.out
    assert "Not exercised in dev\n  clients.web-shop oidc_conformant" in ran.out
    assert ran.out.endswith(f"Next: tenantctl apply {shop.root / 'plan.json'}\n")


def test_the_first_promotion_of_all_is_new_and_only_what_dev_lacks_is_not_exercised(shop: Project):
    for env in ("dev", "qa"):
        shop.ok("apply", env, "--yes")
    ran = shop.run("promote", "prod", "--json", "--out", str(shop.root / "x.json"))
    assert ran.json["came"] is None
    assert "nothing yet" in ran.json["came_note"]
    assert [each["address"] for each in ran.json["unexercised"]] == ["clients.probe"]


def test_nothing_is_written_unless_somebody_agrees(shop: Project):
    shop.ok("apply", "dev", "--yes")
    ran = shop.run("promote", "qa")
    assert ran.code == 64
    assert "there is nobody to ask" in ran.err
    assert open_ledger(shop.root / ".tenantctl").receipt("shop", "qa") is None


@pytest.mark.thorough
def test_a_promotion_that_changes_nothing_is_still_written_down(shop: Project):
    shop.ok("apply", "dev", "--yes")
    shop.ok("apply", "qa", "--yes")
    shop.edit(
        "tenants/shop/tenant.yaml", "secrets: {}", "secrets: {}\nparameters: {entitlements: {}}"
    )
    commit(shop.root, "Nothing that a tenant would notice")
    shop.ok("apply", "dev", "--yes")
    ran = shop.ok("promote", "qa")
    assert "Nothing to do" in ran.out
    assert last(shop, "qa").digest == last(shop, "dev").digest


def test_what_was_not_applied_in_full_is_not_promoted(shop: Project):
    assert judged(shop, "qa") == [
        "shop/dev has no receipt: as far as this machine knows, nothing was ever applied there"
    ]
    shop.ok("apply", "dev", "--yes", "--phase", "1")
    (said,) = judged(shop, "qa")
    assert "has had a selection of steps" in said
    ran = shop.run("promote", "qa", "--yes")
    assert ran.code == 5
    assert "has had a selection of steps" in ran.out
    assert open_ledger(shop.root / ".tenantctl").receipt("shop", "qa") is None


def test_a_saved_plan_is_of_the_commit_that_it_was_made_of_whatever_came_after(shop: Project):
    made, saved = git(shop.root, "rev-parse", "HEAD"), [shop.root / f"{n}.json" for n in "pq"]
    shop.ok("plan", "dev", "--out", str(saved[0]))
    describe(shop, "The shop.", "Another.")
    shop.ok("apply", str(saved[0]))
    describe(shop, "Another.", "The shop.")
    shop.ok("promote", "qa", "--out", str(saved[1]))
    describe(shop, "The shop.", "Another.")
    commit(shop.root, "Another")
    shop.ok("apply", str(saved[1]))
    assert [last(shop, env).commit.removesuffix("-dirty") for env in ("dev", "qa")] == [made] * 2
    assert last(shop, "dev").commit == made


def test_a_saved_plan_that_is_refused_is_not_applied_either(shop: Project):
    saved = str(shop.root / "plan.json")
    assert shop.run("promote", "qa", "--out", saved).code == 5
    ran = shop.run("apply", saved)
    assert ran.code == 5
    assert "has no receipt" in ran.err


def test_a_soak_is_counted_from_the_first_apply_and_not_from_the_last(shop: Project):
    policy(shop, QA, "soak: 24h")
    shop.ok("apply", "dev", "--yes")
    first = last(shop, "dev")
    (said,) = judged(shop, "qa")
    assert "policy.soak of shop/qa asks for 1d" in said
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()
    ran = shop.ok("promote", "qa", "--now", tomorrow)
    assert "Refused" not in ran.out
    assert "Next: tenantctl promote shop/qa\n" in ran.out
    assert open_ledger(shop.root / ".tenantctl").receipt("shop", "qa") is None

    days_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).isoformat(timespec="milliseconds")
    shutil.rmtree(shop.root / ".tenantctl" / "receipts")
    open_ledger(shop.root / ".tenantctl").write_receipt(replace(first, when=days_ago))
    shop.ok("apply", "dev", "--yes")
    assert judged(shop, "qa") == []


@pytest.mark.parametrize("more", [("--out", "plan.json"), ("--yes",)])
def test_no_other_day_is_a_way_round_a_soak(shop: Project, more: tuple[str, ...]):
    shop.ok("apply", "dev", "--yes")
    ran = shop.run("promote", "qa", "--now", "2030-01-01", *more)
    assert ran.code == 64
    assert "--now shows how a promotion would be on another day" in ran.err


def test_a_look_for_drift_is_asked_for_where_the_policy_says_so(shop: Project):
    policy(shop, QA, "max_drift_age: 7d")
    shop.ok("apply", "dev", "--yes")
    assert len(judged(shop, "qa")) == 1
    applied = last(shop, "dev")
    look = DriftReceipt(
        tenant="shop",
        environment="dev",
        domain=applied.domain,
        digest=applied.digest,
        applied=applied.when,
        drifted=("clients.web-shop",),
        when=later(0),
    )
    ledger = open_ledger(shop.root / ".tenantctl")
    ledger.write_record(look)
    (said,) = judged(shop, "qa")
    assert "has drifted: clients.web-shop" in said
    ledger.write_record(replace(look, drifted=(), when=later(1)))
    assert judged(shop, "qa") == []


def test_only_what_a_trusted_key_signed_is_promoted(shop: Project):
    key = "ed25519:" + "A" * 43 + "="
    shop.edit(QA, "policy:", f'receipts: {{trust: ["{key}"]}}\npolicy:')
    shop.ok("apply", "dev", "--yes")
    (said,) = judged(shop, "qa")
    assert "that nobody signed with a key which receipts.trust of shop/qa names" in said


def test_another_source_is_against_the_order_and_an_unknown_one_an_error(shop: Project):
    shop.ok("apply", "dev", "--yes")
    (said,) = judged(shop, "prod", "--from", "dev")
    assert said == ("shop/dev is not where definitions come from: shop/prod promotes from qa")
    for name, told in (("qaa", 'did you mean "qa"?'), ("prod", "there is dev, qa")):
        ran = shop.run("promote", "prod", "--from", name)
        assert ran.code == 64
        assert told in ran.err
    ran = shop.run("promote", "dev")
    assert ran.code == 64
    assert "write promotes_from in its environment file, or give --from" in ran.err


def test_a_hotfix_is_shown_and_kept_with_its_reason(shop: Project):
    shop.ok("apply", "dev", "--yes")
    policy(shop, PROD, "approval: manual")
    saved = shop.root / "plan.json"
    ran = shop.ok(
        "promote", "prod", "--from", "dev", "--hotfix", "logins fail, INC-7", "--out", str(saved)
    )
    assert ran.out.count("HOTFIX: logins fail, INC-7") == 2
    assert "permitted: hotfix: logins fail, INC-7" in ran.out
    assert read_plan(saved).hotfix == "logins fail, INC-7"
    ledger = open_ledger(shop.root / ".tenantctl")
    assert ledger.statements("shop", "prod") == ()
    assert "HOTFIX: logins fail, INC-7" in shop.ok("show", str(saved)).out
    shop.ok("apply", str(saved))
    (kept,) = ledger.statements("shop", "prod")
    receipt = last(shop, "prod")
    assert (kept.says, kept.about, kept.reason) == (
        "excepted",
        receipt.digest,
        "logins fail, INC-7",
    )
    assert (kept.who, kept.when) == (receipt.who, receipt.when)
    assert "hotfix: logins fail, INC-7" in shop.ok("receipts", "log", "prod").out
    board = shop.ok("status", "--offline").out
    assert "converged, hotfix" in board
    assert f"! prod: hotfix by {receipt.who}: logins fail, INC-7" in board


def test_a_hotfix_that_nothing_speaks_against_is_none(shop: Project):
    shop.ok("apply", "dev", "--yes")
    ran = shop.ok("promote", "qa", "--hotfix", "just in case", "--yes")
    assert "HOTFIX" not in ran.out
    assert open_ledger(shop.root / ".tenantctl").statements("shop", "qa") == ()


def test_a_hotfix_needs_a_reason(shop: Project):
    ran = shop.run("promote", "qa", "--hotfix", " ")
    assert ran.code == 64
    assert "--hotfix needs a reason" in ran.err


def test_the_files_here_are_promoted_as_a_hotfix_where_that_is_asked_for(shop: Project):
    shop.ok("apply", "dev", "--yes")
    describe(shop, "The shop.", "Mended.")
    (said,) = judged(shop, "qa", "--here")
    assert said.startswith("shop/dev has the definition")
    shop.ok("promote", "qa", "--here", "--hotfix", "INC-7", "--yes")
    assert described(shop, "qa") == "Mended."


def test_a_hotfix_permits_the_gates_that_are_about_order_and_no_other(shop: Project):
    adopted = "adopts: [application_integration, deployment_automation, integration_testing, "
    shop.edit("tenants/shop/tenant.yaml", "adopts: [application_integration, ", adopted)
    shop.edit(PROD, "policy:", "gates: enforce\npolicy:")
    commit(shop.root, "Gates")
    shop.ok("apply", "dev", "--yes")
    out = ("--from", "dev", "--out", str(shop.root / "x.json"), "--json")
    ran = shop.run("promote", "prod", "--hotfix", "INC-7", *out)
    allowed = {each["rule"]: each["allowed"] for each in ran.json["plan"]["violations"]}
    assert {rule for rule, said in allowed.items() if said == "hotfix: INC-7"} == {
        "promotion",
        "Q03.integration-tests-qa",
        "Q04.promotion-order",
    }
    assert not allowed["D02.prod-apply-approved"]


def test_a_plan_says_where_its_definition_has_not_been_and_why_it_would_not_be_promoted(
    shop: Project,
):
    said = "this definition is not in dev yet, which qa promotes from"
    assert said in unwrapped(shop.ok("plan", "qa").out)
    shop.ok("apply", "dev", "--yes")
    assert said not in unwrapped(shop.ok("plan", "qa").out)
    assert "promotes from" not in unwrapped(shop.ok("plan", "dev").out)
    policy(shop, QA, "soak: 24h")
    plan = unwrapped(shop.ok("plan", "qa").out)
    assert "tenantctl promote shop/qa would refuse this: shop/dev has had it for" in plan
    assert "policy.soak of shop/qa asks for 1d." in plan
    describe(shop, "The shop.", "The new shop.")
    assert said in unwrapped(shop.ok("plan", "qa").out)


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_approval_by_hand_takes_saved_plans_only(shop: Project):
    shop.ok("apply", "dev", "--yes")
    policy(shop, QA, "approval: two_person")
    ran = shop.run("promote", "qa", "--yes")
    assert ran.code == 5
    assert "tenantctl promote shop/qa --out plan.json" in ran.err
    assert "Next: tenantctl promote shop/qa --out plan.json" in ran.out


def test_the_way_to_a_saved_plan_asks_for_all_that_was_asked_for(shop: Project):
    shop.ok("apply", "dev", "--yes")
    policy(shop, QA, "approval: two_person")
    options = ("--from", "dev", "--hotfix", "it is late", "--target", "clients.*", "--here")
    ran = shop.run("promote", "qa", "--yes", *options, "--delete")
    way = (
        "tenantctl promote shop/qa --from dev --hotfix 'it is late' --target 'clients.*' --here "
        "--delete --out plan.json"
    )
    assert (ran.code, way in ran.err, f"Next: {way}" in ran.out) == (5, True, True)


def test_json_says_all_that_the_text_says_or_how_it_went(shop: Project):
    shop.ok("apply", "dev", "--yes")
    done = shop.ok("promote", "qa", "--yes", "--json").json
    assert (done["type"], done["status"]) == ("receipt", "converged")
    refused = shop.run("promote", "prod", "--from", "dev", "--yes", "--json")
    assert refused.code == 5
    assert refused.json["verdict"] == "refused"


def test_reports_of_a_kind_that_it_does_not_write_are_refused_before_anything_is_read(
    shop: Project,
):
    ran = shop.run("promote", "qa", "--report", str(shop.root / "x.sarif"))
    assert ran.code == 64
    assert "is no report of this command" in ran.err


def test_markdown_begins_with_what_it_is_of_and_nobody_is_named_in_it(shop: Project):
    shop.ok("apply", "dev", "--yes")
    describe(shop, "The shop.", "'@all | <b>`x`</b>'")
    commit(shop.root, "Strange words")
    shop.ok("apply", "dev", "--yes")
    report = shop.root / "p.md"
    shop.run("promote", "prod", "--from", "dev", "--hotfix", "ask @ada", "--report", str(report))
    text = report.read_text()
    assert text.startswith("<!-- tenantctl:promotion:shop/prod -->\n\n## Promotion ")
    assert "**HOTFIX: ask &#64;" in text
    outside = re.sub(r"(?ms)^```diff$.*?^```$", "", text)  # in a block nobody is named
    assert "@" not in outside
    assert "<b>`" not in outside
    for panel in ("### 1. What ", "### 2. What ", "### 3. What "):
        assert panel in text
