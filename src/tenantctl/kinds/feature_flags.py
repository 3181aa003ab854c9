"""Feature flags of experiments: parameters with their types and usual values."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/experimentation/feature-flags"

KIND = Kind(
    name="feature_flags",
    shape="feature_flags",
    wire=collection(PATH, Listing(PATH, "feature_flags", "take", 50), scopes("experimentation")),
    key=("name",),
    unique=("name",),
    held_by={"experiments": ()},
    rank=81,
    early="beta",
    rules=(
        Rule(("parameters",), map="open", write="replace"),
        Rule(("parameters", "*", "value"), write="replace"),
        Rule(("status",), when="update", default="draft", unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other people are shown another way to sign in"),
        *safe("name", "description"),
        deleting((LOGIN,), "other people are shown another way to sign in"),
    ),
)
