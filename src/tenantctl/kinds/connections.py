"""Sources of users. A PATCH replaces `options` as a whole (api-behaviour 2.3)."""

from tenantctl.kinds.kind import Kind, Listing, Output, Rule, collection
from tenantctl.kinds.scopes import scopes

CLEAR_SECRETS = ("client_secret", "app_secret", "twilio_token", "totp_secret", "admin_access_token")
SERVER_SET = ("oidc_metadata", "thumbprints", "subject", "expires")
OFF = ("import_mode", "disable_signup", "requires_username", "enabledDatabaseCustomization")

WHOLE = (
    "authentication",
    "connected_accounts",
    "cross_app_access_requesting_app",
    "cross_app_access_resource_app",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way (api-behaviour 2.3 lists those that are known to merge)."""

KIND = Kind(
    name="connections",
    shape="connections",
    wire=collection(
        "/connections",
        Listing("/connections", "connections", "take"),
        scopes("connections"),
    ),
    key=("name",),
    rank=34,
    outputs=(Output("CONNECTION_{key}_ID", "id"), Output("CONNECTION_{key}_NAME", "name")),
    replace_breaks="all its users: they are deleted with the connection",
    rules=(
        Rule(("name",), when="create"),
        Rule(("strategy",), when="create"),
        Rule(("options",), write="replace"),
        *(Rule(("options", name), secret=True) for name in CLEAR_SECRETS),
        *(Rule(("options", name), read="volatile") for name in SERVER_SET),
        *(Rule(("options", name), default=False) for name in OFF),
        Rule(("options", "configuration"), map="open"),
        Rule(("options", "configuration", "*"), read="cipher", secret=True),
        Rule(("options", "customScripts"), map="open"),
        Rule(("options", "customScripts", "*"), text="code"),
        Rule(("options", "brute_force_protection"), default=True),
        Rule(("options", "passwordPolicy"), ("strategy", ("auth0",)), default="good"),
        Rule(("options", "scope"), list="set"),
        Rule(("options", "precedence"), list="ordered", unset="illegal"),
        Rule(("options", "signingCert"), read="absent"),
        Rule(("options", "metadataXml"), read="absent"),
        Rule(("realms",), list="ordered", when="if_changed"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("metadata",), map="open", default={}),
        Rule(("is_domain_connection",), default=False),
        Rule(("show_as_button",), default=False),
        Rule(("provisioning_ticket_url",), when="never"),
        Rule(("enabled_clients",), when="never"),
    ),
)
