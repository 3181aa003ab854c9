"""Which client grants may be used with an organization; one request for each."""

from tenantctl.kinds.hazard import TOKEN, deleting, shrinking
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="organization_client_grants",
    shape="organization_client_grants",
    wire=Wire(
        read="/organizations/{parent}/client-grants",
        member="grant_id",
        list=Listing("/organizations/{parent}/client-grants", "client_grants", "page"),
        create="POST /organizations/{parent}/client-grants",
        delete="DELETE /organizations/{parent}/client-grants/{member}",
        scopes=scopes("organization_client_grants"),
    ),
    authored_in=("organizations", "client_grants"),
    members="grants",
    rank=48,
    procedure="members",
    rules=(
        Rule(("grants",), list="set"),
        Rule(("grants", "[]"), ref=RefTo("client_grants")),
    ),
    risks=(
        *shrinking(
            ("grants",),
            (TOKEN,),
            "applications are given no tokens for the organization",
            "manage-users/organizations/organizations-for-m2m-applications",
        ),
        deleting((TOKEN,), "applications are given no tokens for the organization"),
    ),
)
