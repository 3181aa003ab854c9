"""What an organization may use: connections, clients and client grants."""

from dataclasses import replace
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import (
    Owner,
    find_owners,
    link,
    link_id,
    links,
)
from tenantctl.sandbox.documents import filled, public
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources import clients, connections
from tenantctl.sandbox.resources.organizations import ORGANIZATIONS, PARENT_MISSING
from tenantctl.sandbox.service import collection_routes, joined, require, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, limits

_ORGANIZATION = Owner("id", "organization_id", "organizations", PARENT_MISSING)
_GRANT_KIND = "organization_client_grants"
_NO_CONNECTION = ("No connection found by that id", None)
_GRANT_MISSING = ("The grant does not exist.", "inexistent_client_grant")
_GRANTS = Paging("client_grants")
_GRANT_ORGANIZATIONS = Paging("organizations", "checkpoint")
_BATCH = limits({"clients": {"minItems": 1, "maxItems": 10}})
_ENABLED_FIELDS = (
    "connection_id", "assign_membership_on_login", "show_as_button", "is_signup_enabled",
    "connection",
)  # fmt: skip


def _check_connection(call: Call, new: Document, old: Document) -> None:
    if not old:
        refusal = Refusal(404, *connections.MISSING)
        require(call, "connections", new["connection_id"], refusal)
        organization = call.arguments["organization"]
        if call.tenant.store.get(
            "organization_connections", f"{organization}/{new['connection_id']}"
        ):
            raise Refusal(409, "The organization connection already exists.")
    if new.get("is_signup_enabled") and not new.get("assign_membership_on_login"):
        raise invalid_body("is_signup_enabled requires assign_membership_on_login")


def _complete_connection(call: Call, new: Document, old: Document) -> Document:
    """Only databases can sign people up; a connection shows itself as a button unless told."""
    if old:
        return new
    new = filled(new, {"organization_id": call.arguments["organization"], "is_enabled": True})
    server = {"assign_membership_on_login": False, "show_as_button": True}
    if _strategy(call, new) == "auth0":
        server["is_signup_enabled"] = False
    return filled(filled(new, server), {"organization_access_level": "none"})


def _complete_enabled(call: Call, new: Document, old: Document) -> Document:
    return new if old else {**_complete_connection(call, new, old), **new, "is_enabled": True}


def _strategy(call: Call, new: Document) -> str:
    found = call.tenant.store.get("connections", new["connection_id"]) or {}
    return str(found.get("strategy"))


def _show_connection(call: Call, document: Document) -> Document:
    found = call.tenant.store.get("connections", document["connection_id"]) or {}
    named = {name: found[name] for name in ("name", "strategy") if name in found}
    shown = {name: value for name, value in document.items() if name != "organization_id"}
    return {"connection": named, **shown}


def _show_enabled(call: Call, document: Document) -> Document:
    shown = _show_connection(call, document)
    return {name: shown[name] for name in _ENABLED_FIELDS if name in shown}


def _is_enabled(call: Call, document: Document) -> bool:
    wanted = call.first("is_enabled")
    return wanted is None or (wanted == "true") is document.get("is_enabled", True)


def _list_grants(call: Call) -> Answer:
    fixed = find_owners((_ORGANIZATION,), call)
    wanted = {id for value in call.query.get("grant_ids", []) for id in value.split(",")}
    ids = {row.document["grant_id"] for row in links(call, _GRANT_KIND, **fixed)}
    rows = [
        row
        for row in call.tenant.store.rows("client_grants")
        if row.id in (ids & wanted if wanted else ids)
        and call.first("audience") in {None, row.document.get("audience")}
        and call.first("client_id") in {None, row.document.get("client_id")}
    ]
    return Answer(200, page(call, _GRANTS, rows, lambda row: public(row.document)))


def _seed_grants(call: Call, body: Any) -> None:
    """Grants that a list showed exist, and the organization, which exists as well, has them."""
    id, store = call.arguments["id"], call.tenant.store
    if body is not None and store.get("organizations", id) is None:
        store.put("organizations", id, {"id": id, "name": id})
    items = body.get(_GRANTS.items, []) if isinstance(body, dict) else body or []
    for grant in items:
        if store.get("client_grants", grant["id"]) is None:
            store.put("client_grants", grant["id"], grant)
        link(call, _GRANT_KIND, {"organization_id": id, "grant_id": grant["id"]})


def _add_grant(call: Call) -> Answer:
    fixed = find_owners((_ORGANIZATION,), call)
    id = call.body["grant_id"]
    grant = require(call, "client_grants", id, Refusal(404, *_GRANT_MISSING))
    found = {**fixed, "grant_id": id}
    if call.tenant.store.get(_GRANT_KIND, link_id(_GRANT_KIND, found)):
        raise Refusal(409, "The client grant has already been added to this organization.")
    link(call, _GRANT_KIND, found)
    names = ("client_id", "audience", "scope", "organization_usage", "allow_any_organization")
    return Answer(201, {"grant_id": id, **{name: grant[name] for name in names if name in grant}})


def _delete_grant(call: Call) -> Answer:
    fixed = find_owners((_ORGANIZATION,), call)
    found = {**fixed, "grant_id": call.arguments["grant_id"]}
    call.tenant.store.delete(_GRANT_KIND, link_id(_GRANT_KIND, found))
    return Answer(204)


def _list_organizations_of_grant(call: Call) -> Answer:
    grant = call.arguments["id"]
    require(call, "client_grants", grant, Refusal(404, *_GRANT_MISSING))
    ids = {row.document["organization_id"] for row in links(call, _GRANT_KIND, grant_id=grant)}
    rows = [row for row in call.tenant.store.rows("organizations") if row.id in ids]

    def shown(row: Row) -> Document:
        return view(ORGANIZATIONS, call, row.document)

    return Answer(200, page(call, _GRANT_ORGANIZATIONS, rows, shown))


def _show_client(call: Call, document: Document) -> Document:
    client = call.tenant.store.get("clients", document["client_id"]) or {}
    names = ("name", "is_first_party", "grant_types", "logo_uri", "organization_usage")
    known = {name: client[name] for name in names if name in client}
    return {
        "client_id": document["client_id"],
        "use_for_member_access": document.get("use_for_member_access", False),
        "client": known,
    }


def _add_clients(call: Call) -> Answer:
    fixed = find_owners((_ORGANIZATION,), call)
    given = call.body["clients"]
    for item in given:
        require(call, "clients", item["client_id"], Refusal(404, *clients.MISSING))
        id = f"{fixed['organization_id']}/{item['client_id']}"
        if call.tenant.store.get("organization_clients", id):
            raise Refusal(409, "One or more clients are already associated with the organization")
    for item in given:
        link(call, "organization_clients", {**fixed, **item})
    return Answer(201, [_show_client(call, item) for item in given])


def _delete_clients(call: Call) -> Answer:
    fixed = find_owners((_ORGANIZATION,), call)
    for id in call.body["clients"]:
        call.tenant.store.delete("organization_clients", f"{fixed['organization_id']}/{id}")
    return Answer(204)


CONNECTIONS = Collection(
    name="organization_connections",
    path="/organizations/{organization}/connections",
    id="connection_id",
    mint=identity.prefixed("con_", 16),
    noun="organization_connections",
    paging=Paging("connections"),
    missing=_NO_CONNECTION,
    orphan=PARENT_MISSING,
    parent=("organizations", "organization"),
    scoped=True,
    matches=_is_enabled,
    check=_check_connection,
    complete=_complete_connection,
    show=_show_connection,
)

ENABLED_CONNECTIONS = Collection(
    name="organization_enabled_connections",
    kind="organization_connections",
    path="/organizations/{organization}/enabled_connections",
    id="connection_id",
    mint=identity.prefixed("con_", 16),
    noun="organization_connections",
    paging=Paging("enabled_connections", counted=True),
    missing=_NO_CONNECTION,
    orphan=PARENT_MISSING,
    parent=("organizations", "organization"),
    scoped=True,
    matches=lambda _call, document: bool(document.get("is_enabled", True)),
    check=_check_connection,
    complete=_complete_enabled,
    show=_show_enabled,
)

CLIENTS = Collection(
    name="organization_clients",
    path="/organizations/{organization}/clients",
    id="client_id",
    mint=identity.alphanumeric,
    noun="organization_clients",
    paging=Paging("clients", "only_checkpoint"),
    missing=("The client is not associated with the organization", None),
    orphan=PARENT_MISSING,
    parent=("organizations", "organization"),
    scoped=True,
    show=_show_client,
    operations=frozenset({"list", "get", "update"}),
)

_GRANTS_PATH = "/organizations/{id}/client-grants"
_CLIENTS_PATH = "/organizations/{id}/clients"
_ROUTES = joined(
    collection_routes(CONNECTIONS),
    collection_routes(ENABLED_CONNECTIONS),
    collection_routes(CLIENTS),
    [
        Route(
            "GET",
            _GRANTS_PATH,
            ("read:organization_client_grants",),
            _list_grants,
            None,
            _GRANTS.parameters() | {"audience", "client_id", "grant_ids"},
            _GRANTS.items,
            seed=_seed_grants,
        ),
        Route(
            "POST",
            _GRANTS_PATH,
            ("create:organization_client_grants",),
            _add_grant,
            Body(_GRANT_KIND, "add"),
        ),
        Route(
            "DELETE",
            f"{_GRANTS_PATH}/{{grant_id}}",
            ("delete:organization_client_grants",),
            _delete_grant,
        ),
        Route(
            "GET",
            "/client-grants/{id}/organizations",
            ("read:organization_client_grants",),
            _list_organizations_of_grant,
            None,
            _GRANT_ORGANIZATIONS.parameters(),
            _GRANT_ORGANIZATIONS.items,
        ),
        Route(
            "POST",
            _CLIENTS_PATH,
            ("create:organization_clients",),
            _add_clients,
            Body("organization_clients", "create", _BATCH),
        ),
        Route(
            "DELETE",
            _CLIENTS_PATH,
            ("delete:organization_clients",),
            _delete_clients,
            Body("organization_clients", "remove", _BATCH),
        ),
    ],
)
ROUTES = tuple(replace(route, feature="organizations") for route in _ROUTES)
