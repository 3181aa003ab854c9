"""Actions. What is deployed is state to compare: whoever declares an action wants it deployed."""

from tenantctl.kinds.kind import Hooks, Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Json


def read(document: Json) -> Json:
    """Deployed means: some version is, and the draft is no newer."""
    deployed = bool(document.get("deployed_version")) and document.get("all_changes_deployed")
    return {**document, "deployed": bool(deployed)}


def write(fields: Json) -> Json:
    """`deployed` is not a field of the API but a request of its own."""
    return {k: v for k, v in fields.items() if k != "deployed"}


KIND = Kind(
    name="actions",
    shape="actions",
    wire=collection(
        "/actions/actions",
        Listing("/actions/actions", "actions", "page"),
        scopes("actions"),
    ),
    key=("name",),
    rank=50,
    limit=100,
    procedure="deploy",
    rules=(
        Rule(("supported_triggers",), list="keyed", by="id", value="version", write="replace"),
        Rule(("code",), text="code"),
        Rule(("dependencies",), list="keyed", by="name", value="version", default=()),
        Rule(("secrets",), list="keyed", by="name", value="value", default=()),
        Rule(("secrets", "[]", "value"), read="absent", secret=True),
        Rule(("modules",), list="keyed", by="module_name", default=()),
        Rule(("runtime",), default="node22"),
        Rule(("deploy",), when="never"),
    ),
    implied={"deployed": True},
    hooks=Hooks(read=read, write=write),
)
