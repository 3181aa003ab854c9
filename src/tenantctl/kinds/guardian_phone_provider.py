"""What delivers messages of the phone factor; the older paths below `sms` lead to the same."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_phone_provider",
    shape="guardian_phone_provider",
    wire=Wire(
        read="/guardian/factors/phone/selected-provider",
        update="PUT /guardian/factors/phone/selected-provider",
        scopes=scopes("guardian_factors"),
    ),
    after=(
        "guardian_factors",
        "guardian_phone_twilio",
    ),
    rank=28,
    immortal=True,
    rules=(Rule(("provider",), unset="illegal"),),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no code arrives"),),
)
