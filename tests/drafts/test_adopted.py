"""The receipt of an export claims what was read, and nothing that nobody has compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drafts.revised import BASE, DEV, FILES, TENANT, project
from tenantctl.files import load
from tenantctl.model import Address, Vault
from tenantctl.workflows.export import adopted

ACTION, WEB = Address("actions", "claims"), Address("clients", "web")
DECLARED = """\
id_token_claims:
  actions:
    claims:
      code: "//"
      supported_triggers: {post-login: v3}
      secrets: {KEY: !secret KEY}
application_integration:
  clients:
    web: {app_type: spa}
"""
VAULT = Vault({"KEY": "whatever the shell has"}, {"KEY": "1"}, b"key")
SEALED = {("secrets", "KEY", "value"): ("1", "")}
WRITTEN = {("secrets", "KEY", "value"): ("1", "as an apply wrote it")}


@pytest.fixture
def loaded(tmp_path):
    root = project(
        tmp_path,
        {
            BASE: DECLARED,
            TENANT: FILES[TENANT] + "secrets: {KEY: {description: Ours}}\n",
            DEV: FILES[DEV] + "secrets: {KEY: {from: env:KEY, version: 1}}\n",
        },
    )
    return load(root, "shop", "dev")


def test_a_secret_that_was_only_read_has_no_fingerprint(loaded):
    receipt = adopted(loaded, {ACTION: "act_1"}, None, VAULT, "")

    assert receipt.entries[ACTION].sealed == SEALED
    assert receipt.entries[ACTION].id == "act_1"


def test_what_is_not_in_the_tenant_is_not_ours(loaded):
    assert set(adopted(loaded, {ACTION: "act_1"}, None, VAULT, "").entries) == {ACTION}


def test_what_an_apply_wrote_keeps_its_fingerprint(loaded):
    first = adopted(loaded, {ACTION: "act_1"}, None, VAULT, "")
    ours = replace(first.entries[ACTION], sealed=WRITTEN)
    before = replace(first, entries={ACTION: ours})

    after = adopted(loaded, {ACTION: "act_1", WEB: "web_1"}, before, VAULT, "")

    assert after.entries[ACTION] == ours
    assert after.entries[WEB].id == "web_1"
