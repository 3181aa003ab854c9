"""The permissions of a role: authored as API key to list of scopes."""

from tenantctl.kinds.hazard import TOKEN, deleting, shrinking
from tenantctl.kinds.kind import Hooks, Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Json


def unfold(authored: Json) -> Json:
    """`{orders: [read:orders]}` becomes one element for each pair."""
    permissions = authored.get("permissions")
    if not isinstance(permissions, dict):
        return authored
    pairs = [(api, scope) for api, names in permissions.items() for scope in names or ()]
    return {
        "permissions": [
            {"resource_server_identifier": api, "permission_name": scope} for api, scope in pairs
        ]
    }


def fold(authored: Json) -> Json:
    """The inverse, where every API is a plain key."""
    items = authored.get("permissions", [])
    if not all(isinstance(item["resource_server_identifier"], str) for item in items):
        return authored
    folded: dict[str, list[str]] = {}
    for item in items:
        folded.setdefault(item["resource_server_identifier"], []).append(item["permission_name"])
    return {"permissions": folded}


KIND = Kind(
    name="role_permissions",
    shape="role_permissions",
    wire=Wire(
        read="/roles/{parent}/permissions",
        list=Listing("/roles/{parent}/permissions", "permissions", "page"),
        create="POST /roles/{parent}/permissions",
        delete="DELETE /roles/{parent}/permissions",
        chunk=100,
        scopes=scopes("roles", create="update:roles", delete="update:roles"),
    ),
    authored_in=("roles", "permissions"),
    members="permissions",
    rank=44,
    procedure="links",
    rules=(
        Rule(("permissions",), list="set"),
        Rule(
            ("permissions", "[]", "resource_server_identifier"),
            ref=RefTo("resource_servers", "identifier"),
        ),
    ),
    hooks=Hooks(unfold=unfold, fold=fold),
    risks=(
        *shrinking(
            ("permissions",),
            (TOKEN,),
            "tokens of whoever has the role lose permissions",
            "manage-users/access-control/rbac",
        ),
        deleting((TOKEN,), "tokens of whoever has the role lose permissions"),
    ),
)
