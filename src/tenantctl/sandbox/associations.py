"""Links between objects, and the routes that list, add and delete several of them at once.

A link is a document that names the objects it joins. It is stored under their ids, below the first
of them, so that what hangs on an object is found and goes with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tenantctl.sandbox.documents import projected
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Paging, Route

Missing = tuple[str, str | None]
_NOTHING = Answer(204)

# What hangs on which objects: the fields that name them, the first is the parent in the store.
LINKS: dict[str, tuple[str, ...]] = {
    "group_members": ("group_id", "user_id"),
    "group_roles": ("group_id", "role_id"),
    "organization_client_grants": ("organization_id", "grant_id"),
    "organization_clients": ("organization_id", "client_id"),
    "organization_connections": ("organization_id", "connection_id"),
    "organization_discovery_domains": ("organization_id",),
    "organization_group_roles": ("organization_id", "group_id", "role_id"),
    "organization_invitations": ("organization_id", "client_id"),
    "organization_member_roles": ("organization_id", "user_id", "role_id"),
    "organization_members": ("organization_id", "user_id"),
    "refresh_tokens": ("user_id", "client_id", "session_id"),
    "role_permissions": ("role_id",),
    "sessions": ("user_id",),
    "user_authentication_methods": ("user_id",),
    "user_connected_accounts": ("user_id",),
    "user_grants": ("user_id", "client_id"),
    "user_permissions": ("user_id",),
    "user_roles": ("user_id", "role_id"),
    "user_tokensets": ("user_id",),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """An object that the path of an association names: its argument, its field in a link."""

    argument: str
    field: str
    kind: str
    missing: Missing


@dataclass(frozen=True, slots=True)
class Association:
    """Objects attached to others, named in bodies by their ids.

    kind      of the links; `shape` where the bodies' shape has another name
    member    the field of a link that bodies name, `of` which kind, `by` which field of those
    items     the key of the ids in a body, `listed` of the objects in a list
    scopes    that permit to read, add and delete; an operation without any does not exist
    show      what a list shows of a member, given the link
    unknown   what is said where a body names something that does not exist
    check     refuses a link
    released  deletes what goes with a link
    """

    kind: str
    path: str
    owners: tuple[Owner, ...]
    member: str
    of: str
    by: str
    items: str
    paging: Paging
    scopes: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    show: Callable[[Call, Document, Document], Document]
    unknown: tuple[int, str, str | None]
    shape: str = ""
    query: frozenset[str] = frozenset()
    added: Answer = _NOTHING
    feature: str = ""
    check: Callable[[Call, Document], None] = lambda _call, _link: None
    released: Callable[[Call, Document], None] = lambda _call, _link: None


def association_routes(association: Association) -> tuple[Route, ...]:
    """The list, and the POST and DELETE that take ids."""
    read, add, delete = association.scopes
    path, shape, feature = (
        association.path,
        association.shape or association.kind,
        association.feature,
    )
    routes = []
    if read:
        query = association.query | association.paging.parameters()
        listed, seed = partial(_list, association), partial(_seed, association)
        items = association.paging.items
        routes.append(Route("GET", path, read, listed, None, query, items, feature, seed))
    if add:
        handle, body = partial(_add, association), Body(shape, "add")
        routes.append(Route("POST", path, add, handle, body, feature=feature))
    if delete:
        handle, body = partial(_delete, association), Body(shape, "remove")
        routes.append(Route("DELETE", path, delete, handle, body, feature=feature))
    return tuple(routes)


def links(call: Call, kind: str, **named: str) -> list[Row]:
    """The links of a kind that name all of these objects, oldest first."""
    parent = named.get(LINKS[kind][0])
    rows = call.tenant.store.rows(kind, parent)
    rest = {field: id for field, id in named.items() if field != LINKS[kind][0]}
    return [
        row
        for row in rows
        if not rest or all(row.document.get(field) == id for field, id in rest.items())
    ]


def link(call: Call, kind: str, document: Document) -> None:
    """Stores a link; one that is there already stays as it is."""
    id = link_id(kind, document)
    if call.tenant.store.get(kind, id) is None:
        call.tenant.store.put(kind, id, document, document[LINKS[kind][0]])


def link_id(kind: str, document: Document) -> str:
    return "/".join(str(document[field]) for field in LINKS[kind])


def unlink(call: Call, field: str, id: str) -> None:
    """Deletes whatever hangs on an object that is being deleted."""
    for kind, fields in LINKS.items():
        if field in fields:
            for row in links(call, kind, **{field: id}):
                call.tenant.store.delete(kind, row.id)


def find_owners(owners: tuple[Owner, ...], call: Call) -> Document:
    """The part of a link that the path gives. Raises Refusal 404 where an owner is missing."""
    for owner in owners:
        if call.tenant.store.get(owner.kind, call.arguments[owner.argument]) is None:
            raise Refusal(404, *owner.missing)
    return {owner.field: call.arguments[owner.argument] for owner in owners}


def _list(association: Association, call: Call) -> Answer:
    fixed = find_owners(association.owners, call)
    members = {row.id: row for row in call.tenant.store.rows(association.of)}

    def shown(row: Row) -> Document:
        found = row.document
        member = members[found[association.member]].document
        return projected(call, association.show(call, member, found))

    rows = links(call, association.kind, **fixed)
    rows = [row for row in rows if row.document[association.member] in members]
    return Answer(200, page(call, association.paging, rows, shown))


def _add(association: Association, call: Call) -> Answer:
    fixed = find_owners(association.owners, call)
    for id in call.body[association.items]:
        if call.tenant.store.get(association.of, id) is None:
            raise Refusal(*association.unknown)
        found = {**fixed, association.member: id}
        association.check(call, found)
        link(call, association.kind, found)
    return association.added


def _delete(association: Association, call: Call) -> Answer:
    fixed = find_owners(association.owners, call)
    for id in call.body[association.items]:
        found = {**fixed, association.member: id}
        if call.tenant.store.delete(association.kind, link_id(association.kind, found)):
            association.released(call, found)
    return Answer(204)


def _seed(association: Association, call: Call, body: Any) -> None:
    """Objects that a list showed exist, and are linked to the owners, which exist as well."""
    store = call.tenant.store
    for owner in association.owners:
        id = call.arguments[owner.argument]
        if body is not None and store.get(owner.kind, id) is None:
            store.put(owner.kind, id, {"id": id, "name": id})
    items = body.get(association.paging.items, []) if isinstance(body, dict) else body or []
    for item in items:
        id = str(item.get(association.by))
        known = store.get(association.of, id) or {"name": id, association.by: id}
        store.put(association.of, id, {**known, **item})
        fixed = {owner.field: call.arguments[owner.argument] for owner in association.owners}
        link(call, association.kind, {**fixed, association.member: id})
