"""The groups of a directory that are synchronized, by their ids there; 100 at a time."""

from tenantctl.kinds.hazard import TOKEN, deleting, shrinking
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

PATH = "/connections/{parent}/directory-provisioning/synchronized-groups"

KIND = Kind(
    name="connection_synchronized_groups",
    shape="connection_synchronized_groups",
    wire=Wire(
        read=PATH,
        list=Listing(PATH, "groups", "take"),
        create=f"POST {PATH}",
        delete=f"DELETE {PATH}",
        chunk=100,
        scopes=scopes("directory_provisionings"),
    ),
    authored_in=("connections", "synchronized_groups"),
    members="groups",
    after=("connection_directory_provisioning",),
    rank=36,
    procedure="links",
    rules=(
        Rule(("groups",), list="keyed", by="id"),
        Rule(("groups", "[]", "*"), when="never"),
        Rule(("groups", "[]", "id")),
    ),
    risks=(
        *shrinking(("groups",), (TOKEN,), "who is in a group that goes loses what it grants"),
        deleting((TOKEN,), "who is in a group that goes loses what it grants"),
    ),
)
