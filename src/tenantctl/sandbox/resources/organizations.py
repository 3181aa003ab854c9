"""Organizations, the domains by which they are found, and invitations to them."""

from urllib.parse import urlencode

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import link, unlink
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources import clients
from tenantctl.sandbox.searches import search_route
from tenantctl.sandbox.service import collection_routes, joined, require, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Collection, Hidden, Paging, Route

MISSING = ("No organization found by that id or name", None)
PARENT_MISSING = ("No organization found by that id", None)
SCOPES = ("read:organizations", "read:organizations_summary")

_DOMAIN_MISSING = ("No organization domain found by that id", None)
_INVITATION_MISSING = ("The invitation does not exist.", None)
_CONNECTION_MISSING = Refusal(400, "One or more of the specified connections does not exist")
_DOMAIN_TAKEN = (
    "An organization discovery domain with this domain is already registered to this organization."
)
_CREATORS = ("create:organizations", "create:organization_connections")
_WEEK = 604800


def _check(call: Call, new: Document, _old: Document) -> None:
    for connection in new.get("enabled_connections", []):
        require(call, "connections", connection["connection_id"], _CONNECTION_MISSING)


_GUARDED: Document = {"third_party_client_access": "block", "is_app_entitlement_active": False}


def _complete(call: Call, new: Document, old: Document) -> Document:
    """Connections that a create enables become links."""
    if old:
        return new
    for connection in new.pop("enabled_connections", []):
        given = {"is_enabled": True, "organization_id": new["id"], **connection}
        link(call, "organization_connections", given)
    return new


def _show(call: Call, document: Document) -> Document:
    """A create repeats the connections that it enabled, a list what a client is to each.

    Newer tenants tell who may come in.
    """
    if "unguarded_organizations" not in call.tenant.features:
        document = filled(document, _GUARDED)
    client = call.first("include_client_association_for")
    linked = client and call.tenant.store.get("organization_clients", f"{document['id']}/{client}")
    if linked:
        return {**document, "client": {"use_for_member_access": linked["use_for_member_access"]}}
    if call.method != "POST" or not isinstance(call.body, dict):
        return document
    given = call.body.get("enabled_connections")
    if not given:
        return document
    return {**document, "enabled_connections": [_enabled(call, item) for item in given]}


def _enabled(call: Call, given: Document) -> Document:
    connection = call.tenant.store.get("connections", given["connection_id"]) or {}
    named = {name: connection[name] for name in ("name", "strategy") if name in connection}
    defaults = {"assign_membership_on_login": False, "show_as_button": True}
    return {**defaults, **given, "connection": named}


def _cascade(call: Call, organization: Document) -> None:
    unlink(call, "organization_id", organization["id"])


def _read_by_name(call: Call) -> Answer:
    row = call.tenant.store.find("organizations", "name", call.arguments["name"])
    if row is None:
        raise Refusal(404, *MISSING)
    return Answer(200, view(ORGANIZATIONS, call, row.document))


def _complete_domain(call: Call, new: Document, old: Document) -> Document:
    if old:
        return new
    host = f"_ss-verification.{call.arguments['organization']}.{new['domain']}"
    server = {
        "status": "pending",
        "use_for_organization_discovery": True,
        "verification_host": host,
        "verification_txt": identity.hexadecimal(32),
    }
    return filled(new, server)


def _read_domain_by_name(call: Call) -> Answer:
    organization = call.arguments["organization"]
    require(call, "organizations", organization, Refusal(404, *PARENT_MISSING))
    name = call.arguments["discovery_domain"]
    row = call.tenant.store.find("organization_discovery_domains", "domain", name, organization)
    if row is None:
        raise Refusal(404, *_DOMAIN_MISSING)
    return Answer(200, view(DISCOVERY_DOMAINS, call, row.document))


def _check_invitation(call: Call, new: Document, _old: Document) -> None:
    client = require(call, "clients", new["client_id"], Refusal(404, *clients.MISSING))
    if "connection_id" in new:
        refusal = Refusal(404, "The connection does not exist", "inexistent_connection")
        require(call, "connections", new["connection_id"], refusal)
    for role in new.get("roles", []):
        require(call, "roles", role, Refusal(400, "One or more roles do not exist."))
    if _login_route(call, client) is None:
        raise Refusal(
            400,
            "A default login route is required to generate the invitation url. For more"
            " information, see"
            " https://auth0.com/docs/universal-login/configure-default-login-routes",
        )


def _login_route(call: Call, client: Document) -> str | None:
    """Where an invitation leads: the client's login route, or else the tenant's.

    `_default_redirection_uri` is that of a tenant whose recording does not tell its settings.
    """
    tenant = call.tenant.store.get("tenant_settings", "") or {}
    names = "default_redirection_uri", "_default_redirection_uri"
    own = client.get("initiate_login_uri")
    return own or next((tenant[name] for name in names if tenant.get(name)), None)


def _complete_invitation(call: Call, new: Document, _old: Document) -> Document:
    store, now = call.tenant.store, call.tenant.clock()
    organization = store.get("organizations", call.arguments["organization"]) or {}
    client = store.get("clients", new["client_id"]) or {}
    ticket = identity.alphanumeric()
    query = {
        "invitation": ticket,
        "organization": call.arguments["organization"],
        "organization_name": organization.get("name", ""),
    }
    seconds = new.pop("ttl_sec", None) or _WEEK
    new.pop("send_invitation_email", None)
    server = {
        "invitation_url": f"{_login_route(call, client)}?{urlencode(query)}",
        "ticket_id": ticket,
        "created_at": identity.timestamp(now),
        "expires_at": identity.timestamp(now + seconds),
        "organization_id": call.arguments["organization"],
    }
    return filled(new, server)


ORGANIZATIONS = Collection(
    name="organizations",
    path="/organizations",
    mint=identity.prefixed("org_", 16),
    noun="organizations",
    paging=Paging("organizations", "checkpoint", reach=1000),
    missing=MISSING,
    delete_missing=True,
    scopes=(("read", SCOPES), ("create", _CREATORS)),
    unique=(("name", "An organization with this name already exists."),),
    feature="organizations",
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_cascade,
)

DISCOVERY_DOMAINS = Collection(
    name="organization_discovery_domains",
    path="/organizations/{organization}/discovery-domains",
    mint=identity.prefixed("ord_", 22),
    noun="organization_discovery_domains",
    paging=Paging("domains", "only_checkpoint"),
    missing=_DOMAIN_MISSING,
    orphan=PARENT_MISSING,
    feature="organizations",
    parent=("organizations", "organization"),
    unique=(("domain", _DOMAIN_TAKEN),),
    complete=_complete_domain,
)

INVITATIONS = Collection(
    name="organization_invitations",
    path="/organizations/{organization}/invitations",
    mint=identity.prefixed("uinv_", 16),
    noun="organization_invitations",
    paging=Paging("invitations", facts=("start", "limit"), counted=True, reach=1000),
    missing=_INVITATION_MISSING,
    orphan=PARENT_MISSING,
    feature="organizations",
    parent=("organizations", "organization"),
    hidden=(Hidden(("send_invitation_email",)),),
    check=_check_invitation,
    complete=_complete_invitation,
    operations=frozenset({"list", "create", "get", "delete"}),
)

ROUTES = joined(
    [search_route(ORGANIZATIONS, ("name", "display_name", "created_at"), "metadata")],
    collection_routes(ORGANIZATIONS),
    collection_routes(DISCOVERY_DOMAINS),
    collection_routes(INVITATIONS),
    [
        Route(
            "GET",
            "/organizations/name/{name}",
            ("read:organizations",),
            _read_by_name,
            feature="organizations",
        ),
        Route(
            "GET",
            "/organizations/{organization}/discovery-domains/name/{discovery_domain}",
            ("read:organization_discovery_domains",),
            _read_domain_by_name,
            feature="organizations",
        ),
    ],
)
