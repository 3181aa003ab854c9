"""Topics that go on in later phases than their own."""

from __future__ import annotations

import pytest

from tenantctl.files import load
from tenantctl.model import Address

CASE = "tenants/shop/phase2/case.yaml"
DEV = "environments/shop/dev.yaml"


@pytest.fixture
def later(project, small):
    """Writes a file of phase 2 beside the small project; the root, with these *phases* in dev."""

    def write(text, phases, **changes):
        return project({CASE: text, DEV: f"{small.FILES[DEV]}phases: {phases}\n", **changes})

    return write


def test_a_topic_may_be_authored_in_a_later_phase_and_comes_with_it(later):
    text = "application_integration: {clients: {kiosk: {app_type: native}}}\n"
    kiosk = Address("clients", "kiosk")
    first = load(later(text, [1]), "shop", "dev").desired
    assert first.withheld == {kiosk: "phase"}
    second = load(later(text, [1, 2]), "shop", "dev").desired
    assert second.tenant.resources[kiosk].fields["app_type"] == "native"
    assert second.declarations[kiosk].topics == ("application_integration",)
    assert second.declarations[kiosk].phase == 2
    assert second.declarations[Address("clients", "web")].phase == 1


def test_what_a_later_phase_adds_to_a_resource_comes_with_that_phase(later):
    text = "logout: {clients: {web: {allowed_logout_urls: ['https://shop.example/bye']}}}\n"
    web = Address("clients", "web")
    assert "allowed_logout_urls" not in fields(later(text, [1]), web)
    assert fields(later(text, [1, 2]), web)["allowed_logout_urls"] == ["https://shop.example/bye"]
    assert load(later(text, [1, 2]), "shop", "dev").desired.declarations[web].phase == 1


def fields(root, address):
    return load(root, "shop", "dev").desired.tenant.resources[address].fields


ACTIONS = """\
id_token_claims:
  actions:
    {0}: {{code: "x", supported_triggers: {{post-login: v3}}}}
{1}:
  trigger_bindings: {{post-login: {{{0}: {{}}}}}}
"""


def test_a_list_goes_by_phase_then_by_topic_then_by_file(later):
    """`zeta` is bound by a later topic of phase 1, `alpha` by an earlier one of phase 2."""
    root = later(
        ACTIONS.format("alpha", "account_verification"),
        [1, 2],
        **{"tenants/shop/phase1/case.yaml": ACTIONS.format("zeta", "logout")},
    )
    bound = fields(root, Address("trigger_bindings", "post-login"))["bindings"]
    assert [each["display_name"].address.key for each in bound] == ["zeta", "alpha"]
