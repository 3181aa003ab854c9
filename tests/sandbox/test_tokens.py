"""Who gets a token, what it permits, and for how long."""

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def public_pem(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def test_the_tools_own_client_may_do_everything(api):
    answer = api.exchange(client_secret=api.secret).json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 86400
    assert {"read:clients", "delete:connections", "read:client_keys"} <= set(
        answer["scope"].split()
    )


def test_credentials_are_taken_from_a_form_and_from_a_basic_header(api):
    form = {
        "grant_type": "client_credentials",
        "client_id": api.client_id,
        "client_secret": api.secret,
        "audience": f"https://{DOMAIN}/api/v2/",
    }
    assert api.raw("POST", "/oauth/token", data=form).status_code == 200
    rest = {name: form[name] for name in ("grant_type", "audience")}
    auth = (api.client_id, api.secret)
    assert api.raw("POST", "/oauth/token", data=rest, auth=auth).status_code == 200


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "access_denied"),
        ({"client_id": "nobody", "client_secret": "x"}, 401, "access_denied"),
        ({"grant_type": "password"}, 403, "unsupported_grant_type"),
        ({"audience": "https://elsewhere.example"}, 403, "access_denied"),
        ({"client_assertion": "x.y.z", "client_assertion_type": ASSERTION}, 401, "invalid_client"),
    ],
)
def test_a_request_that_proves_nothing_gets_no_token(api, given, status, error):
    answer = api.exchange(**{"client_secret": api.secret, **given})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_client_without_a_grant_gets_no_token(api):
    client = api.post("/clients", {"name": "Lonely", "app_type": "non_interactive"})
    answer = api.exchange(client_id=client["client_id"], client_secret=client["client_secret"])
    assert answer.status_code == 403
    assert "client-grant" in answer.json()["error_description"]


def test_a_provisioned_client_has_the_scopes_of_its_grant_and_no_others(sandbox, connect):
    reader = connect(sandbox, sandbox.provision("reader", ["read:clients"]))
    assert reader.call("GET", "/clients").status_code == 200
    refused = reader.call("GET", "/roles")
    assert refused.status_code == 403
    assert refused.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": "Insufficient scope, expected any of: read:roles",
        "errorCode": "insufficient_scope",
    }


def test_a_token_expires_by_the_clock(connect):
    now = [1_000_000.0]
    api = connect(Sandbox(DOMAIN, clock=lambda: now[0]))
    assert api.call("GET", "/clients").status_code == 200
    now[0] += 86400
    answer = api.call("GET", "/clients")
    assert answer.status_code == 401
    assert "Expired token" in answer.json()["message"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_a_request_without_a_good_token_is_unauthorized(api, header):
    answer = api.raw("GET", "/api/v2/clients", headers={"authorization": header})
    assert answer.status_code == 401


def test_a_token_whose_claims_were_changed_is_refused(api):
    head, claims, signature = api.token.split(".")
    api.token = f"{head}.{claims[:-2]}AA.{signature}"
    assert api.call("GET", "/clients").status_code == 401


def assertion(key, client_id, now, **changes):
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"https://{DOMAIN}/",
        "iat": now,
        "exp": now + 60,
        "jti": "1",
    }
    return jwt.encode({**claims, **changes}, key, algorithm="RS256")


def signed(api, text):
    return api.exchange(client_assertion=text, client_assertion_type=ASSERTION)


def test_a_client_with_a_public_key_signs_instead_of_telling_a_secret(connect, key, public_pem):
    now = 2_000_000_000
    sandbox = Sandbox(DOMAIN, clock=lambda: float(now))
    client_id, secret = sandbox.provision("pipeline", ["read:clients"], public_pem)
    api = connect(sandbox, (client_id, secret))
    assert secret is None
    good = signed(api, assertion(key, client_id, now))
    assert good.status_code == 200
    assert good.json()["scope"] == "read:clients"
    endpoint = assertion(key, client_id, now, aud=f"https://{DOMAIN}/oauth/token")
    assert signed(api, endpoint).status_code == 200
    stored = sandbox.documents("clients")[client_id]["client_secret"]
    assert api.exchange(client_secret=stored).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [{"exp": 1_999_999_999}, {"aud": "https://elsewhere.example/"}, {"iss": "someone"}],
)
def test_an_assertion_with_a_wrong_claim_is_refused(connect, key, public_pem, changes):
    now = 2_000_000_000
    sandbox = Sandbox(DOMAIN, clock=lambda: float(now))
    client_id, secret = sandbox.provision("pipeline", ["read:clients"], public_pem)
    api = connect(sandbox, (client_id, secret))
    assert signed(api, assertion(key, client_id, now, **changes)).status_code == 401


def test_an_assertion_signed_by_another_key_is_refused(connect, public_pem):
    now = 2_000_000_000
    sandbox = Sandbox(DOMAIN, clock=lambda: float(now))
    client_id, secret = sandbox.provision("pipeline", ["read:clients"], public_pem)
    api = connect(sandbox, (client_id, secret))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert signed(api, assertion(other, client_id, now)).status_code == 401
