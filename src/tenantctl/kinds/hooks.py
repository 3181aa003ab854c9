"""Hooks, which Actions have replaced. Auth0 spells their names in lower case with hyphens."""

from tenantctl.kinds.hazard import LOGIN, TOKEN, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="hooks",
    shape="hooks",
    wire=collection("/hooks", Listing("/hooks", "hooks", "page"), scopes("hooks")),
    key=("name",),
    unique=("name",),
    rank=50,
    legacy="Actions with the trigger of the same name",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("triggerId",), when="create"),
        Rule(("script",), text="code", unset="illegal"),
        Rule(("dependencies",), map="open", write="replace", default={}, unset="illegal"),
        Rule(("enabled",), default=False, unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN, TOKEN), "what it permits, and what it puts into tokens, may change"),
        *safe("name"),
        Hazard((), (LOGIN,), "it runs as soon as it is there", on=("create",)),
        deleting((LOGIN, TOKEN), "what it did is not done any more"),
    ),
)
