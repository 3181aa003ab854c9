"""Tenant settings: written early for what others need, late for what names others."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, TOKEN, Hazard, anything, safe, shrinking
from tenantctl.kinds.kind import Hooks, Kind, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Json

WHOLE = (
    "access_token",
    "country_codes",
    "default_token_quota",
    "device_flow",
    "mtls",
    "security_headers",
    "session_cookie",
    "sessions",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way (api-behaviour 2.3 lists those that are known to merge)."""

NEVER_NULL = (
    "client_id_metadata_document_supported",
    "dynamic_client_registration_security_mode",
    "enable_ai_guide",
    "flags",
    "include_session_metadata_in_tenant_logs",
    "legacy_sandbox_version",
    "phone_consolidated_experience",
    "resource_parameter_profile",
    "sandbox_version",
)
"""Settings that have a value always: the API document lets no null stand in their place."""

OFF = (
    "allow_organization_name_in_authentication_api",
    "authorization_response_iss_parameter_supported",
    "client_id_metadata_document_supported",
    "customize_mfa_in_postlogin_action",
    "include_session_metadata_in_tenant_logs",
    "pushed_authorization_requests_supported",
)
DEFAULTS = {
    ("change_password", "enabled"): False,
    ("device_flow", "charset"): "base20",
    ("device_flow", "mask"): "****-****",
    ("error_page", "show_log_link"): False,
    ("guardian_mfa_page", "enabled"): False,
    ("mtls", "enable_endpoint_aliases"): False,
    ("session_cookie", "mode"): "persistent",
}
"""The defaults of the API document, which no recorded traffic contradicts."""

BORN_FLAGS = ("disable_impersonation", "enable_sso")
"""Flags that are on in every recorded tenant, although one that is not there is off."""

LIFETIMES = {
    "session_lifetime": 168,
    "idle_session_lifetime": 72,
    "ephemeral_session_lifetime": 72,
    "idle_ephemeral_session_lifetime": 24,
}
"""Hours, of which a write takes whole ones only, or in their place minutes in a field beside."""


def read(document: Json) -> Json:
    """A GET shows hours, and parts of them; what writes take in minutes is told in minutes too."""
    hours = {name: document[name] for name in LIFETIMES if document.get(name) is not None}
    return document | {f"{name}_in_minutes": round(each * 60) for name, each in hours.items()}


def fold(authored: Json) -> Json:
    """One of the two fields of a lifetime: hours where they are whole, else minutes."""
    twice = {name for name in LIFETIMES if {name, f"{name}_in_minutes"} <= authored.keys()}
    spare = {
        f"{name}_in_minutes" if authored[name] == int(authored[name]) else name for name in twice
    }
    return {name: value for name, value in authored.items() if name not in spare}


SETTINGS = "get-started/tenant-settings"
SESSIONS = "manage-users/sessions/session-lifetime-limits"
HARMLESS = (
    "custom_domains_provisioning",
    "dashboard_insights_view",
    "dashboard_log_streams_next",
    "disable_management_api_sms_obfuscation",
    "enable_apis_section",
    "enable_client_connections",
    "genai_trial",
)
"""Flags that concern the Dashboard, or only what is made later."""

TOKEN_FLAGS = {
    "allow_legacy_delegation_grant_types": "delegation is refused, or possible",
    "allow_legacy_ro_grant_types": "old password flows are refused, or possible",
    "allow_legacy_tokeninfo_endpoint": "who asks /tokeninfo is refused, or answered",
    "enable_idtoken_api2": "ID tokens open the Management API, or no longer do",
    "enable_legacy_profile": "ID tokens carry the whole profile, or only the claims of OIDC",
    "enable_pipeline2": "tokens for APIs are given in another way",
    "remove_alg_from_jwks": "keys are published without their algorithm, or with it",
    "revoke_refresh_token_grant": "revoking one refresh token ends all of the grant, or only it",
}
LASTING = tuple(f"{name}{unit}" for name in LIFETIMES for unit in ("", "_in_minutes"))

KIND = Kind(
    name="tenant",
    shape="tenant_settings",
    wire=Wire(
        read="/tenants/settings",
        update="PATCH /tenants/settings",
        scopes=scopes("tenant_settings"),
    ),
    folder="pages",
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
        Rule(("allowed_logout_urls",), list="set", default=(), unset="empty"),
        *(
            Rule((name,), unset="empty")
            for name in ("friendly_name", "picture_url", "support_email", "support_url")
        ),
        Rule(("enabled_locales",), list="ordered", unset="illegal", initial=("en",)),
        Rule(("acr_values_supported",), list="set"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("oidc_logout",), write="replace", unset="illegal"),
        *(Rule((name,), unset="illegal") for name in NEVER_NULL if name not in OFF),
        *(Rule((n,), default=False, unset="illegal") for n in OFF if n in NEVER_NULL),
        *(Rule((n,), default=False) for n in OFF if n not in NEVER_NULL),
        *(Rule(path, default=value) for path, value in DEFAULTS.items()),
        Rule(("change_password", "html"), text="html"),
        Rule(("guardian_mfa_page", "html"), text="html"),
        Rule(("error_page", "html"), text="html"),
        *(Rule((name,), default=hours, unset="illegal") for name, hours in LIFETIMES.items()),
        *(
            Rule((f"{n}_in_minutes",), default=hours * 60, unset="illegal")
            for n, hours in LIFETIMES.items()
        ),
        Rule(("flags", "enable_client_connections"), default=True, unset="illegal"),
        Rule(("flags", "enable_pipeline2"), default=True, unset="illegal"),
        Rule(("flags", "disable_management_api_sms_obfuscation"), default=True, unset="illegal"),
        *(Rule(("flags", n), default=False, unset="illegal", initial=True) for n in BORN_FLAGS),
        Rule(("flags", "*"), default=False, unset="illegal"),
        Rule(("sessions", "oidc_logout_prompt_enabled"), default=True),
        Rule(("oidc_logout", "rp_logout_end_session_endpoint_discovery"), default=True),
        Rule(("sandbox_versions_available",), when="never"),
    ),
    hooks=Hooks(read=read, fold=fold),
    reach="everybody",
    risks=(
        anything((LOGIN,), "signing in works in another way"),
        *safe("friendly_name", "picture_url", "support_email", "support_url", "error_page"),
        *safe("enable_ai_guide", "include_session_metadata_in_tenant_logs"),
        *safe(*(f"flags.{name}" for name in HARMLESS)),
        *shrinking(LASTING, (LOGIN,), "people have to sign in again sooner", SESSIONS),
        *shrinking(
            ("allowed_logout_urls",), (LOGIN,), "a sign-out that returns there is refused", SETTINGS
        ),
        *shrinking(("enabled_locales",), (LOGIN,), "people read another language", SETTINGS),
        Hazard(
            ("default_directory",),
            (LOGIN, TOKEN),
            "who signs in with a password and no realm is looked for elsewhere",
            see=SETTINGS,
        ),
        Hazard(
            ("default_audience",),
            (TOKEN,),
            "who names no API is given tokens for another one, or opaque ones",
            see=SETTINGS,
        ),
        Hazard(("default_token_quota",), (TOKEN,), "beyond the quota tokens are refused"),
        Hazard(("mtls",), (TOKEN,), "applications find other endpoints for their tokens"),
        Hazard(("resource_parameter_profile",), (TOKEN,), "APIs are asked for in another way"),
        Hazard(("acr_values_supported",), (LOGIN, TOKEN), "tokens say otherwise how people got in"),
        *(Hazard(("flags", name), (TOKEN,), why) for name, why in TOKEN_FLAGS.items()),
        Hazard(
            ("flags", "enforce_client_authentication_on_passwordless_start"),
            (LOCKOUT,),
            "applications that start it without a secret are refused",
            when="on",
        ),
        Hazard(
            ("sandbox_version",),
            (LOGIN, TOKEN),
            "all code of the tenant runs on another Node.js",
            see=SETTINGS,
        ),
        Hazard(
            ("customize_mfa_in_postlogin_action",),
            (LOGIN, LOCKOUT),
            "an action, and no policy, says who is asked for a second factor",
            see="secure/multi-factor-authentication/customize-mfa",
        ),
    ),
)
