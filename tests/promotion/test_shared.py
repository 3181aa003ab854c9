"""Promotion between machines: receipts over a remote, signed with a key that the target trusts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from promotion.small import commit, describe, described, git
from support.project import Project
from tenantctl.ledger import open_ledger
from tenantctl.ledger.signing import make_pair, signer


@pytest.fixture
def teams(
    shop: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Project, Project]:
    """The machine that applies to dev and signs, and a fresh clone that trusts its key."""
    pem, public = make_pair()
    monkeypatch.setenv("SIGNING_KEY", pem)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("dev", "qa", "prod"):
        said = "sign: env:SIGNING_KEY" if name == "dev" else f'trust: ["{public}"]'
        shop.edit(f"environments/shop/{name}.yaml", "policy:", f"receipts: {{{said}}}\npolicy:")
    shop.edit("environments/shop/qa.yaml", "policy: {", "policy: {soak: 1h, ")
    commit(shop.root, "Receipts are shared")
    remote = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(shop.root, "remote", "add", "origin", str(remote))
    git(shop.root, "push", "--quiet", "origin", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    return shop, Project(clone)


def said_of(project: Project) -> list[str]:
    ran = project.run("promote", "qa", "--json", "--out", str(project.root / "x.json"))
    violations = ran.json["plan"]["violations"]
    return [each["detail"] for each in violations if each["rule"] == "promotion"]


@pytest.mark.thorough
def test_a_fresh_clone_promotes_what_another_machine_has_applied_and_signed(
    teams: tuple[Project, Project],
):
    here, there = teams
    here.ok("apply", "dev", "--yes")
    (said,) = said_of(there)
    assert "policy.soak of shop/qa asks for 1h" in said
    there.edit("environments/shop/qa.yaml", "soak: 1h, ", "")
    there.ok("promote", "qa", "--yes")
    assert described(there, "qa") == "The shop."


@pytest.mark.thorough
def test_an_older_receipt_that_nobody_signed_shortens_no_soak(teams: tuple[Project, Project]):
    here, _ = teams
    here.ok("apply", "dev", "--yes")
    state = here.root / ".tenantctl"
    (_, mine), *_ = open_ledger(state).history("shop", "dev")
    pem, _ = make_pair()
    for ledger in (open_ledger(state), open_ledger(state, lambda: signer(pem))):
        forged = ledger.write_receipt(replace(mine, when="2026-01-01T00:00:00.000+00:00"))
        assert forged.exists()
        open_ledger(state, lambda: None).write_receipt(mine)
    said = said_of(here)
    assert any("policy.soak of shop/qa asks for 1h" in each for each in said)


@pytest.mark.thorough
def test_a_definition_that_was_never_pushed_is_told_from_one_that_was(
    teams: tuple[Project, Project],
):
    here, there = teams
    describe(here, "The shop.", "On this machine.")
    commit(here.root, "Not pushed")
    here.ok("apply", "dev", "--yes")
    ran = there.run("promote", "qa")
    assert ran.code == 1
    assert "is found nowhere" in ran.err
    git(here.root, "push", "--quiet", "origin", "main:elsewhere")
    git(there.root, "fetch", "--quiet")
    assert len(said_of(there)) == 1

    git(there.root, "remote", "set-url", "origin", str(there.root / "gone.git"))
    unfetched, _ = said_of(there)
    assert "shop/dev may have something else by now" in unfetched


@pytest.mark.thorough
def test_a_plan_on_a_fresh_machine_knows_what_the_environment_before_has(
    teams: tuple[Project, Project],
):
    here, there = teams
    here.ok("apply", "dev", "--yes")
    assert "is not in dev yet" not in " ".join(there.ok("plan", "qa").out.split())
