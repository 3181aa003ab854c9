"""Rules, which run at a login; Actions have replaced them."""

from tenantctl.kinds.hazard import LOGIN, TOKEN, Hazard, anything, deleting, safe
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
    reach="everybody",
    risks=(
        anything((LOGIN, TOKEN), "what it permits, and what it puts into tokens, may change"),
        *safe("name"),
        Hazard((), (LOGIN, TOKEN), "it decides over every sign-in", on=("create",)),
        deleting((LOGIN, TOKEN), "what it did for a sign-in or a token is not done any more"),
    ),
)
