"""How SCIM makes users of an enterprise connection; an update names everything."""

from tenantctl.kinds.hazard import LOGIN, LOSS, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

PATH = "/connections/{parent}/scim-configuration"

SCIM = "authenticate/protocols/scim/configure-inbound-scim"

KIND = Kind(
    name="connection_scim_configuration",
    shape="connection_scim_configuration",
    wire=Wire(
        read=PATH,
        create=f"POST {PATH}",
        update=f"PATCH {PATH}",
        delete=f"DELETE {PATH}",
        every=Listing("/connections-scim-configurations", "scim_configurations", "take"),
        owner="connection_id",
        scopes=scopes("scim_config"),
    ),
    authored_in=("connections", "scim_configuration"),
    rank=35,
    rules=(
        Rule((), write="replace"),
        Rule(("user_id_attribute",), unset="illegal", initial="externalId"),
        Rule(("mapping",), list="keyed", by="auth0", value="scim", unset="illegal"),
    ),
    risks=(
        anything((LOGIN,), "profiles are filled with other attributes", SCIM),
        deleting((LOSS,), "provisioning stops, and its tokens cannot be had again", SCIM),
    ),
)
