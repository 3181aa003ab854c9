"""Tenant settings: written early for what others need, late for what names others."""

from tenantctl.kinds.kind import Kind, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

WHOLE = (
    "access_token",
    "country_codes",
    "default_token_quota",
    "device_flow",
    "mtls",
    "oidc_logout",
    "security_headers",
    "session_cookie",
    "sessions",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way (api-behaviour 2.3 lists those that are known to merge)."""

KIND = Kind(
    name="tenant",
    shape="tenant_settings",
    wire=Wire(
        read="/tenants/settings",
        update="PATCH /tenants/settings",
        scopes=scopes("tenant_settings"),
    ),
    rank=10,
    immortal=True,
    rules=(
        Rule(("default_directory",), ref=RefTo("connections", "name"), late=True, unset="empty"),
        Rule(
            ("default_audience",),
            ref=RefTo("resource_servers", "identifier"),
            late=True,
            unset="empty",
        ),
        Rule(("default_redirection_uri",), late=True, unset="empty"),
        Rule(("allowed_logout_urls",), list="set", default=()),
        Rule(("enabled_locales",), list="ordered"),
        Rule(("acr_values_supported",), list="set"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("change_password", "html"), text="html"),
        Rule(("guardian_mfa_page", "html"), text="html"),
        Rule(("error_page", "html"), text="html"),
        Rule(("session_lifetime",), default=168),
        Rule(("idle_session_lifetime",), default=72),
        Rule(("ephemeral_session_lifetime",), default=72),
        Rule(("idle_ephemeral_session_lifetime",), default=24),
        Rule(("flags", "enable_client_connections"), default=True),
        Rule(("flags", "enable_pipeline2"), default=True),
        Rule(("flags", "disable_management_api_sms_obfuscation"), default=True),
        Rule(("flags", "*"), default=False),
        Rule(("sessions", "oidc_logout_prompt_enabled"), default=True),
        Rule(("oidc_logout", "rp_logout_end_session_endpoint_discovery"), default=True),
        Rule(("sandbox_versions_available",), when="never"),
    ),
)
