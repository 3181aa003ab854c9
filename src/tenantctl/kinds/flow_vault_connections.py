"""What flows connect to. How a connection is set up is never shown again (api-behaviour 2.1)."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

SECRETS = (
    "api_key",
    "client_secret",
    "code",
    "password",
    "private_key",
    "secret_key",
    "token",
    "url",
    "value",
)
"""`url` is where a webhook listens: whoever has it may post there."""

KIND = Kind(
    name="flow_vault_connections",
    shape="flow_vault_connections",
    wire=collection(
        "/flows/vault/connections",
        Listing("/flows/vault/connections", "connections", "page"),
        scopes("flows_vault_connections"),
    ),
    key=("name",),
    held_by={"flows": ()},
    rank=56,
    calls=tuple(("setup", name) for name in ("url", "base_url", "token_endpoint")),
    replace_breaks="every flow that uses it, until the flow uses the new one",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("app_id",), when="create"),
        Rule(("setup",), write="replace", unset="illegal"),
        Rule(("setup", "*"), read="absent"),
        *(Rule(("setup", name), read="absent", secret=True) for name in SECRETS),
    ),
    risks=(
        anything((LOGIN,), "flows fail where what they call does not agree"),
        *safe("name"),
        deleting((LOGIN,), "flows that use it fail"),
    ),
)
