"""What a client may do with an API, for itself (`client`) or for a user (`user`)."""

from tenantctl.kinds.hazard import TOKEN, Hazard, anything, deleting, shrinking
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

RULES = (
    Rule(("scope",), list="set", default=()),
    Rule(("authorization_details_types",), list="set", default=()),
    Rule(("allow_any_organization",), default=False),
    Rule(("allow_all_scopes",), default=False, ahead={"scope": []}),
    Rule(("is_system",), when="never"),
)
"""What is so of every grant."""

KIND = Kind(
    name="client_grants",
    shape="client_grants",
    wire=collection(
        "/client-grants",
        Listing("/client-grants", "client_grants", "take"),
        scopes("client_grants"),
    ),
    key=("client_id", "audience", "subject_type"),
    parts=("client_id", "audience", "subject_type"),
    rank=40,
    rules=(
        Rule(("client_id",), when="create", ref=RefTo("clients", "client_id")),
        Rule(("audience",), when="create", ref=RefTo("resource_servers", "identifier")),
        Rule(("subject_type",), when="create", default="client"),
        Rule(("default_for",), when="never"),
        *RULES,
    ),
    risks=(
        anything((TOKEN,), "tokens are given on other terms"),
        *shrinking(("scope",), (TOKEN,), "tokens carry no scope that is taken away"),
        *shrinking(
            ("authorization_details_types",), (TOKEN,), "requests for what goes are refused"
        ),
        Hazard(("allow_all_scopes",), (), when="on"),
        Hazard(("allow_any_organization",), (), when="on"),
        deleting((TOKEN,), "the application is given no tokens for the API any more"),
    ),
)
