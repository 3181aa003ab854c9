"""The groups whose members have a role in the whole tenant."""

from tenantctl.kinds.hazard import TOKEN, deleting, shrinking
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="role_groups",
    shape="role_groups",
    wire=Wire(
        read="/roles/{parent}/groups",
        list=Listing("/roles/{parent}/groups", "groups", "take"),
        create="POST /roles/{parent}/groups",
        delete="DELETE /roles/{parent}/groups",
        scopes=scopes("group_roles"),
    ),
    authored_in=("roles", "groups"),
    members="groups",
    rank=45,
    procedure="links",
    rules=(
        Rule(("groups",), list="set"),
        Rule(("groups", "[]"), ref=RefTo("groups")),
    ),
    risks=(
        *shrinking(("groups",), (TOKEN,), "members of a group that goes lose the role"),
        deleting((TOKEN,), "members of a group that goes lose the role"),
    ),
)
