"""What the tenant asks of a verifiable credential that somebody presents."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/verifiable-credentials/verification/templates"

KIND = Kind(
    name="verifiable_credential_templates",
    shape="verifiable_credential_templates",
    wire=collection(PATH, Listing(PATH, "templates", "take"), scopes("vdcs_templates")),
    key=("name",),
    rank=80,
    rules=(
        Rule(("custom_certificate_authority",), when="create"),
        Rule(("presentation",), write="replace"),
        Rule(("version",), when="never"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "people are asked for other credentials"),
        *safe("name"),
        deleting((LOGIN,), "nobody is asked for the credential any more"),
    ),
)
