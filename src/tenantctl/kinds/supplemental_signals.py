"""Whether signals that a proxy adds to requests are read."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="supplemental_signals",
    shape="supplemental_signals",
    wire=Wire(
        read="/supplemental-signals",
        update="PATCH /supplemental-signals",
        scopes=scopes("attack_protection"),
    ),
    rank=25,
    immortal=True,
    early="EA",
    rules=(Rule(("akamai_enabled",), unset="illegal", initial=False),),
    reach="everybody",
    risks=(anything((LOGIN,), "Actions and policies judge sign-ins otherwise"),),
)
