"""`tenantctl outputs`: what pipelines of applications get to know, where it goes, and where not."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from e2e.test_golden import compare, transcript
from tenantctl.cli.sinks import publish
from tenantctl.errors import UsageError
from tenantctl.workflows.outputs import Published

PHASE = "tenants/hearthhollow/phase1"
DEV = "environments/hearthhollow/dev.yaml"
IDS = re.compile(r"\b(?:con_)?[A-Za-z0-9]{16,}$", re.MULTILINE)
HEREDOC = re.compile(r"^(\w+)<<(\w+)\n(.*?)\n\2\n", re.MULTILINE | re.DOTALL)
SECRET = "CLIENT_SYNTHETIC_MONITOR_SECRET"


def held(project, kind: str) -> dict[str, dict]:
    """What the tenant itself holds, by name."""
    with project.sandbox() as sandbox:
        return {document["name"]: document for document in sandbox.documents(kind).values()}


def secrets_of(project) -> list[str]:
    return [client["client_secret"] for client in held(project, "clients").values()]


def published(project, *options: str) -> dict[str, str]:
    rows = project.ok("outputs", "dev", "--json", *options).json["outputs"]
    return {row["name"]: row.get("value", "") for row in rows}


def scopes_without(project, *names: str) -> None:
    """Take scopes of the Management API from the tool's own client."""
    with project.sandbox() as sandbox:
        own, _ = sandbox.credentials()
        (id, grant) = next(
            item
            for item in sandbox.documents("client_grants").items()
            if item[1]["client_id"] == own
        )
        sandbox.edit("client_grants", id, {"scope": [s for s in grant["scope"] if s not in names]})


def test_outputs_look_as_they_did(applied):
    ran = applied.run("outputs", "dev")
    compare("outputs", IDS.sub("(id)", transcript(applied, "outputs dev", ran)))


def test_outputs_are_what_the_tenant_holds(applied):
    found = published(applied)
    clients, connections = held(applied, "clients"), held(applied, "connections")
    assert found["CLIENT_WEB_SHOP_ID"] == clients["Web Shop"]["client_id"]
    assert found["CONNECTION_CUSTOMERS_ID"] == connections["customers"]["id"]
    assert found["CONNECTION_CUSTOMERS_NAME"] == "customers"
    assert found["API_MANAGEMENT_API_AUDIENCE"].endswith("/api/v2/")
    assert found["AUTH0_TENANT_DOMAIN"] == "hearthhollow-dev.sandbox.invalid"
    assert found["AUTH0_ISSUER"] == f"https://{found['AUTH0_DOMAIN']}/"
    assert not any("SECRET" in name for name in found)


@pytest.mark.thorough
def test_a_name_stays_when_the_object_is_renamed(applied):
    before = published(applied)
    applied.edit(f"{PHASE}/authentication.yaml", "name: Web Shop", "name: The Shop")
    applied.ok("apply", "dev", "--yes")
    assert published(applied) == before


def test_what_is_on_hold_is_used_all_the_same(applied):
    before = published(applied)
    path = applied.root / DEV
    held = "[clients.synthetic-monitor, connections.synthetic]"
    path.write_text(f"{path.read_text()}\nhold: {held}\n")
    assert applied.steps() == []
    assert published(applied) == before


def test_outputs_write_nothing_to_the_tenant(applied):
    before = applied.writes()
    applied.ok("outputs", "dev")
    assert applied.writes() == before


@pytest.mark.thorough
@pytest.mark.parametrize("drop", [None, "Checkout"])
def test_what_is_declared_and_not_there_leaves_everything_unpublished(project, drop, tmp_path):
    if drop:
        project.ok("apply", "dev", "--yes")
        with project.sandbox() as sandbox:
            ids = {c["name"]: id for id, c in sandbox.documents("clients").items()}
            sandbox.drop("clients", ids[drop])
    file = tmp_path / "out.env"
    ran = project.run("outputs", "dev", "--to", str(file))
    assert ran.code == 64
    assert "clients.checkout" in ran.err
    assert "tenantctl apply hearthhollow/dev" in ran.err
    assert not file.exists()
    assert ran.out == ""


def test_two_keys_that_make_one_name_are_refused_with_both(applied):
    applied.edit(
        f"{PHASE}/authentication.yaml",
        "    web-shop:\n",
        "    web_shop: {name: Another, app_type: spa}\n    web-shop:\n",
    )
    ran = applied.run("outputs", "dev")
    assert ran.code == 64
    assert "CLIENT_WEB_SHOP_ID" in ran.err
    assert "clients.web-shop" in ran.err
    assert "clients.web_shop" in ran.err


def test_a_domain_out_of_service_is_left_out_and_nobody_is_sent_there(applied):
    with applied.sandbox() as sandbox:
        (id,) = sandbox.documents("custom_domains")
        sandbox.edit("custom_domains", id, {"status": "pending_verification"})
    ran = applied.ok("outputs", "dev", "--json")
    found = {row["name"]: row["value"] for row in ran.json["outputs"]}
    assert found["AUTH0_DOMAIN"] == found["AUTH0_TENANT_DOMAIN"]
    assert "CUSTOM_DOMAIN_LOGIN" not in found
    assert ran.json["waiting"] == ["custom_domains.login"]
    assert "custom_domains.login is left out" in ran.err


@pytest.mark.thorough
@pytest.mark.parametrize(("default", "host"), [(None, "TENANT"), ("login", "LOGIN"), ("b", "B")])
def test_of_several_domains_the_default_one_is_where_people_sign_in(applied, default, host):
    applied.edit(
        f"{PHASE}/architecture.yaml",
        "  custom_domains:\n    login:",
        "  custom_domains:\n    b: {domain: b.hearthhollow.example, type: auth0_managed_certs}\n"
        "    login:",
    )
    applied.ok("apply", "dev", "--yes")
    with applied.sandbox() as sandbox:
        for id, document in sandbox.documents("custom_domains").items():
            chosen = document["domain"].startswith(f"{default}")
            sandbox.edit("custom_domains", id, {"is_default": chosen, "status": "ready"})
    found = published(applied)
    hosts = {
        "TENANT": "AUTH0_TENANT_DOMAIN",
        "LOGIN": "CUSTOM_DOMAIN_LOGIN",
        "B": "CUSTOM_DOMAIN_B",
    }
    assert found["AUTH0_DOMAIN"] == found[hosts[host]]


def environment_after(command: str) -> dict[str, str]:
    """The variables that a POSIX shell has after a command."""
    ran = subprocess.run(
        ["/bin/sh", "-c", f"set -ae; {command}; env"],
        capture_output=True, text=True, check=True, timeout=20,
    )  # fmt: skip
    return dict(line.split("=", 1) for line in ran.stdout.splitlines() if "=" in line)


def test_a_shell_takes_the_lines_as_they_are_meant(applied, tmp_path):
    lines = tmp_path / "lines"
    lines.write_text(applied.ok("outputs", "dev", "--to", "env").out)
    found = published(applied)
    assert found.items() <= environment_after(f". {lines}").items()


def test_a_file_of_one_owner_replaces_what_stood_there(applied, tmp_path):
    file = tmp_path / "shop.env"
    file.write_text("CLIENT_OLD_ID=1\n")
    file.chmod(0o644)
    ran = applied.ok("outputs", "dev", "--to", str(file))
    assert ran.out == ""
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["shop.env"]
    assert published(applied).items() <= environment_after(f". {file}").items()
    assert "CLIENT_OLD_ID" not in file.read_text()


def test_a_json_file_holds_names_and_values(applied, tmp_path):
    file = tmp_path / "shop.json"
    applied.ok("outputs", "dev", "--to", str(file), "--secrets")
    found = json.loads(file.read_text())
    assert found[SECRET] == held(applied, "clients")["Synthetic Monitor"]["client_secret"]
    assert published(applied).items() <= found.items()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_client_that_cannot_keep_a_secret_has_none_to_publish(applied, tmp_path):
    found = published(applied, "--to", str(tmp_path / "x.json"), "--secrets")
    public = {
        name for name, client in held(applied, "clients").items()
        if client.get("token_endpoint_auth_method") == "none"
    }  # fmt: skip
    assert "Web Shop" in public
    assert "CLIENT_WEB_SHOP_SECRET" not in found
    assert SECRET in found


@pytest.mark.parametrize("options", [[], ["--json"], ["--to", "env"], ["--to", "github"]])
def test_a_secret_never_reaches_the_terminal(applied, options, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    ran = applied.run("outputs", "dev", "--secrets", *options)
    assert ran.code == 64
    assert not any(secret in ran.out + ran.err for secret in secrets_of(applied))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_secret_that_goes_to_a_file_goes_nowhere_else(applied, options, tmp_path):
    file = tmp_path / "x.env"
    ran = applied.ok("outputs", "dev", "--secrets", "--to", str(file), *options)
    secrets = secrets_of(applied)
    assert sum(secret in file.read_text() for secret in secrets) == 2
    assert not any(secret in ran.out + ran.err for secret in secrets)


def test_without_the_scope_for_keys_it_is_named_and_the_file_stays_as_it_is(applied, tmp_path):
    scopes_without(applied, "read:client_keys", "read:client_credentials")
    file = tmp_path / "x.env"
    file.write_text("A=1\n")
    ran = applied.run("outputs", "dev", "--secrets", "--to", str(file))
    assert ran.code == 77
    assert "read:client_keys" in ran.err
    assert file.read_text() == "A=1\n"
    applied.ok("outputs", "dev", "--to", str(file))


def test_a_step_of_github_gets_outputs_after_what_is_there(applied, tmp_path, monkeypatch):
    file = tmp_path / "output"
    file.write_text("before=1\n")
    monkeypatch.setenv("GITHUB_OUTPUT", str(file))
    applied.ok("outputs", "dev", "--to", "github")
    text = file.read_text()
    assert text.startswith("before=1\n")
    assert {name: value for name, _, value in HEREDOC.findall(text)} == published(applied)


def test_a_secret_for_github_is_masked_before_it_is_written(applied, tmp_path, monkeypatch):
    file = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(file))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ran = applied.ok("outputs", "dev", "--to", "github", "--secrets")
    found = {name: value for name, _, value in HEREDOC.findall(file.read_text())}
    secrets = {value for name, value in found.items() if name.endswith("_SECRET")}
    assert len(secrets) == 2
    assert set(ran.out.splitlines()) == {f"::add-mask::{secret}" for secret in secrets}


def test_a_value_cannot_end_its_own_heredoc_or_start_a_command(tmp_path, capsys):
    file = tmp_path / "output"
    value = "a\nend\nOTHER=1\n::set-env::%0A"
    publish("github", [Published("X", value, secret=True)], {"GITHUB_OUTPUT": str(file)})
    assert HEREDOC.findall(file.read_text())[0][::2] == ("X", value)
    said = capsys.readouterr().out.splitlines()
    assert all(line.startswith("::add-mask::") for line in said)
    assert f"::add-mask::{value}".replace("%", "%25").replace("\n", "%0A") in said


@pytest.mark.parametrize("value", ["$(id)", "`id`", "a'b\"c", "a b", "\\", "!x", "ä"])
def test_no_value_is_run_by_a_shell(tmp_path, value, capsys):
    file = tmp_path / "x.env"
    publish(str(file), [Published("X", value)], {})
    publish("env", [Published("Y", value)], {})
    other = tmp_path / "lines"
    other.write_text(capsys.readouterr().out)
    found = environment_after(f". {file}; . {other}")
    assert (found["X"], found["Y"]) == (value, value)


@pytest.mark.parametrize("to", ["env", "x.env"])
@pytest.mark.parametrize("value", ["a\nB=1", "\x1b[2J", "a\x00b", "\u2028"])
def test_a_value_of_several_lines_is_refused_where_lines_count(tmp_path, monkeypatch, to, value):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="X holds control characters"):
        publish(to, [Published("X", value)], {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "githb"], "githb is no sink"),
        (["--to", "out.txt"], "out.txt is no sink"),
        (["--to", "github"], "GITHUB_OUTPUT is not set"),
        (["--to", "env", "--json"], "both want the standard output"),
        (["--to", "no/such/folder/x.env"], "cannot be written"),
    ],
)
def test_a_sink_that_is_none_is_named(applied, options, said, monkeypatch):
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    ran = applied.run("outputs", "dev", *options)
    assert ran.code != 0
    assert said in ran.err + ran.out


def test_secrets_are_not_in_what_python_shows_of_an_output():
    assert "hush" not in repr(Published("X", "hush", secret=True))
