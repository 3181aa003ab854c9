"""When a second factor is asked for: the bare list of policies; of none of them, never."""

from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_policies",
    shape="guardian_policies",
    wire=Wire(
        read="/guardian/policies",
        update="PUT /guardian/policies",
        scopes=scopes("mfa_policies"),
    ),
    body="policies",
    after=("guardian_factors",),
    rank=29,
    immortal=True,
    rules=(Rule(("policies",), list="set", default=(), unset="empty"),),
)
