"""What the phone factor sends; both texts are written at once."""

from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

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
        Rule(("*",), text="liquid", unset="illegal"),
    ),
)
