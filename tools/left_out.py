"""What the Management API has and no kind manages, with the reason; by the names of coverage.json.

`ELSEWHERE` is configuration all the same: a kind of another name writes it.
"""

LEFT_OUT = {
    "action_module_versions": "History: what is deployed is a field of the module.",
    "action_triggers": "A catalogue that Auth0 keeps; nobody can write it.",
    "action_versions": "History: what is deployed is a field of the action.",
    "client_connections": (
        "A view: `connection_clients` manages the same links from the other side."
    ),
    "client_grant_organizations": (
        "A view: `organization_client_grants` manages the same links from the other side."
    ),
    "connection_keys": "Operations: keys are made and rotated, and never authored.",
    "connection_scim_tokens": "One-shot secrets: shown once when they are made, so never compared.",
    "encryption_keys": "Operations: keys are made, imported and rekeyed, and never authored.",
    "group_roles": "The same links as `role_groups`, from the other side.",
    "organization_connections": (
        "The early-access successor of `organization_enabled_connections`, over the same links; it"
        " has `is_enabled`, `organization_access_level` and `organization_connection_name` besides,"
        " which cannot be managed until it is generally available. Two kinds would write one link."
    ),
    "organization_invitations": "People, not configuration.",
    "organization_members": "People, not configuration.",
    "signing_keys": "Operations: keys are rotated and revoked, and never authored.",
}
"""Resources that no kind manages."""

ELSEWHERE = {
    "guardian_sms_provider": "guardian_phone_provider",
    "guardian_sms_templates": "guardian_phone_templates",
    "guardian_sms_twilio": "guardian_phone_twilio",
}
"""Resources that are the same objects as those of a kind, under older paths."""
