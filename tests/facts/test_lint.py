"""What looks like a secret in a file, and what does not."""

from __future__ import annotations

import base64

import pytest

from tenantctl.engine.lint import secrets_in

PLAIN = base64.b64encode(b"a secret of nobody, made for a test").decode().rstrip("=")
KEY = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "a1" * 20
FOUND: dict[str, tuple[str, str, int, str]] = {
    "in YAML": ("a.yaml", f"client_secret: {PLAIN}", 16, "client_secret"),
    "in YAML, quoted": ("a.yaml", 'api_key: "hunter2-hunter2"', 10, "api_key"),
    "in a map": ("a.yaml", "x: {name: y, password: Tr0ub4dor3, z: 1}", 24, "password"),
    "in code": ("a.js", 'const apiKey = "k3y-0123456789";', 16, "apiKey"),
    "in an object": ("a.js", "  token: 'abcdef0123456789',", 10, "token"),
    "a private key": ("a.pem", "-----BEGIN RSA PRIVATE KEY-----", 1, "a private key"),
    "a key of AWS": ("a.csv", f"x,{KEY},y", 3, "an access key of AWS"),
    "a token of GitHub": ("a.html", f"<!-- {GITHUB} -->", 6, "a token of GitHub"),
    "a password in an address": (
        "a.js",
        'connect("postgres://me:s3cret@db.example/x")',
        10,
        "a password in an address",
    ),
    "a signed token": (
        "a.txt",
        f"eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 20}",
        1,
        "a signed token",
    ),
}


@pytest.mark.parametrize(("file", "line", "column", "said"), FOUND.values(), ids=FOUND)
def test_a_secret_is_found_where_it_stands_and_never_quoted(
    file: str, line: str, column: int, said: str
) -> None:
    (remark,) = secrets_in(file, f"\n# a comment\n{line}\n")
    assert said in remark.name
    assert (remark.origin.file, remark.origin.line) == (file, 3)
    assert remark.origin.column == column
    for secret in (PLAIN, KEY, GITHUB, "hunter2", "Tr0ub4dor3", "k3y-0123456789", "s3cret"):
        assert secret not in remark.name


HARMLESS: dict[str, tuple[str, str]] = {
    "a reference to a secret": ("a.yaml", "client_secret: !secret GOOGLE_CLIENT_SECRET"),
    "where a secret comes from": ("a.yaml", "  SHOP_TOKEN: {from: generated}"),
    "a variable of the shell": ("a.yaml", "client_secret: env:AUTH0_CLIENT_SECRET"),
    "a file": ("a.yaml", "private_key: file:/run/secrets/auth0.pem"),
    "a way to sign in": ("a.yaml", "token_endpoint_auth_method: client_secret_post"),
    "a word": ("a.yaml", "password: required"),
    "a page": ("a.yaml", "change_password: {html: !file pages/change.html}"),
    "a mask": ("a.yaml", 'client_secret: "************"'),
    "a sentence": ("a.yaml", "buttonText: Passwort vergessen?"),
    "a variable": ("a.yaml", 'api_key: "${var.key_of_maps}"'),
    "a secret of the event": ("a.js", "const token = event.secrets.SHOP_API_TOKEN;"),
    "a name of a secret": ("a.js", 'const secret = "CLAIM_NAMESPACE";'),
    "a certificate": ("a.pem", "-----BEGIN CERTIFICATE-----"),
    "a public key": ("a.pem", "-----BEGIN PUBLIC KEY-----"),
    "an address": ("a.yaml", "resultUrl: https://www.shop.example/token"),
    "an address for mail": ("a.yaml", 'from: "Shop <no-reply@shop.example>"'),
    "a time": ("a.yaml", "token_lifetime: 86400"),
}


@pytest.mark.parametrize(("file", "line"), HARMLESS.values(), ids=HARMLESS)
def test_what_only_speaks_of_secrets_is_none(file: str, line: str) -> None:
    assert list(secrets_in(file, line)) == []
