"""The same questions to a tenant that is served over TLS, as a real one is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from support.served import context, started
from tenantctl.errors import Unreachable
from tenantctl.gateway import Access, limits_of, open_gateway
from tenantctl.model import Vault
from tenantctl.workflows.live import _authorize, _discovery, _keys

CALLBACK = "https://shop.example/callback"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with started(tmp_path_factory.mktemp("served")) as server:
        yield server


def asked(served, questions, *, trusted: bool = True):
    told = served.tenants["dev"]
    domain = urlsplit(told["base_url"]).netloc
    access = Access(domain, "nobody", client_secret="none")
    ca = Path(told["ca_file"]) if trusted else None

    async def job():
        limits = limits_of("unlimited")
        async with open_gateway(access, vault=Vault(), limits=limits, ca=ca) as gateway:
            return await questions(gateway)

    return asyncio.run(job())


def test_the_discovery_document_leads_to_the_keys(served):
    async def questions(gateway):
        document, wrong = await _discovery(gateway)
        return wrong, await _keys(gateway, document), document["issuer"]

    base = served.tenants["dev"]["base_url"]
    assert asked(served, questions) == ("", "", f"{base}/")


@pytest.mark.parametrize(
    ("callback", "said"),
    [(CALLBACK, ""), ("https://else.example/", "/authorize answers 403")],
)
def test_a_client_may_ask_for_sign_in_with_a_callback_of_its_own(served, callback, said):
    with served.client("dev") as http:
        client = {"name": "Web", "callbacks": [CALLBACK], "grant_types": ["authorization_code"]}
        made = http.post("/api/v2/clients", json=client)
        assert made.status_code == 201, made.text
        id = made.json()["client_id"]
    assert asked(served, lambda gateway: _authorize(gateway, id, callback)) == said


def test_a_tenant_that_cannot_be_trusted_is_not_asked(served):
    with pytest.raises(Unreachable, match=r"did not answer to /\.well-known"):
        asked(served, _discovery, trusted=False)


def test_a_tenant_below_a_path_leads_to_pages_below_it(served):
    told = served.tenants["dev"]
    with httpx.Client(verify=context(told["ca_file"]), base_url=told["base_url"]) as http:
        answer = http.get("/t/dev/.well-known/openid-configuration")
        assert http.get(urlsplit(answer.json()["jwks_uri"]).path).json()["keys"]
