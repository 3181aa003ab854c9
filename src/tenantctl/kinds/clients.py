"""Applications. Their client_id cannot be chosen, so a replacement breaks whoever uses it."""

from tenantctl.kinds.hazard import (
    LOCKOUT,
    LOGIN,
    LOSS,
    TOKEN,
    Hazard,
    anything,
    deleting,
    safe,
    shrinking,
)
from tenantctl.kinds.kind import Kind, Listing, Output, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes
from tenantctl.model import ABSENT

URLS = ("callbacks", "allowed_origins", "web_origins", "allowed_logout_urls")
SETS = (
    ("allowed_clients",),
    ("client_aliases",),
    ("grant_types",),
    ("async_approval_notification_channels",),
    ("organization_discovery_methods",),
    ("b2b_integration_configuration", "sso_profiles"),
    ("default_organization", "flows"),
    ("mobile", "android", "sha256_cert_fingerprints"),
    ("my_organization_configuration", "allowed_strategies"),
    ("my_organization_configuration", "third_party_client_access", "allowed_values"),
    ("oidc_logout", "backchannel_logout_initiators", "selected_initiators"),
    ("oidc_logout", "backchannel_logout_urls"),
    ("oidc_support", "allowed_scopes"),
    ("session_transfer", "allowed_authentication_methods"),
    ("token_exchange", "allow_any_profile_of_type"),
)
EMPTY = (("session_transfer", "allowed_authentication_methods"),)
OFF = (
    ("cross_origin_authentication",),
    ("is_token_endpoint_ip_header_trusted",),
    ("oidc_conformant",),
    ("require_proof_of_possession",),
    ("sso_disabled",),
    ("fedcm_login", "google", "is_enabled"),
    ("native_social_login", "apple", "enabled"),
    ("native_social_login", "facebook", "enabled"),
    ("native_social_login", "google", "enabled"),
    ("session_transfer", "allow_refresh_token"),
    ("session_transfer", "can_create_session_transfer_token"),
    ("signed_request_object", "required"),
)
"""What is off where nobody has switched it on: the defaults of the OpenAPI document."""

SECRETS = (
    ("azure_blob", "storageAccessKey"),
    ("azure_sb", "sasKey"),
    ("firebase", "private_key"),
    ("firebase", "secret"),
    ("layer", "privateKey"),
    ("sap_api", "servicePassword"),
    ("wams", "masterkey"),
)
SAML = {
    "createUpnClaim": True,
    "digestAlgorithm": "sha1",
    "includeAttributeNameFormat": True,
    "lifetimeInSeconds": 3600,
    "mapIdentities": True,
    "mapUnknownClaimsAsIs": False,
    "nameIdentifierFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "passthroughClaimsWithNoMapping": True,
    "signResponse": False,
    "signatureAlgorithm": "rsa-sha1",
    "typedAttributes": True,
}
"""What the SAML add-on does where it says nothing: Auth0 leaves it out (api-behaviour 2.4)."""

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

EXPRESS = ("app_type", ("express_configuration",))
SIGNED = ("app_type", ("express_configuration", "resource_server"))
THIRD_PARTY = ("is_first_party", ("false",))
STRICT = ("third_party_security_mode", ("strict",))
PROTECTED = ("token_endpoint_auth_method", ("client_secret_basic", "client_secret_post"))
LASTING = ("refresh_token.expiration_type", ("non-expiring",))
LASTING_FLAGS = ("infinite_token_lifetime", "infinite_idle_token_lifetime")
REFRESH = {
    "rotation_type": "non-rotating",
    "expiration_type": "non-expiring",
    "token_lifetime": 2592000,
    "idle_token_lifetime": 1296000,
}
"""The refresh tokens of a new client; those of third parties are too various to tell."""

SESSION_TRANSFER = {
    "enforce_cascade_revocation": True,
    "enforce_device_binding": "ip",
    "enforce_online_refresh_tokens": True,
}

SETTINGS = "get-started/applications/application-settings"

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
    settable={"global": ("custom_login_page", "custom_login_page_on")},
    folder="pages",
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
    smoke="authorize",
    calls=tuple(
        (name, "backchannel_logout_urls") for name in ("oidc_logout", "oidc_backchannel_logout")
    ),
    rules=(
        *(Rule(path, list="set") for path in SETS if path not in EMPTY),
        *(Rule(path, list="set", initial=()) for path in EMPTY),
        *(Rule(path, default=False) for path in OFF),
        *(Rule((name,), list="set", default=()) for name in URLS),
        Rule(("client_metadata",), map="open", default={}),
        Rule(("description",), default=""),
        Rule(("initiate_login_uri",), unset="empty"),
        Rule(("is_first_party",), default=True),
        Rule(("custom_login_page_on",), default=True),
        Rule(("custom_login_page",), text="html"),
        Rule(("require_pushed_authorization_requests",), default=False, when="if_changed"),
        Rule(("jwt_configuration", "lifetime_in_seconds"), default=36000),
        Rule(("jwt_configuration", "lifetime_in_seconds"), STRICT, default=36000, initial=3600),
        Rule(("jwt_configuration", "alg"), SIGNED, initial="RS256"),
        Rule(("jwt_configuration", "alg"), STRICT, initial="RS256"),
        Rule(("oidc_conformant",), EXPRESS, default=False, initial=True),
        Rule(("oidc_conformant",), THIRD_PARTY, default=False, initial=True),
        *(
            Rule(("session_transfer", name), initial=value)
            for name, value in SESSION_TRANSFER.items()
        ),
        Rule(("jwt_configuration", "secret_encoded"), default=False, when="create"),
        Rule(("refresh_token",), write="replace"),
        # Whether an update merges it is not known: only what is written can be told to change.
        Rule(("refresh_token", "*"), unset="illegal"),
        Rule(("refresh_token", "leeway"), default=0, unset="illegal"),
        *(
            Rule(("refresh_token", name), THIRD_PARTY, unset="illegal")
            for name in (*REFRESH, *LASTING_FLAGS)
        ),
        Rule(("refresh_token", "token_lifetime"), PROTECTED, unset="illegal", initial=31557600),
        Rule(("refresh_token", "idle_token_lifetime"), PROTECTED, unset="illegal", initial=2592000),
        *(
            Rule(("refresh_token", name), LASTING, unset="illegal", initial=True)
            for name in LASTING_FLAGS
        ),
        *(
            Rule(("refresh_token", name), unset="illegal", initial=value)
            for name, value in REFRESH.items()
        ),
        Rule(("refresh_token", "policies"), list="keyed", by="audience", unset="illegal"),
        Rule(
            ("refresh_token", "policies", "[]", "audience"),
            ref=RefTo("resource_servers", "identifier"),
        ),
        Rule(("refresh_token", "policies", "[]", "scope"), list="set"),
        Rule(("addons",), write="renew"),
        *(Rule(("addons", *path), secret=True) for path in SECRETS),
        *(Rule(("addons", "samlp", name), default=value) for name, value in SAML.items()),
        Rule(("addons", "samlp", "mappings"), map="open"),
        Rule(("jwt_configuration", "scopes"), map="open"),
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
        Rule(CREDENTIALS[0], EXPRESS, list="keyed", by="id", when="update", initial=()),
        *(Rule((*p, "[]", "id"), ref=RefTo("client_credentials", own=True)) for p in CREDENTIALS),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("encryption_key",), write="replace", when="update"),
        Rule(
            ("resource_server_identifier",),
            when="create",
            ref=RefTo("resource_servers", "identifier"),
        ),
        Rule(("default_organization",), write="replace"),
        Rule(("default_organization", "organization_id"), ref=RefTo("organizations")),
        *(
            Rule((place, f"{profile}_id"), ref=RefTo(f"{profile}s"))
            for place in ("express_configuration", "my_organization_configuration")
            for profile in ("connection_profile", "user_attribute_profile")
        ),
        Rule(("express_configuration", "okta_oin_client_id"), ref=RefTo("clients", "client_id")),
        Rule(("express_configuration", "linked_clients"), list="keyed", by="client_id"),
        Rule(
            ("express_configuration", "linked_clients", "[]", "client_id"),
            ref=RefTo("clients", "client_id"),
        ),
        Rule(
            ("my_organization_configuration", "invitation_landing_client_id"),
            ref=RefTo("clients", "client_id", defer=True),
        ),
        Rule(("organization_usage",), default="deny"),
        Rule(("organization_usage",), EXPRESS, default="deny", initial="require"),
        Rule(("organization_require_behavior",), default="no_prompt"),
        Rule(
            ("organization_require_behavior",),
            EXPRESS,
            default="no_prompt",
            initial="pre_login_prompt",
        ),
        Rule(("client_secret",), when="never", secret=True),
        Rule(("signing_keys",), when="never", secret=True),
        Rule(("client_id",), when="never"),
        Rule(("tenant",), when="never"),
        Rule(("global",), when="never"),
        Rule(("callback_url_template",), when="never"),
    ),
    reach="counted",
    risks=(
        anything((LOGIN,), "signing in with it works in another way"),
        *safe("name", "description", "logo_uri", "custom_login_page_preview"),
        Hazard(("client_metadata",), (LOGIN,), "Actions read it, and may decide by it"),
        *shrinking(
            ("callbacks",),
            (LOGIN,),
            "a sign-in that returns to what is taken away is refused",
            SETTINGS,
        ),
        *shrinking(
            ("allowed_logout_urls",), (LOGIN,), "a sign-out that returns there is refused", SETTINGS
        ),
        *shrinking(
            ("allowed_origins", "web_origins"),
            (LOGIN,),
            "pages of what is taken away cannot sign in or renew silently",
            SETTINGS,
        ),
        Hazard(
            ("grant_types",),
            (TOKEN, LOGIN),
            "whoever uses the flow is refused tokens",
            when="less",
            see="get-started/applications/application-grant-types",
        ),
        Hazard(
            ("grant_types",),
            (LOGIN,),
            "there is a further way to be given tokens",
            see="get-started/applications/application-grant-types",
        ),
        Hazard(
            ("token_endpoint_auth_method",),
            (TOKEN,),
            "an application that authenticates as before is refused tokens",
            see=SETTINGS,
        ),
        Hazard(
            ("client_authentication_methods",),
            (TOKEN,),
            "an application that authenticates as before is refused tokens",
            see=SETTINGS,
        ),
        Hazard(
            ("oidc_conformant",),
            (TOKEN, LOGIN),
            "tokens, claims and refresh tokens are other ones, and some flows are refused",
        ),
        Hazard(
            ("jwt_configuration", "alg"),
            (TOKEN,),
            "whoever verifies ID tokens the old way refuses them",
            see="get-started/applications/signing-algorithms",
        ),
        Hazard(
            ("jwt_configuration", "lifetime_in_seconds"),
            (LOGIN,),
            "ID tokens expire sooner",
            when="less",
        ),
        *safe("jwt_configuration.lifetime_in_seconds", when="more"),
        Hazard(
            ("refresh_token",),
            (TOKEN,),
            "refresh tokens in use are exchanged, refused or revoked",
            see="secure/tokens/refresh-tokens/configure-refresh-token-rotation",
        ),
        *shrinking(
            tuple(
                f"refresh_token.{n}" for n in ("leeway", "token_lifetime", "idle_token_lifetime")
            ),
            (TOKEN,),
            "refresh tokens are refused sooner",
            "secure/tokens/refresh-tokens/configure-refresh-token-expiration",
        ),
        Hazard(
            ("organization_usage",),
            (LOCKOUT, LOGIN),
            "who belongs to no organization cannot sign in",
            to=("require",),
            see="manage-users/organizations/configure-organizations/define-organization-behavior",
        ),
        Hazard(
            ("organization_usage",),
            (LOCKOUT, LOGIN),
            "a sign-in that names an organization is refused",
            to=("deny", None, ABSENT),
            see="manage-users/organizations/configure-organizations/define-organization-behavior",
        ),
        Hazard(
            ("require_pushed_authorization_requests",),
            (LOCKOUT,),
            "requests to sign in that are not pushed before are refused",
            when="on",
        ),
        Hazard(
            ("require_proof_of_possession",),
            (TOKEN,),
            "tokens without proof of possession are not given any more",
            when="on",
        ),
        Hazard(
            ("signed_request_object", "required"),
            (LOCKOUT,),
            "requests to sign in that are not signed are refused",
            when="on",
        ),
        Hazard(("encryption_key",), (TOKEN,), "who decrypts with the old key cannot read tokens"),
        Hazard(("token_quota",), (TOKEN,), "beyond the quota tokens are refused"),
        deleting(
            (LOCKOUT, TOKEN, LOSS),
            "who signs in with it is shut out; a new one has another client_id and secret",
        ),
    ),
)
