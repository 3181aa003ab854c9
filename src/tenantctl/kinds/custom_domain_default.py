"""Which custom domain is meant where none is named; it has to be verified."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="custom_domain_default",
    shape="custom_domain_default",
    wire=Wire(
        read="/custom-domains/default",
        update="PATCH /custom-domains/default",
        scopes=scopes("custom_domains"),
    ),
    rank=16,
    immortal=True,
    rules=(Rule(("domain",), ref=RefTo("custom_domains", "domain"), unset="illegal"),),
    reach="everybody",
    risks=(
        anything(
            (LOGIN,),
            "mails and requests that name no domain lead to another one",
            "customize/custom-domains/multiple-custom-domains",
        ),
    ),
)
