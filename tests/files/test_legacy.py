"""What Auth0 has replaced, or does not give to everybody yet, is kept and warned of."""

from __future__ import annotations

from tenantctl.files import load
from tenantctl.kinds import KINDS

RULES = """\
id_token_claims:
  rules:
    enrich: {script: "function (user, context, callback) {}"}
    deny: {script: "function (user, context, callback) {}"}
  rules_configs:
    STRIPE_KEY:
      value: !secret KEY
"""


def test_each_legacy_kind_is_warned_of_once_where_it_stands_first(phase1):
    warnings = load(phase1(RULES), "shop", "dev").warnings
    assert [(warning.line, warning.message) for warning in warnings] == [
        (3, "rules are legacy (2 declared): Actions with the trigger post-login replaced them"),
        (6, "rules_configs are legacy: the secrets of an action replaced them"),
    ]
    assert all(warning.file == "tenants/shop/phase1/case.yaml" for warning in warnings)


def test_what_is_not_legacy_is_not_warned_of(project):
    assert load(project(), "shop", "dev").warnings == ()


def test_what_actions_replaced_is_legacy():
    legacy = {kind.name for kind in KINDS.values() if kind.legacy}
    assert legacy >= {"rules", "rules_configs", "hooks", "hook_secrets"}


def test_each_early_kind_is_warned_of_once_where_it_stands_first(phase1):
    root = phase1(
        "username_password:\n"
        "  organizations: {acme: {clients: {web: {use_for_member_access: true}}}}\n"
        "  agents: {helper: {}, other: {}}\n"
    )
    warnings = load(root, "shop", "dev").warnings
    assert [(warning.line, warning.message) for warning in warnings] == [
        (2, "organization_clients are early access (EA): Auth0 may change them"),
        (3, "agents are early access (EA) (2 declared): Auth0 may change them"),
    ]
