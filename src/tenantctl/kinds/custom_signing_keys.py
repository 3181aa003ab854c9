"""Public keys of the owner's own, replaced as a whole; the order of the keys means nothing."""

from tenantctl.kinds.hazard import TOKEN, anything, deleting, shrinking
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="custom_signing_keys",
    shape="custom_signing_keys",
    wire=Wire(
        read="/keys/custom-signing",
        update="PUT /keys/custom-signing",
        delete="DELETE /keys/custom-signing",
        absent=True,
        scopes=scopes("custom_signing_keys"),
    ),
    rank=12,
    rules=(
        Rule((), write="replace"),
        Rule(("keys",), list="keyed", by="kid", unset="illegal"),
        Rule(("keys", "[]", "key_ops"), list="set"),
    ),
    reach="everybody",
    risks=(
        *shrinking(("keys",), (TOKEN,), "tokens that were signed with a key that goes are refused"),
        anything((TOKEN,), "tokens that were signed with the old key are refused"),
        deleting((TOKEN,), "tokens that were signed with these keys are refused"),
    ),
)
