"""Flows: actions in order, some inside others. A listing shows their names alone."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="flows",
    shape="flows",
    wire=collection("/flows", Listing("/flows", "flows", "page", brief=True), scopes("flows")),
    key=("name",),
    held_by={"forms": ()},
    limit=500,
    rank=57,
    replace_breaks="every form that uses it, until the form uses the new one",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("actions",), list="ordered", default=(), unset="empty"),
        Rule(("actions", "**", "params", "connection_id"), ref=RefTo("flow_vault_connections")),
        # The parameters of a request are anybody's.
        Rule(("actions", "**", "params", "params", "connection_id")),
        Rule(("actions", "**", "params", "basic", "password"), secret=True),
    ),
    risks=(
        anything((LOGIN,), "what a form does for a sign-in changes"),
        *safe("name"),
        deleting((LOGIN,), "forms that use it fail"),
    ),
)
