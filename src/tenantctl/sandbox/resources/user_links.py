"""What a user has: roles, permissions, organizations, groups, and accounts elsewhere."""

from collections.abc import Callable

from tenantctl.sandbox.associations import Association, Owner, association_routes, links
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal, invalid_query
from tenantctl.sandbox.resources.organizations import ORGANIZATIONS, PARENT_MISSING
from tenantctl.sandbox.resources.people import (
    ROLE_MISSING,
    USER_MISSING,
    existing_user,
    show_group,
    show_role,
)
from tenantctl.sandbox.resources.scope_grants import (
    ScopeGrants,
    described,
    permission_id,
    scope_grant_routes,
)
from tenantctl.sandbox.service import joined, require, view
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Paging, Route

_ORGANIZATIONS = Paging("organizations")
_GROUPS = Paging("groups", "checkpoint")
_EFFECTIVE_ROLES = Paging("roles", "only_checkpoint")
_SOURCE_GROUPS = Paging("groups", "only_checkpoint")
_EFFECTIVE_PERMISSIONS = Paging("permissions", "only_checkpoint")

# How somebody comes to have something, by its id: `direct`, and `groups` or `roles`.
Sources = dict[str, list[str]]


def _list_organizations(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    rows = links(call, "organization_members", user_id=user["user_id"])
    ids = {row.document["organization_id"] for row in rows}
    found = [row for row in call.tenant.store.rows("organizations") if row.id in ids]

    def shown(row: Row) -> Document:
        return view(ORGANIZATIONS, call, row.document)

    return Answer(200, page(call, _ORGANIZATIONS, found, shown))


def _list_groups(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    found = _groups(call, user["user_id"])
    return Answer(200, page(call, _GROUPS, found, lambda row: show_group(call, row.document, {})))


def _groups(call: Call, user: str) -> list[Row]:
    ids = {row.document["group_id"] for row in links(call, "group_members", user_id=user)}
    return [row for row in call.tenant.store.rows("groups") if row.id in ids]


def _direct_roles(call: Call, user: str) -> list[str]:
    return [row.document["role_id"] for row in links(call, "user_roles", user_id=user)]


def _user_sources(call: Call, user: str) -> Sources:
    """Roles of a user by id: had directly, or through groups."""
    found: Sources = {}
    for row in links(call, "user_roles", user_id=user):
        found.setdefault(row.document["role_id"], []).append("direct")
    for group in _groups(call, user):
        for row in links(call, "group_roles", group_id=group.id):
            _note(found, row.document["role_id"], "groups")
    return found


def _member_sources(call: Call, organization: str, user: str) -> Sources:
    """Roles of a member of an organization by id: had directly, or through groups."""
    found: Sources = {}
    for row in links(call, "organization_member_roles", organization_id=organization, user_id=user):
        found.setdefault(row.document["role_id"], []).append("direct")
    for group in _groups(call, user):
        for row in links(
            call, "organization_group_roles", organization_id=organization, group_id=group.id
        ):
            _note(found, row.document["role_id"], "groups")
    return found


def _note(sources: Sources, id: str, how: str) -> None:
    if how not in sources.setdefault(id, []):
        sources[id].append(how)


def _list_effective_roles(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    return _answer_roles(call, _user_sources(call, user["user_id"]))


def _list_member_roles(call: Call) -> Answer:
    organization = call.arguments["id"]
    require(call, "organizations", organization, Refusal(404, *PARENT_MISSING))
    user = existing_user(call, call.arguments["user_id"])
    return _answer_roles(call, _member_sources(call, organization, user["user_id"]))


def _answer_roles(call: Call, sources: Sources) -> Answer:
    rows = [row for row in call.tenant.store.rows("roles") if row.id in sources]

    def shown(row: Row) -> Document:
        role = row.document
        told = {"id": row.id, "name": role["name"], "description": role.get("description", "")}
        return {**told, "sources": sources[row.id]}

    return Answer(200, page(call, _EFFECTIVE_ROLES, rows, shown))


def _list_source_groups(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])
    role = _asked(call, "role_id")
    require(call, "roles", role, Refusal(404, *ROLE_MISSING))
    return _answer_groups(call, user["user_id"], "group_roles", role_id=role)


def _list_member_source_groups(call: Call) -> Answer:
    organization = call.arguments["id"]
    require(call, "organizations", organization, Refusal(404, *PARENT_MISSING))
    user = existing_user(call, call.arguments["user_id"])
    named = {"organization_id": organization, "role_id": _asked(call, "role_id")}
    return _answer_groups(call, user["user_id"], "organization_group_roles", **named)


def _answer_groups(call: Call, user: str, kind: str, **named: str) -> Answer:
    ids = {row.document["group_id"] for row in links(call, kind, **named)}
    rows = [row for row in _groups(call, user) if row.id in ids]
    listed = page(call, _SOURCE_GROUPS, rows, lambda row: show_group(call, row.document, {}))
    return Answer(200, listed)


def _list_effective_permissions(call: Call) -> Answer:
    user = existing_user(call, call.arguments["id"])["user_id"]
    wanted = _asked(call, "resource_server_identifier")
    sources: Sources = {}
    rows: dict[str, Row] = {}
    held = {"direct": call.tenant.store.rows("user_permissions", user)}
    held["roles"] = [
        row
        for role in _user_sources(call, user)
        for row in call.tenant.store.rows("role_permissions", role)
    ]
    for how, found in held.items():
        for row in found:
            if row.document["resource_server_identifier"] == wanted:
                key = permission_id("", row.document)
                rows.setdefault(key, row)
                _note(sources, key, how)
    ordered = sorted(rows.values(), key=lambda row: row.sequence)

    def shown(row: Row) -> Document:
        how = sources[permission_id("", row.document)]
        return {**described(call, row.document), "sources": how}

    return Answer(200, page(call, _EFFECTIVE_PERMISSIONS, ordered, shown))


def _list_permission_roles(call: Call) -> Answer:
    """Through which roles a user has a permission."""
    user = existing_user(call, call.arguments["id"])["user_id"]
    names = ("resource_server_identifier", "permission_name")
    wanted = {name: _asked(call, name) for name in names}
    sources = {
        role: how
        for role, how in _user_sources(call, user).items()
        if call.tenant.store.get("role_permissions", permission_id(role, wanted))
    }
    return _answer_roles(call, sources)


def _asked(call: Call, name: str) -> str:
    found = call.first(name)
    if not found:
        raise invalid_query(f"Missing required property: {name}")
    return found


ROLES = Association(
    kind="user_roles",
    path="/users/{id}/roles",
    owners=(Owner("id", "user_id", "users", USER_MISSING),),
    member="role_id",
    of="roles",
    by="id",
    items="roles",
    paging=Paging("roles"),
    scopes=(
        ("read:users", "read:roles", "read:role_members"),
        ("update:users", "create:role_members"),
        ("update:users", "delete:role_members"),
    ),
    show=show_role,
    unknown=(404, *ROLE_MISSING),
)

PERMISSIONS = ScopeGrants(
    kind="user_permissions",
    path="/users/{id}/permissions",
    owner="users",
    missing=USER_MISSING,
    read=("read:users",),
    write=("update:users",),
    roles=_direct_roles,
)

_USER = "/users/{id}"
_MEMBER = "/organizations/{id}/members/{user_id}"
_API = "resource_server_identifier"
# Path, scope, what answers, how it is paged, and the query parameters beside those that page.
_READS: tuple[tuple[str, str, Callable[[Call], Answer], Paging, frozenset[str]], ...] = (
    (
        f"{_USER}/organizations",
        "read:organizations",
        _list_organizations,
        _ORGANIZATIONS,
        frozenset(),
    ),
    (
        f"{_USER}/groups",
        "read:groups",
        _list_groups,
        _GROUPS,
        frozenset({"fields", "include_fields"}),
    ),
    (
        f"{_USER}/effective-roles",
        "read:user_effective_roles",
        _list_effective_roles,
        _EFFECTIVE_ROLES,
        frozenset(),
    ),
    (
        f"{_USER}/effective-roles/sources/groups",
        "read:user_role_source_groups",
        _list_source_groups,
        _SOURCE_GROUPS,
        frozenset({"role_id"}),
    ),
    (
        f"{_USER}/effective-permissions",
        "read:user_effective_permissions",
        _list_effective_permissions,
        _EFFECTIVE_PERMISSIONS,
        frozenset({_API}),
    ),
    (
        f"{_USER}/effective-permissions/sources/effective-roles",
        "read:user_permission_source_roles",
        _list_permission_roles,
        _EFFECTIVE_ROLES,
        frozenset({_API, "permission_name"}),
    ),
    (
        f"{_MEMBER}/effective-roles",
        "read:organization_member_effective_roles",
        _list_member_roles,
        _EFFECTIVE_ROLES,
        frozenset(),
    ),
    (
        f"{_MEMBER}/effective-roles/sources/groups",
        "read:organization_member_role_source_groups",
        _list_member_source_groups,
        _SOURCE_GROUPS,
        frozenset({"role_id"}),
    ),
)

ROUTES = joined(
    association_routes(ROLES),
    scope_grant_routes(PERMISSIONS),
    [
        Route("GET", path, (scope,), handle, None, paging.parameters() | query, paging.items)
        for path, scope, handle, paging, query in _READS
    ],
)
