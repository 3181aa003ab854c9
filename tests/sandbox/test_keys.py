"""Keys that sign, keys that encrypt, keys a tenant is given (recorded traffic, OpenAPI)."""

import hashlib
import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_public_key

ENCRYPTION = "/keys/encryption"


def states(api):
    found = api.get(ENCRYPTION, include_totals="true")["keys"]
    return [(key["type"], key["state"]) for key in found]


def make(api):
    return api.post(ENCRYPTION, {"type": "customer-provided-root-key"})


def test_a_new_tenant_signs_with_one_key_and_has_the_next(api):
    current, following = api.get("/keys/signing")
    assert (current["current"], current["next"]) == (True, False)
    assert (following["current"], following["next"]) == (False, True)
    assert api.get("/keys/signing") == [current, following]
    assert api.get(f"/keys/signing/{current['kid']}") == current
    assert api.call("GET", "/keys/signing/none").status_code == 404


def test_a_signing_key_comes_with_its_certificate(api):
    key = api.get("/keys/signing")[0]
    certificate = x509.load_pem_x509_certificate(key["cert"].encode())
    digest = hashlib.sha1(certificate.public_bytes(Encoding.DER), usedforsecurity=False)
    assert key["thumbprint"] == digest.hexdigest().upper()
    assert key["fingerprint"].replace(":", "") == key["thumbprint"]
    assert key["pkcs7"].startswith("-----BEGIN PKCS7-----")


def test_rotation_moves_every_key_on_and_only_a_previous_one_is_revoked(api):
    current, following = api.get("/keys/signing")
    rotated = api.call("POST", "/keys/signing/rotate")
    assert rotated.status_code == 201
    assert rotated.json() == {"kid": following["kid"], "cert": following["cert"]}
    first, second, third = api.get("/keys/signing")
    assert [first["kid"], third["kid"]] == [following["kid"], current["kid"]]
    assert (first["current"], second["next"], third["previous"]) == (True, True, True)
    assert third["current_until"] == first["current_since"]
    assert api.call("PUT", f"/keys/signing/{first['kid']}/revoke").status_code == 400
    assert api.call("PUT", f"/keys/signing/{third['kid']}/revoke").status_code == 200
    assert api.get(f"/keys/signing/{third['kid']}")["revoked"] is True


def test_keys_of_ones_own_are_there_once_they_are_uploaded(api):
    jwk = {"kty": "RSA", "n": "0vx7", "e": "AQAB", "use": "sig"}
    assert api.call("GET", "/keys/custom-signing").status_code == 404
    assert api.call("PUT", "/keys/custom-signing", {"keys": []}).status_code == 400
    answer = api.call("PUT", "/keys/custom-signing", {"keys": [jwk]})
    assert (answer.status_code, answer.json()) == (200, {"keys": [jwk]})
    assert api.get("/keys/custom-signing") == {"keys": [jwk]}
    for _ in range(2):
        assert api.call("DELETE", "/keys/custom-signing").status_code == 204
    assert api.call("GET", "/keys/custom-signing").status_code == 404


def test_a_new_tenant_encrypts_below_the_root_key_of_its_environment(api):
    master, root = api.get(ENCRYPTION)
    assert (master["type"], master["parent_kid"]) == ("tenant-master-key", root["kid"])
    assert (root["type"], root["parent_kid"]) == ("environment-root-key", None)


def test_keys_are_listed_fifty_at_a_time_and_never_counted(api):
    """Whatever page size is asked for (recorded traffic of 2024-10)."""
    for _ in range(49):
        api.call("POST", f"{ENCRYPTION}/rekey")
    first = api.get(ENCRYPTION, include_totals="true", per_page=5, page=0)
    assert (len(first.pop("keys")), first) == (50, {"start": 0, "limit": 0, "total": 0})
    assert [key["type"] for key in api.get(ENCRYPTION, page=1)] == ["environment-root-key"]
    assert api.call("GET", ENCRYPTION, per_page=101).status_code == 400


def test_a_new_master_key_destroys_the_former_one_and_stands_first(api):
    former = api.get(ENCRYPTION)[0]["kid"]
    assert api.call("POST", f"{ENCRYPTION}/rekey").status_code == 204
    assert states(api)[0] == ("tenant-master-key", "active")
    assert api.get(f"{ENCRYPTION}/{former}")["state"] == "destroyed"


@pytest.mark.thorough
def test_a_root_key_is_made_wrapped_imported_and_destroyed(api):
    made = make(api)
    path = f"{ENCRYPTION}/{made['kid']}"
    assert (made["state"], made["parent_kid"]) == ("pre-activation", None)
    assert api.call("POST", path, {"wrapped_key": "x"}).status_code == 409
    wrapping = api.call("POST", f"{path}/wrapping-key")
    assert (wrapping.status_code, wrapping.json()["algorithm"]) == (201, "CKM_RSA_AES_KEY_WRAP")
    assert load_pem_public_key(wrapping.json()["public_key"].encode()).key_size == 3072
    imported = api.call("POST", path, {"wrapped_key": "x"})
    assert (imported.status_code, imported.json()["state"]) == (201, "active")
    assert "wrapped_key" not in imported.json()
    master = next(key for key in api.get(ENCRYPTION) if key["state"] == "active")
    assert (master["type"], master["parent_kid"]) == ("tenant-master-key", made["kid"])
    for _ in range(2):
        assert api.call("DELETE", path).status_code == 204
    assert api.get(path)["state"] == "destroyed"
    active = [type for type, state in states(api) if state == "active"]
    assert sorted(active) == ["environment-root-key", "tenant-master-key"]


@pytest.mark.parametrize(
    ("method", "below", "status"),
    [
        ("GET", "not-a-uuid", 400),
        ("GET", "00000000-0000-4000-8000-000000000000", 404),
        ("DELETE", "00000000-0000-4000-8000-000000000000", 204),
        ("POST", "00000000-0000-4000-8000-000000000000", 400),
    ],
)
def test_a_key_that_is_not_there_is_answered_as_auth0_does(api, method, below, status):
    body = {"wrapped_key": "x"} if method == "POST" else None
    assert api.call(method, f"{ENCRYPTION}/{below}", body).status_code == status


def test_a_second_root_key_waits_for_the_first_and_auth0s_own_are_not_deleted(api):
    make(api)
    assert api.call("POST", ENCRYPTION, {"type": "customer-provided-root-key"}).status_code == 409
    own = next(key for key in api.get(ENCRYPTION) if key["type"] == "environment-root-key")
    assert api.call("DELETE", f"{ENCRYPTION}/{own['kid']}").status_code == 400
    given = api.post(ENCRYPTION, {"type": "tenant-encryption-key"})
    assert re.fullmatch(r"[0-9a-f-]{36}", given["parent_kid"])
