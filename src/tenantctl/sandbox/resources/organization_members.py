"""Who belongs to an organization: members, and the roles that members and groups have in it."""

from dataclasses import replace

from tenantctl.sandbox.associations import (
    Association,
    Owner,
    association_routes,
    find_owners,
    links,
)
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.organizations import PARENT_MISSING
from tenantctl.sandbox.resources.people import (
    GROUP_MISSING,
    ROLE_MISSING,
    USER_MISSING,
    show_group,
    show_role,
    show_user,
)
from tenantctl.sandbox.service import joined
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Paging, Route

_ORGANIZATION = Owner("id", "organization_id", "organizations", PARENT_MISSING)
_NAMED = Owner("organization_id", "organization_id", "organizations", PARENT_MISSING)
_ROLE = Owner("role_id", "role_id", "roles", ROLE_MISSING)
_NO_ROLE = (400, "One or more of the specified roles do not exist.", None)
_GROUPS = Paging("groups", "only_checkpoint")
_MEMBER_ROLES = 50


def _show_member(call: Call, user: Document, found: Document) -> Document:
    """Roles are told only where `fields` asks for them."""
    shown = show_user(call, user, found)
    asked = {name.strip() for name in (call.first("fields") or "").split(",")}
    if "roles" not in asked or call.first("include_fields") == "false":
        return shown
    rows = links(call, "organization_member_roles", **found)
    roles = [call.tenant.store.get("roles", row.document["role_id"]) for row in rows]
    return {**shown, "roles": [{"id": role["id"], "name": role["name"]} for role in roles if role]}


def _release_member(call: Call, found: Document) -> None:
    for row in links(call, "organization_member_roles", **found):
        call.tenant.store.delete("organization_member_roles", row.id)


def _check_member(call: Call, found: Document) -> None:
    """Roles may be given before somebody becomes a member (recorded traffic), but not many."""
    given = links(
        call,
        "organization_member_roles",
        organization_id=found["organization_id"],
        user_id=found["user_id"],
    )
    if len(given) >= _MEMBER_ROLES:
        raise Refusal(409, "No more roles can be assigned to this organization member.")


def _check_group_role(call: Call, found: Document) -> None:
    given = links(
        call,
        "organization_group_roles",
        organization_id=found["organization_id"],
        group_id=found["group_id"],
    )
    if len(given) >= _MEMBER_ROLES:
        raise Refusal(409, "No more roles can be assigned to this organization group.")


def _list_groups(call: Call) -> Answer:
    """Groups that have a role in the organization."""
    find_owners((_NAMED,), call)
    rows = links(
        call, "organization_group_roles", organization_id=call.arguments["organization_id"]
    )
    ids = {row.document["group_id"] for row in rows}
    groups = [row for row in call.tenant.store.rows("groups") if row.id in ids]
    listed = page(call, _GROUPS, groups, lambda row: show_group(call, row.document, {}))
    return Answer(200, listed)


MEMBERS = Association(
    kind="organization_members",
    path="/organizations/{id}/members",
    owners=(_ORGANIZATION,),
    member="user_id",
    of="users",
    by="user_id",
    items="members",
    paging=Paging("members", "checkpoint", trailing=True, reach=1000),
    scopes=(
        ("read:organization_members",),
        ("create:organization_members",),
        ("delete:organization_members",),
    ),
    show=_show_member,
    unknown=(400, "One or more of the specified users do not exist.", None),
    query=frozenset({"fields", "include_fields"}),
    released=_release_member,
)

MEMBER_ROLES = Association(
    kind="organization_member_roles",
    path="/organizations/{id}/members/{user_id}/roles",
    owners=(_ORGANIZATION, Owner("user_id", "user_id", "users", USER_MISSING)),
    member="role_id",
    of="roles",
    by="id",
    items="roles",
    paging=Paging("roles"),
    scopes=(
        ("read:organization_member_roles",),
        ("create:organization_member_roles",),
        ("delete:organization_member_roles",),
    ),
    show=show_role,
    unknown=_NO_ROLE,
    check=_check_member,
)

GROUP_ROLES = Association(
    kind="organization_group_roles",
    path="/organizations/{organization_id}/groups/{group_id}/roles",
    owners=(_NAMED, Owner("group_id", "group_id", "groups", GROUP_MISSING)),
    member="role_id",
    of="roles",
    by="id",
    items="roles",
    paging=Paging("roles", "only_checkpoint"),
    scopes=(
        ("read:organization_group_roles",),
        ("create:organization_group_roles",),
        ("delete:organization_group_roles",),
    ),
    show=show_role,
    unknown=_NO_ROLE,
    check=_check_group_role,
)

ROLE_MEMBERS = Association(
    kind="organization_member_roles",
    path="/organizations/{id}/roles/{role_id}/members",
    owners=(_ORGANIZATION, _ROLE),
    member="user_id",
    of="users",
    by="user_id",
    items="members",
    paging=Paging("members", "only_checkpoint"),
    scopes=(("read:organization_member_roles",), (), ()),
    show=show_user,
    unknown=_NO_ROLE,
    query=frozenset({"fields", "include_fields"}),
)

ROLE_GROUPS = Association(
    kind="organization_group_roles",
    path="/organizations/{id}/roles/{role_id}/groups",
    owners=(_ORGANIZATION, _ROLE),
    member="group_id",
    of="groups",
    by="id",
    items="groups",
    paging=_GROUPS,
    scopes=(("read:organization_group_roles",), (), ()),
    show=show_group,
    unknown=_NO_ROLE,
)

_ROUTES = joined(
    association_routes(ROLE_MEMBERS),
    association_routes(ROLE_GROUPS),
    association_routes(MEMBERS),
    association_routes(MEMBER_ROLES),
    association_routes(GROUP_ROLES),
    [
        Route(
            "GET",
            "/organizations/{organization_id}/groups",
            ("read:organization_groups",),
            _list_groups,
            None,
            _GROUPS.parameters(),
        ),
    ],
)
ROUTES = tuple(replace(route, feature="organizations") for route in _ROUTES)
