"""Two companies, three environments, three phases: each state is tested, applied and gone live."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from campaigns.figures import commit, table, write_page
from examples.states import NEXT, NOW, counts, reach, release
from support.project import REPOSITORY, Project

ENVIRONMENTS = ("dev", "qa", "prod")
COMPANIES = ("hearthhollow", "tallowbridge")
BORN = {"google-oauth2", "Username-Password-Authentication"}
"""Connections that every new tenant comes with, and a person takes away once in the dashboard."""


def tidied(project: Project, tenant: str, environment: str) -> None:
    """Take away what every new tenant comes with and nobody declares."""
    with project.sandbox(environment, tenant) as sandbox:
        for id, connection in sandbox.documents("connections").items():
            if connection["name"] in BORN and not connection["options"].get("client_id"):
                sandbox.drop("connections", id)


def judged(project: Project, name: str) -> tuple[int, set[str]]:
    """How many checks passed as of NOW, and which close the gate."""
    ran = project.run("check", name, "--now", NOW, "--json")
    found = ran.json["findings"]
    assert ran.code == (5 if ran.json["blocked"] else 0), ran.err
    return ran.json["counts"]["passed"], {each["check"] for each in found if each["blocking"]}


@pytest.mark.campaign
def test_every_state_of_both_companies_goes_live(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("tenant", "phases", "environment", "resources", "checks passed", "blocking", "seconds")
    ]
    for folder in ("tenants", "environments"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    project = Project(tmp_path)
    for tenant in COMPANIES:
        for phases in NEXT:
            for environment in ENVIRONMENTS:
                release(project, f"{tenant}/{environment}", phases)
            project.ok("test", tenant)
            for environment in ENVIRONMENTS:
                began, name = time.monotonic(), f"{tenant}/{environment}"
                reach(project, name, phases)
                tidied(project, tenant, environment)
                if environment == "qa":
                    project.ok("test", name, "--live")
                project.ok("backup", name)
                passed, blocking = judged(project, name)
                assert blocking == set(), (name, phases)
                made = sum(counts(project, name).values())
                taken = f"{time.monotonic() - began:.1f}"
                said = ", ".join(map(str, phases))
                rows.append((tenant, said, environment, made, passed, len(blocking), taken))
    assert len(rows) == 1 + 18
    write_page(
        "states",
        "The states of the example tenants",
        "Two companies in three environments, phase by phase, on embedded tenants: released, tested"
        " (code, files, a fresh tenant), applied in the order of promotion with an empty plan"
        " afterwards, QA asked whether people can sign in, backed up, and judged as of a day on"
        " which the attestations are young. What every new tenant comes with was taken away first,"
        " as a person does in the dashboard. No check that blocks was open.",
        {"commit": commit(), "as of": NOW},
        table(rows),
    )
