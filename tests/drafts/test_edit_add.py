"""What nobody declares yet is written where an export would put it, in the files that are there."""

from __future__ import annotations

import pytest

from drafts.revised import BASE, DEV, FILES, PROD, TENANT, moved, project
from tenantctl.drafts.edit_add import add
from tenantctl.drafts.written import Tag, Written
from tenantctl.files import load
from tenantctl.model import Address

START = """\
application_integration:
  clients:
    web: {app_type: spa, callbacks: ["https://a.example"]}  # the shop

    app:
      app_type: native
      callbacks: ["https://b.example"]

# the rest
logout:
  tenant: {session_lifetime: 24}
"""
ONE = "kind: production\ndomain: embedded\n"


def written(bodies, files=None, secrets=None, variables=None):
    found = {Address.parse(name): body for name, body in bodies.items()}
    return Written("", found, files or {}, secrets or {}, variables or {})


def added(root, what, **options):
    loaded = load(root, "shop", "dev")
    revision = add(root, loaded, what, **options)
    for env in ("dev", *(["prod"] if (root / PROD).exists() else [])):
        load(root, "shop", env, texts=revision.texts)
    return revision


CASES = {
    "behind others of its kind, in their style": (
        {"clients.new": {"app_type": "spa", "callbacks": ["https://c.example"]}},
        {
            BASE: [
                "+    new:",
                "+      app_type: spa",
                '+      callbacks: ["https://c.example"]',
                "+",
            ]
        },
    ),
    "another kind of a topic": (
        {"clients.new": {"app_type": "spa"}, "resource_servers.api": {"identifier": "https://a"}},
        None,
    ),
    "a composite key": (
        {
            "resource_servers.api": {"identifier": "https://a", "scopes": {"read": {}}},
            "client_grants.web/api/client": {"scope": ["read"]},
        },
        None,
    ),
    "a topic that is not adopted": (
        {"roles.admin": {"description": "All"}},
        None,
    ),
}


@pytest.mark.parametrize(("bodies", "expected"), CASES.values(), ids=CASES)
def test_resources_are_added_where_they_belong(tmp_path, bodies, expected):
    root = project(tmp_path, {BASE: START})
    revision = added(root, written(bodies))
    assert expected is None or moved(root, revision) == expected
    found = load(root, "shop", "dev", texts=revision.texts).desired.tenant.resources
    assert {Address.parse(name) for name in bodies} <= found.keys()
    assert _kept(START, revision.texts.get(BASE, START))
    assert not revision.notes
    again = add(
        root, load(root, "shop", "dev", texts=revision.texts), written(bodies), texts=revision.texts
    )
    assert again.texts == revision.texts


def _kept(before, after):
    """Whether all lines of *before* are in *after*, in their order."""
    left = iter(after.splitlines())
    return all(line in left for line in before.splitlines())


def test_a_topic_is_adopted_and_its_phase_released(tmp_path):
    root = project(tmp_path, {BASE: START})
    revision = added(root, written({"guardian_policies": {"policies": ["all-applications"]}}))
    found = moved(root, revision)
    (new,) = found.keys() - {TENANT, DEV}
    assert new.startswith("tenants/shop/phase2/")
    assert found[DEV] == ["+phases:", "+  - 1", "+  - 2"]
    (adopts,) = (line for line in found[TENANT] if line.startswith("+"))
    assert adopts.endswith("email_templates, mfa]")


def test_where_there_are_other_environments_it_is_for_this_one_only(tmp_path):
    root = project(tmp_path, {BASE: START, PROD: ONE})
    what = written({"clients.new": {"app_type": "spa"}})
    revision = added(root, what)
    prod = load(root, "shop", "prod", texts=revision.texts)
    assert prod.desired.withheld == {Address("clients", "new"): "only"}
    assert [note.level for note in revision.notes] == ["guess"]
    everywhere = added(root, what, everywhere=True)
    assert "$only" not in everywhere.texts[BASE]


def test_secrets_variables_and_files_are_declared_and_never_take_a_name_that_is_used(tmp_path):
    tenant = FILES[TENANT] + "secrets: {KEY: {description: Ours}}\n"
    dev = FILES[DEV] + "secrets: {KEY: {from: generated}}\n"
    action = {
        "code": Tag("file", "actions/a.js"),
        "supported_triggers": {"post-login": "v3"},
        "secrets": {"KEY": Tag("secret", "KEY"), "URL": "${secret.KEY}/x"},
    }
    start = START + "id_token_claims:\n  actions:\n    old:\n      code: //\n"
    start += "      supported_triggers: {post-login: v3}\n      secrets: {KEY: !secret KEY}\n"
    files = {BASE: start, TENANT: tenant, DEV: dev, "tenants/shop/actions/a.js": "// mine\n"}
    root = project(tmp_path, files)
    what = written(
        {"actions.new": action},
        files={"actions/a.js": "// new\n"},
        secrets={"KEY": "what opens it"},
    )
    revision = added(root, what, source=lambda _: {"from": "generated"})
    assert revision.texts["tenants/shop/actions/a-2.js"] == "// new\n"
    assert "tenants/shop/actions/a.js" not in revision.texts
    assert '"${secret.KEY_2}/x"' in revision.texts[BASE]
    assert "KEY: !secret KEY_2" in revision.texts[BASE]
    assert "KEY_2: {description: what opens it}" in revision.texts[TENANT]
    assert "KEY_2: {from: generated}" in revision.texts[DEV]


def test_variables_are_declared_with_their_type(tmp_path):
    root = project(tmp_path, {BASE: START})
    body = {"app_type": "spa", "description": "${var.word}", "callbacks": Tag("var", "urls")}
    what = written({"clients.new": body}, variables={"word": "x", "urls": ["https://a.example"]})
    texts = added(root, what).texts
    assert "  word:\n    type: string\n" in texts[TENANT]
    assert "  urls:\n    type: list\n" in texts[TENANT]
    assert "  word: x\n  urls:\n    - https://a.example\n" in texts[DEV]


def test_what_the_files_would_refuse_is_left_out_and_told(tmp_path):
    root = project(tmp_path, {BASE: START})
    bodies = {"clients.bad": {"app_type": "nonsense"}, "clients.good": {"app_type": "spa"}}
    revision = added(root, written(bodies))
    assert "good:" in revision.texts[BASE]
    assert "bad:" not in revision.texts[BASE]
    (note,) = revision.notes
    assert (note.level, note.address) == ("loss", "clients.bad")


def test_what_belongs_to_a_declined_topic_stands_elsewhere(tmp_path):
    tenant = FILES[TENANT] + "declines: {rbac: We have no roles.}\n"
    root = project(tmp_path, {BASE: START, TENANT: tenant})
    book = load(root, "shop", "dev").playbook
    topic = book.home("roles", {"description": "x"})
    (root / TENANT).write_text(tenant.replace("rbac", topic))
    revision = added(root, written({"roles.admin": {"description": "All"}}))
    texts = revision.texts[BASE]
    assert "application_integration:" in texts
    assert "roles:" in texts
    assert [note.address for note in revision.notes] == ["roles.admin"]


def test_what_was_refused_leaves_the_others_and_is_told_where_it_is_named(tmp_path):
    root = project(tmp_path, {BASE: START})
    bodies = {
        "connections.good": {"strategy": "auth0", "clients": ["bad", "new"]},
        "clients.bad": {"app_type": "nonsense"},
        "clients.new": {"app_type": "spa"},
    }
    revision = add(root, load(root, "shop", "dev"), written(bodies))
    assert "new:" in revision.texts[BASE]
    found = {note.level: note for note in revision.notes}
    assert found["loss"].address == "clients.bad"
    assert "there is no clients.bad" in found["mistake"].message
    assert found["mistake"].line
