"""Network access lists, known by their description."""

from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

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
        Rule(("priority",), default=50),
        Rule(("rule",), write="replace"),
        Rule(("rule", "match", "*"), list="set"),
        Rule(("rule", "not_match", "*"), list="set"),
        Rule(("deleted_at",), when="never"),
        Rule(("tenant_id",), when="never"),
    ),
)
