"""Which tokens of others may be exchanged for ours, and the action that decides."""

from tenantctl.kinds.hazard import TOKEN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="token_exchange_profiles",
    shape="token_exchange_profiles",
    wire=collection(
        "/token-exchange-profiles",
        Listing("/token-exchange-profiles", "token_exchange_profiles", "take"),
        scopes("token_exchange_profiles"),
    ),
    key=("name",),
    unique=("subject_token_type",),
    rank=57,
    limit=100,
    early="EA",
    rules=(
        Rule(("type",), when="create"),
        Rule(("action_id",), when="create", ref=RefTo("actions")),
        Rule(("subject_token_type",), unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((TOKEN,), "tokens are exchanged on other terms"),
        *safe("name"),
        deleting((TOKEN,), "tokens of that type are exchanged no more"),
    ),
)
