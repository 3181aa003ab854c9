"""Organizations. What they use is written inside them; metadata is replaced as a whole."""

from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

WHOLE = ("branding", "token_quota")
"""Structures of which nobody knows whether an update merges or replaces them: sent whole."""

KIND = Kind(
    name="organizations",
    shape="organizations",
    wire=collection(
        "/organizations",
        Listing("/organizations", "organizations", "take"),
        scopes("organizations"),
    ),
    key=("name",),
    unique=("name",),
    rank=46,
    replace_breaks="memberships, invitations and every login through the organization",
    rules=(
        Rule(("metadata",), map="open", write="replace", default={}),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("third_party_client_access",), default="block"),
        Rule(("is_app_entitlement_active",), default=False),
        Rule(("enabled_connections",), when="never"),
    ),
)
