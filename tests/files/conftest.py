"""A small project to write good and bad files into."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

TENANT = "tenants/shop/tenant.yaml"
DEV = "environments/shop/dev.yaml"
FILES = {
    TENANT: """\
playbook: b2c
adopts:
  - tenant_provision
  - username_password
  - application_integration
  - id_token_claims
  - account_verification
  - logout
  - email_provider
  - logging
variables:
  url: {type: string}
secrets:
  KEY: {description: Opens the mail provider.}
""",
    "tenants/shop/phase1/base.yaml": """\
application_integration:
  clients:
    web:
      name: Web
      callbacks: ["${var.url}/callback"]
username_password:
  connections:
    customers:
      strategy: auth0
      clients: [web]
email_provider:
  email_provider:
    name: sendgrid
    credentials: {api_key: !secret KEY}
""",
    DEV: """\
kind: development
domain: embedded
variables: {url: "https://shop.example"}
secrets: {KEY: {from: generated}}
""",
    "environments/shop/prod.yaml": """\
kind: production
domain: shop.eu.auth0.com
variables: {url: "https://www.shop.example"}
secrets: {KEY: {from: "env:MAIL_KEY", version: 3}}
fingerprint_key: env:FINGERPRINT
""",
}


@pytest.fixture
def project(tmp_path):
    """Writes the small project with *changes* by path (None leaves a file out); its root."""

    def write(changes=None):
        for name, text in {**FILES, **(changes or {})}.items():
            path = tmp_path / name
            path.unlink(missing_ok=True)
            if text is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                data = text if isinstance(text, bytes) else text.encode()
                path.write_bytes(data)
        return tmp_path

    return write


@pytest.fixture
def phase1(project):
    """Writes one more file of phase 1 beside the small project; the root."""

    def write(text, **changes):
        return project({"tenants/shop/phase1/case.yaml": text, **changes})

    return write


@pytest.fixture
def small():
    """The files of the small project, and `more`: with other variables."""

    def more(text, names, values):
        declared = FILES[TENANT].replace(
            "  url: {type: string}", "".join(f"\n  {each}" for each in names)[1:]
        )
        given = FILES[DEV].replace('url: "https://shop.example"', values)
        return {"tenants/shop/phase1/case.yaml": text, TENANT: declared, DEV: given}

    return SimpleNamespace(FILES=FILES, more=more)
