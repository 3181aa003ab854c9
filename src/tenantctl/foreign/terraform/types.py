"""What the resources of the Auth0 provider, of its versions 0.x and 1.x, are in our kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tenantctl.model import Json

_ID = MappingProxyType({"id": "id"})


@dataclass(frozen=True, slots=True)
class Type:
    """One type of resource.

    *kind*: what it is, or mostly is. *make*: the function that makes items of it, where it is not
    one item of that kind. *names*: arguments that others may know it by, the one first that people
    call it. *computed*: attributes that Auth0 makes, each with our field of the same meaning;
    *secret*: those that files never tell. *rename*: paths of arguments that the API spells
    otherwise; *given*: fields that are what they are by the type; *ignore*: arguments that are
    Terraform's own. *key*: arguments that are the parts of the key. *owner*: the argument that
    names what it belongs to. *lost*: why there is no kind for it.
    """

    kind: str = ""
    make: str = ""
    names: tuple[str, ...] = ("name",)
    computed: Mapping[str, str] = field(default_factory=lambda: _ID)
    secret: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Json] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    owner: str = ""
    lost: str = ""


def _lost(why: str) -> Type:
    return Type(names=(), lost=why)


def _part(make: str, owner: str) -> Type:
    """A resource that says something of another one."""
    return Type(make=make, owner=owner, names=())


_CLIENT = {"id": "client_id", "client_id": "client_id"}
_PEOPLE = "people are no configuration"
_OPERATION = "it is something to do, not something to declare"
_TIMES = ("created_at", "updated_at")
_SHOWN = ("channel", "customizable", "template_id", "tenant")

_APPLICATIONS = {
    "auth0_client": Type(
        "clients",
        "client",
        computed=_CLIENT,
        secret=("client_secret", "signing_keys"),
        rename={
            "cross_origin_auth": "cross_origin_authentication",
            "oidc_backchannel_logout_urls": "oidc_logout.backchannel_logout_urls",
        },
        ignore=("client_secret_rotation_trigger", "external_client_id", "jwks_uri"),
    ),
    "auth0_client_cimd": _lost("such clients are registered by a document of their own"),
    "auth0_global_client": Type("clients", "global_client", (), _CLIENT),
    "auth0_client_credentials": Type(
        make="client_credentials", names=(), owner="client_id", secret=("client_secret",)
    ),
    "auth0_client_grant": Type("client_grants", "grant", (), rename={"scopes": "scope"}),
    "auth0_resource_server": Type(
        "resource_servers",
        "api",
        names=("name", "identifier"),
        computed={"id": "id", "client_id": "client_id"},
        ignore=("verification_location", "options"),
    ),
    "auth0_resource_server_scopes": _part("scopes", "resource_server_identifier"),
    "auth0_resource_server_scope": _part("scopes", "resource_server_identifier"),
    "auth0_role": Type("roles", "role"),
    "auth0_role_permission": _part("permissions", "role_id"),
    "auth0_role_permissions": _part("permissions", "role_id"),
    "auth0_token_exchange_profile": Type("token_exchange_profiles", ignore=_TIMES),
}

_CONNECTIONS = {
    "auth0_connection": Type("connections", "connection"),
    "auth0_connection_auth0": Type("connections", "connection", given={"strategy": "auth0"}),
    "auth0_connection_database": Type("connections", "connection", given={"strategy": "auth0"}),
    "auth0_connection_okta": Type("connections", "connection", given={"strategy": "okta"}),
    "auth0_connection_client": _part("link", "connection_id"),
    "auth0_connection_clients": _part("link", "connection_id"),
    "auth0_connection_scim_configuration": Type(
        "connection_scim_configuration",
        names=(),
        owner="connection_id",
        ignore=("connection_name", "strategy", "tenant_name"),
    ),
    "auth0_connection_directory": Type(
        "connection_directory_provisioning",
        names=(),
        owner="connection_id",
        ignore=("connection_name", "strategy", *_TIMES),
    ),
    "auth0_connection_directory_synchronized_groups": _lost("its groups are known by ids alone"),
    "auth0_connection_keys": _lost(_OPERATION),
    "auth0_connection_scim_token": _lost(_OPERATION),
    "auth0_connection_profile": Type("connection_profiles"),
    "auth0_user_attribute_profile": Type("user_attribute_profiles"),
    "auth0_self_service_profile": Type("self_service_profiles", ignore=_TIMES),
    "auth0_self_service_profile_custom_text": Type(
        "self_service_profile_custom_text", "words", (), key=("sso_id", "language", "page")
    ),
}

_ORGANIZATIONS = {
    "auth0_organization": Type("organizations", "organization"),
    "auth0_organization_connection": _part("organization_connections", "organization_id"),
    "auth0_organization_connections": _part("organization_connections", "organization_id"),
    "auth0_organization_client_grant": _part("organization_grants", "organization_id"),
    "auth0_organization_client": _part("organization_clients", "organization_id"),
    "auth0_organization_clients": _part("organization_clients", "organization_id"),
    "auth0_organization_discovery_domain": _part("discovery_domains", "organization_id"),
    "auth0_organization_discovery_domains": _part("discovery_domains", "organization_id"),
    "auth0_organization_member": _lost(_PEOPLE),
    "auth0_organization_members": _lost(_PEOPLE),
    "auth0_organization_member_role": _lost(_PEOPLE),
    "auth0_organization_member_roles": _lost(_PEOPLE),
    "auth0_user": _lost(_PEOPLE),
    "auth0_user_permission": _lost(_PEOPLE),
    "auth0_user_permissions": _lost(_PEOPLE),
    "auth0_user_role": _lost(_PEOPLE),
    "auth0_user_roles": _lost(_PEOPLE),
}

_CODE = {
    "auth0_action": Type("actions", ignore=("deploy", "version_id")),
    "auth0_action_module": Type(
        "action_modules",
        computed={"id": "id", "version_id": "latest_version.id"},
        ignore=(
            "actions_using_module_total",
            "all_changes_published",
            "latest_version",
            "latest_version_number",
            "publish",
        ),
    ),
    "auth0_trigger_action": _part("bindings", "trigger"),
    "auth0_trigger_actions": _part("bindings", "trigger"),
    "auth0_trigger_binding": _part("bindings", "trigger"),
    "auth0_rule": Type("rules"),
    "auth0_rule_config": Type("rules_configs", names=(), key=("key",)),
    "auth0_hook": Type("hooks", "hook"),
    "auth0_flow": Type("flows", ignore=_TIMES),
    "auth0_form": Type("forms", ignore=_TIMES),
    "auth0_flow_vault_connection": Type(
        "flow_vault_connections", ignore=("account_name", "environment", "fingerprint", "ready")
    ),
    "auth0_event_stream": Type("event_streams", "event_stream", ignore=_TIMES),
}

_PAGES = {
    "auth0_branding": Type("branding", "branding", ()),
    "auth0_branding_theme": Type("branding_theme", names=()),
    "auth0_pages": Type("tenant", "pages", ()),
    "auth0_prompt": Type("prompts", names=()),
    "auth0_prompt_custom_text": Type("prompt_custom_text", "words", (), key=("prompt", "language")),
    "auth0_prompt_partials": Type("prompt_partials", "partials", (), key=("prompt",)),
    "auth0_prompt_screen_partial": Type("prompt_partials", "partials", (), key=("prompt_type",)),
    "auth0_prompt_screen_partials": Type("prompt_partials", "partials", (), key=("prompt_type",)),
    "auth0_prompt_screen_renderer": Type(
        "prompt_rendering", names=(), key=("prompt_type", "screen_name"), ignore=("tenant",)
    ),
    "auth0_prompt_screen_renderers": Type("prompt_rendering", "renderers", ()),
    "auth0_custom_domain": Type(
        "custom_domains",
        names=("domain",),
        computed={"id": "id", "origin_domain_name": "origin_domain_name"},
        ignore=("certificate", "primary", "status", "verification"),
    ),
    "auth0_custom_domain_default": Type("custom_domain_default", names=()),
    "auth0_custom_domain_verification": _lost(_OPERATION),
}

_TENANT = {
    "auth0_tenant": Type("tenant", "tenant", ()),
    "auth0_guardian": Type(make="guardian", names=()),
    "auth0_attack_protection": Type("attack_protection", "attack_protection", ()),
    "auth0_phone_provider_protection": Type("attack_protection", "phone_provider_protection", ()),
    "auth0_email": Type("email_provider", "email_provider", ()),
    "auth0_email_provider": Type("email_provider", "email_provider", ()),
    "auth0_email_template": Type("email_templates", names=(), key=("template",)),
    "auth0_phone_provider": Type("phone_providers", ignore=("channel", "tenant")),
    "auth0_phone_notification_template": Type(
        "phone_templates", names=(), key=("type",), ignore=_SHOWN
    ),
    "auth0_branding_phone_notification_template": Type(
        "phone_templates", names=(), key=("type",), ignore=_SHOWN
    ),
    "auth0_log_stream": Type("log_streams"),
    "auth0_network_acl": Type("network_acls", names=("description",)),
    "auth0_network_acl_key": Type("network_acl_keys"),
    "auth0_rate_limit_policy": Type("rate_limit_policies", names=(), ignore=_TIMES),
    "auth0_experiment_feature_flag": Type(
        "feature_flags", "feature_flag", ignore=("type", *_TIMES)
    ),
    "auth0_risk_assessments": Type("risk_assessment_settings", names=()),
    "auth0_risk_assessments_new_device": Type("risk_assessment_new_device", names=()),
    "auth0_risk_assessments_new_device_settings": Type("risk_assessment_new_device", names=()),
    "auth0_supplemental_signals": Type("supplemental_signals", names=()),
    "auth0_encryption_key": _lost(_OPERATION),
    "auth0_encryption_key_manager": _lost(_OPERATION),
}

TYPES: Mapping[str, Type] = MappingProxyType(
    _APPLICATIONS | _CONNECTIONS | _ORGANIZATIONS | _CODE | _PAGES | _TENANT
)
