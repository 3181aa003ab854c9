"""The scopes of the Management API, as its own resource server lists them."""

from itertools import chain

_ALL = ("read", "update", "delete", "create")
_BY_VERBS = {
    _ALL: (
        "actions", "agents", "authentication_methods", "client_credentials", "client_grants",
        "client_keys", "client_profiles", "clients",
        "connection_profiles", "connections", "custom_domains", "custom_signing_keys",
        "device_credentials", "directory_provisionings", "email_provider", "email_templates",
        "encryption_keys",
        "event_streams", "experimentation", "flows", "flows_executions",
        "flows_vault_connections", "forms", "hooks", "log_streams", "network_acls",
        "organization_clients", "organization_connections", "organization_discovery_domains",
        "organizations",
        "phone_providers", "phone_templates", "prompts", "rate_limit_policies",
        "resource_servers", "roles", "rules", "rules_configs", "scim_config",
        "self_service_profiles", "token_exchange_profiles", "triggers",
        "user_attribute_profiles", "users", "users_app_metadata", "vdcs_templates",
    ),
    ("read", "update", "create"): ("connections_keys", "signing_keys"),
    ("read", "delete", "create"): (
        "group_roles", "organization_client_grants", "organization_group_roles",
        "organization_invitations", "organization_member_roles", "organization_members",
        "role_members", "scim_token",
    ),
    ("read", "update", "delete"): (
        "branding", "guardian_factors", "refresh_tokens", "sessions",
    ),
    ("read", "update"): (
        "attack_protection", "connections_options", "event_deliveries", "mfa_policies",
        "self_service_profile_custom_texts", "tenant_settings",
    ),
    ("read", "delete"): (
        "anomaly_blocks", "federated_connections_tokens", "grants", "groups",
        "guardian_enrollments",
    ),
    ("read",): (
        "client_summary", "group_members", "logs", "logs_users", "organization_groups",
        "organization_member_effective_roles", "organization_member_role_source_groups",
        "organizations_summary", "stats", "user_effective_permissions", "user_effective_roles",
        "user_idp_tokens", "user_permission_source_roles", "user_role_source_groups",
    ),
    ("create",): ("current_user_device_credentials", "guardian_enrollment_tickets", "user_tickets"),
    ("create", "delete"): ("sso_access_tickets",),
    ("blacklist",): ("tokens",),
    ("update",): ("client_token_vault_privileged_access",),
}  # fmt: skip

MANAGEMENT_SCOPES: tuple[str, ...] = tuple(
    chain.from_iterable(
        (f"{verb}:{noun}" for verb in verbs) for verbs, nouns in _BY_VERBS.items() for noun in nouns
    )
)
