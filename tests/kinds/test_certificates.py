"""Certificates and keys are what they say, in whatever form they are written."""

import base64
import textwrap

import pytest

from tenantctl.kinds import KINDS, Lens, holds
from tenantctl.model import Vault, certificates

DER = bytes([0x30, 0x82, 0x01, 0x0A]) + bytes(range(200))
BASE64 = base64.b64encode(DER).decode()


def pem(body=BASE64, end="\n", width=64, label="CERTIFICATE"):
    lines = [f"-----BEGIN {label}-----", *textwrap.wrap(body, width), f"-----END {label}-----", ""]
    return end.join(lines)


FORMS = {
    "pem": pem(),
    "crlf": pem(end="\r\n"),
    "long lines": pem(width=500),
    "no end of line": pem().strip(),
    "written line breaks": pem(end="\\n"),
    "words before": f"Bag Attributes\n    friendlyName: x\n{pem()}",
    "a pem in base64": base64.b64encode(pem().encode()).decode(),
    "a pem in base64, in lines": "\n".join(
        textwrap.wrap(base64.b64encode(pem().encode()).decode())
    ),
    "der in base64": BASE64,
    "der in base64, in lines": "\n".join(textwrap.wrap(BASE64, 76)),
}
OTHER = pem(base64.b64encode(DER[:-1] + b"\xff").decode())
SAML = {"strategy": "samlp"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_says_the_same(form):
    assert certificates(form) == (BASE64,)


@pytest.mark.parametrize("text", ["", "secret", "-----BEGIN CERTIFICATE-----", "AAAA", "é" * 8])
def test_what_is_no_certificate_says_nothing(text):
    assert certificates(text) == ()


@pytest.mark.parametrize("want", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("name", "strategy"), [("signingCert", "samlp"), ("cert", "pingfederate")])
def test_a_live_certificate_is_the_declared_one_in_any_form(name, strategy, want):
    lens = Lens(KINDS["connections"], {"strategy": strategy})
    assert holds(lens, want, FORMS["crlf"], ("options", name))
    assert not holds(lens, want, OTHER, ("options", name))


def test_a_chain_is_not_its_first_certificate():
    lens = Lens(KINDS["connections"], SAML)
    assert not holds(lens, pem() + OTHER, pem(), ("options", "signingCert"))
    assert holds(lens, pem() + OTHER, (pem() + OTHER).strip(), ("options", "signingCert"))


def test_texts_that_are_no_certificates_are_equal_only_letter_by_letter():
    lens = Lens(KINDS["connections"], SAML)
    assert holds(lens, "x y", "x y", ("options", "signingCert"))
    assert not holds(lens, "x y", "x  y", ("options", "signingCert"))


def test_other_texts_are_not_taken_for_certificates():
    lens = Lens(KINDS["connections"], SAML)
    assert not holds(lens, pem(), pem(end="\r\n"), ("options", "requestTemplate"))


@pytest.mark.parametrize("label", ["PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE"])
def test_the_fingerprint_of_a_key_does_not_depend_on_its_line_breaks(label):
    vault = Vault(key=b"k")
    unix, dos = (pem(end=end, label=label) for end in ("\n", "\r\n"))
    assert vault.seal(unix) == vault.seal(dos) == vault.mark(dos.strip())[1]
    assert vault.seal(unix) != vault.seal(OTHER.replace("CERTIFICATE", label))


def test_the_fingerprint_of_any_other_secret_minds_every_character():
    vault = Vault(key=b"k")
    assert vault.seal("a b") != vault.seal("a  b")
    assert vault.seal(BASE64) != vault.seal(f"{BASE64}\n")
