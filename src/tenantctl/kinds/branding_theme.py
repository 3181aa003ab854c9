"""The one theme of Universal Login; the API takes it as a whole only."""

from tenantctl.kinds.hazard import anything, deleting
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="branding_theme",
    shape="branding_themes",
    wire=Wire(
        read="/branding/themes/default",
        id="themeId",
        create="POST /branding/themes",
        update="PATCH /branding/themes/{id}",
        delete="DELETE /branding/themes/{id}",
        absent=True,
        scopes=scopes("branding", create="update:branding"),
    ),
    rank=61,
    rules=(
        Rule((), write="replace"),
        Rule(("*",), unset="illegal"),  # what an update may leave out stays
        Rule(("identifiers",), default={}, unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((), "only looks change"),
        deleting((), "only looks change"),
    ),
)
