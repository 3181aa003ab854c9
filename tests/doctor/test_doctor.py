"""What doctor finds, through the command line and over a socket of this machine."""

from __future__ import annotations

import os
import time

import pytest
from git import Repo

from doctor.conftest import APPLY, DOMAIN, ENV, PLAN
from tenantctl.cli.doctoring import all_at_once
from tenantctl.errors import LedgerError
from tenantctl.gateway.reach import addresses
from tenantctl.ledger import lock
from tenantctl.model import Probe
from tenantctl.model.probe import exit_code

CANARIES = ("s3cret-canary", "tok3n-canary")


def examined(project, *arguments):
    """The document, its exit code checked, no secret in it, and its probes by name."""
    ran = project.run("doctor", *arguments, "--json")
    assert [each for each in CANARIES if each in ran.out + ran.err] == []
    found = ran.json
    assert (found["format"], found["type"], found["exit_code"]) == (1, "doctor", ran.code)
    return ran.code, {probe["name"]: probe for probe in found["probes"]}


def statuses(probes):
    return {name: probe["status"] for name, probe in probes.items()}


def test_where_all_is_there_nothing_fails(live):
    code, probes = examined(live, "prod", "--for", "apply")
    assert code == 0, probes
    found = statuses(probes)
    assert set(found.values()) <= {"ok", "warn", "skipped"}
    for name in ("python", "libyaml", "tls", "clock", "token plan", "token apply"):
        assert found[name] == "ok", probes[name]
    assert found["scopes plan"] == found["scopes apply"] == found["rate limit"] == "ok"
    assert found["SES_SECRET_ACCESS_KEY"] == "ok"
    assert probes["SES_SECRET_ACCESS_KEY"]["facts"] == {"source": "env:SHOP_SECRET"}
    assert probes["rate limit"]["said"] == "49 of 50 requests left"
    assert probes["tls"]["facts"]["days"] > 300


def test_it_only_reads(live, tenant):
    examined(live, "prod", "--for", "apply")
    assert {method for method, path in tenant.asked if path != "/oauth/token"} == {"GET"}
    assert not (live.root / ".tenantctl").exists()


def test_people_read_the_same_with_what_to_do(live, tenant, monkeypatch):
    tenant.scopes[PLAN[0]].remove("read:clients")
    monkeypatch.delenv("SHOP_SECRET")
    ran = live.run("doctor", "prod")
    assert ran.code == 77
    assert "✗ scopes plan" in ran.out
    assert "are missing: read:clients" in ran.out
    assert "help: grant them to its client: tenantctl bootstrap hearthhollow/prod" in ran.out
    assert "! SES_SECRET_ACCESS_KEY" in ran.out
    assert "env:SHOP_SECRET: the environment variable SHOP_SECRET is not set" in ran.out
    assert " 1 failed" in ran.out.splitlines()[-1]


def test_scopes_that_are_missing_fail_for_the_job_that_needs_them(live, tenant):
    tenant.scopes[APPLY[0]].remove("update:clients")
    assert examined(live, "prod")[0] == 0
    code, probes = examined(live, "prod", "--for", "apply")
    assert code == 77
    assert probes["scopes apply"]["facts"]["missing"] == ["update:clients"]


@pytest.mark.thorough
def test_scopes_that_a_plan_need_not_have_are_a_warning(live, tenant):
    tenant.scopes[PLAN[0]] += ["delete:users", "read:logs"]
    code, probes = examined(live, "prod")
    assert code == 0
    assert probes["scopes superfluous"]["facts"] == {"superfluous": ["delete:users"]}


def test_credentials_that_are_refused_are_said_without_them(live, monkeypatch):
    monkeypatch.setenv("PLAN_SECRET", "wrong-s3cret-canary")
    code, probes = examined(live, "prod")
    assert code == 77
    assert "refuses the credentials" in probes["token plan"]["said"]
    assert statuses(probes)["token apply"] == "ok"


@pytest.mark.thorough
def test_credentials_that_are_not_there_fail_for_the_job_that_needs_them(live, monkeypatch):
    monkeypatch.delenv("APPLY_SECRET")
    code, probes = examined(live, "prod")
    assert (code, probes["token apply"]["status"]) == (0, "warn")
    assert examined(live, "prod", "--for", "apply")[0] == 77
    assert "APPLY_SECRET is not set" in probes["token apply"]["said"]


def test_a_plan_with_credentials_that_write_is_a_warning(live):
    path = live.root / ENV
    text = path.read_text()
    path.write_text("".join(x for x in text.splitlines(True) if not x.startswith("  plan: {cli")))
    code, probes = examined(live, "prod")
    assert (code, probes["token plan"]["status"]) == (0, "warn")
    assert probes["scopes apply"]["status"] == "ok"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("ahead", "status", "said", "code"),
    [
        (12.0, "warn", "12 s ahead of the tenant's", 0),
        (-300.0, "fail", "300 s behind the tenant's: tokens", 77),
    ],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(live, tenant, ahead, status, said, code):
    tenant.ahead = ahead
    found, probes = examined(live, "prod")
    assert (found, probes["clock"]["status"]) == (code, status)
    assert said in probes["clock"]["said"]


def test_a_certificate_of_an_unknown_authority_is_no_tenant(live, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    code, probes = examined(live, "prod")
    assert code == 69
    assert "is not trusted" in probes["tls"]["said"]
    found = statuses(probes)
    assert found["clock"] == found["token plan"] == found["token apply"] == "skipped"


def test_what_is_no_tenant_is_told_from_one(live, tenant):
    tenant.document = ["a login page of a proxy"]
    code, probes = examined(live, "prod")
    assert (code, probes["tls"]["status"]) == (69, "fail")
    assert "not as a tenant does" in probes["tls"]["said"]


def test_a_name_that_does_not_resolve_ends_the_questions(live, tenant, monkeypatch):
    monkeypatch.delenv("HTTPS_PROXY")
    code, probes = examined(live, "prod")
    assert code == 69
    assert f"{DOMAIN} does not resolve" in probes["names"]["said"]
    assert statuses(probes)["tls"] == "skipped"
    assert tenant.asked == []


def test_behind_a_proxy_it_is_the_proxy_that_knows_names(live):
    _, probes = examined(live, "prod")
    assert probes["names"]["status"] == "skipped"
    assert probes["proxy"]["facts"]["variables"] == ["HTTPS_PROXY", "SSL_CERT_FILE"]
    assert "127.0.0.1" not in probes["proxy"]["said"]


@pytest.mark.thorough
def test_a_tenant_that_never_answers_holds_nobody_up(live, tenant):
    tenant.seconds = 30.0
    began = time.monotonic()
    code, probes = examined(live, "prod")
    assert time.monotonic() - began < 20
    assert (code, probes["tls"]["status"]) == (69, "fail")
    assert "does not answer" in probes["tls"]["said"]


def test_a_look_without_an_end_is_given_up_and_an_error_is_found():
    def fails():
        raise LedgerError("no", help="mend it")

    def breaks():
        raise ZeroDivisionError

    looks = {
        "hangs": lambda: time.sleep(60),
        "fails": fails,
        "breaks": breaks,
        "nothing": tuple,
        "works": lambda: [Probe("x", "works", "ok", "yes")],
    }
    hangs, failed, broke, works = all_at_once(looks, 0.3)
    assert (hangs.status, hangs.said) == ("fail", "no end within 0 s")
    assert (failed.said, failed.help, failed.code) == ("no", "mend it", 1)
    assert broke.said.startswith("ZeroDivisionError in doctoring.py")
    assert broke.help.startswith("report it with that line")
    assert works.status == "ok"


def test_without_the_network_nobody_is_asked(live, tenant):
    code, probes = examined(live, "prod", "--offline")
    assert code == 0
    assert tenant.asked == []
    assert {probes[n]["status"] for n in ("tls", "clock", "token plan")} == {"skipped"}


def test_credentials_that_are_not_there_are_told_where_nobody_can_be_asked(
    live, tenant, monkeypatch
):
    monkeypatch.delenv("PLAN_SECRET")
    monkeypatch.setenv("PLAN_ID", "")
    code, probes = examined(live, "prod", "--offline")
    assert (code, probes["token plan"]["status"]) == (77, "fail")
    assert "PLAN_ID is empty" in probes["token plan"]["said"]
    assert "PLAN_SECRET is not set" in probes["token plan"]["said"]
    assert "tenantctl bootstrap hearthhollow/prod" in probes["token plan"]["help"]
    assert probes["token apply"]["status"] == "skipped"
    assert tenant.asked == []


def test_a_file_of_secrets_that_git_keeps_is_a_warning(project):
    (project.root / ".env").write_text("LEGACY=tok3n-canary\nOTHER=tok3n-canary-2\n")
    path = project.root / "environments/hearthhollow/dev.yaml"
    text = path.read_text()
    path.write_text(text.replace("{from: generated}", "{from: dotenv:.env#LEGACY}", 1))
    with Repo.init(project.root) as repository:
        kept = examined(project, "dev", "--offline")[1]
        repository.index.add([".env"])
        code, probes = examined(project, "dev", "--offline")
    assert (code, kept["CLAIM_NAMESPACE"]["status"]) == (0, "ok")
    assert probes["CLAIM_NAMESPACE"]["status"] == "warn"
    assert probes["CLAIM_NAMESPACE"]["said"].startswith("Git keeps .env")


def test_a_folder_that_nobody_may_write_to_is_a_warning(project, monkeypatch):
    access = os.access
    monkeypatch.setattr(os, "access", lambda at, *how: at != project.root and access(at, *how))
    code, probes = examined(project, "dev", "--offline")
    assert (code, probes["state"]["status"]) == (0, "warn")
    assert str(project.root) in probes["state"]["said"]


def test_an_embedded_tenant_needs_no_network(project, tenant):
    code, probes = examined(project, "dev")
    assert code == 0
    assert tenant.asked == []
    assert "no database yet" in probes["sandbox"]["said"]
    assert not (project.root / ".tenantctl").exists()


@pytest.mark.thorough
def test_a_subscription_that_the_tenant_does_not_have_is_noticed(live, tenant):
    tenant.limit["x-ratelimit-limit"] = "7"
    code, probes = examined(live, "prod")
    assert (code, probes["rate limit"]["status"]) == (0, "warn")


@pytest.mark.thorough
def test_secrets_fail_where_an_apply_needs_them_and_are_warned_of_elsewhere(live, monkeypatch):
    monkeypatch.delenv("SHOP_SECRET")
    code, probes = examined(live, "prod")
    assert (code, probes["SES_SECRET_ACCESS_KEY"]["status"]) == (0, "warn")
    code, probes = examined(live, "prod", "--for", "apply")
    assert (code, probes["SES_SECRET_ACCESS_KEY"]["status"]) == (65, "fail")


@pytest.mark.thorough
def test_commands_are_run_unless_a_variable_says_never(live, monkeypatch):
    path = live.root / ENV
    path.write_text(path.read_text().replace("env:SHOP_SECRET", '"cmd:printenv SHOP_SECRET"'))
    _, probes = examined(live, "prod", "--for", "apply")
    assert probes["SES_SECRET_ACCESS_KEY"]["said"] == "cmd:printenv SHOP_SECRET has a value"
    _, probes = examined(live, "prod", "--offline")
    assert probes["SES_SECRET_ACCESS_KEY"]["status"] == "skipped"
    monkeypatch.setenv("TENANTCTL_SECRET_COMMANDS", "never")
    code, probes = examined(live, "prod", "--for", "apply")
    assert code == 65
    assert "TENANTCTL_SECRET_COMMANDS is never" in probes["SES_SECRET_ACCESS_KEY"]["said"]
    assert "are run never" in probes["commands"]["said"]


@pytest.mark.thorough
def test_who_applies_is_told_and_not_kept_out(project):
    with lock(project.root / ".tenantctl", "hearthhollow-dev.sandbox.invalid"):
        code, probes = examined(project, "dev")
        assert (code, probes["lock"]["status"]) == (0, "warn")
        assert f"held by process {os.getpid()} since" in probes["lock"]["said"]
    assert examined(project, "dev")[1]["lock"]["status"] == "ok"


def test_files_that_are_wrong_fail_and_nothing_else_is_asked(live, tenant):
    live.edit(ENV, "kind: production", "kind: prodution")
    code, probes = examined(live, "prod")
    assert (code, probes["files"]["status"]) == (65, "fail")
    assert "prod.yaml" in probes["files"]["said"]
    assert tenant.asked == []


@pytest.mark.thorough
def test_without_an_environment_every_file_is_looked_at(project):
    ran = project.run("doctor", "--json")
    files = [probe for probe in ran.json["probes"] if probe["name"] == "files"]
    assert (ran.code, len(files), ran.json["environment"]) == (0, 3, None)


def test_without_a_project_the_machine_is_looked_at(tmp_path):
    from support.project import command

    ran = command("doctor", "--json", "--chdir", str(tmp_path))
    assert ran.code == 64
    assert ran.json["probes"][-1]["name"] == "project"
    assert {"tenantctl", "python", "libyaml"} <= {each["name"] for each in ran.json["probes"]}


@pytest.mark.parametrize(
    ("codes", "code"), [((), 0), ((69,), 69), ((77, 77), 77), ((69, 77), 1), ((1,), 1)]
)
def test_the_exit_code_is_that_of_all_failures_or_one(codes, code):
    probes = [Probe("x", str(n), "fail", "no", code=each) for n, each in enumerate(codes)]
    assert exit_code((*probes, Probe("x", "y", "warn", "hm", code=75))) == code


def test_a_name_that_is_there_has_addresses():
    assert set(addresses("localhost")) & {"127.0.0.1", "::1"}
