"""Roles: their permissions, the users and groups that have them. Groups themselves are provisioned.

Groups come from directories and SCIM, so the API only reads and deletes them.
"""

from tenantctl.sandbox import identity
from tenantctl.sandbox.associations import Association, Owner, association_routes, unlink
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.people import (
    GROUP_MISSING,
    ROLE_MISSING,
    USER_MISSING,
    show_group,
    show_role,
    show_user,
)
from tenantctl.sandbox.resources.scope_grants import ScopeGrants, scope_grant_routes
from tenantctl.sandbox.service import collection_routes, joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Collection, Paging, limits


def _show(call: Call, document: Document) -> Document:
    return document if call.method == "POST" else {"description": "", **document}


def _check(call: Call, new: Document, old: Document) -> None:
    """A role of an organization names the organization that owns it."""
    owner = new.get("owner_id")
    if owner is not None and owner != old.get("owner_id"):
        require(call, "organizations", owner, Refusal(400, "The organization does not exist."))


def _cascade(call: Call, role: Document) -> None:
    unlink(call, "role_id", role["id"])


def _cascade_group(call: Call, group: Document) -> None:
    unlink(call, "group_id", group["id"])


def _matches_group(call: Call, group: Document) -> bool:
    wanted = (call.first("search") or "").lower()
    return wanted in str(group.get("name", "")).lower()


ROLES = Collection(
    name="roles",
    path="/roles",
    mint=identity.prefixed("rol_", 16),
    noun="roles",
    paging=Paging("roles"),
    missing=ROLE_MISSING,
    create_status=200,
    delete_missing=True,
    deleted=lambda _call: Answer(200, {}),
    query=("name_filter",),
    matches=lambda call, role: (call.first("name_filter") or "").lower() in role["name"].lower(),
    unique=(("name", "The role name {name} is already in use"),),
    limits=limits({"name": {"minLength": 1}}),
    check=_check,
    show=_show,
    cascade=_cascade,
)

GROUPS = Collection(
    name="groups",
    path="/groups",
    mint=identity.prefixed("grp_", 22),
    noun="groups",
    paging=Paging("groups", "checkpoint"),
    missing=GROUP_MISSING,
    delete_missing=True,
    filters=(
        ("connection_id", "connection_id"),
        ("external_id", "external_id"),
        ("name", "name"),
    ),
    matches=_matches_group,
    cascade=_cascade_group,
    operations=frozenset({"list", "get", "delete"}),
)

_ROLE = Owner("id", "role_id", "roles", ROLE_MISSING)
_GROUP = Owner("id", "group_id", "groups", GROUP_MISSING)

ROLE_USERS = Association(
    kind="user_roles",
    shape="role_users",
    path="/roles/{id}/users",
    owners=(_ROLE,),
    member="user_id",
    of="users",
    by="user_id",
    items="users",
    paging=Paging("users", "checkpoint"),
    scopes=(
        ("read:users", "read:roles", "read:role_members"),
        ("update:roles", "create:role_members"),
        (),
    ),
    show=show_user,
    unknown=(404, *USER_MISSING),
    added=Answer(200, {}),
)

ROLE_GROUPS = Association(
    kind="group_roles",
    shape="role_groups",
    path="/roles/{id}/groups",
    owners=(_ROLE,),
    member="group_id",
    of="groups",
    by="id",
    items="groups",
    paging=Paging("groups", "only_checkpoint"),
    scopes=(("read:group_roles",), ("create:group_roles",), ("delete:group_roles",)),
    show=show_group,
    unknown=(404, *GROUP_MISSING),
)

GROUP_ROLES = Association(
    kind="group_roles",
    path="/groups/{id}/roles",
    owners=(_GROUP,),
    member="role_id",
    of="roles",
    by="id",
    items="roles",
    paging=Paging("roles", "only_checkpoint"),
    scopes=(("read:group_roles",), ("create:group_roles",), ("delete:group_roles",)),
    show=show_role,
    unknown=(404, *ROLE_MISSING),
)

GROUP_MEMBERS = Association(
    kind="group_members",
    path="/groups/{id}/members",
    owners=(_GROUP,),
    member="user_id",
    of="users",
    by="id",
    items="members",
    paging=Paging("members", "only_checkpoint"),
    scopes=(("read:group_members",), (), ()),
    show=lambda call, user, link: {
        "type": "user",
        "connection_id": (call.tenant.store.get("groups", link["group_id"]) or {}).get(
            "connection_id"
        ),
        "id": user["user_id"],
    },
    unknown=(404, *USER_MISSING),
    query=frozenset({"fields", "include_fields"}),
)

PERMISSIONS = ScopeGrants(
    kind="role_permissions",
    path="/roles/{id}/permissions",
    owner="roles",
    missing=ROLE_MISSING,
    read=("read:roles",),
    write=("update:roles",),
)

ROUTES = joined(
    collection_routes(ROLES),
    collection_routes(GROUPS),
    association_routes(ROLE_USERS),
    association_routes(ROLE_GROUPS),
    association_routes(GROUP_ROLES),
    association_routes(GROUP_MEMBERS),
    scope_grant_routes(PERMISSIONS),
)
