"""Every exit code of the design has one way to it here; the command line documents them all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from support.project import REPOSITORY
from tenantctl.cli.__main__ import run
from tenantctl.sandbox import Fault

ARCHITECTURE = "tenants/hearthhollow/phase1/architecture.yaml"
OPERATIONS = "tenants/hearthhollow/phase1/operations.yaml"
DEV = "environments/hearthhollow/dev.yaml"
RENAMED = ("friendly_name: Hearth & Hollow", "friendly_name: Hearth and Hollow")
DESCRIBED = ("description: Basket and payment", "description: Basket, payment")
SETTINGS = "/tenants/settings"


def spoil(project, *faults: Fault) -> None:
    with project.sandbox() as sandbox:
        sandbox.faults = list(faults)


def change_two(project) -> None:
    project.edit(ARCHITECTURE, *RENAMED)
    project.edit("tenants/hearthhollow/phase1/authentication.yaml", *DESCRIBED)


def test_0_where_there_is_nothing_to_do(applied):
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 0


def test_1_where_the_one_step_fails(applied):
    applied.edit(ARCHITECTURE, *RENAMED)
    spoil(applied, Fault("status", "PATCH", SETTINGS, status=400))
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "PATCH /tenants/settings: 400" in ran.out


@pytest.mark.thorough
def test_1_where_what_was_written_does_not_show(applied):
    """Read, read before the write, read afterwards: the third shows the tenant as it was."""
    applied.edit(ARCHITECTURE, *RENAMED)
    spoil(applied, Fault("lag", "GET", SETTINGS, nth=(3,)))
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "not converged: tenant friendly_name" in ran.err
    spoil(applied)
    assert applied.steps() == []


@pytest.mark.thorough
def test_4_where_what_was_written_cannot_be_read_again_and_a_receipt_is_kept_all_the_same(applied):
    applied.edit(ARCHITECTURE, *RENAMED)
    spoil(applied, Fault("status", "GET", SETTINGS, nth=tuple(range(3, 12)), status=500))
    before = applied.ok("show", "dev", "--json").json
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 4
    assert "GET /tenants/settings" in ran.err
    spoil(applied)
    after = applied.ok("show", "dev", "--json").json
    assert after["status"] == "partial"
    assert after["addresses"] == before["addresses"]
    assert applied.steps() == []
    applied.ok("resume", "dev")
    assert applied.ok("show", "dev", "--json").json["status"] == "converged"


def test_2_where_there_are_changes_and_somebody_asked(project):
    assert project.run("plan", "dev", "--detailed-exitcode").code == 2
    assert project.run("plan", "dev").code == 0


def test_3_where_the_tenant_moved_since_the_plan(applied):
    applied.edit(ARCHITECTURE, *RENAMED)
    saved = str(applied.root / "plan.json")
    applied.ok("plan", "dev", "--out", saved)
    with applied.sandbox() as sandbox:
        (id,) = sandbox.documents("tenant_settings")
        sandbox.edit("tenant_settings", id, {"friendly_name": "Somebody else's"})
    ran = applied.run("apply", saved)
    assert ran.code == 3
    assert "changed since the plan: friendly_name" in ran.out


def test_3_where_somebody_has_applied_since_the_plan(applied):
    """What the older plan knows of receipts would put back what the newer apply wrote down."""
    saved = str(applied.root / "plan.json")
    applied.ok("plan", "dev", "--out", saved)
    applied.edit(ARCHITECTURE, *RENAMED)
    applied.ok("apply", "dev", "--yes")
    before = applied.writes()
    ran = applied.run("apply", saved)
    assert ran.code == 3
    assert "after this plan was made" in ran.err
    assert applied.writes() == before


def test_0_where_the_same_saved_plan_is_applied_again(applied):
    applied.edit(ARCHITECTURE, *RENAMED)
    saved = str(applied.root / "plan.json")
    applied.ok("plan", "dev", "--out", saved)
    applied.ok("apply", saved)
    before = applied.writes()
    applied.ok("apply", saved)
    assert applied.writes() == before


def test_3_where_the_environment_is_another_tenant_now(applied):
    saved = str(applied.root / "plan.json")
    applied.edit(ARCHITECTURE, *RENAMED)
    applied.ok("plan", "dev", "--out", saved)
    before = applied.writes()
    kept = (applied.root / DEV).read_text()
    (applied.root / DEV).write_text("kind: development\ndomain: hearthhollow-2.eu.auth0.com\n")
    ran = applied.run("apply", saved)
    assert ran.code == 3
    assert "made for hearthhollow-dev.sandbox.invalid" in ran.err
    (applied.root / DEV).write_text(kept)
    assert applied.writes() == before


def test_5_where_a_saved_plan_breaks_a_rule(applied):
    saved = str(applied.root / "plan.json")
    applied.edit(DEV, "delete: managed", "delete: managed\n  max_deletes: 0")
    applied.edit(OPERATIONS, "      name: siem", "      $only: [prod]\n      name: siem")
    applied.ok("plan", "dev", "--out", saved)
    before = applied.writes()
    ran = applied.run("apply", saved)
    assert ran.code == 5
    assert "max_deletes" in ran.err
    assert applied.writes() == before


def test_4_where_only_a_part_is_applied(applied):
    change_two(applied)
    spoil(applied, Fault("status", "PATCH", SETTINGS, status=400))
    assert applied.run("apply", "dev", "--yes").code == 4
    spoil(applied)
    assert applied.steps() == ["tenant"]
    applied.ok("resume", "dev")
    assert applied.steps() == []


def test_5_where_a_rule_is_broken_and_plan_says_so_only_if_asked(applied):
    applied.edit(DEV, "delete: managed", "delete: managed\n  max_deletes: 0")
    applied.edit(OPERATIONS, "      name: siem", "      $only: [prod]\n      name: siem")
    assert applied.run("plan", "dev").code == 0
    assert applied.run("plan", "dev", "--detailed-exitcode").code == 5
    before = applied.writes()
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 5
    assert "max_deletes" in ran.out
    assert applied.writes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("plan", "nowhere"),
        ("plan", "dev", "--phase", "9"),
        ("plan", "dev", "--no-such-option"),
        ("forecast", "dev"),
        ("apply", "dev"),
        ("explain", "dev", "clients.nobody"),
        ("show", "qa"),
        ("sandbox", "burn", "dev"),
    ],
)
def test_64_where_the_command_line_asks_for_what_is_not_there(project, arguments):
    ran = project.run(*arguments)
    assert ran.code == 64, ran
    assert ran.err
    assert "Traceback" not in ran.err


def test_65_where_the_files_are_wrong(project):
    project.edit(ARCHITECTURE, "support_email:", "suport_email:")
    ran = project.run("apply", "dev", "--yes")
    assert ran.code == 65
    assert f"{ARCHITECTURE}:" in ran.err
    assert "support_email" in ran.err


def test_69_where_the_tenant_does_not_answer(project):
    spoil(project, Fault("before", "*", "*"))
    ran = project.run("plan", "dev")
    assert ran.code == 69
    assert "hearthhollow-dev.sandbox.invalid" in ran.err


def test_75_where_another_process_applies_to_the_same_tenant(applied):
    """And as soon as that process is gone, whatever became of it, the lock is gone as well."""
    applied.edit(ARCHITECTURE, *RENAMED)
    hold = (
        "import sys, pathlib; from tenantctl.ledger import lock\n"
        "with lock(pathlib.Path(sys.argv[1]), 'hearthhollow-dev.sandbox.invalid'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(applied.root / ".tenantctl")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        ran = applied.run("apply", "dev", "--yes")
        assert ran.code == 75
        assert f"locked by process {other.pid}" in ran.err
        assert applied.run("plan", "dev").code == 0
        other.kill()
    assert applied.run("apply", "dev", "--yes").code == 0


@pytest.mark.thorough
def test_75_where_somebody_else_uses_up_the_limits(project):
    spoil(project, Fault("status", "GET", "/clients", status=429))
    ran = project.run("plan", "dev")
    assert ran.code == 75
    assert "rate limits" in ran.err


def test_77_where_the_credentials_are_refused(project):
    with project.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        sandbox.edit("clients", own, {"client_secret": "rotated by somebody"})
    ran = project.run("plan", "dev")
    assert ran.code == 77
    assert "refuses the credentials" in ran.err


def test_77_where_a_scope_is_missing_and_the_scope_is_named(applied):
    applied.edit(ARCHITECTURE, *RENAMED)
    with applied.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        grants = sandbox.documents("client_grants").items()
        (id, grant), *_ = [(i, g) for i, g in grants if g["client_id"] == own]
        scopes = [scope for scope in grant["scope"] if scope != "update:tenant_settings"]
        sandbox.edit("client_grants", id, {"scope": scopes})
    ran = applied.run("apply", "dev", "--yes")
    assert ran.code == 77
    assert "update:tenant_settings" in ran.out + ran.err


def test_130_where_a_person_stops_the_run_and_resume_completes_it(project):
    journal = project.root / ".tenantctl/journals/hearthhollow/dev/current/events.jsonl"
    child = subprocess.Popen(
        [sys.executable, "-m", "tenantctl", "apply", "dev", "--yes", "--chdir", str(project.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "NO_COLOR": "1"},
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if journal.exists() and '"settled"' in journal.read_text():
            break
        time.sleep(0.002)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert child.returncode == 130, (out, err)
    assert "stopping: what is in flight is finished first" in err
    assert "Traceback" not in err
    receipt = json.loads(
        (project.root / ".tenantctl/receipts/hearthhollow/dev/last.json").read_text()
    )
    outcomes = {o["id"]: o for o in project.ok("show", "dev", "--json").json["outcomes"]}
    done = [id for id, o in outcomes.items() if o["status"] == "applied"]
    left = [id for id, o in outcomes.items() if o["status"] == "skipped"]
    assert done
    assert left
    assert len(done) + len(left) == len(outcomes), "nothing that was in flight is unknown"
    assert receipt
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    told = {json.dumps(e["step"]) for e in events if e["type"] == "settled"}
    assert told == {json.dumps(e["step"]) for e in events}, "what has started has ended"
    before = project.writes()
    project.ok("resume", "dev")
    assert project.writes() > before
    assert project.steps() == []


def test_the_help_names_every_code(capsys):
    assert run(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split()).partition("Exit codes:")[2]
    codes = ["0", "1", "2", "3", "4", "5", "6", "64", "65", "69", "75", "77", "130"]
    assert [part.split()[0] for part in said.split(", ")] == codes


def test_64_where_a_secret_is_to_be_rotated_that_is_not_there(project):
    ran = project.run("plan", "dev", "--rotate", "NOPE")
    assert ran.code == 64
    assert "has no secret NOPE" in ran.err
    assert "CLAIM_NAMESPACE" in ran.err


@pytest.mark.thorough
def test_a_rotated_secret_is_one_write_although_it_does_not_differ(applied):
    assert applied.steps("dev", "--rotate", "CLAIM_NAMESPACE") == ["actions.add-id-token-claims"]
    before = applied.writes()
    applied.ok("apply", "dev", "--yes", "--rotate", "CLAIM_NAMESPACE")
    assert applied.writes() > before
    assert applied.steps() == []
