"""`tenantctl status` on embedded tenants, driven as a person drives it."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from support.project import Project, command, copy_of_repository

ENVIRONMENTS = ["dev", "qa", "prod"]


@pytest.fixture(scope="module")
def applied(tmp_path_factory) -> Project:
    """The shop, applied in dev alone."""
    project = copy_of_repository(tmp_path_factory.mktemp("board"))
    project.ok("apply", "dev", "--yes")
    return project


def sheet(ran):
    (found,) = ran.json["tenants"]
    return found


def environment(ran, name):
    (found,) = [each for each in sheet(ran)["environments"] if each["environment"] == name]
    return found


@pytest.mark.thorough
def test_all_environments_stand_beside_each_other_in_the_order_of_promotion(applied):
    ran = applied.ok("status", "--json", "--jobs", "1")
    assert [each["environment"] for each in sheet(ran)["environments"]] == ENVIRONMENTS
    dev, qa, _ = sheet(ran)["environments"]
    assert (dev["figures"]["changes"], dev["last"]["status"], dev["last"]["current"]) == (
        0,
        "converged",
        True,
    )
    assert qa["figures"]["changes"] > 20
    assert qa["figures"]["drifted"] == 0
    assert qa["last"] is None
    assert qa["next"] == "tenantctl plan hearthhollow/qa"


@pytest.mark.thorough
def test_status_writes_to_no_tenant_and_keeps_no_receipt(applied):
    before = {
        path: path.read_bytes()
        for path in (applied.root / ".tenantctl" / "receipts").rglob("*.json")
    }
    writes = applied.writes()
    applied.ok("status", "--jobs", "1")
    assert applied.writes() == writes
    assert before == {
        path: path.read_bytes()
        for path in (applied.root / ".tenantctl" / "receipts").rglob("*.json")
    }


SCRIPT = """
import sys
from tenantctl.cli import boarding
from tenantctl.cli.__main__ import run
if __name__ == "__main__":
    boarding.WORTH = 1
    sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.thorough
def test_several_processes_say_what_one_says(applied, tmp_path):
    script = tmp_path / "status.py"
    script.write_text(SCRIPT)

    def said(jobs):
        arguments = ["status", "--json", "--now", "2026-09-01", "--jobs", jobs]
        ran = subprocess.run(
            [sys.executable, str(script), *arguments, "--chdir", str(applied.root)],
            capture_output=True,
            text=True,
            check=True,
        )
        return {**json.loads(ran.stdout), "when": ""}

    assert said("3") == said("1")


def test_environments_of_a_process_that_died_are_told_and_the_others_shown(applied):
    """The share of another process never arrives: its end of the pipe is closed."""
    from tenantctl.cli import boarding

    here, there = multiprocessing.Pipe(duplex=False)
    there.close()
    share = boarding.Errand(
        applied.root, (("hearthhollow", "qa"),), offline=True, today=dt.date(2026, 9, 1)
    )
    (column,) = boarding._received(here, share).columns
    assert (column.id, column.failure.exit_code) == ("hearthhollow/qa", 1)


@pytest.mark.thorough
def test_somebody_elses_change_is_drift_and_a_change_of_the_files_is_not(applied, tmp_path):
    project = Project(tmp_path / "copy")
    shutil.copytree(applied.root, project.root)
    with project.sandbox() as sandbox:
        id = next(
            id for id, each in sandbox.documents("clients").items() if each["name"] == "Web Shop"
        )
        sandbox.edit("clients", id, {"callbacks": ["https://elsewhere.example/callback"]})
    dev = environment(project.ok("status", "hearthhollow/dev", "--json"), "dev")
    assert (dev["figures"]["changes"], dev["figures"]["drifted"]) == (1, 1)
    assert dev["because"] == "1 change in the tenant since the last apply"
    project.edit(
        "tenants/hearthhollow/phase1/architecture.yaml",
        "friendly_name: Hearth & Hollow",
        "friendly_name: Hearth and Hollow",
    )
    dev = environment(project.ok("status", "dev", "--json"), "dev")
    assert (dev["figures"]["changes"], dev["figures"]["drifted"]) == (2, 1)
    assert not dev["last"]["current"]


def test_offline_opens_no_tenant(applied):
    from tenantctl.cli import boarding
    from tenantctl.cli.wiring import Project as Here

    def refuse(*_):
        raise AssertionError("a tenant was opened")

    here = Here(applied.root, embed=refuse)
    targets = (("hearthhollow", "dev"),)
    errand = boarding.Errand(applied.root, targets, offline=True, today=dt.date(2026, 9, 1))
    (offline,) = boarding.look_at(here, errand).columns
    assert offline.failure is None
    assert not offline.read
    declared = [cell for cell in offline.cells if cell.figures.resources and cell.phase == 1]
    assert {cell.state for cell in declared} <= {"unread", "blocked"}
    (online,) = boarding.look_at(here, replace(errand, offline=False)).columns
    assert online.failure is not None
    assert "refuse" not in online.failure.message


@pytest.mark.thorough
def test_an_environment_whose_files_are_wrong_leaves_the_others_alone(tmp_path):
    project = copy_of_repository(tmp_path)
    (project.root / "environments/hearthhollow/qa.yaml").write_text("kind: [\n")
    ran = project.run("status", "--offline", "--json")
    assert ran.code == 0
    qa, dev = environment(ran, "qa"), environment(ran, "dev")
    assert qa["failure"]["exit_code"] == 65
    assert qa["failure"]["problems"][0]["where"].startswith("environments/hearthhollow/qa.yaml")
    assert dev["failure"] is None
    text = project.ok("status", "--offline").out
    assert "× qa: " in text
    assert "environments/hearthhollow/qa.yaml:" in text


def test_where_nothing_is_known_of_any_environment_the_exit_code_says_why(tmp_path):
    project = copy_of_repository(tmp_path)
    (project.root / "tenants/hearthhollow/tenant.yaml").write_text("playbook: b2d\n")
    ran = project.run("status", "--offline")
    assert ran.code == 65
    assert "tenants/hearthhollow/tenant.yaml:1:11" in ran.out


def test_an_environment_that_cannot_be_signed_in_to_says_so(tmp_path):
    project = copy_of_repository(tmp_path)
    for name in ENVIRONMENTS[1:]:
        (project.root / f"environments/hearthhollow/{name}.yaml").unlink()
    project.edit(
        "environments/hearthhollow/dev.yaml", "domain: embedded", "domain: shop.eu.auth0.com"
    )
    ran = project.run("status", "dev", "--json")
    assert ran.code != 0
    assert environment(ran, "dev")["failure"]["message"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody"], "nobody"),
        (["hearthhollow/dve"], 'did you mean "dev"?'),
        (["--link-base", "https://x.example/"], "--link-base goes with --html"),
        (["--html", "b.html", "--link-base", "javascript:alert(1)"], "is no address of a web page"),
        (["--shard", "3/2"], "is no share"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(applied, arguments, told):
    ran = applied.run("status", *arguments)
    assert ran.code == 64
    assert told in ran.err


@pytest.mark.thorough
def test_a_page_is_written_beside_the_table(applied, tmp_path):
    page = tmp_path / "out" / "board.html"
    page.parent.mkdir()
    ran = applied.ok("status", "--offline", "--html", str(page))
    assert "Phase 1" in ran.out
    assert "kB" in ran.err
    assert page.stat().st_size < 1_000_000
    up = os.path.relpath(applied.root, page.parent)
    assert f'href="{up}/tenants/hearthhollow/tenant.yaml#L' in page.read_text()


def test_no_secret_stands_on_the_board(applied, tmp_path):
    secrets = [
        path.read_text().strip()
        for path in (applied.root / ".tenantctl").rglob("*")
        if path.is_file() and "secret" in str(path)
    ]
    assert secrets
    page = tmp_path / "board.html"
    said = applied.ok("status", "dev", "--json", "--html", str(page)).out + page.read_text()
    assert not [secret for secret in secrets if len(secret) > 7 and secret in said]


def test_help_names_what_it_reads():
    ran = command("status", "--help")
    assert ran.code == 0
    assert "Reads only" in ran.out
