"""Which clients may use a connection; written through its own endpoint, 50 at a time."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="connection_clients",
    shape="connection_clients",
    wire=Wire(
        read="/connections/{parent}/clients",
        list=Listing("/connections/{parent}/clients", "clients", "take", 1000),
        update="PATCH /connections/{parent}/clients",
        chunk=50,
        scopes=scopes("connections"),
    ),
    authored_in=("connections", "clients"),
    members="clients",
    rank=36,
    procedure="switch",
    rules=(
        Rule(("clients",), list="set"),
        Rule(("clients", "[]"), ref=RefTo("clients", "client_id")),
    ),
    risks=(
        Hazard(
            ("clients",),
            (LOCKOUT, LOGIN),
            "nobody can sign in to them with the connection",
            when="less",
        ),
        Hazard(("clients",), (LOGIN,), "people can sign in to further applications with it"),
    ),
)
