"""Tenant settings."""

from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.service import singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Singleton, limits

_MINUTES = (
    "session_lifetime",
    "idle_session_lifetime",
    "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime",
)
_POSITIVE: dict[str, dict[str, int]] = {
    f"{name}{suffix}": {"minimum": 1} for name in _MINUTES for suffix in ("", "_in_minutes")
}
_FLAG = "enforce_client_authentication_on_passwordless_start"


def _check(call: Call, new: Document, old: Document) -> None:
    directory = new.get("default_directory")
    if not directory or directory == old.get("default_directory"):
        return
    if call.tenant.store.find("connections", "name", directory) is None:
        raise Refusal(400, f"The connection {directory} does not exist", "invalid_body")


def _normal(new: Document) -> Document:
    """Minutes become hours, an empty redirection URI disappears (recorded traffic 7c)."""
    for name in _MINUTES:
        minutes = new.pop(f"{name}_in_minutes", None)
        if minutes is not None:
            new[name] = minutes / 60 if minutes % 60 else minutes // 60
    if new.get("default_redirection_uri") == "":
        del new["default_redirection_uri"]
    return new


def _echo(_call: Call, document: Document) -> Document:
    """An update answers otherwise than a read: two flags more, some fields less."""
    flags = {**document.get("flags", {}), _FLAG: True, f"cannot_change_{_FLAG}": True}
    left_out = {
        "client_id_metadata_document_supported",
        "sandbox_versions_available",
        "universal_login",
    }
    shown = {name: value for name, value in document.items() if name not in left_out}
    return {**shown, "flags": flags}


SETTINGS = Singleton(
    name="tenant_settings",
    path="/tenants/settings",
    read="read:tenant_settings",
    write="update:tenant_settings",
    defaults={
        "allowed_logout_urls": [],
        "default_audience": "",
        "default_directory": "",
        "enabled_locales": ["en"],
        "flags": {
            "allow_changing_enable_sso": False,
            "disable_clickjack_protection_headers": False,
            "disable_impersonation": True,
            "enable_sso": True,
            "mfa_show_factor_list_on_enrollment": False,
            "revoke_refresh_token_grant": False,
            "universal_login": True,
        },
        "friendly_name": "My Company",
        "idle_session_lifetime": 72,
        "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        "sandbox_version": "22",
        "sandbox_versions_available": ["22", "18"],
        "session_lifetime": 168,
        "universal_login": {},
    },
    merged=("flags", "change_password", "guardian_mfa_page", "error_page"),
    limits=limits({"": {"minProperties": 1}, "enabled_locales": {"minItems": 1}, **_POSITIVE}),
    open=("TenantSettingsFlags",),
    check=_check,
    normal=_normal,
    echo=_echo,
)

ROUTES = singleton_routes(SETTINGS)
