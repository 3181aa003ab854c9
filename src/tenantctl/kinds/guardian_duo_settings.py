"""The account at Duo; its secret key is shown in clear (api-behaviour 2.1)."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_duo_settings",
    shape="guardian_duo_settings",
    wire=Wire(
        read="/guardian/factors/duo/settings",
        update="PATCH /guardian/factors/duo/settings",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=27,
    immortal=True,
    rules=(
        Rule(("skey",), secret=True, unset="illegal"),
        Rule(("ikey",), unset="illegal"),
        Rule(("host",), unset="illegal"),
    ),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if Duo does not agree, nobody passes with it"),),
)
