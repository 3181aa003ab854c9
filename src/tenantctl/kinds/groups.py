"""Groups of users. Directories and SCIM make them; files only name them."""

from tenantctl.kinds.kind import Kind, Listing, Wire

KIND = Kind(
    name="groups",
    shape="groups",
    wire=Wire(
        read="/groups/{id}",
        list=Listing("/groups", "groups", "take"),
        absent=True,
        scopes={"read": "read:groups"},
    ),
    key=("name",),
    given=True,
    rank=45,
)
