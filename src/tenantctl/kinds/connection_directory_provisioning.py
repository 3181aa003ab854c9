"""How users and groups of a directory that Auth0 reads come into a connection."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

PATH = "/connections/{parent}/directory-provisioning"

KIND = Kind(
    name="connection_directory_provisioning",
    shape="connection_directory_provisioning",
    wire=Wire(
        read=PATH,
        create=f"POST {PATH}",
        update=f"PATCH {PATH}",
        delete=f"DELETE {PATH}",
        every=Listing("/connections-directory-provisionings", "directory_provisionings", "take"),
        owner="connection_id",
        scopes=scopes("directory_provisionings"),
    ),
    authored_in=("connections", "directory_provisioning"),
    rank=35,
    replace_breaks="the groups that were chosen to be synchronized",
    rules=(
        Rule(("mapping",), list="keyed", by="auth0", value="idp", write="replace", unset="illegal"),
        Rule(("synchronize_automatically",), default=False, unset="illegal"),
        Rule(("synchronize_groups",), default="off", unset="illegal"),
    ),
    risks=(
        anything((LOGIN,), "profiles are filled with other attributes"),
        deleting((LOGIN,), "profiles and groups are no longer kept up to date"),
    ),
)
