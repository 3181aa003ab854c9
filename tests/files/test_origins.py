"""Every leaf of a resource knows where it was written, what replaced it and what it is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantctl.files import load
from tenantctl.kinds import KINDS, Lens, leaves
from tenantctl.model import Address

ROOT = Path(__file__).parents[2]
DEV = "environments/shop/dev.yaml"
CASE = "tenants/shop/phase1/case.yaml"


def origins(root, address, env="dev"):
    return load(root, "shop", env).desired.origins[Address.parse(address)]


@pytest.mark.parametrize("env", ["dev", "qa", "prod"])
def test_exactly_the_leaves_of_a_real_tenant_have_origins(env):
    desired = load(ROOT, "hearthhollow", env).desired
    assert desired.origins.keys() == desired.tenant.resources.keys()
    for resource in desired.tenant:
        lens = Lens(KINDS[resource.address.kind], resource.fields)
        named = {path for path, _ in leaves(lens, resource.fields)}
        assert named == desired.origins[resource.address].keys(), resource.address


@pytest.mark.parametrize("env", ["dev", "prod"])
def test_every_origin_of_a_real_tenant_is_a_place_in_a_file(env):
    desired = load(ROOT, "hearthhollow", env).desired
    for found in desired.origins.values():
        for origin in found.values():
            line = (ROOT / origin.file).read_text(encoding="utf-8").splitlines()[origin.line - 1]
            assert line[origin.column - 1 :].strip()


def test_a_value_is_at_its_value_and_an_element_at_its_element(phase1):
    root = phase1("logout:\n  clients:\n    web:\n      allowed_logout_urls: [a, b]\n")
    found = origins(root, "clients.web")
    assert str(found[("name",)]) == "tenants/shop/phase1/base.yaml:4:13"
    assert str(found[("allowed_logout_urls", "1")]) == f"{CASE}:4:32"
    assert found[("allowed_logout_urls", "1")].topic == "logout"
    assert found[("allowed_logout_urls", "1")].layer == "definition"


def test_an_override_remembers_what_it_replaced(phase1, small):
    root = phase1(
        "logout: {clients: {web: {description: Base}}}\n",
        **{DEV: small.FILES[DEV] + "overrides:\n  clients.web: {description: Over}\n"},
    )
    found = origins(root, "clients.web")[("description",)]
    assert (str(found), found.layer, found.topic) == (f"{DEV}:6:30", "override", "")
    assert found.over is not None
    assert (str(found.over), found.over.layer) == (f"{CASE}:1:39", "definition")


def test_an_appended_element_is_the_overrides_and_the_others_stay(phase1, small):
    root = phase1(
        "{}\n",
        **{DEV: small.FILES[DEV] + "overrides:\n  clients.web: {callbacks: !append [x]}\n"},
    )
    found = origins(root, "clients.web")
    assert found[("callbacks", "0")].layer == "definition"
    assert found[("callbacks", "1")].layer == "override"


def test_a_value_made_of_a_variable_and_a_file_tells_both(phase1):
    root = phase1(
        """\
id_token_claims:
  actions:
    claims: {code: !template actions/a.js, supported_triggers: {post-login: v3}}
""",
        **{"tenants/shop/actions/a.js": "'${var.url}'"},
    )
    found = origins(root, "actions.claims")
    file, variable = found[("code",)].via
    assert file.file == "tenants/shop/actions/a.js"
    assert (variable.layer, variable.name, str(variable)) == ("variable", "url", f"{DEV}:3:13")
    assert str(found[("supported_triggers", "post-login", "version")]) == f"{CASE}:3:77"
    assert str(found[("supported_triggers", "post-login", "id")]) == f"{CASE}:3:65"


def test_what_a_kind_adds_is_at_the_home(phase1):
    root = phase1(
        "id_token_claims:\n  actions:\n"
        "    claims: {code: x, supported_triggers: {post-login: v3}}\n"
    )
    assert str(origins(root, "actions.claims")[("deployed",)]) == f"{CASE}:3:5"
    assert str(origins(root, "actions.claims")[("name",)]) == f"{CASE}:3:5"
