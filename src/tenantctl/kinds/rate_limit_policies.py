"""Limits of the authentication API by client; a configuration is one of several, and complete."""

from tenantctl.kinds.hazard import LOGIN, TOKEN, Hazard, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="rate_limit_policies",
    shape="rate_limit_policies",
    wire=collection(
        "/rate-limit-policies",
        Listing("/rate-limit-policies", "rate_limit_policies", "take"),
        scopes("rate_limit_policies"),
    ),
    key=("resource", "consumer", "consumer_selector"),
    rank=75,
    early="EA",
    rules=(
        *(Rule((name,), when="create") for name in ("resource", "consumer", "consumer_selector")),
        Rule(("configuration",), map="open", write="replace", unset="illegal"),
    ),
    implied={"resource": "oauth_authentication_api", "consumer": "client"},
    reach="everybody",
    risks=(
        anything((LOGIN, TOKEN), "beyond another limit requests are refused"),
        Hazard((), (LOGIN, TOKEN), "beyond the limit requests are refused", on=("create",)),
        deleting((LOGIN, TOKEN), "the limits of the subscription hold"),
    ),
)
