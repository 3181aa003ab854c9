"""Whether logins are assessed for risk."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="risk_assessment_settings",
    shape="risk_assessment_settings",
    wire=Wire(
        read="/risk-assessments/settings",
        update="PATCH /risk-assessments/settings",
        scopes=scopes("attack_protection"),
    ),
    rank=25,
    immortal=True,
    rules=(Rule(("enabled",), unset="illegal", initial=False),),
    reach="everybody",
    risks=(anything((LOGIN,), "Actions and policies judge sign-ins otherwise"),),
)
