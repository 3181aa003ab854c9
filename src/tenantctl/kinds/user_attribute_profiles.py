"""Which attributes users of self-made connections have, and where they come from."""

from tenantctl.kinds.hazard import anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
USER_ID = {
    "oidc_mapping": "sub",
    "saml_mapping": [f"{CLAIMS}nameidentifier", f"{CLAIMS}upn", f"{CLAIMS}name"],
    "scim_mapping": "externalId",
}
"""What Auth0 fills in where nobody says what identifies a user (recorded traffic 6)."""

KIND = Kind(
    name="user_attribute_profiles",
    shape="user_attribute_profiles",
    wire=collection(
        "/user-attribute-profiles",
        Listing("/user-attribute-profiles", "user_attribute_profiles", "take", 10),
        scopes("user_attribute_profiles"),
    ),
    key=("name",),
    rank=18,
    early="EA",
    replace_breaks="the self-service profiles and express configurations that use it",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("user_attributes",), map="open", write="replace", unset="illegal"),
        Rule(("user_id",), write="replace", default=USER_ID),
    ),
    reach="nobody",
    risks=(
        anything((), "only connections that are made with it later differ"),
        deleting((), "connections that were made with it stay as they are"),
    ),
)
