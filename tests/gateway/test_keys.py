"""What Auth0 shows of a key or certificate is worked out of it."""

import base64
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.world import World, resource
from kinds.laws.table import cases
from tenantctl.gateway.keys import shown
from tenantctl.model import Sealed
from tenantctl.sandbox import Sandbox

FILES = {name: text for case in cases("client_credentials") for name, text in case.files.items()}
KEY, CERTIFICATE, OTHER = FILES["keys/one.pem"], FILES["keys/one.crt"], FILES["keys/two.pem"]


def test_a_certificate_is_told_by_its_thumbprint_its_subject_and_its_key():
    told = shown(CERTIFICATE)
    read = x509.load_pem_x509_certificate(CERTIFICATE.encode())
    digest = hashlib.sha256(read.public_bytes(Encoding.DER)).digest()
    thumbprint = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert told["thumbprint_sha256"] == (thumbprint, *told["kid"])
    assert told["subject_dn"] == ("O=Acme\nCN=one.acme.example",)


def test_a_key_is_told_by_its_thumbprint_however_its_lines_are_broken():
    assert shown(KEY) == shown(KEY.replace("\n", "\\n"))
    assert shown(KEY)["kid"] != shown(OTHER)["kid"]


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END-----"])
def test_what_is_no_key_tells_nothing(text):
    assert shown(text) == {}


@pytest.mark.parametrize("pem", [KEY, CERTIFICATE], ids=["key", "certificate"])
def test_a_key_that_tokens_are_encrypted_for_is_compared_without_a_receipt(pem):
    world = World(Sandbox("hearthhollow-dev.sandbox.invalid"))
    key = {"name": "mine", "alg": "RSA-OAEP-256", "pem": pem}
    api = resource(
        "resource_servers.api",
        identifier="https://api",
        token_encryption={"format": "compact-nested-jwe", "encryption_key": key},
    )
    world.create(api)
    live = world.read(api).get(api.address).fields["token_encryption"]["encryption_key"]
    assert live["pem"] == pem
    other = {**api.fields, "token_encryption": {"encryption_key": {**key, "pem": OTHER}}}
    seen = world.read(resource("resource_servers.api", **other)).get(api.address)
    found = seen.fields["token_encryption"]["encryption_key"]["pem"]
    assert found != OTHER
    assert not isinstance(found, Sealed)
