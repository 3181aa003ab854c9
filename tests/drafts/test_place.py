"""Where in a project something goes, by the playbook and by what it is known by."""

from __future__ import annotations

import pytest

from tenantctl.drafts.place import place, unplaced
from tenantctl.model import Address
from tenantctl.playbooks import playbook


@pytest.mark.parametrize(
    ("address", "body", "topics"),
    [
        ("email_templates.user_invitation", {"body": "x"}, {"user_invite"}),
        ("email_templates.verify_email", {"body": "x"}, {"email_templates"}),
        ("trigger_bindings.credentials-exchange", {"a": {}}, {"m2m"}),
        ("trigger_bindings.post-login", {"a": {}}, {"id_token_claims"}),
        ("attack_protection.captcha", {"active_provider_id": "x"}, {"anomaly_detection"}),
        ("guardian_factors.otp", {"enabled": True}, {"mfa"}),
        (
            "connections.acme",
            {"strategy": "samlp", "options": {"entityId": "x", "domain_aliases": ["acme"]}},
            {"enterprise_login", "hrd"},
        ),
        ("connections.shop", {"strategy": "auth0", "show_as_button": True}, {"username_password"}),
        (
            "organizations.acme",
            {"branding": {"logo_url": "x"}},
            {"provisioning_organizations", "login_by_organization"},
        ),
        ("segments.many", {"name": "many"}, {"application_integration"}),
    ],
)
def test_a_topic_is_chosen_by_the_key_and_the_fields_of_a_resource(address, body, topics):
    found = place({Address.parse(address): body}, playbook("b2b"))
    assert {fragment.topic for fragment in found} == topics


def test_what_no_topic_owns_is_told_once_a_kind():
    bodies = {Address("segments", key): {} for key in "ab"}
    bodies[Address("email_templates", "user_invitation")] = {"body": "x"}
    (note,) = unplaced(bodies, playbook("b2c"))
    assert "segments (2 here)" in note.message
