"""When a second factor is asked for: the bare list of policies; of none of them, never."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything
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
    reach="everybody",
    risks=(
        Hazard(
            ("policies",),
            (LOCKOUT, LOGIN),
            "who has no second factor is stopped to enrol",
            when="more",
            see="secure/multi-factor-authentication/enable-mfa",
        ),
        anything(
            (LOGIN,),
            "people are asked for a second factor less often",
            "secure/multi-factor-authentication/enable-mfa",
        ),
    ),
)
