"""Sources of users. A PATCH replaces `options` as a whole (api-behaviour 2.3)."""

from tenantctl.kinds.connection_risks import RISKS, agreeing
from tenantctl.kinds.kind import Kind, Listing, Output, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

DATABASE = ("strategy", ("auth0",))
SAML = ("strategy", ("samlp",))
PING = ("strategy", ("pingfederate",))
ADFS = ("strategy", ("adfs",))
GOOGLE = ("strategy", ("google-apps",))
CERTIFIED = ("strategy", ("samlp", "pingfederate"))
ENTERPRISE = (
    "strategy",
    ("ad", "adfs", "google-apps", "oidc", "okta", "pingfederate", "samlp", "waad"),
)
FLAGGED = (
    "strategy",
    (
        "apple",
        "facebook",
        "github",
        "google-apps",
        "google-oauth2",
        "linkedin",
        "salesforce",
        "salesforce-community",
        "salesforce-sandbox",
        "windowslive",
        "wordpress",
    ),
)
"""Strategies whose `scope` Auth0 works out of flags after every write (recorded traffic 8b)."""

SECRETS = (
    ("client_secret",),
    ("app_secret",),
    ("consumer_secret",),
    ("twilio_token",),
    ("admin_access_token",),
    ("admin_refresh_token",),
    ("gateway_authentication", "secret"),
    ("signing_key", "key"),
    ("decryptionKey",),
)
"""All are shown in clear (api-behaviour 2.1). The Google tokens are what an administrator of the
directory has granted; they go back as they were read."""

ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "pushed_authorization_request_endpoint",
    "issuer",
    "jwks_uri",
)
METADATA = ("metadataXml", "metadataUrl")
CALLED = (
    ("discovery_url",),
    ("jwks_uri",),
    ("metadataUrl",),
    ("token_endpoint",),
    ("tokenURL",),
    ("requestTokenURL",),
    ("accessTokenURL",),
    ("userinfo_endpoint",),
    ("pushed_authorization_request_endpoint",),
    ("gateway_url",),
    ("oidc_metadata", "jwks_uri"),
    ("oidc_metadata", "token_endpoint"),
    ("oidc_metadata", "userinfo_endpoint"),
    ("oidc_metadata", "pushed_authorization_request_endpoint"),
)
"""What Auth0 itself asks while people sign in, and not their browser."""
"""Where signing certificate and endpoints of a SAML provider may come from."""

FILLED = (
    "authentication_methods",
    "passkey_options",
    "brute_force_protection",
    "attribute_map",
    "connection_settings",
    "precedence",
)
"""Options that are filled again at once, or refused, where a write leaves them out."""

OFF = (
    "import_mode",
    "disable_signup",
    "requires_username",
    "enabledDatabaseCustomization",
    "disable_self_service_change_password",
)
SETS = (
    ("scope",),
    ("freeform_scopes",),
    ("domain_aliases",),
    ("ips",),
    ("allowed_audiences",),
    ("non_persistent_attrs",),
    ("id_token_signed_response_algs",),
    ("password_dictionary", "dictionary"),
    ("password_options", "complexity", "character_types"),
    ("password_options", "profile_data", "blocked_fields"),
    ("password_options", "dictionary", "custom"),
    ("assertion_decryption_settings", "algorithm_exceptions"),
)
OPEN = (
    ("upstream_params",),
    ("upstream_params", "*"),
    ("fieldsMap",),
    ("authParamsMap",),
    ("authParams",),
    ("attribute_map", "attributes"),
)
PROTECTED = ("ad", "auth0", "email", "sms")
NAMED = ("strategy", ("oidc", "okta", "waad"))
INITIAL: tuple[tuple[tuple[str, ...], tuple[str, ...], str | int | bool], ...] = (
    (("auth0",), ("mfa", "active"), True),
    (("auth0",), ("mfa", "return_enroll_settings"), True),
    (("auth0",), ("strategy_version",), 2),
    (("auth0",), ("authentication_methods", "password", "enabled"), True),
    (("auth0",), ("authentication_methods", "password", "api_behavior"), "required"),
    (("auth0",), ("authentication_methods", "password", "signup_behavior"), "allow"),
    (("auth0",), ("authentication_methods", "passkey", "enabled"), False),
    (("auth0",), ("passkey_options", "challenge_ui"), "both"),
    (("auth0",), ("passkey_options", "local_enrollment_enabled"), True),
    (("auth0",), ("passkey_options", "progressive_enrollment_enabled"), True),
    (("oidc",), ("type",), "front_channel"),
    (("okta",), ("type",), "back_channel"),
    (("oidc", "okta"), ("connection_settings", "pkce"), "auto"),
    (("oidc",), ("attribute_map", "mapping_mode"), "bind_all"),
    (("okta",), ("attribute_map", "mapping_mode"), "basic_profile"),
    (("oidc", "okta"), ("schema_version",), "oidc-V4"),
    (("waad",), ("identity_api",), "microsoft-identity-platform-v2.0"),
    (("waad",), ("should_trust_email_verified_connection",), "never_set_emails_as_verified"),
    (("waad",), ("useCommonEndpoint",), False),
    (("waad",), ("use_wsfed",), False),
    (("waad",), ("waad_protocol",), "openid-connect"),
    (("waad",), ("waad_common_endpoint",), False),
    (("adfs",), ("should_trust_email_verified_connection",), "always_set_emails_as_verified"),
    (("google-apps", "google-oauth2"), ("email",), True),
    (("google-apps", "google-oauth2", "line", "linkedin", "wordpress"), ("profile",), True),
    (("google-apps",), ("handle_login_from_social",), True),
    (("windowslive",), ("signin",), True),
)
"""What new connections are given, by strategy: the table of recorded traffic (6)."""

SCOPES: tuple[tuple[tuple[str, ...], str | tuple[str, ...]], ...] = (
    (("google-apps", "google-oauth2"), ("email", "profile")),
    (("github", "windowslive"), ()),
    (("facebook",), ""),
)
"""The scopes of those without flags."""

PASSWORDS: dict[tuple[str, str], str | int | bool | tuple[str, ...]] = {
    ("complexity", "character_type_rule"): "all",
    ("complexity", "identical_characters"): "allow",
    ("complexity", "max_length_exceeded"): "error",
    ("complexity", "sequential_characters"): "allow",
    ("dictionary", "active"): False,
    ("dictionary", "default"): "en_100k",
    ("history", "active"): False,
    ("history", "size"): 3,
    ("profile_data", "active"): False,
}
"""What `password_options` are completed with. Their shortest length is always said: that they are
there means something."""

WHOLE = (
    "authentication",
    "connected_accounts",
    "cross_app_access_requesting_app",
    "cross_app_access_resource_app",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way (api-behaviour 2.3 lists those that are known to merge)."""

AGREED = (
    *ENDPOINTS,
    *METADATA,
    "client_id",
    "client_secret",
    "discovery_url",
    "domain",
    "tenant_domain",
    "signInEndpoint",
    "signingCert",
    "pingFederateBaseUrl",
    "adfs_server",
    "fedMetadataXml",
    "entityId",
    "protocolBinding",
    "signSAMLRequest",
    "decryptionKey",
)
"""What Auth0 and the provider have to agree on."""

KIND = Kind(
    name="connections",
    shape="connections",
    wire=collection(
        "/connections",
        Listing("/connections", "connections", "take"),
        scopes("connections"),
    ),
    key=("name",),
    born=(("Username-Password-Authentication",), ("google-oauth2",)),
    folder="databases",
    rank=34,
    outputs=(Output("CONNECTION_{key}_ID", "id"), Output("CONNECTION_{key}_NAME", "name")),
    replace_breaks="all its users: they are deleted with the connection",
    calls=tuple(("options", *path) for path in CALLED),
    rules=(
        Rule(("name",), when="create"),
        Rule(("strategy",), when="create"),
        Rule(("options",), write="replace", unset="illegal", initial={}),
        *(Rule(("options", *path), secret=True) for path in SECRETS),
        Rule(("options", "decryptionKey", "cert"), text="certificate"),
        Rule(("options", "decryptionKey", "key"), secret=True),
        Rule(("options", "signing_key", "cert"), text="certificate"),
        *(Rule(("options", *path), list="set") for path in SETS),
        *(Rule(("options", *path), map="open") for path in OPEN),
        *(Rule(("options", name), unset="illegal") for name in FILLED),
        *(
            Rule(("options", *path), ("strategy", strategies), initial=value)
            for strategies, path, value in INITIAL
        ),
        Rule(
            ("options", "brute_force_protection"),
            ("strategy", PROTECTED),
            unset="illegal",
            initial=True,
        ),
        *(Rule(("options", name), default=False) for name in OFF),
        Rule(("options", "customHeaders"), map="open", default={}, unset="omit"),
        # Database
        Rule(("options", "passwordPolicy"), DATABASE, default="good"),
        *(
            Rule(("options", "password_options", *path), initial=value)
            for path, value in PASSWORDS.items()
        ),
        Rule(("options", "configuration"), map="open"),
        Rule(("options", "configuration", "*"), read="cipher", secret=True),
        Rule(("options", "customScripts"), map="open"),
        Rule(("options", "customScripts", "*"), text="code", runs="script"),
        Rule(("options", "scripts", "*"), text="code"),
        Rule(("options", "custom_password_hash", "action_id"), ref=RefTo("actions")),
        Rule(("options", "attributes", "email", "unique"), when="create", default=True),
        # Passwordless
        Rule(("options", "template"), text="liquid"),
        Rule(("options", "email", "body"), text="liquid"),
        # Enterprise
        Rule(
            ("options", "set_user_root_attributes"),
            ENTERPRISE,
            default="on_each_login",
            unset="omit",
        ),
        *(
            Rule(
                ("options", name),
                follows=("discovery_url", "domain", "oidc_metadata"),
                initial=f"{{options.oidc_metadata.{name}}}",
            )
            for name in ENDPOINTS
        ),
        Rule(("options", "oidc_metadata"), follows=("*",), made_of=("discovery_url", "domain")),
        *(
            Rule(
                ("options", "scope"),
                ("strategy", strategies),
                list="set",
                follows=("*",),
                initial=scope,
            )
            for strategies, scope in SCOPES
        ),
        Rule(("options", "scope"), FLAGGED, list="set", follows=("*",)),
        Rule(("options", "map_user_id_to_id"), GOOGLE, when="create", default=False),
        # Read out of the certificate, and kept where a write says nothing of them
        *(
            Rule(("options", name), CERTIFIED, follows=("*",), made_of=("signingCert",))
            for name in ("subject", "expires")
        ),
        Rule(
            ("options", "cert"),
            CERTIFIED,
            text="certificate",
            follows=("*",),
            made_of=("signingCert",),
        ),
        *(
            Rule(
                ("options", name),
                CERTIFIED,
                follows=("signingCert", *METADATA),
                made_of=("signingCert",),
            )
            for name in ("thumbprints", "thumbprints_sha384")
        ),
        Rule(("options", "metadataXml"), read="absent"),
        *(
            Rule(("options", name), SAML, follows=METADATA)
            for name in ("signInEndpoint", "signOutEndpoint", "bindingMethod")
        ),
        Rule(("options", "signingCert"), SAML, text="certificate", follows=METADATA),
        Rule(
            ("options", "signingCert"), PING, read="absent", text="certificate", told_by=("cert",)
        ),
        Rule(("options", "signInEndpoint"), PING, follows=("pingFederateBaseUrl",)),
        *(
            Rule(("options", name), ADFS, follows=("adfs_server", "fedMetadataXml"))
            for name in ("signInEndpoint", "entityId", "prev_thumbprints")
        ),
        Rule(
            ("options", "thumbprints"),
            ADFS,
            follows=("adfs_server", "fedMetadataXml"),
            initial=(),
        ),
        Rule(
            ("options", "idpinitiated", "client_id"),
            ref=RefTo("clients", "client_id", defer=True),
        ),
        Rule(("realms",), list="ordered", when="if_changed", initial=("{name}",)),
        Rule(("display_name",), NAMED, initial="{name}"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("authentication", "active"), initial=True),
        Rule(("connected_accounts", "active"), initial=False),
        Rule(("metadata",), map="open", default={}),
        Rule(("is_domain_connection",), default=False),
        Rule(("show_as_button",), default=False),
        Rule(("provisioning_ticket_url",), when="never"),
        Rule(("enabled_clients",), when="never"),
    ),
    risks=(*RISKS, *agreeing(AGREED)),
)
