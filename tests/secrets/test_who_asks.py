"""Which commands ask for secrets, for which of them, and that no value is seen anywhere."""

from __future__ import annotations

import json
import os

import pytest

from e2e import canaries
from support.largely import mostly
from support.services import AwsService, VaultService, serving
from tenantctl.files import aws, commands, vaults

DEV = "environments/hearthhollow/dev.yaml"
COMMAND = "canary-of-a-command-4711-Xy7"
PLAIN = "canary-of-a-dotenv-4711-Zq9"
VAULTED = "canary-of-a-vault-4711-Wv3"
CLOUD = "canary-of-a-cloud-4711-Ku5"
KEY = "canary-of-a-fingerprint-key-4711"
CANARIES = {COMMAND, PLAIN, VAULTED, CLOUD, KEY}


@pytest.fixture
def asked(project, tmp_path, monkeypatch):
    """The shop with secrets in every place; the names that the command was asked for, in order."""
    for cache in (commands._output, vaults._client, aws._client):
        cache.cache_clear()
    bin, log = tmp_path / "bin", tmp_path / "asked"
    bin.mkdir()
    (bin / "vaultlet").write_text(
        f'#!/bin/sh\necho "$1" >> {log}\necho "for $1" >&2\n'
        f'case "$1" in KEY) echo {KEY};; FAILS) exit 3;; *) echo {COMMAND};; esac\n'
    )
    (bin / "vaultlet").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    (project.root / ".env").write_text(f"export SES='{PLAIN}'\n")
    vault, cloud = VaultService(), AwsService(secrets={"shop": json.dumps({"id": CLOUD})})
    vault.first["kv/shop"] = {"url": VAULTED}
    text = (project.root / DEV).read_text()
    for name, place in {
        "CLAIM_NAMESPACE": '"cmd:vaultlet CLAIM"',
        "LEGACY_API_TOKEN": '"cmd:vaultlet LEGACY"',
        "SES_SECRET_ACCESS_KEY": '"dotenv:.env#SES"',
        "LEGACY_API_URL": '"vault:kv/shop#url"',
        "SES_ACCESS_KEY_ID": '"aws:shop#id"',
    }.items():
        assert f"{name}: {{from: generated}}" in text
        text = text.replace(f"{name}: {{from: generated}}", f"{name}: {{from: {place}}}")
    unused = 'secrets:\n  DATADOG_API_KEY: {from: "cmd:vaultlet NOBODY"}\n'
    text = text.replace("secrets:\n", unused, 1)
    text += '\nfingerprint_key: "cmd:vaultlet KEY"\n'
    (project.root / DEV).write_text(text)
    with serving(vault), serving(cloud):
        for name, value in {
            "VAULT_ADDR": vault.url,
            "VAULT_TOKEN": vault.token,
            "AWS_ENDPOINT_URL": cloud.url,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "key-of-a-cloud-4711",
        }.items():
            monkeypatch.setenv(name, value)
        yield project, lambda: log.read_text().split() if log.exists() else []
    for cache in (commands._output, vaults._client, aws._client):
        cache.cache_clear()


@pytest.mark.thorough
def test_what_reads_no_tenant_asks_nobody(asked):
    project, told = asked
    for arguments in (
        ("validate", "dev"),
        ("status", "--offline", "--env", "dev"),
        ("check", "dev", "--offline"),
        ("doctor", "dev", "--offline"),
    ):
        ran = project.run(*arguments)
        assert ran.code in {0, 5}, (arguments, ran.err)
        assert told() == [], arguments


@pytest.mark.thorough
def test_a_plan_asks_for_what_a_tenant_may_show_and_once_for_each(asked):
    project, told = asked
    project.ok("plan", "dev")
    assert sorted(told()) == ["CLAIM", "KEY", "LEGACY"]


@pytest.mark.thorough
def test_no_value_is_seen_in_anything_that_is_said_or_written(asked):
    project, told = asked
    into = str(project.root / "events.jsonl")
    for arguments in (
        ("plan", "dev", "--full", "--out", str(project.root / "plan.json")),
        ("apply", "dev", "--yes", "--full", "--json-into", into, "--stats"),
        ("plan", "dev", "--json", "--full"),
        ("show", "dev", "--json"),
        ("doctor", "dev", "--for", "apply"),
    ):
        ran = project.ok(*arguments)
        assert canaries.seen(ran.out, CANARIES) == [], arguments
        assert canaries.seen(ran.err, CANARIES) == [], arguments
    with project.sandbox() as sandbox:
        kept = json.dumps([sandbox.documents(k) for k in ("actions", "connections")])
        mail = json.dumps(sandbox.documents("email_provider"))
    assert COMMAND in kept
    assert VAULTED in kept
    assert CLOUD in mail
    assert PLAIN in mail
    for path in [*project.root.rglob("*.json"), *project.root.rglob("*.jsonl")]:
        assert canaries.seen(path.read_text(), CANARIES) == [], path
    assert sorted(told()[:-1]) == ["CLAIM", "KEY", "LEGACY"]
    assert told()[-1] == "NOBODY"  # only doctor looks at what nothing uses


def test_a_command_that_fails_stops_an_apply_before_it_writes(asked):
    project, told = asked
    project.edit(DEV, "vaultlet CLAIM", "vaultlet FAILS")
    ran = project.run("apply", "dev", "--yes")
    assert ran.code == 65
    assert "the secret CLAIM_NAMESPACE has no value: vaultlet ended with 3: for FAILS" in ran.err
    assert "run it by hand: vaultlet FAILS" in ran.err
    assert project.writes() == 0
    assert "FAILS" in told()


@pytest.mark.thorough
def test_a_pipeline_of_strangers_runs_no_command(asked, monkeypatch):
    project, told = asked
    monkeypatch.setenv("TENANTCTL_SECRET_COMMANDS", "never")
    ran = project.run("apply", "dev", "--yes")
    assert (ran.code, told()) == (65, [])
    assert "commands are not run here: TENANTCTL_SECRET_COMMANDS is never" in ran.err


@pytest.mark.parametrize(
    ("place", "said"),
    mostly(
        [
            ('"cmd:"', 'write "cmd:COMMAND ARGUMENTS"'),
            ('"cmd:op \'read"', "cannot be read: No closing quotation"),
            ('"vault:kv/shop"', "write vault:MOUNT/PATH#FIELD"),
            ('"vault:kv#field"', "write vault:MOUNT/PATH#FIELD"),
            ('"dotenv:.env"', "write dotenv:FILE#NAME"),
            ('"dotenv:.env#NO-NAME"', "write dotenv:FILE#NAME"),
            ('"aws:"', "write aws:SECRET-ID or aws:SECRET-ID#FIELD"),
            ('"env:NO-NAME"', "write env:NAME"),
        ],
        fast=4,
    ),
)
def test_a_place_that_is_written_wrongly_is_said_with_how_to_write_it(project, place, said):
    project.edit(
        DEV, "TWILIO_AUTH_TOKEN: {from: generated}", f"TWILIO_AUTH_TOKEN: {{from: {place}}}"
    )
    ran = project.run("validate", "dev")
    assert ran.code == 65
    assert said in ran.err
    assert "secret TWILIO_AUTH_TOKEN" in ran.err


def test_a_dotenv_file_in_production_is_warned_of(project):
    file = "environments/hearthhollow/prod.yaml"
    old = "TWILIO_AUTH_TOKEN: {from: generated}"
    project.edit(file, old, old.replace("generated", '"dotenv:.env#TWILIO"'))
    ran = project.ok("validate", "prod")
    assert "TWILIO_AUTH_TOKEN comes from a .env file, in production" in ran.err
