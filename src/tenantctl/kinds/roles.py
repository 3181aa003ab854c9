"""Roles, of the tenant or of one organization; their permissions and groups are associations."""

from tenantctl.kinds.hazard import LOSS, TOKEN, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="roles",
    shape="roles",
    wire=collection("/roles", Listing("/roles", "roles", "page"), scopes("roles")),
    key=("name",),
    unique=("name",),
    rank=42,
    limit=1000,
    replace_breaks="every assignment of the role to users",
    rules=(
        Rule(("description",), default=""),
        Rule(("type",), when="create", default="tenant"),
        Rule(("owner_id",), when="create", ref=RefTo("organizations")),
    ),
    risks=(
        *safe("name", "description"),
        deleting(
            (TOKEN, LOSS),
            "whoever has it loses its permissions; who had it is not known any more",
            "manage-users/access-control/rbac",
        ),
    ),
)
