"""Custom domains: created at once, ready when the world's DNS says so: state to compare."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, TOKEN, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Output, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="custom_domains",
    shape="custom_domains",
    wire=collection(
        "/custom-domains",
        Listing("/custom-domains"),
        scopes("custom_domains"),
        id="custom_domain_id",
    ),
    key=("domain",),
    held_by={"custom_domain_default": ()},
    rank=15,
    procedure="verify",
    outputs=(Output("CUSTOM_DOMAIN_{key}", "domain", only=(("status", "ready"),), host=True),),
    replace_breaks="every login page and token issuer under the domain, until DNS is set up again",
    rules=(
        Rule(("domain",), when="create"),
        Rule(("type",), when="create"),
        Rule(("verification_method",), when="create", read="absent"),
        Rule(("status",)),  # no body has it, but it is compared
        Rule(("domain_metadata",), map="open"),
        Rule(("tls_policy",), default="recommended"),
        Rule(("verification",), when="never", read="volatile"),
        Rule(("certificate",), when="never", read="volatile"),
    ),
    implied={"status": "ready"},
    reach="everybody",
    risks=(
        anything((LOGIN,), "people reach the login page in another way"),
        *safe("domain_metadata", "status"),
        Hazard(("tls_policy",), (LOGIN,), "old browsers and devices may not connect"),
        Hazard(("relying_party_identifier",), (LOCKOUT,), "passkeys of the old domain do not fit"),
        deleting(
            (LOCKOUT, TOKEN),
            "nobody reaches the login page there; tokens of that issuer are refused",
            "customize/custom-domains",
        ),
    ),
)
