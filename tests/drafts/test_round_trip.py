"""
There and back: a tenant becomes files, the files become another tenant, and that the same files.

A plan for either is empty, and both tenants hold the same, looked at without any reader of ours.
"""

from __future__ import annotations

import json
import re
import shutil

import pytest

from conformance.example_states import project_of
from conformance.test_example_states import STATES, _ground
from drafts.travel import new_sandbox, round_trip
from kinds.laws.ground import DOMAIN, Ground, ground_of, prepare_states, unhappy, value_of
from kinds.laws.table import Case, every_case
from support.largely import mostly
from support.project import REPOSITORY
from tenantctl.files import load
from tenantctl.kinds import KINDS

QUICK = {
    "actions-add-claims",
    "attack_protection-captcha",
    "clients-keys",
    "clients-web",
    "connections-database",
    "connections-okta",
    "connections-pingfederate",
    "email_templates-verify_email",
    "forms-welcome",
    "organizations-acme",
    "rate_limit_policies-one client",
    "tenant-minutes",
    "trigger_bindings-post-login",
}
"""Cases whose way is tried every time; that of the others is a campaign."""

ANYWAY = {
    r"flow_vault_connections .*(\.setup\.|\.account_name |\.ready )": "its setup is not shown",
    r"lost: flow_vault_connections\.\S+ setup": "its setup is not shown, which is told",
    r"guardian_push_fcm(v1)? .*lacks": "no endpoint shows anything of it",
    r"custom_domains .*lacks \.verification_method": "it is asked for once and never shown",
    r"log_streams .*lacks \.startFrom": "it is asked for once and never shown",
    r"client_credentials .*lacks \.parse_expiry_from_cert": "the expiry itself is said",
    r"client_credentials .*<client_credentials tls> lacks \.pem": "the subject is what counts",
    r"prompt_custom_text .*lacks \.": "texts of languages that are not enabled are not read",
    r"clients .*lacks \.jwt_configuration\.lifetime_in_seconds 36000$": "absence means it",
    r"clients .*lacks \.client_metadata {}$": "absence means it",
    r"clients .*lacks \.native_social_login\.\w+\.enabled false$": "absence means it",
    r"client_grants .*lacks \.allow_any_organization false$": "absence means it",
    r"connections .*lacks \.options\.\w+ false$": "absence means it",
    r"email_templates .*lacks \.includeEmailInRedirect false$": "absence means it",
    r"resource_servers .*lacks \.subject_type_authorization\.": "absence means it",
    r"flows .*lacks \.actions \[\]$": "absence means it",
    r"forms .*lacks \.nodes \[\]$": "absence means it",
    r"elsewhere: .*express/management-api.*express_configuration cannot": (
        "Auth0 makes the grant with the client, and nobody else can"
    ),
}
"""What is not the same on the other side, with the reason."""

SUPPLIED = {
    "clients-keys": {"WORKER_MAIN_PEM": "keys/one.pem", "WORKER_NEXT_PEM": "keys/two.pem"},
    "client_credentials-public-key": {"WORKER_MAIN_KEY_PEM": "keys/one.pem"},
    "client_credentials-named-key": {"WORKER_MAIN_PEM": "keys/one.crt"},
    "client_credentials-certificate": {"WORKER_TLS_PEM": "keys/one.crt"},
    "resource_servers-hs256": {"API_EXAMPLE_LEGACY_PEM": "keys/one.pem"},
}
"""Secrets that only certain values can be: the files of a case that hold them."""


def surprises(problems):
    return [p for p in problems if not any(re.match(expected, p) for expected in ANYWAY)]


def travel(ground, folder, supplied=()):
    found = surprises(round_trip(ground, folder, dict(supplied)))
    assert not found, "\n".join(found)


LOGIN = "{client_id: x, client_secret: env:X}"
SIGNED_IN = f"domain: {DOMAIN}\ncredentials: {{plan: {LOGIN}, apply: {LOGIN}}}"
CASES = {case.id: case for case in every_case()}


@pytest.mark.thorough
@pytest.mark.parametrize("name", mostly(CASES, fast=QUICK))
def test_what_a_case_declares_comes_back(name, tmp_path):
    case = CASES[name]
    ground = ground_of(case, tmp_path / "first")
    prepare_states(ground)
    supplied = SUPPLIED.get(name, {}).items()
    travel(ground, tmp_path, {secret: case.files[file] for secret, file in supplied})


@pytest.mark.thorough
@pytest.mark.parametrize("name", mostly(STATES, fast={"tallowbridge-prod"}))
def test_an_example_tenant_comes_back(name, shared, tmp_path):
    path = shared / "data" / "example-tenants" / f"{name}.json"
    ground = _ground(project_of(json.loads(path.read_text("utf-8"))), tmp_path / "first")
    result = ground.apply(ground.plan())
    assert result.receipt.status == "converged", unhappy(result)
    travel(ground, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("env", mostly(["dev", "qa", "prod"], fast=1))
def test_our_own_tenant_comes_back(env, tmp_path):
    case = Case(KINDS["tenant"], "own", "", {}, "")
    root = tmp_path / "first"
    for folder in ("tenants/hearthhollow", "environments/hearthhollow"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    path = root / "environments" / "hearthhollow" / f"{env}.yaml"
    text = path.read_text("utf-8").replace("domain: embedded", SIGNED_IN)
    path.write_text(re.sub(r"(\w+): {from: generated}", r'\1: {from: "env:\1"}', text), "utf-8")
    ground = Ground(case, root, new_sandbox(case), {})
    ground.loaded = load(root, "hearthhollow", env)
    ground.values = {name: value_of(name) for name in ground.loaded.environment.secrets}
    result = ground.apply(ground.plan())
    assert result.receipt.status == "converged", unhappy(result)
    travel(ground, tmp_path)


def test_every_quick_case_is_one():
    assert CASES.keys() >= QUICK
