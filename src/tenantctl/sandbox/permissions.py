"""The scopes of the Management API, as its own resource server lists them."""

from itertools import chain

_ALL = ("read", "update", "delete", "create")
_BY_VERBS = {
    _ALL: (
        "actions", "client_credentials", "client_grants", "client_keys", "clients",
        "connection_profiles", "connections", "custom_domains", "custom_signing_keys",
        "directory_provisionings", "email_provider", "email_templates", "encryption_keys",
        "event_streams", "experimentation", "flows", "flows_executions",
        "flows_vault_connections", "forms", "hooks", "log_streams", "network_acls",
        "organization_connections", "organization_discovery_domains", "organizations",
        "phone_providers", "phone_templates", "prompts", "rate_limit_policies",
        "resource_servers", "roles", "rules", "rules_configs", "scim_config",
        "self_service_profiles", "token_exchange_profiles", "triggers",
        "user_attribute_profiles", "users", "vdcs_templates",
    ),
    ("read", "update", "create"): ("connections_keys", "signing_keys"),
    ("read", "delete", "create"): (
        "group_roles", "organization_client_grants", "organization_group_roles",
        "organization_invitations", "organization_member_roles", "organization_members",
        "scim_token",
    ),
    ("read", "update", "delete"): ("branding", "guardian_factors"),
    ("read", "update"): (
        "attack_protection", "connections_options", "event_deliveries", "mfa_policies",
        "self_service_profile_custom_texts", "tenant_settings",
    ),
    ("read", "delete"): ("groups",),
    ("read",): ("client_summary", "logs", "organizations_summary", "stats"),
    ("update",): ("client_token_vault_privileged_access",),
}  # fmt: skip

MANAGEMENT_SCOPES: tuple[str, ...] = tuple(
    chain.from_iterable(
        (f"{verb}:{noun}" for verb in verbs) for verbs, nouns in _BY_VERBS.items() for noun in nouns
    )
)
