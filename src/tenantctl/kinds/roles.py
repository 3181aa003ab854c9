"""Roles; their permissions are an association of their own."""

from tenantctl.kinds.kind import Kind, Listing, Rule, collection
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
    rules=(Rule(("description",), default=""),),
)
