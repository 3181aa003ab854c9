"""AI agents, some of them the face of a client. They are linked to it at birth only."""

from tenantctl.kinds.hazard import LOGIN, TOKEN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="agents",
    shape="agents",
    wire=collection(
        "/agents", Listing("/agents", "agents", "take"), scopes("agents"), id="agent_id"
    ),
    key=("name",),
    unique=("external_agent_id",),
    rank=38,
    replace_breaks="what knows the agent by its id",
    early="EA",
    rules=(
        Rule(("client_id",), when="create", ref=RefTo("clients", "client_id")),
        Rule(("external_agent_id",), when="create"),
        Rule(("metadata",), map="open", write="replace", default={}),
    ),
    risks=(
        anything((LOGIN,), "the agent acts as another application"),
        *safe("name", "metadata"),
        deleting((TOKEN,), "the agent is given no tokens any more"),
    ),
)
