"""Planted secrets are seen nowhere: no output, plan, receipt, journal, log or exception."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import traceback

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from e2e import canaries
from support.largely import mostly
from support.project import Project, copy_of_repository
from tenantctl.cli.planning import open_session, plan_of
from tenantctl.cli.wiring import Project as Wired
from tenantctl.errors import TenantctlError
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Address, Identity, Scope, Tenant, Vault
from tenantctl.sandbox import Delays, Fault, Sandbox
from tenantctl.workflows import Ask

READING = [
    ("validate", "dev"),
    ("validate", "dev", "--json"),
    ("plan", "dev"),
    ("plan", "dev", "--full"),
    ("plan", "dev", "--json"),
    ("plan", "dev", "--json", "--full", "--out", "{root}/plan.json"),
    ("plan", "dev", "--rotate", "EXTRA_05", "--full"),
    ("show", "{root}/plan.json", "--full"),
    ("show", "{root}/plan.json", "--json"),
    ("show", "dev"),
    ("show", "dev", "--json"),
    ("explain", "dev", "actions.add-id-token-claims"),
    ("explain", "dev", "connections.customers.options", "--json"),
    ("sandbox", "status", "dev"),
    ("sandbox", "status", "dev", "--json"),
    ("resume", "dev"),
    ("drift", "dev", "--report", "{root}/drift.md", "--report", "{root}/drift.sarif"),
    ("drift", "dev", "--json"),
]

REPORTED = [
    *(
        w
        for end in ("md", "html", "json", "sarif", "xml", "txt")
        for w in ("--report", f"{{root}}/a.{end}")
    ),
    *("--json-into", "{root}/events.jsonl"),
]
"""Everything that an apply writes beside its receipt."""


class Watch:
    """A project whose every word is looked at, and the secrets that nobody may say."""

    def __init__(self, project: Project, secrets: set[str]) -> None:
        self.project = project
        self.secrets = secrets

    def run(self, *arguments: str) -> int:
        """Run a command, and look at what it says and at every file that it leaves."""
        ran = self.project.run(*(word.format(root=self.project.root) for word in arguments))
        assert canaries.seen(ran.out, self.secrets) == [], (arguments, ran.out)
        assert canaries.seen(ran.err, self.secrets) == [], (arguments, ran.err)
        self.look()
        return ran.code

    def look(self) -> None:
        for path, text in canaries.files_of(self.project):
            assert canaries.seen(text, self.secrets) == [], path


@pytest.fixture(scope="session")
def _planted(tmp_path_factory):
    """A project full of canaries, applied once."""
    project = copy_of_repository(tmp_path_factory.mktemp("canaries"))
    canaries.plant(project)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in canaries.VALUES.items():
            patch.setenv(name, value)
        project.ok("apply", "dev", "--yes")
    return project.root


@pytest.fixture
def watch(_planted, tmp_path, monkeypatch):
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    shutil.copytree(_planted, tmp_path / "project")
    project = Project(tmp_path / "project")
    secrets = {
        *canaries.VALUES.values(),
        *canaries.generated(project),
        *canaries.kept_by_the_tenant(project),
    }
    assert len(secrets) >= 30
    return Watch(project, secrets)


def test_what_is_planted_has_reached_the_tenant(watch):
    with watch.project.sandbox() as sandbox:
        kinds = ("actions", "connections", "log_streams", "email_provider")
        told = json.dumps([sandbox.documents(kind) for kind in kinds])
    secrets = json.loads(
        (watch.project.root / ".tenantctl/secrets/hearthhollow-dev.json").read_text()
    )
    for value in (*canaries.VALUES.values(), secrets["SES_SECRET_ACCESS_KEY"]):
        assert json.dumps(value)[1:-1] in told


def test_no_command_tells_a_secret_whatever_the_tenant_says(watch):
    watch.look()
    canaries.strew(watch.project)
    for arguments in READING:
        assert watch.run(*arguments) == 0, arguments
    assert watch.project.steps() != []
    assert watch.run("apply", "dev", "--yes", "--full") == 0
    assert watch.run("apply", "dev", "--yes", "--json", "--rotate", "EXTRA_06") == 0
    assert watch.project.steps() == []


@pytest.mark.thorough
def test_accepting_drift_writes_no_secret_into_a_file(watch):
    """The tenant quotes secrets in what it shows: what holds one is left, and told without it."""
    canaries.strew(watch.project)
    assert watch.run("drift", "dev", "--accept") == 1
    assert watch.run("drift", "dev", "--accept", "--json") == 1


@pytest.mark.thorough
@pytest.mark.parametrize("status", [400, 500])
def test_a_tenant_that_quotes_secrets_in_its_refusals_is_not_quoted(watch, status):
    canaries.strew(watch.project)
    values = canaries.VALUES
    message = f"'{values['EXTRA_07']}' {values['SIGNING_KEY']} is not valid"
    encoded = f"at {values['EXTRA_08'].encode().hex()}"
    with watch.project.sandbox() as sandbox:
        sandbox.faults = [
            Fault("status", "PATCH", "/clients/*", status=status, message=message),
            Fault("status", "PATCH", "/actions/*", status=status, message=encoded),
        ]
    assert watch.run("apply", "dev", "--yes", *REPORTED) == 4
    assert watch.run("resume", "dev", "--json") == 4
    for arguments in (("show", "dev"), ("show", "dev", "--json"), ("resume", "dev")):
        watch.run(*arguments)
    with watch.project.sandbox() as sandbox:
        sandbox.faults = []
    assert watch.run("resume", "dev") == 0


def test_a_build_that_fails_quoting_a_secret_is_told_without_it(watch):
    canaries.strew(watch.project)
    with watch.project.sandbox() as sandbox:
        sandbox.delays = Delays(failing_builds=("add-*",))
    assert watch.run("apply", "dev", "--yes", *REPORTED) == 4
    assert "build" in (watch.project.root / "a.txt").read_text()


@pytest.mark.parametrize("path", ["/oauth/token", "/clients"])
@pytest.mark.parametrize("status", mostly([400, 403, 500], fast=1, rest=pytest.mark.thorough))
def test_no_error_carries_a_secret_in_its_words_or_its_traceback(watch, path, status):
    with watch.project.sandbox() as sandbox:
        _, own = sandbox.credentials()
        message = f"{own} {canaries.VALUES['EXTRA_09']}"
        sandbox.faults = [Fault("status", "*", path, status=status, message=message)]
    assert watch.run("plan", "dev") not in {0, 130}
    assert watch.run("plan", "dev", "--json") not in {0, 130}
    with pytest.raises(TenantctlError) as caught:
        plan_of(open_session(Wired(watch.project.root), "dev"), Ask())
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert canaries.seen(told, watch.secrets) == []


@pytest.mark.thorough
def test_a_plan_made_without_the_secrets_is_applied_with_them(watch, monkeypatch):
    """A plan job has none of them; whoever applies knows them and sees them in the live texts."""
    canaries.strew(watch.project)
    for name in canaries.VALUES:
        monkeypatch.delenv(name)
    saved = str(watch.project.root / "plan.json")
    watch.project.ok("plan", "dev", "--out", saved)
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    ran = watch.project.ok("apply", saved)
    assert canaries.seen(ran.out + ran.err, watch.secrets) == []
    assert watch.project.steps() == []


@pytest.mark.parametrize("path", ["/oauth/token", "/clients"])
def test_the_key_that_the_tool_signs_in_with_is_not_quoted_either(path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    sandbox = Sandbox("canary.sandbox.invalid")
    id, _ = sandbox.provision("signer", ["read:clients"], public.decode())
    scope = Scope({Address("clients", "x"): Identity(("x",))}, Tenant({}))

    async def read() -> Tenant:
        access = Access(sandbox.domain, id, private_key=private)
        async with open_gateway(
            access, vault=Vault(), limits=limits_of("unlimited"), transport=sandbox.transport()
        ) as gateway:
            return await gateway.read(scope)

    assert len(asyncio.run(read())) == 0
    sandbox.faults = [Fault("status", "*", path, status=400, message=f"bad {private}")]
    with pytest.raises(TenantctlError) as caught:
        asyncio.run(read())
    told = "".join(traceback.format_exception(caught.value))
    assert "bad" in told
    assert canaries.seen(told, {private}) == []


def test_a_tenant_that_quotes_the_access_token_is_not_quoted():
    sandbox = Sandbox("canary.sandbox.invalid")
    inner, tokens = sandbox.transport(), set()

    class Echo(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/oauth/token":
                return await inner.handle_async_request(request)
            given = request.headers["authorization"]
            tokens.add(given.removeprefix("Bearer "))
            return httpx.Response(400, json={"statusCode": 400, "message": f"bad {given}"})

    async def read() -> None:
        id, secret = sandbox.credentials()
        access = Access(sandbox.domain, id, client_secret=secret)
        async with open_gateway(
            access, vault=Vault(), limits=limits_of("unlimited"), transport=Echo()
        ) as gateway:
            await gateway.read(Scope({Address("clients", "x"): Identity(("x",))}, Tenant({})))

    with pytest.raises(TenantctlError) as caught:
        asyncio.run(read())
    told = "".join(traceback.format_exception(caught.value))
    assert "bad Bearer (access token)" in told
    assert len(tokens) == 1
    assert canaries.seen(told, tokens) == []


def test_what_holds_secrets_prints_as_nothing(watch):
    session = open_session(Wired(watch.project.root), "dev")
    told = repr(session) + repr(session.vault) + repr(session.loaded.environment)
    assert len(session.vault.values) >= 20
    assert canaries.seen(told, watch.secrets) == []


@pytest.mark.thorough
def test_the_most_talkative_log_tells_nothing(watch, caplog):
    canaries.strew(watch.project)
    with caplog.at_level(logging.DEBUG):
        for name in ("httpx", "httpcore", "auth0", "asyncio", "tenantctl"):
            caplog.set_level(logging.DEBUG, logger=name)
        watch.run("plan", "dev", "--full")
        watch.run("apply", "dev", "--yes")
    assert "api/v2/clients" in caplog.text
    assert canaries.seen(caplog.text, watch.secrets) == []
    assert "Bearer" not in caplog.text


CREDENTIALS = """credentials:
      accessKeyId: !secret SES_ACCESS_KEY_ID
      secretAccessKey: !secret SES_SECRET_ACCESS_KEY
      region: eu-central-1"""
LITERAL = "hunter2-hunter2-hunter2"
WRONG = {
    "an action's secret": (
        canaries.AUTHORIZATION,
        "{CLAIM_NAMESPACE: !secret CLAIM_NAMESPACE}",
        f"{{CLAIM_NAMESPACE: {LITERAL}}}",
    ),
    "an action's secret in quotes beside a wrong field": (
        canaries.AUTHORIZATION,
        "      secrets: {CLAIM_NAMESPACE: !secret CLAIM_NAMESPACE}",
        f'      secrets: {{CLAIM_NAMESPACE: "{LITERAL}", CLAIM_NAMESPACE: x}}',
    ),
    "a credential of the mail provider": (
        canaries.OPERATIONS,
        "secretAccessKey: !secret SES_SECRET_ACCESS_KEY",
        f"secretAccessKey: {LITERAL}",
    ),
    "a credential in a flow map with a misspelt field": (
        canaries.OPERATIONS,
        CREDENTIALS,
        f"credentials: {{acessKeyId: x, secretAccessKey: {LITERAL}, region: eu-central-1}}",
    ),
    "a credential of the wrong type": (
        canaries.OPERATIONS,
        "secretAccessKey: !secret SES_SECRET_ACCESS_KEY",
        f"secretAccessKey: [{LITERAL}]",
    ),
    "a database's configuration": (
        "tenants/hearthhollow/phase1/provisioning.yaml",
        "LEGACY_API_TOKEN: !secret LEGACY_API_TOKEN",
        f"LEGACY_API_TOKEN: {LITERAL}",
    ),
    "a secret of the environment": (
        canaries.DEV,
        "SES_ACCESS_KEY_ID: {from: generated}",
        f"SES_ACCESS_KEY_ID: {LITERAL}",
    ),
    "the source of a secret": (
        canaries.DEV,
        "SES_ACCESS_KEY_ID: {from: generated}",
        f"SES_ACCESS_KEY_ID: {{from: {LITERAL}}}",
    ),
    "the tool's own client secret": (
        canaries.DEV,
        "\nvariables:\n",
        f"\ncredentials:\n  apply: {{client_id: x, client_secret: {LITERAL}}}\n\nvariables:\n",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_secret_that_stands_in_a_file_is_refused_without_being_shown(project, case):
    project.edit(*WRONG[case])
    for arguments in (("validate", "dev"), ("validate", "dev", "--json"), ("plan", "dev")):
        ran = project.run(*arguments)
        assert ran.code == 65, ran
        assert LITERAL not in ran.out + ran.err
        assert WRONG[case][0] in ran.out + ran.err
