"""What the phone factor sends; both texts are written at once."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

CODE = "{{code}} is your verification code for {{tenant.friendly_name}}"
INITIAL = {
    "enrollment_message": f"{CODE}. Please enter this code to verify your enrollment.",
    "verification_message": CODE,
}
"""The texts of a new tenant, by the API document."""

KIND = Kind(
    name="guardian_phone_templates",
    shape="guardian_phone_templates",
    wire=Wire(
        read="/guardian/factors/phone/templates",
        update="PUT /guardian/factors/phone/templates",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_phone_provider",),
    rank=29,
    immortal=True,
    rules=(
        Rule((), write="replace"),
        *(
            Rule((name,), text="liquid", unset="illegal", initial=text)
            for name, text in INITIAL.items()
        ),
    ),
    reach="everybody",
    risks=(anything((LOGIN,), "the message that holds the code is another one"),),
)
