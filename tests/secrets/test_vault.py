"""Vault's own client against a server that answers as Vault does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.services import VaultService, serving
from tenantctl.files import vaults
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import value_of
from tenantctl.model import Source

CANARY = "canary-in-the-vault-4711"


@pytest.fixture
def vault():
    vaults._client.cache_clear()
    service = VaultService()
    service.second["shop/prod"] = {"crm": CANARY, "number": 5}
    service.first["kv/shop"] = {"crm": CANARY}
    with serving(service):
        yield service
    vaults._client.cache_clear()


def asked(vault, name, **environ):
    given = {"VAULT_ADDR": vault.url, **environ}
    return value_of(Source("vault", name), Path(), given)


@pytest.mark.parametrize("name", ["team/kv/shop/prod#crm", "team/kv/data/shop/prod#crm"])
def test_a_field_of_the_second_engine_is_found_below_a_mount_of_several_parts(vault, name):
    assert asked(vault, name, VAULT_TOKEN=vault.token) == CANARY
    assert ("GET", "/v1/team/kv/data/shop/prod", None) in vault.asked


def test_a_field_of_the_first_engine_is_found(vault):
    assert asked(vault, "kv/shop#crm", VAULT_TOKEN=vault.token) == CANARY


@pytest.mark.parametrize("name", ["secret/shop/prod#crm", "kv/shop#crm"])
def test_who_may_not_ask_about_mounts_finds_both_engines_all_the_same(vault, name):
    vault.open = False
    assert asked(vault, name, VAULT_TOKEN=vault.token) == CANARY


def test_an_application_signs_in_with_its_role_and_once_only(vault):
    vault.logins["/v1/auth/approle/login"] = {"role_id": "r", "secret_id": "s3cret"}
    role = {"VAULT_ROLE_ID": "r", "VAULT_SECRET_ID": "s3cret"}
    assert asked(vault, "kv/shop#crm", **role) == CANARY
    assert asked(vault, "kv/shop#crm", **role) == CANARY
    assert [path for _, path, _ in vault.asked].count("/v1/auth/approle/login") == 1


def test_a_runner_signs_in_with_its_token_at_the_path_that_it_was_given(vault):
    vault.logins["/v1/auth/github/login"] = {"role": "deploy", "jwt": "e.y.J"}
    told = {"VAULT_JWT": "e.y.J", "VAULT_AUTH_ROLE": "deploy", "VAULT_AUTH_PATH": "github"}
    assert asked(vault, "kv/shop#crm", **told) == CANARY


def test_a_person_who_has_signed_in_is_known_by_the_file_that_vault_keeps(vault, tmp_path):
    (tmp_path / ".vault-token").write_text(f"{vault.token}\n")
    assert asked(vault, "kv/shop#crm", HOME=str(tmp_path)) == CANARY


@pytest.mark.parametrize(
    ("name", "environ", "said"),
    [
        ("kv/shop#crm", {"VAULT_TOKEN": "hvs.wrong-one"}, "does not let us read kv/shop"),
        ("kv/nowhere#crm", {"VAULT_TOKEN": "hvs.the-token"}, "has nothing at kv/nowhere"),
        ("kv/shop#other", {"VAULT_TOKEN": "hvs.the-token"}, "has no field other at kv/shop"),
        ("team/kv/shop/prod#number", {"VAULT_TOKEN": "hvs.the-token"}, "is no text"),
        ("kv/shop#crm", {}, "nobody has signed in to Vault"),
        (
            "kv/shop#crm",
            {"VAULT_ROLE_ID": "r", "VAULT_SECRET_ID": "wr0ng-secret"},
            "Vault has nothing|Vault answers",
        ),
        ("kv/shop#crm", {"VAULT_ADDR": ""}, "VAULT_ADDR is not set"),
        (
            "kv/shop#crm",
            {"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "hvs.x"},
            "Vault did not",
        ),
    ],
)
def test_what_fails_is_said_without_a_value_or_a_token(vault, name, environ, said):
    vault.logins["/v1/auth/approle/login"] = {"role_id": "r", "secret_id": "right"}
    with pytest.raises(Unresolved) as caught:
        asked(vault, name, **environ)
    assert re.search(said, caught.value.message)
    text = f"{caught.value.message} {caught.value.help} {caught.value!r}"
    for secret in (CANARY, "hvs.", "wr0ng-secret"):
        assert secret not in text
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "said", "help"),
    [
        (503, "Vault is sealed, or out of service", "run it again once `vault status`"),
        (429, "Vault answers RateLimitExceeded for kv/shop", "run it again in a while"),
        (500, "Vault answers InternalServerError for kv/shop", "run it again in a while"),
    ],
)
def test_a_vault_that_cannot_answer_is_no_matter_of_who_asks(vault, status, said, help):
    vault.down = status
    with pytest.raises(Unresolved) as caught:
        asked(vault, "kv/shop#crm", VAULT_TOKEN=vault.token)
    assert caught.value.message == said
    assert caught.value.help.startswith(help)


def test_without_its_extra_the_way_to_install_it_is_said(monkeypatch):
    vaults._client.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "hvac", None)
    with pytest.raises(Unresolved) as caught:
        value_of(Source("vault", "kv/shop#crm"), Path(), {"VAULT_ADDR": "http://127.0.0.1:1"})
    assert caught.value.help == "pip install 'tenantctl[vault]'"
