"""What clients that register themselves are like, and which of them a profile is for."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

WHOLE = ("apply_policy", "client_configuration")
"""Structures of which nobody knows whether an update merges or replaces them: sent whole."""

KIND = Kind(
    name="client_profiles",
    shape="client_profiles",
    wire=collection(
        "/client-profiles",
        Listing("/client-profiles", "client_profiles", "take"),
        scopes("client_profiles"),
    ),
    key=("name",),
    rank=28,
    early="EA",
    rules=tuple(Rule((name,), write="replace", unset="illegal") for name in WHOLE),
    risks=(
        anything((LOGIN,), "applications that follow it work in another way"),
        *safe("name", "description"),
        deleting((LOGIN,), "applications that follow it lose what it says"),
    ),
)
