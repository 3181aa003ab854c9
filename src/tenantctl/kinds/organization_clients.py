"""Which clients belong to an organization: ten in a request, at most 100, those that go first."""

from tenantctl.kinds.hazard import AT_ONCE, LOCKOUT, LOGIN, Hazard, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="organization_clients",
    shape="organization_clients",
    wire=Wire(
        read="/organizations/{parent}/clients",
        list=Listing("/organizations/{parent}/clients", "clients", "take"),
        create="POST /organizations/{parent}/clients",
        update="PATCH /organizations/{parent}/clients/{member}",
        delete="DELETE /organizations/{parent}/clients",
        chunk=10,
        scopes=scopes("organization_clients"),
    ),
    authored_in=("organizations", "clients"),
    members="clients",
    rank=48,
    procedure="links",
    early="EA",
    rules=(
        Rule(("clients",), list="keyed", by="client_id"),
        Rule(("clients", "[]", "client_id"), when="create", ref=RefTo("clients", "client_id")),
    ),
    risks=(
        Hazard(("clients",), (LOCKOUT, LOGIN), "members cannot get into it", when="less"),
        anything((LOGIN,), "members get into other applications", on=AT_ONCE),
        deleting((LOCKOUT, LOGIN), "members cannot get into it"),
    ),
)
