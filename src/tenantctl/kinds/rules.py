"""Rules, which run at a login; Actions have replaced them."""

from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="rules",
    shape="rules",
    wire=collection("/rules", Listing("/rules", "rules", "page"), scopes("rules")),
    key=("name",),
    unique=("name",),
    rank=49,
    legacy="Actions with the trigger post-login",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("script",), text="code", unset="illegal"),
        Rule(("order",), unset="illegal"),
        Rule(("enabled",), default=True, unset="illegal"),
        Rule(("stage",), when="never"),
    ),
)
