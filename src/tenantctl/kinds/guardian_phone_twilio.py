"""The account at Twilio of the phone factor; its token is shown in clear, and sent as a whole."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_phone_twilio",
    shape="guardian_phone_twilio",
    wire=Wire(
        read="/guardian/factors/phone/providers/twilio",
        update="PUT /guardian/factors/phone/providers/twilio",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=27,
    immortal=True,
    rules=(
        Rule((), write="replace"),
        Rule(("auth_token",), secret=True),
    ),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no code arrives"),),
)
