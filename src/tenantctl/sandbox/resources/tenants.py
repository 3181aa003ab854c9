"""Tenant settings.

A field that is absent has its default; few stand in the settings of a new tenant.
"""

from dataclasses import replace
from typing import Any

from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import singleton_routes, state
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Singleton

_MINUTES = (
    "session_lifetime",
    "idle_session_lifetime",
    "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime",
)
# What a read tells where nobody has chosen; an update does not tell it.
_UNCHOSEN: Document = {
    "client_id_metadata_document_supported": False,
    "resource_parameter_profile": "audience",
}
_FLAG = "enforce_client_authentication_on_passwordless_start"


def _check(call: Call, new: Document, old: Document) -> None:
    if not isinstance(new.get("universal_login", {}), dict):
        raise invalid_body("Expected type object", "universal_login")
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


def _show(call: Call, document: Document) -> Document:
    """With what nobody chose; of the universal login only what settings decide about it."""
    unchosen = state(SETTINGS, call).get("_unchosen", {})
    login = document.get("universal_login")
    if isinstance(login, dict):
        decided = {name: login[name] for name in login if name in {"colors", "passwordless"}}
        document = {**document, "universal_login": decided}
    return {**unchosen, **document}


def _echo(_call: Call, document: Document) -> Document:
    """An update answers otherwise than a read: two flags more, and only what somebody chose."""
    flags = {**document.get("flags", {}), _FLAG: True, f"cannot_change_{_FLAG}": True}
    shown = {name: document[name] for name in document if name != "sandbox_versions_available"}
    return {**shown, "flags": flags}


def _seed(call: Call, body: Any) -> None:
    """What a read told, with what it hides: defaults, and why there is an empty universal login."""
    document = dict(body or SETTINGS.defaults)
    if all(document.get(name) == value for name, value in _UNCHOSEN.items()):
        document["_unchosen"] = {name: document.pop(name) for name in _UNCHOSEN}
    if document.get("universal_login") == {}:
        document["universal_login"] = {"is_custom_theme_set": False}
    call.tenant.store.put(SETTINGS.name, "", document)


SETTINGS = Singleton(
    name="tenant_settings",
    path="/tenants/settings",
    read="read:tenant_settings",
    write="update:tenant_settings",
    defaults={
        "enabled_locales": ["en"],
        "flags": {
            "allow_changing_enable_sso": False,
            "disable_clickjack_protection_headers": False,
            "disable_impersonation": True,
            "enable_sso": True,
            "revoke_refresh_token_grant": False,
            "universal_login": True,
        },
        "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        "resource_parameter_profile": "compatibility",
        "sandbox_version": "22",
        "sandbox_versions_available": ["22", "18"],
        "_unchosen": {"client_id_metadata_document_supported": False},
    },
    merged=("flags", "change_password", "guardian_mfa_page", "error_page"),
    open=("TenantSettingsFlags",),
    extra=("universal_login",),  # colors of the classic login, as auth0-deploy-cli sends them
    check=_check,
    normal=_normal,
    show=_show,
    echo=_echo,
)

_read, _write = singleton_routes(SETTINGS)
ROUTES = (replace(_read, seed=_seed), _write)
