"""How long the codes sent by e-mail are, and how long they hold; written as a whole."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_email_settings",
    shape="guardian_email_settings",
    wire=Wire(
        read="/guardian/factors/email/settings",
        update="PUT /guardian/factors/email/settings",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=28,
    immortal=True,
    rules=(
        Rule((), write="replace"),
        Rule(("*",), unset="illegal"),
    ),
    reach="everybody",
    risks=(anything((LOGIN,), "codes are longer, shorter or expire sooner"),),
)
