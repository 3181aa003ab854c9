"""Keys by which network ACLs check signatures; made once, and never shown again."""

from tenantctl.kinds.hazard import LOCKOUT, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

PATH = "/keys/network-acls"

KIND = Kind(
    name="network_acl_keys",
    shape="network_acl_keys",
    wire=Wire(
        read=f"{PATH}/{{id}}",
        list=Listing(PATH, "keys"),
        create=f"POST {PATH}",
        delete=f"DELETE {PATH}/{{id}}",
        absent=True,
        scopes=scopes("network_acls"),
    ),
    key=("name",),
    unique=("name",),
    rank=73,
    early="EA",
    replace_breaks="requests signed with the old key, wherever an ACL asks for a signature",
    rules=(
        Rule(("name",), when="create"),
        Rule(("alg",), when="create"),
        Rule(
            ("value",),
            when="create",
            read="absent",
            secret=True,
            sure_by=("", ()),
            told_by=("fingerprint",),
        ),
    ),
    reach="everybody",
    risks=(
        anything((LOCKOUT,), "requests that are signed with the old key are refused"),
        *safe("name"),
        deleting((LOCKOUT,), "requests that are signed with it are refused"),
    ),
)
