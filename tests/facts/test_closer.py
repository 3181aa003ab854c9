"""A closer look at a tenant of this machine: what only it can tell, and what it may not."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from support.project import Project, copy_of_repository
from tenantctl.cli.wiring import Project as Folder
from tenantctl.cli.wiring import open_tenant
from tenantctl.engine.facts import Facts
from tenantctl.files import load, resolve
from tenantctl.ledger import open_ledger
from tenantctl.sandbox import Sandbox
from tenantctl.workflows import Ask, prepare
from tenantctl.workflows.facts import gather

TODAY = dt.date(2026, 9, 1)
NOW = ("--now", "2026-09-01")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shop of this repository, applied."""
    project = copy_of_repository(tmp_path_factory.mktemp("shop"))
    project.ok("apply", "dev", "--yes", *NOW)
    return project


def findings(shop: Project, *options: str) -> dict[str, dict[str, Any]]:
    """What a check says, by its id; exit 5 is a judgement, too."""
    ran = shop.run("check", "dev", "--json", *NOW, *options)
    assert ran.code in {0, 5}, ran.err
    return {each["check"]: each for each in ran.json["findings"]}


def without(sandbox: Sandbox, *scopes: str) -> list[str]:
    """Take *scopes* from what the tool may do; what it could before."""
    own, _ = sandbox.credentials()
    grants = sandbox.documents("client_grants").items()
    ((id, grant),) = [(i, d) for i, d in grants if d.get("client_id") == own]
    before: list[str] = grant["scope"]
    sandbox.edit("client_grants", id, {"scope": [s for s in before if s not in scopes]})
    return before


@pytest.fixture
def restored(shop: Project) -> Iterator[Sandbox]:
    """The tenant itself, which is as it was afterwards."""
    with shop.sandbox() as sandbox:
        before = without(sandbox)
        name = sandbox.documents("tenant_settings")
        yield sandbox
        own, _ = sandbox.credentials()
        for id, grant in sandbox.documents("client_grants").items():
            if grant.get("client_id") == own:
                sandbox.edit("client_grants", id, {"scope": before})
        for id, document in name.items():
            sandbox.edit("tenant_settings", id, {"friendly_name": document["friendly_name"]})


LIVE = (
    "A04.custom-domain-ready",
    "A07.custom-domain-certificate",
    "D01.no-drift",
    "D08.deploy-token-least-privilege",
    "O03.log-stream-active",
    "O12.signing-key-age",
    "Q05.actions-deployed-and-bound",
    "Q10.no-rules",
    "Q11.no-hooks",
)


def test_what_only_the_tenant_can_tell_is_told_by_it_and_not_by_files(shop: Project) -> None:
    known, blind = findings(shop), findings(shop, "--offline")
    for id in LIVE:
        assert known[id]["status"] == "passed", known[id]
        assert blind[id]["status"] == "unknown", blind[id]
        assert blind[id]["details"], id
    left = known["U28.no-unmanaged-connections"]
    assert "connections.username-password-authentication" in " ".join(left["details"])


def test_a_change_in_the_dashboard_is_drift(shop: Project, restored: Sandbox) -> None:
    ((id, _),) = restored.documents("tenant_settings").items()
    restored.edit("tenant_settings", id, {"friendly_name": "Somebody else's"})
    drift = findings(shop)["D01.no-drift"]
    assert drift["status"] == "failed"


LACKING = {
    "read:signing_keys": "O12.signing-key-age",
    "read:rules": "Q10.no-rules",
    "read:hooks": "Q11.no-hooks",
}


@pytest.mark.parametrize(("scope", "check"), LACKING.items())
def test_what_the_token_may_not_see_stays_unknown_and_names_the_scope(
    shop: Project, restored: Sandbox, scope: str, check: str
) -> None:
    without(restored, scope)
    found = findings(shop)
    assert found[check]["status"] == "unknown"
    assert f"the token lacks {scope}" in " ".join(found[check]["details"])
    assert found["A04.custom-domain-ready"]["status"] == "passed"
    assert scope in shop.ok("scopes", "dev", "--for", "check").out.split()


def test_a_plan_reads_nothing_for_its_findings(shop: Project) -> None:
    loaded = load(shop.root, "hearthhollow", "dev")
    ledger = open_ledger(shop.root / ".tenantctl")
    receipt = ledger.receipt("hearthhollow", "dev")
    vault = resolve(
        loaded.environment,
        root=shop.root,
        state=shop.root / ".tenantctl",
        environ={},
        strict=False,
    )

    def known(live: Any, own: Any, surveyed: Any = None) -> Facts:
        return gather(loaded, shop.root, ledger, TODAY, live=live, own=own, surveyed=surveyed)

    async def asked(gathering: Any) -> tuple[int, int]:
        opened = open_tenant(loaded.environment, vault, "plan", project=Folder(shop.root))
        async with opened as gateway:
            ask = Ask(today=TODAY)
            found = await prepare(loaded, gateway, receipt, vault, ask, gather=gathering)
            return gateway.stats.requests, len(found.plan.findings)  # type: ignore[attr-defined]

    without_findings, with_findings = asyncio.run(asked(None)), asyncio.run(asked(known))
    assert without_findings[0] == with_findings[0]
    assert (without_findings[1], with_findings[1] > 0) == (0, True)
