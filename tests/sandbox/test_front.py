"""What a tenant answers without a token: to applications, and to who wants to sign in."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from tenantctl.sandbox import Sandbox

DOMAIN = "shop-dev.sandbox.invalid"
CALLBACK = "https://shop.example/callback"
CLIENT = {
    "client_id": "shop",
    "name": "Shop",
    "callbacks": [CALLBACK, "https://shop.example/other?a=1"],
    "grant_types": ["authorization_code"],
}


@pytest.fixture
def sandbox():
    found = Sandbox(DOMAIN)
    found.put("clients", "shop", CLIENT)
    yield found
    found.close()


@pytest.fixture
def ask(sandbox):
    async def get(path, **query):
        transport = sandbox.transport()
        async with httpx.AsyncClient(transport=transport, base_url=f"https://{DOMAIN}") as http:
            return await http.get(path, params=query)

    return lambda path, **query: asyncio.run(get(path, **query))


def authorize(ask, **more):
    return ask(
        "/authorize",
        **{
            "client_id": "shop",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "state": "s",
            **more,
        },
    )


def test_the_discovery_document_names_the_tenant_itself(ask):
    document = ask("/.well-known/openid-configuration").json()
    assert document["issuer"] == f"https://{DOMAIN}/"
    assert document["jwks_uri"] == f"https://{DOMAIN}/.well-known/jwks.json"
    assert document["token_endpoint"] == f"https://{DOMAIN}/oauth/token"


def test_a_tenant_that_is_served_elsewhere_names_the_place_it_is_asked_at(sandbox):
    sandbox.serve_at("https://127.0.0.1:8443")
    transport = sandbox.transport()

    async def get():
        async with httpx.AsyncClient(transport=transport) as http:
            return await http.get("https://127.0.0.1:8443/.well-known/openid-configuration")

    assert asyncio.run(get()).json()["issuer"] == "https://127.0.0.1:8443/"


def test_the_keys_are_those_that_the_api_shows(sandbox, ask):
    (first, second) = ask("/.well-known/jwks.json").json()["keys"]
    shown = sandbox.documents("signing_keys")
    assert {first["kid"], second["kid"]} == shown.keys()
    certificate = x509.load_pem_x509_certificate(shown[first["kid"]]["cert"].encode())
    n, e = (
        int.from_bytes(base64.urlsafe_b64decode(first[name] + "=="), "big") for name in ("n", "e")
    )
    assert certificate.public_key().public_numbers() == RSAPublicNumbers(e, n)


def test_a_request_that_auth0_would_let_through_leads_to_the_login_page(ask):
    answer = authorize(ask)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/u/login?state=")
    page = ask(answer.headers["location"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"client_id": "nobody"}, 400, "Unknown client: nobody"),
        ({"client_id": "<b>"}, 400, "Unknown client: &lt;b&gt;"),
        ({"redirect_uri": "https://evil.example/"}, 403, "Callback URL mismatch."),
    ],
)
def test_nobody_is_sent_where_the_client_does_not_say(ask, asked, status, said):
    answer = authorize(ask, **asked)
    assert (answer.status_code, answer.headers.get("location")) == (status, None)
    assert said in answer.text


@pytest.mark.parametrize(
    ("changes", "asked", "error"),
    [
        ({"grant_types": ["client_credentials"]}, {}, "unauthorized_client"),
        ({"require_pushed_authorization_requests": True}, {}, "invalid_request"),
        ({"organization_usage": "require"}, {}, "invalid_request"),
    ],
)
def test_what_a_client_may_not_ask_is_told_to_the_application(sandbox, ask, changes, asked, error):
    sandbox.edit("clients", "shop", changes)
    place = urlsplit(authorize(ask, **asked).headers["location"])
    told = parse_qs(place.query)
    assert f"{place.scheme}://{place.netloc}{place.path}" == CALLBACK
    assert (told["error"], told["state"]) == ([error], ["s"])


def test_an_organization_that_is_named_is_enough_for_a_client_that_wants_one(sandbox, ask):
    sandbox.edit("clients", "shop", {"organization_usage": "require"})
    assert authorize(ask, organization="org_1").headers["location"].startswith("/u/login")


def test_a_callback_that_has_a_query_keeps_it(sandbox, ask):
    sandbox.edit("clients", "shop", {"grant_types": []})
    place = authorize(ask, redirect_uri="https://shop.example/other?a=1").headers["location"]
    assert parse_qs(urlsplit(place).query)["a"] == ["1"]


@pytest.mark.parametrize("path", ["/", "/u", "/.well-known/other", "/api/v2/clients"])
def test_everything_else_is_as_it_was(ask, path):
    assert ask(path).status_code in {401, 404}


def test_what_is_asked_without_a_token_counts_as_nothing_written(sandbox, ask):
    authorize(ask)
    ask("/.well-known/jwks.json")
    assert sandbox.status()["requests"]["writes"] == 0
    assert [line.path for line in sandbox.log] == ["/authorize", "/.well-known/jwks.json"]
