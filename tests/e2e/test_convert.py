"""`convert`: what it is told decides what is written, and no secret comes through."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest

from support.project import Ran
from tenantctl.cli.__main__ import run

VALUE = "s3cr3t-VALUE-that-nobody-may-see"
CONFIG = f"""\
clients: [{{name: Web, app_type: spa, is_first_party: true}}]
connections:
  - {{name: idp, strategy: oidc, options: {{client_id: x, client_secret: '##IDP_SECRET##'}}}}
  - {{name: crm, strategy: oidc, options: {{client_id: x, client_secret: {VALUE}}}}}
"""
MAPPING = {
    "AUTH0_DOMAIN": "shop-dev.eu.auth0.com",
    "AUTH0_CLIENT_SECRET": VALUE,
    "AUTH0_KEYWORD_REPLACE_MAPPINGS": {"IDP_SECRET": VALUE},
}
TENANTS = """\
provider "auth0" {
  domain = "one.eu.auth0.com"
}
provider "auth0" {
  alias  = "two"
  domain = "two.eu.auth0.com"
}
resource "auth0_role" "one" {
  name = "One"
}
resource "auth0_role" "two" {
  provider = auth0.two
  name     = "Two"
}
"""


def convert(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["convert", *map(str, arguments)])
    return Ran(code, out.getvalue(), err.getvalue())


def texts(folder):
    """Everything that was written below *folder*."""
    return {
        p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*.*") if p.is_file()
    }


def converted(tmp_path, *arguments):
    """The files that come of CONFIG, and what was said."""
    (tmp_path / "tenant.yaml").write_text(CONFIG)
    (tmp_path / "dev.json").write_text(json.dumps(MAPPING))
    into = ("--into", tmp_path / "shop", "--tenant", "shop")
    mapping = ("--mapping", f"dev={tmp_path / 'dev.json'}")
    ran = convert("deploy-cli", tmp_path / "tenant.yaml", *into, *mapping, *arguments)
    assert ran.code == 0, ran.err
    return texts(tmp_path / "shop"), ran


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_no_secret_gets_into_a_file_or_what_is_said(as_json, tmp_path):
    files, ran = converted(tmp_path, *as_json)
    assert any("IDP_SECRET" in text for text in files.values())
    assert ".tenantctl/takeover/shop.md" in files
    assert not [path for path, text in files.items() if VALUE in text]
    assert VALUE not in ran.out + ran.err


@pytest.mark.parametrize(("options", "full"), [((), True), (("--brief",), False)])
def test_what_is_a_default_of_auth0_is_written_unless_it_is_to_be_brief(options, full, tmp_path):
    files, _ = converted(tmp_path, *options)
    assert any("is_first_party: true" in text for text in files.values()) is full


@pytest.mark.parametrize(("options", "embedded"), [((), False), (("--embedded",), True)])
def test_environments_are_on_this_machine_if_asked_for(options, embedded, tmp_path):
    files, _ = converted(tmp_path, *options)
    assert ("domain: embedded" in files["environments/shop/dev.yaml"]) is embedded


@pytest.mark.parametrize(("options", "role"), [((), "One"), (("--provider", "two"), "Two")])
def test_of_several_providers_the_one_that_is_asked_for_is_converted(options, role, tmp_path):
    (tmp_path / "main.tf").write_text(TENANTS)
    ran = convert("terraform", tmp_path, "--into", tmp_path / "x", "--tenant", "x", *options)
    assert ran.code == 0, ran.err
    files = "".join(texts(tmp_path / "x" / "tenants").values())
    assert [name for name in ("One", "Two") if name in files] == [role]


def test_a_tenant_that_is_there_is_not_written_over(tmp_path):
    before, _ = converted(tmp_path)
    ran = convert(
        "deploy-cli", tmp_path / "tenant.yaml", "--into", tmp_path / "shop", "--tenant", "shop"
    )
    assert (ran.code, "has tenants/shop already" in ran.err) == (64, True), ran.err
    assert texts(tmp_path / "shop") == before
