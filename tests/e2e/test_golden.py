"""What people see of the main job. `TENANTCTL_GOLDEN=1` writes the files again: review the diff."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.project import Project, Ran

GOLDEN = Path(__file__).parents[1] / "golden"
PHASE = "tenants/hearthhollow/phase1"
SIGNED = re.compile(r"^\d{4}-\d\d-\d\dT.* with tenantctl .*$", re.MULTILINE)
"""The line of a receipt that says when, who and with which version."""

Scene = Callable[[Project], None]


def compare(name: str, said: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("TENANTCTL_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said


def told(project: Project, command: str) -> str:
    """A command and all that it says, without what differs from run to run."""
    words = [str(project.root / w) if w.endswith(".json") else w for w in command.split()]
    return transcript(project, command, project.run(*words))


def transcript(project: Project, command: str, ran: Ran) -> str:
    said = f"$ tenantctl {command}\n{ran.out}"
    if ran.err:
        said += f"--- stderr ---\n{ran.err}"
    said = SIGNED.sub("(when, who, with which version)", said.replace(f"{project.root}/", ""))
    return f"{said}--- exit {ran.code} ---\n"


@pytest.mark.parametrize("env", ["dev", "qa", "prod"])
def test_the_first_plan(project, env):
    compare(f"first_plan_{env}", told(project, f"plan --now 2026-09-01 {env}"))


def test_the_applied_run(project):
    project.ok("plan", "dev", "--out", str(project.root / "plan.json"))
    compare("applied_run", told(project, "apply plan.json"))


def renamed_tenant(project: Project) -> None:
    project.edit(
        f"{PHASE}/architecture.yaml",
        "friendly_name: Hearth & Hollow",
        "friendly_name: Hearth and Hollow",
    )


def changed_code(project: Project) -> None:
    path = project.root / "tenants/hearthhollow/actions/add-id-token-claims.js"
    path.write_text(path.read_text().replace('?? "en"', '?? "de"') + "\n// reviewed in May\n")


def changed_set(project: Project) -> None:
    project.edit(
        f"{PHASE}/authentication.yaml",
        'callbacks: ["${var.checkout_url}/callback"]',
        'callbacks: ["${var.checkout_url}/back", "${var.checkout_url}/return"]',
    )


def no_more_siem(project: Project) -> None:
    old = "      name: siem"
    project.edit(f"{PHASE}/operations.yaml", old, f"      $only: [prod]\n{old}")


def renamed_in_the_dashboard(project: Project) -> None:
    with project.sandbox() as sandbox:
        clients = {c["name"]: id for id, c in sandbox.documents("clients").items()}
        sandbox.edit("clients", clients["Web Shop"], {"name": "Shop (do not touch)"})


def forbidden_delete(project: Project) -> None:
    no_more_siem(project)
    project.edit(
        "environments/hearthhollow/dev.yaml",
        "delete: managed",
        'delete: managed\n  protect: ["log_streams.*"]',
    )


def one_client_less(project: Project) -> None:
    project.edit(f"{PHASE}/authentication.yaml", ", ios-app, android-app]", ", ios-app]")


def released_field(project: Project) -> None:
    project.edit(f"{PHASE}/architecture.yaml", "    support_email: help@hearthhollow.example\n", "")


def renamed_connection(project: Project) -> None:
    project.edit(
        f"{PHASE}/authentication.yaml",
        "      strategy: auth0\n      is_domain",
        "      name: hearth-customers\n      strategy: auth0\n      is_domain",
    )


def permitted_replacement(project: Project) -> None:
    renamed_connection(project)
    project.edit(
        "environments/hearthhollow/dev.yaml",
        "delete: managed",
        'delete: managed\n  replace: ["connections.customers"]',
    )


def nothing(_: Project) -> None:
    """Nobody does anything."""


@pytest.mark.parametrize(
    ("name", "scene"),
    [
        ("empty_plan", nothing),
        ("one_field", renamed_tenant),
        ("code", changed_code),
        ("set", changed_set),
        ("managed_delete", no_more_siem),
        ("renamed_in_the_dashboard", renamed_in_the_dashboard),
        ("refused_plan", forbidden_delete),
        ("association", one_client_less),
        ("released_field", released_field),
        ("refused_replacement", renamed_connection),
        ("replacement", permitted_replacement),
    ],
)
def test_a_plan_looks_as_it_did(applied, name: str, scene: Scene):
    scene(applied)
    compare(name, told(applied, "plan --now 2026-09-01 dev"))


def test_a_refused_apply_looks_as_it_did(applied):
    forbidden_delete(applied)
    compare("refused_apply", told(applied, "apply --now 2026-09-01 dev --yes"))


def test_a_plan_whose_tenant_has_moved_looks_as_it_did(applied):
    renamed_tenant(applied)
    applied.ok("plan", "dev", "--out", str(applied.root / "plan.json"))
    with applied.sandbox() as sandbox:
        (id,) = sandbox.documents("tenant_settings")
        sandbox.edit("tenant_settings", id, {"friendly_name": "Somebody else's"})
    compare("moved_plan", told(applied, "apply plan.json"))


def test_no_golden_file_holds_what_differs_from_run_to_run():
    passing = re.compile(
        r"\d{4}-\d\d-\d\dT|\b[0-9a-f]{16,}\b|/tmp/|\b(con|cd|act|rol|cgr)_[A-Za-z0-9]{8,}"
    )
    paths = sorted(GOLDEN.glob("*.txt"))
    assert len(paths) >= 15
    for path in paths:
        assert passing.findall(path.read_text(encoding="utf-8")) == [], path.name
