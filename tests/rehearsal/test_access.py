"""Who rehearses needs to read, and of the credentials to apply with a token alone."""

from __future__ import annotations

import asyncio

import pytest

from laws.scratch import VAULT, Scratch, scratch
from rehearsal.cases import GRANT, action
from tenantctl.cli.rehearsing import at_hand
from tenantctl.engine.scopes import to_carry_out, to_read
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.kinds import KINDS
from tenantctl.model import Credentials, Environment, Source
from tenantctl.workflows.rehearse import look, missing_scopes

WANTED = {**GRANT, **action()}


def asked(tenant: Scratch, scopes, work):
    """The result of *work* by a client with these scopes, and the requests that it took."""
    id, secret = tenant.sandbox.provision("pipeline", sorted(scopes))
    tenant.sandbox.clear_log()

    async def main():
        async with open_gateway(
            Access(tenant.sandbox.domain, id, client_secret=secret or ""),
            vault=VAULT,
            limits=limits_of("unlimited"),
            transport=tenant.sandbox.transport(),
        ) as gateway:
            return await work(gateway)

    found = asyncio.run(main())
    return found, [f"{each.method} {each.path}" for each in tenant.sandbox.log]


def test_looking_takes_reading_scopes_of_what_is_declared_and_reads_each_list_once():
    with scratch() as tenant:
        plan = tenant.plan(WANTED)
        kinds = {address.kind for address in plan.identities}
        seen, requests = asked(tenant, to_read(kinds), lambda g: look(plan, g, None, {}))
        reads = [each for each in requests if each != "POST /oauth/token"]
        assert {each.partition(" ")[0] for each in reads} == {"GET"}
        assert len(reads) == len(set(reads)) == seen.requests == len(seen.reads)
        lists = {f"GET {KINDS[name].wire.list.path}" for name in kinds if KINDS[name].wire.list}
        assert set(reads) == lists


def test_what_may_not_be_read_is_left_out_and_told():
    template = {"template": "welcome_email", "body": "x", "subject": "x", "from": "a@x.example"}
    mail = {"email_templates.welcome_email": {**template, "syntax": "liquid", "enabled": True}}
    with scratch() as tenant:
        plan = tenant.plan(mail)
        kinds = {address.kind for address in plan.identities}
        seen, requests = asked(tenant, to_read(kinds), lambda g: look(plan, g, None, {}))
        assert seen.unread == {"email_provider": "read:email_provider"}
        assert not [each for each in requests if each.endswith("/emails/provider")]
        every = to_read({*kinds, "email_provider"})
        seen, requests = asked(tenant, every, lambda g: look(plan, g, None, {}))
        assert seen.unread == {}
        assert "GET /emails/provider" in requests


def test_of_the_credentials_to_apply_with_a_token_is_asked_and_nothing_else():
    with scratch() as tenant:
        plan = tenant.plan(WANTED)
        every = to_carry_out(plan.steps)
        lacking, requests = asked(
            tenant, every - {"create:actions"}, lambda g: missing_scopes(plan, g)
        )
        assert lacking == ("create:actions",)
        assert requests == ["POST /oauth/token"]
        assert asked(tenant, every, lambda g: missing_scopes(plan, g))[0] == ()


@pytest.mark.parametrize(
    ("credentials", "there"),
    [
        ({}, False),
        ({"plan": Credentials(Source("literal", "id"))}, False),
        ({"apply": Credentials(Source("literal", "id"), Source("env", "NOT_SET_HERE"))}, False),
        ({"apply": Credentials(Source("literal", "id"), Source("env", "SET_HERE"))}, True),
    ],
)
def test_credentials_that_this_machine_does_not_have_are_not_at_hand(
    credentials, there, monkeypatch
):
    monkeypatch.setenv("SET_HERE", "a secret")
    environment = Environment("t", "prod", "production", "t.eu.auth0.com", credentials=credentials)
    assert at_hand(environment, "apply") is there
