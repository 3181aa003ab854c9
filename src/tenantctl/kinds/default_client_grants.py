"""What every third-party client may do with an API without a grant of its own."""

from tenantctl.kinds import client_grants
from tenantctl.kinds.hazard import TOKEN, Hazard, anything, deleting, shrinking
from tenantctl.kinds.kind import Kind, RefTo, Rule

PARTS = ("default_for", "audience", "subject_type")

KIND = Kind(
    name="default_client_grants",
    shape="client_grants",
    wire=client_grants.KIND.wire,
    key=PARTS,
    parts=PARTS,
    rank=40,
    rules=(
        Rule(("default_for",), when="create"),
        Rule(("audience",), when="create", ref=RefTo("resource_servers", "identifier")),
        Rule(("subject_type",), when="create", default="client"),
        Rule(("client_id",), when="never"),
        *client_grants.RULES,
    ),
    reach="everybody",
    risks=(
        anything((TOKEN,), "tokens are given on other terms"),
        *shrinking(("scope",), (TOKEN,), "tokens carry no scope that is taken away"),
        *shrinking(
            ("authorization_details_types",), (TOKEN,), "requests for what goes are refused"
        ),
        Hazard(("allow_all_scopes",), (), when="on"),
        Hazard(("allow_any_organization",), (), when="on"),
        deleting((TOKEN,), "who has no grant of its own is given no tokens for the API any more"),
    ),
)
