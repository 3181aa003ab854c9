"""Network access lists, known by their description; no two have the same priority."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

SIGNED = tuple(("rule", side, "http_message_signature") for side in ("match", "not_match"))

ACL = "secure/tenant-access-control-list"

KIND = Kind(
    name="network_acls",
    shape="network_acls",
    wire=collection(
        "/network-acls",
        Listing("/network-acls", "network_acls", "page"),
        scopes("network_acls"),
    ),
    key=("description",),
    unique=("priority",),
    rank=74,
    rules=(
        *(Rule((name,), unset="illegal") for name in ("description", "active")),
        Rule(("priority",), default=50, unset="illegal"),
        Rule(("rule",), write="replace", unset="illegal"),
        Rule(("rule", "match", "*"), list="set"),
        Rule(("rule", "not_match", "*"), list="set"),
        *(Rule(path) for path in SIGNED),
        *(Rule((*path, "keys"), list="keyed", by="id") for path in SIGNED),
        *(Rule((*path, "keys", "[]", "id"), ref=RefTo("network_acl_keys")) for path in SIGNED),
        Rule(("deleted_at",), when="never"),
        Rule(("tenant_id",), when="never"),
    ),
    reach="everybody",
    risks=(
        anything((LOCKOUT,), "it lets other requests through, yours perhaps not among them", ACL),
        Hazard((), (), "it is not active", on=("create",)),
        Hazard(
            ("active",),
            (LOCKOUT,),
            "it refuses requests, yours perhaps among them",
            on=("create", "update"),
            when="on",
            see=ACL,
        ),
        Hazard(("active",), (LOGIN,), "requests come through that were stopped", see=ACL),
        deleting((LOCKOUT,), "if it let requests through, the next rule may refuse them", ACL),
    ),
)
