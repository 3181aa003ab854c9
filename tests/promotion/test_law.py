"""What was promoted is what the source has, with the target's own differences, and no more."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from promotion.small import commit, git
from promotion.test_residual import OVERRIDES, environments, project
from support.project import Project
from tenantctl.ledger import open_ledger

MORE = ["https://more.example/callback"]
ALL = ["https://all.example/callback"]


def asked_of_the_shop(said: dict[str, Any]) -> dict[str, Any]:
    """What the first definition asks of the shop in an environment, worked out by hand."""
    override = said["override"]
    callbacks = {
        OVERRIDES[0]: [f"{said['url']}/callback", *ALL, *MORE],
        OVERRIDES[1]: [f"{said['url']}/callback"],
    }
    metadata = {"team": "shop", "where": said["url"]}
    found = {
        "name": said["name"],
        "app_type": "spa",
        "callbacks": callbacks.get(override, [f"{said['url']}/callback", *ALL]),
        "web_origins": said["origins"],
        "client_metadata": {**metadata, "team": "other", "more": "x"}
        if override == OVERRIDES[3]
        else metadata,
    }
    if override != OVERRIDES[2]:
        found["description"] = f"The shop {said['name']} at {said['url']}."
    if not said["declined"]:
        found["allowed_logout_urls"] = [f"{said['url']}/out"]
    return found


def held(project: Project, env: str, name: str) -> dict[str, Any]:
    """A client as the tenant of *env* has it, without any of our readers."""
    with project.sandbox(env, "t") as sandbox:
        (found,) = [c for c in sandbox.documents("clients").values() if c["name"] == name]
    return dict(found)


@pytest.mark.thorough
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(dev=environments, qa=environments)
def test_what_dev_has_reaches_qa_with_its_own_differences_whatever_the_files_say_by_now(
    tmp_path: Path, dev: dict[str, object], qa: dict[str, object]
):
    root = project(tmp_path / "p", dev, qa)
    file = root / "environments/t/qa.yaml"
    file.write_text(f"{file.read_text()}promotes_from: dev\n")
    shutil.rmtree(root / ".git", ignore_errors=True)
    git(root, "init", "--quiet")
    commit(root, "Begin")
    here = Project(root)
    here.ok("apply", "dev", "--yes")
    definition = root / "tenants/t/phase1/all.yaml"
    definition.write_text(definition.read_text().replace("The shop ", "Another shop "))
    commit(root, "Go on")

    report = root / "p.json"
    here.ok("promote", "qa", "--yes", "--report", str(report))

    wanted = asked_of_the_shop(qa)
    found = held(here, "qa", str(qa["name"]))
    assert {key: found.get(key) for key in wanted} == wanted
    assert found.get("description") == wanted.get("description")
    ledger = open_ledger(root / ".tenantctl")
    mine, theirs = ledger.receipt("t", "qa"), ledger.receipt("t", "dev")
    assert mine is not None
    assert theirs is not None
    assert mine.digest == theirs.digest
    assert "nothing declares this" not in report.read_text()
