"""For how many days a device is a known one."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="risk_assessment_new_device",
    shape="risk_assessment_new_device",
    wire=Wire(
        read="/risk-assessments/settings/new-device",
        update="PATCH /risk-assessments/settings/new-device",
        scopes=scopes("attack_protection"),
    ),
    rank=25,
    immortal=True,
    rules=(Rule(("remember_for",), unset="illegal", initial=30),),
    reach="everybody",
    risks=(anything((LOGIN,), "Actions and policies judge sign-ins otherwise"),),
)
