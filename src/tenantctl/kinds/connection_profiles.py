"""What connections that customers set up themselves are made with."""

from tenantctl.kinds.hazard import anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

WHOLE = (
    "cross_app_access_resource_app",
    "organization",
    "provisioning",
    "strategy_overrides",
)
"""Structures of which nobody knows whether an update merges or replaces them: sent whole, which
is right either way."""

KIND = Kind(
    name="connection_profiles",
    shape="connection_profiles",
    wire=collection(
        "/connection-profiles",
        Listing("/connection-profiles", "connection_profiles", "take", 10),
        scopes("connection_profiles"),
    ),
    key=("name",),
    rank=20,
    replace_breaks="the express configurations of applications that use it",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("enabled_features",), list="set"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("connection_config",), map="open", write="replace"),
        Rule(("strategy_overrides", "*", "enabled_features"), list="set"),
        Rule(("strategy_overrides", "*", "connection_config"), map="open"),
        Rule(("**", "scim", "tokens", "scopes"), list="set"),
        Rule(("cross_app_access_resource_app", "status", "allowed_values"), list="set"),
    ),
    reach="nobody",
    risks=(
        anything((), "only connections that are made with it later differ"),
        deleting((), "connections that were made with it stay as they are"),
    ),
)
