"""The domains of e-mail addresses by which an organization is found, each with its status."""

from tenantctl.kinds.hazard import AT_ONCE, LOGIN, Hazard, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="organization_discovery_domains",
    shape="organization_discovery_domains",
    wire=Wire(
        read="/organizations/{parent}/discovery-domains",
        member="id",
        list=Listing("/organizations/{parent}/discovery-domains", "domains", "take"),
        create="POST /organizations/{parent}/discovery-domains",
        update="PATCH /organizations/{parent}/discovery-domains/{member}",
        delete="DELETE /organizations/{parent}/discovery-domains/{member}",
        scopes=scopes("organization_discovery_domains"),
    ),
    authored_in=("organizations", "discovery_domains"),
    members="domains",
    rank=47,
    procedure="members",
    rules=(
        Rule(("domains",), list="keyed", by="domain"),
        Rule(("domains", "[]", "domain"), when="create"),
        Rule(("domains", "[]", "status"), default="pending"),
        Rule(("domains", "[]", "use_for_organization_discovery"), default=True),
    ),
    risks=(
        Hazard(
            ("domains",), (LOGIN,), "people are sent to another organization to sign in", on=AT_ONCE
        ),
        deleting((LOGIN,), "people are no longer sent to the organization by their domain"),
    ),
)
