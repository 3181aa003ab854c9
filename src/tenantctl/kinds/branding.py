"""Branding of the login pages."""

from tenantctl.kinds.hazard import anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="branding",
    shape="branding",
    wire=Wire(read="/branding", update="PATCH /branding", scopes=scopes("branding")),
    rank=60,
    immortal=True,
    rules=(Rule(("colors",), write="replace"), Rule(("font",), write="replace")),
    reach="everybody",
    risks=(anything((), "only looks change"),),
)
