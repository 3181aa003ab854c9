"""What bootstrap tells to create is what lets a run in, and no more."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess

import httpx
import pytest

from doctor.conftest import DOMAIN, ENV
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Vault
from tenantctl.sandbox import Sandbox

FAKE = """#!/bin/sh
# Keeps what it is told, and answers as the Management API does.
n=$(ls {folder} | wc -l)
echo "$@" > {folder}/$n.args
cat > {folder}/$n.json
printf '{{\\n  "tenant": "x",\\n  "client_id": "Client%sId",\\n  "name": "y"\\n}}\\n' "$n"
"""


@pytest.fixture
def prod(project):
    path = project.root / ENV
    text = path.read_text().replace("domain: embedded", f"domain: {DOMAIN}")
    path.write_text(text.replace("from: generated", "from: env:SHOP_SECRET"))
    return project


def test_it_tells_two_clients_with_exactly_the_scopes_that_the_files_need(prod, needed):
    found = prod.ok("bootstrap", "prod", "--json").json
    assert (found["format"], found["type"], found["domain"]) == (1, "bootstrap", DOMAIN)
    plan, apply = found["identities"]
    assert [each["scope"] for each in plan["scopes"]] == needed["plan"]
    assert [each["scope"] for each in apply["scopes"]] == needed["apply"]
    assert all(each["scope"].startswith("read:") for each in plan["scopes"])
    also = {each["scope"] for each in plan["also"]}
    assert also >= set(needed["check"]) - set(needed["plan"])
    assert "read:logs" in also
    assert apply["also"] == []
    assert (plan["github_environment"], apply["github_environment"]) == (
        "hearthhollow-prod-plan",
        "hearthhollow-prod",
    )


def test_the_text_says_everything_that_the_document_does(prod):
    found = prod.ok("bootstrap", "prod", "--json").json
    text = prod.ok("bootstrap", "prod").out
    for client in found["identities"]:
        for each in (*client["scopes"], *client["also"]):
            assert each["scope"] in text
        for word in (*client["variables"], client["name"], client["github_environment"]):
            assert word in text
    assert "private_key: env:AUTH0_PLAN_PRIVATE_KEY" in text
    assert "SHOP_SECRET (SES_SECRET_ACCESS_KEY)" in text
    assert "3600 seconds" in text
    assert text.rstrip().endswith("tenantctl doctor hearthhollow/prod --for apply")


def test_credentials_that_are_written_already_are_told_as_they_are(prod):
    path = prod.root / ENV
    path.write_text(
        path.read_text()
        + "\ncredentials: {plan: {client_id: abc, client_secret: 'cmd:op read op://x/y'}}\n"
    )
    plan, apply = prod.ok("bootstrap", "prod", "--json").json["identities"]
    assert plan["written"] == "client_id abc, client_secret cmd:op read op://x/y"
    assert apply["written"] == ""
    text = prod.ok("bootstrap", "prod").out
    assert "credentials.plan is written: client_id abc" in text
    assert "env:AUTH0_PLAN_PRIVATE_KEY" not in text


def test_who_signs_in_by_a_secret_is_told_of_no_key_and_which_names_pipelines_set(prod):
    path = prod.root / ENV
    named = "{client_id: env:SHOP_ID, client_secret: env:SHOP_KEY}"
    fitting = "{client_id: env:AUTH0_APPLY_CLIENT_ID, private_key: env:AUTH0_APPLY_PRIVATE_KEY}"
    path.write_text(f"{path.read_text()}\ncredentials: {{plan: {named}, apply: {fitting}}}\n")
    plan, apply = prod.ok("bootstrap", "prod", "--json").json["identities"]
    assert (plan["by_secret"], plan["fits"]) == (True, False)
    assert (apply["by_secret"], apply["fits"]) == (False, True)
    assert plan["requests"][0]["body"]["token_endpoint_auth_method"] == "client_secret_post"
    text = prod.ok("bootstrap", "prod").out
    assert "hearthhollow-prod-plan.pem" not in text
    assert "the workflows of docs/ci set AUTH0_PLAN_CLIENT_ID and AUTH0_PLAN_CLIENT_SECRET" in text
    assert "set AUTH0_APPLY_CLIENT_ID" not in text
    script = prod.ok("bootstrap", "prod", "--format", "auth0-cli").out
    assert "hearthhollow-prod-apply.pem" in script
    assert "hearthhollow-prod-plan.pem" not in script


def test_an_embedded_tenant_needs_nothing(project):
    assert "there is nothing to create" in project.ok("bootstrap", "dev").out
    assert project.ok("bootstrap", "dev", "--json").json["identities"] == []


def test_a_format_that_is_not_there_is_said(prod):
    ran = prod.run("bootstrap", "prod", "--format", "terraform")
    assert (ran.code, "write text or auth0-cli" in ran.err) == (64, True)


@pytest.mark.thorough
def test_the_script_creates_clients_that_can_sign_in_and_do_what_is_needed(prod, needed, tmp_path):
    script = prod.ok("bootstrap", "prod", "--format", "auth0-cli").out
    told, keys, bin = (tmp_path / name for name in ("told", "keys", "bin"))
    for folder in (told, keys, bin):
        folder.mkdir()
    (bin / "auth0").write_text(FAKE.format(folder=told))
    (bin / "auth0").chmod(0o755)
    ran = subprocess.run(
        ["sh"],
        input=script,
        cwd=keys,
        env={**os.environ, "PATH": f"{bin}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "AUTH0_PLAN_CLIENT_ID=Client0Id" in ran.stdout
    calls = sorted(told.glob("*.args"), key=lambda path: int(path.stem))
    assert [path.read_text().split()[:3] for path in calls] == [
        ["api", "post", "clients"],
        ["api", "post", "client-grants"],
    ] * 2
    assert all(f"--tenant {DOMAIN}" in path.read_text() for path in calls)
    bodies = [json.loads(path.with_suffix(".json").read_text()) for path in calls]
    for purpose, client, grant in (("plan", *bodies[:2]), ("apply", *bodies[2:])):
        key = keys / f"hearthhollow-prod-{purpose}.pem"
        assert key.stat().st_mode & 0o077 == 0
        granted = asyncio.run(signed_in(client, grant, key.read_text()))
        assert granted >= set(needed[purpose])


async def signed_in(client, grant, key):
    """The scopes of a token that a tenant gives to whoever was created like that."""
    sandbox = Sandbox(DOMAIN)
    headers = {"authorization": f"Bearer {sandbox.token()}"}
    async with httpx.AsyncClient(
        transport=sandbox.transport(), base_url=f"https://{DOMAIN}/api/v2", headers=headers
    ) as http:
        made = await http.post("/clients", json=client)
        assert made.status_code == 201, made.text
        id = made.json()["client_id"]
        answer = await http.post("/client-grants", json={**grant, "client_id": id})
        assert answer.status_code == 201, answer.text
    access = Access(DOMAIN, id, private_key=key)
    async with open_gateway(
        access, vault=Vault(), limits=limits_of("unlimited"), transport=sandbox.transport()
    ) as gateway:
        return await gateway.scopes()
