"""Applications. Their client_id cannot be chosen, so a replacement breaks whoever uses it."""

from tenantctl.kinds.kind import Kind, Listing, Output, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

URLS = ("callbacks", "allowed_origins", "web_origins", "allowed_logout_urls")
SETS = ("allowed_clients", "client_aliases", "grant_types")

WHOLE = (
    "anonymous_sessions",
    "b2b_integration_configuration",
    "express_configuration",
    "fedcm_login",
    "identity_assertion_authorization_grant",
    "my_organization_configuration",
    "oidc_backchannel_logout",
    "oidc_logout",
    "oidc_support",
    "token_exchange",
    "token_quota",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way (api-behaviour 2.3 lists those that are known to merge)."""

METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")
CREDENTIALS = (
    *(("client_authentication_methods", method, "credentials") for method in METHODS),
    ("signed_request_object", "credentials"),
    ("token_vault_privileged_access", "credentials"),
)
"""Where credentials are attached. A create would take whole new ones there; we attach by id what
was made before, which takes an update."""

KIND = Kind(
    name="clients",
    shape="clients",
    wire=collection(
        "/clients",
        Listing("/clients", "clients", "page"),
        scopes("clients"),
        id="client_id",
    ),
    key=("name",),
    system={"global": ("All Applications",)},
    rank=30,
    outputs=(
        Output("CLIENT_{key}_ID", "client_id"),
        Output(
            "CLIENT_{key}_SECRET",
            "client_secret",
            unless=(("token_endpoint_auth_method", "none"),),
            scope="read:client_keys",
        ),
    ),
    replace_breaks="every application that is configured with the client_id, and its sessions",
    rules=(
        *(Rule((name,), list="set") for name in SETS),
        *(Rule((name,), list="set", default=()) for name in URLS),
        Rule(("client_metadata",), map="open", default={}),
        Rule(("description",), default=""),
        Rule(("initiate_login_uri",), unset="empty"),
        Rule(("is_first_party",), default=True),
        Rule(("oidc_conformant",), default=False),
        Rule(("sso_disabled",), default=False),
        Rule(("cross_origin_authentication",), default=False),
        Rule(("custom_login_page_on",), default=True),
        Rule(("custom_login_page",), text="html"),
        Rule(("require_pushed_authorization_requests",), default=False, when="if_changed"),
        Rule(("jwt_configuration", "lifetime_in_seconds"), default=36000),
        Rule(("jwt_configuration", "secret_encoded"), default=False, when="create"),
        Rule(("refresh_token",), write="replace"),
        # Whether an update merges it is not known: only what is written can be told to change.
        Rule(("refresh_token", "*"), unset="illegal"),
        Rule(("refresh_token", "leeway"), default=0, unset="illegal"),
        Rule(("refresh_token", "policies"), list="ordered", unset="illegal"),
        Rule(("addons",), write="renew"),
        Rule(("token_endpoint_auth_method",), bars="client_authentication_methods"),
        Rule(
            ("client_authentication_methods",),
            write="replace",
            when="update",
            bars="token_endpoint_auth_method",
        ),
        Rule(("token_vault_privileged_access",), write="replace", when="update"),
        Rule(("token_vault_privileged_access", "ip_allowlist"), list="set"),
        Rule(("token_vault_privileged_access", "grants"), list="keyed", by="connection"),
        Rule(
            ("token_vault_privileged_access", "grants", "[]", "connection"),
            ref=RefTo("connections", "name"),
        ),
        Rule(("token_vault_privileged_access", "grants", "[]", "scopes"), list="set"),
        *(Rule(path, list="keyed", by="id", when="update") for path in CREDENTIALS),
        *(Rule((*p, "[]", "id"), ref=RefTo("client_credentials", own=True)) for p in CREDENTIALS),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("encryption_key",), write="replace", when="update"),
        Rule(
            ("resource_server_identifier",),
            when="create",
            ref=RefTo("resource_servers", "identifier"),
        ),
        Rule(("default_organization",), write="replace"),
        Rule(("organization_require_behavior",), default="no_prompt"),
        Rule(("client_secret",), when="never", secret=True),
        Rule(("signing_keys",), when="never", secret=True),
        Rule(("client_id",), when="never"),
        Rule(("tenant",), when="never"),
        Rule(("global",), when="never"),
        Rule(("callback_url_template",), when="never"),
    ),
)
