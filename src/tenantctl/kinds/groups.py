"""Groups of users. Directories and SCIM make them; files only name them."""

from tenantctl.kinds.kind import Kind, Listing, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="groups",
    shape="groups",
    wire=collection("/groups", Listing("/groups", "groups", "take"), scopes("groups")),
    key=("name",),
    given=True,
    rank=45,
)
