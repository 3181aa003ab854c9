"""APIs and client grants (facts: recorded traffic 6 to 8, api-behaviour 2.2)."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@pytest.fixture
def server(api):
    scopes = [{"value": "read", "description": "Read it"}, {"value": "write"}]
    return api.post("/resource-servers", {"identifier": "https://stock", "scopes": scopes})


@pytest.fixture
def client(api):
    return api.post("/clients", {"name": "shop"})["client_id"]


@pytest.fixture(scope="module")
def pem():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def refused(answer, status, message):
    assert answer.status_code == status, answer.text
    assert message in answer.json()["message"]


def test_an_api_has_what_auth0_fills_in(server):
    assert server == {
        "id": server["id"],
        "identifier": "https://stock",
        "scopes": [
            {"value": "read", "description": "Read it"},
            {"value": "write", "description": ""},
        ],
        "allow_offline_access": False,
        "signing_alg": "RS256",
        "skip_consent_for_verifiable_first_party_clients": False,
        "subject_type_authorization": {
            "client": {"policy": "require_client_grant"},
            "user": {"policy": "allow_all"},
        },
        "token_lifetime": 86400,
        "token_lifetime_for_web": 7200,
    }


def test_an_older_tenant_does_not_tell_subject_types_until_they_are_set(api):
    api.sandbox.features |= {"implied_subject_types"}
    made = api.post("/resource-servers", {"identifier": "https://a"})
    assert "subject_type_authorization" not in made
    types = {"user": {"policy": "deny_all"}}
    changed = api.patch(f"/resource-servers/{made['id']}", {"subject_type_authorization": types})
    assert changed["subject_type_authorization"] == types


@pytest.mark.parametrize("name", ["https%3A%2F%2Fstock", "https%253A%252F%252Fstock"])
def test_an_api_is_found_by_its_identifier_encoded_once_or_twice(api, server, name):
    answer = api.raw(
        "GET",
        f"/api/v2/resource-servers/{name}",
        headers={"authorization": f"Bearer {api.token}"},
    )
    assert answer.json() == server


def test_a_symmetric_api_has_a_secret(api, server):
    changed = api.patch(f"/resource-servers/{server['id']}", {"signing_alg": "HS256"})
    assert len(changed["signing_secret"]) == 32


def test_an_encryption_key_is_told_by_the_thumbprint_of_the_key_itself(api, server, client, pem):
    key = {"alg": "RSA-OAEP-256", "pem": pem, "name": "k"}
    sent = {"token_encryption": {"format": "compact-nested-jwe", "encryption_key": key}}
    path = f"/resource-servers/{server['id']}"
    shown = api.patch(path, sent)["token_encryption"]["encryption_key"]
    assert "pem" not in shown
    credential = {"credential_type": "public_key", "pem": pem}
    made = api.post(f"/clients/{client}/credentials", credential)
    assert shown["thumbprint_sha256"] == made["kid"]
    sent["token_encryption"]["encryption_key"] = {**key, "pem": "no key"}
    assert api.call("PATCH", path, sent).status_code == 400


def test_an_api_tells_which_client_it_is(api, server):
    sent = {
        "name": "stock",
        "app_type": "resource_server",
        "resource_server_identifier": "https://stock",
    }
    made = api.post("/clients", sent)["client_id"]
    assert api.get(f"/resource-servers/{server['id']}")["client_id"] == made


def test_the_api_of_users_themselves_is_what_it_always_is(api):
    sent = {"name": "mine", "identifier": f"https://{api.sandbox.domain}/me/"}
    made = api.post("/resource-servers", sent)
    path = f"/resource-servers/{made['id']}"
    assert made["name"] == "Auth0 My Account API"
    assert made["is_system"] is True
    assert made["token_lifetime"] == 600
    assert len(made["scopes"]) == 3  # the rest follows
    assert len(api.get(path)["scopes"]) == 8
    changed = api.patch(path, {"name": "mine", "token_lifetime": 300})
    assert (changed["name"], changed["token_lifetime"]) == ("Auth0 My Account API", 300)
    assert api.call("DELETE", path).status_code == 204


def test_the_management_api_stays_as_it_is(api):
    [own] = [item for item in api.get("/resource-servers") if item.get("is_system")]
    path = f"/resource-servers/{own['id']}"
    assert api.patch(path, {"token_lifetime": 3600})["token_lifetime"] == 3600
    refused(api.call("PATCH", path, {"name": "mine"}), 400, "cannot be modified: name")
    refused(api.call("DELETE", path), 400, "cannot be deleted")


def test_a_grant_of_all_scopes_names_none(api, server, client):
    sent = {"client_id": client, "audience": server["identifier"], "scope": ["read"]}
    made = api.post("/client-grants", sent)
    assert made["subject_type"] == "client"
    path = f"/client-grants/{made['id']}"
    every = api.patch(path, {"allow_all_scopes": True})
    assert "scope" not in every
    some = api.patch(path, {"allow_all_scopes": False, "scope": []})
    assert (some["allow_all_scopes"], some["scope"]) == (False, [])
    refused(api.call("POST", "/client-grants", sent), 409, "already exists")
    assert api.post("/client-grants", {**sent, "subject_type": "user"})["id"] != made["id"]


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"client_id": "0" * 31 + "a"}, 404, "client"),
        ({"audience": "https://none"}, 404, "Resource server not found"),
        ({"scope": ["x" * 281]}, 400, "too long"),
        ({"subject_type": "dog"}, 400, "enum"),
    ],
)
def test_a_grant_of_what_does_not_exist_is_refused(api, server, client, change, status, message):
    sent = {"client_id": client, "audience": server["identifier"], "scope": [], **change}
    refused(api.call("POST", "/client-grants", sent), status, message)


def test_a_grant_is_for_a_client_or_for_all_of_a_sort(api, server):
    sent = {"audience": server["identifier"], "scope": ["read"]}
    refused(api.call("POST", "/client-grants", sent), 400, "property: client_id")
    every = {**sent, "default_for": "third_party_clients"}
    made = api.post("/client-grants", every)
    assert api.get("/client-grants", default_for="third_party_clients") == [made]
    refused(api.call("POST", "/client-grants", every), 409, "already exists")


def test_a_client_for_express_configuration_comes_with_its_grant(api, server):
    made = api.post("/clients", {"name": "e", "app_type": "express_configuration"})["client_id"]
    [grant] = api.get("/client-grants", client_id=made)
    assert grant["is_system"] is True
    assert "read:organizations_summary" in grant["scope"]
    sent = {"client_id": made, "audience": server["identifier"], "scope": []}
    refused(api.call("POST", "/client-grants", sent), 400, "express_configuration")
    api.call("DELETE", f"/clients/{made}")
    assert api.get("/client-grants", client_id=made) == []


def test_an_api_takes_along_its_grants(api, server, client):
    sent = {"client_id": client, "audience": server["identifier"], "scope": ["read"]}
    grant = api.post("/client-grants", sent)["id"]
    for _ in range(2):
        assert api.call("DELETE", f"/resource-servers/{server['id']}").status_code == 204
    refused(api.call("GET", f"/client-grants/{grant}"), 404, "The grant does not exist.")
