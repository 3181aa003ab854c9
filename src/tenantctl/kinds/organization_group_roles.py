"""The roles that the members of a group have in one organization."""

from tenantctl.kinds.hazard import TOKEN, deleting, shrinking
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

PATH = "/organizations/{parent}/groups/{other}/roles"

KIND = Kind(
    name="organization_group_roles",
    shape="organization_group_roles",
    wire=Wire(
        read=PATH,
        list=Listing(PATH, "roles", "take"),
        others=Listing("/organizations/{parent}/groups", "groups", "take"),
        create=f"POST {PATH}",
        delete=f"DELETE {PATH}",
        scopes=scopes("organization_group_roles", others="read:organization_groups"),
    ),
    parts=("organization", "group"),
    parents=("organizations", "groups"),
    members="roles",
    rank=49,
    procedure="links",
    rules=(
        Rule(("roles",), list="set"),
        Rule(("roles", "[]"), ref=RefTo("roles")),
    ),
    risks=(
        *shrinking(("roles",), (TOKEN,), "members of the group lose the role"),
        deleting((TOKEN,), "members of the group lose the role"),
    ),
)
