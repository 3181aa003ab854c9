"""How often a second factor is asked for on one browser; written as a whole."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_settings",
    shape="guardian_settings",
    wire=Wire(
        read="/guardian/settings",
        update="PUT /guardian/settings",
        scopes=scopes("guardian_factors"),
    ),
    rank=28,
    immortal=True,
    rules=(
        Rule((), write="replace"),
        Rule(("*",), unset="illegal"),
    ),
    reach="everybody",
    risks=(anything((LOGIN,), "people are asked again after another time"),),
)
