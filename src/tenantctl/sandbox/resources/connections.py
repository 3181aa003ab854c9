"""Connections, and the clients that may use them."""

from tenantctl.sandbox import identity
from tenantctl.sandbox.certificates import certificate_facts
from tenantctl.sandbox.documents import filled, overlaid
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources import clients
from tenantctl.sandbox.service import collection_routes, joined, require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

MISSING = ("The connection does not exist", "inexistent_connection")

_PASSWORD = {"enabled": True, "api_behavior": "required", "signup_behavior": "allow"}
_DATABASE: Document = {
    "mfa": {"active": True, "return_enroll_settings": True},
    "strategy_version": 2,
    "brute_force_protection": True,
    "authentication_methods": {"password": _PASSWORD, "passkey": {"enabled": False}},
    "passkey_options": {
        "challenge_ui": "both",
        "progressive_enrollment_enabled": True,
        "local_enrollment_enabled": True,
    },
}
_OIDC: Document = {"connection_settings": {"pkce": "auto"}}
_OPTIONS: dict[str, Document] = {
    "auth0": _DATABASE,
    "ad": {"brute_force_protection": True},
    "adfs": {"should_trust_email_verified_connection": "always_set_emails_as_verified"},
    "apple": {"scope": "name email"},
    "email": {"brute_force_protection": True},
    "facebook": {"scope": ""},
    "github": {"scope": []},
    "google-apps": {
        "email": True,
        "profile": True,
        "scope": ["email", "profile"],
        "handle_login_from_social": True,
        "map_user_id_to_id": False,
    },
    "google-oauth2": {"email": True, "profile": True, "scope": ["email", "profile"]},
    "line": {"profile": True},
    "linkedin": {"profile": True, "scope": ["r_basicprofile"]},
    "oidc": {**_OIDC, "attribute_map": {"mapping_mode": "bind_all"}},
    "okta": {**_OIDC, "attribute_map": {"mapping_mode": "basic_profile"}},
    "salesforce": {"scope": []},
    "sms": {"brute_force_protection": True},
    "windowslive": {"scope": [], "signin": True},
    "wordpress": {"profile": True, "scope": ["profile"]},
}
_SCRIPTS = ("login", "get_user", "delete", "change_password", "verify", "create", "change_email")
_CROSS_APP_ACCESS = frozenset({"oidc", "okta"})
_ENTERPRISE = frozenset({"ad", "adfs", "google-apps", "pingfederate", "samlp", "waad"})
# An update replaces `options`, yet these come back where they are not sent (recorded traffic 8b).
_KEPT = (
    "authentication_methods", "passkey_options", "brute_force_protection", "oidc_metadata",
    "schema_version", "attribute_map", "connection_settings", "scope", "cert", "thumbprints",
    "subject", "expires", "email", "profile",
)  # fmt: skip
_FIELDS = frozenset({"id", "is_domain_connection", "authentication", "connected_accounts"})
_CLIENTS = Paging("clients", "only_checkpoint", maximum=1000)
_LINKS = limits({"": {"minItems": 1, "maxItems": 50}})


def _check(_call: Call, new: Document, old: Document) -> None:
    requesting = "cross_app_access_requesting_app" in new
    if requesting and new["strategy"] not in _CROSS_APP_ACCESS:
        raise Refusal(
            400,
            "Cross App Access Requesting App is not supported for this connection.",
            "operation_not_supported",
        )
    options = new.get("options", {})
    attributes = options.get("attributes")
    if attributes is None:
        return
    for rival in ("requires_username", "validation"):
        if options.get(rival):
            raise _refused(f"Cannot set both options.attributes and options.{rival}")
    if not any(item.get("identifier", {}).get("active") for item in attributes.values()):
        raise _refused("attributes must contain one active identifier")
    phone = attributes.get("phone_number", {})
    required = phone.get("signup", {}).get("status") == "required"
    if phone.get("identifier", {}).get("active") and len(attributes) == 1 and not required:
        raise _refused("attribute phone_number must also be required on signup")
    _check_unique_email(old, attributes)


def _check_unique_email(old: Document, attributes: Document) -> None:
    """Whether emails are unique is decided once, when the attribute first appears."""
    if not old or "email" not in attributes:
        return
    before = old.get("options", {}).get("attributes", {}).get("email", {}).get("unique", True)
    if before and attributes["email"].get("unique") is False:
        raise _refused("cannot add non-unique email attribute")


def _refused(message: str) -> Refusal:
    return Refusal(400, message, "invalid_body")


def _complete(call: Call, new: Document, old: Document) -> Document:
    strategy = new["strategy"]
    options = new.get("options", {})
    if old:
        kept = {name: value for name, value in old.get("options", {}).items() if name in _KEPT}
        methods = overlaid(
            kept.get("authentication_methods", {}), options.get("authentication_methods", {})
        )
        options = {**kept, **options, **({"authentication_methods": methods} if methods else {})}
        return {**new, "options": _derived(strategy, options)}
    options = _derived(strategy, filled(options, _OPTIONS.get(strategy, {})))
    server: Document = {
        "is_domain_connection": False,
        "authentication": {"active": True},
        "connected_accounts": {"active": False},
        "realms": [new["name"]],
    }
    if strategy in _ENTERPRISE:
        ticket = identity.base62(8)
        server["show_as_button"] = False
        server["provisioning_ticket_url"] = f"https://{call.tenant.domain}/p/{strategy}/{ticket}"
    return filled({**new, "options": options}, server)


def _derived(strategy: str, options: Document) -> Document:
    """What the server works out of the options it was given."""
    if strategy == "auth0" and "password_options" not in options:
        options = {"passwordPolicy": "good", **options}
    email = options.get("attributes", {}).get("email")
    if email is not None:
        email.setdefault("unique", True)
    if "signingCert" in options:
        options = {**options, **certificate_facts(options["signingCert"])}
        if strategy == "pingfederate":
            del options["signingCert"]
    return options


def _show(call: Call, document: Document) -> Document:
    links = call.tenant.store.rows("connection_clients", document["id"])
    return {**document, "enabled_clients": [row.document["client_id"] for row in links]}


def _cascade(call: Call, connection: Document) -> None:
    for row in call.tenant.store.rows("connection_clients", connection["id"]):
        call.tenant.store.delete("connection_clients", row.id)


def _deleted(call: Call) -> Answer:
    return Answer(202, {"deleted_at": identity.timestamp(call.tenant.clock())})


def _list_clients(call: Call) -> Answer:
    connection = call.arguments["id"]
    require(call, "connections", connection, Refusal(404, *MISSING))

    def shown(row: Row) -> Document:
        return row.document

    rows = call.tenant.store.rows("connection_clients", connection)
    return Answer(200, page(call, _CLIENTS, rows, shown))


def _update_clients(call: Call) -> Answer:
    connection = call.arguments["id"]
    require(call, "connections", connection, Refusal(404, *MISSING))
    store = call.tenant.store
    for link in call.body:
        client = link["client_id"]
        require(call, "clients", client, Refusal(404, *clients.MISSING))
        id = f"{connection}/{client}"
        if not link["status"]:
            store.delete("connection_clients", id)
        elif store.get("connection_clients", id) is None:
            store.put("connection_clients", id, {"client_id": client}, connection)
    return Answer(204)


CONNECTIONS = Collection(
    name="connections",
    path="/connections",
    mint=identity.prefixed("con_", 16),
    noun="connections",
    paging=Paging("connections", "checkpoint", default=100),
    missing=MISSING,
    filters=(("name", "name"), ("strategy", "strategy")),
    unique=(("name", "A connection with the same name already exists"),),
    limits=limits(
        {
            "name": {"maxLength": 128, "pattern": "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"},
            "display_name": {"maxLength": 128},
            "": {"minProperties": 1},
            "metadata": {"maxProperties": 10},
            "options.precedence": {"minItems": 3},
            "options.attributes": {"minProperties": 1},
            "options.password_history.size": {"minimum": 0, "maximum": 24},
            "options.password_complexity_options.min_length": {"minimum": 1, "maximum": 128},
            "options.password_options.complexity.min_length": {"minimum": 1, "maximum": 72},
            "options.validation.username.min": {"minimum": 1},
            "options.validation.username.max": {"maximum": 128},
            **{f"options.customScripts.{name}": {"minLength": 1} for name in _SCRIPTS},
            "options.signatureMethod": {
                "enum": ("RSA-SHA1", "HMAC-SHA1", "rsa-sha1", "rsa-sha256")
            },
        }
    ),
    open=("ConnectionOptions", "UsernameAttributeIdentifier"),
    hidden=(Hidden(("options", "configuration", "*"), "cipher"),),
    merged=("metadata",),
    emptied=("metadata",),
    always=_FIELDS,
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_cascade,
    deleted=_deleted,
)

_PATH = "/connections/{id}/clients"
ROUTES = joined(
    collection_routes(CONNECTIONS),
    [
        Route("GET", _PATH, ("read:connections",), _list_clients, None, _CLIENTS.parameters()),
        Route(
            "PATCH",
            _PATH,
            ("update:connections",),
            _update_clients,
            Body("connection_clients", "update", _LINKS),
        ),
    ],
)
