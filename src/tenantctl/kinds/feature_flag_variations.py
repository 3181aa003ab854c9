"""Variations of a feature flag: which of its parameters have another value."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/experimentation/feature-flags/{parent}/variations"

KIND = Kind(
    name="feature_flag_variations",
    shape="feature_flag_variations",
    wire=collection(PATH, Listing(PATH, "variations"), scopes("experimentation")),
    key=("name",),
    authored_in=("feature_flags", "variations"),
    rank=82,
    early="beta",
    rules=(Rule(("overrides",), map="open", write="replace"),),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other people are shown another way to sign in"),
        *safe("name", "description"),
        deleting((LOGIN,), "other people are shown another way to sign in"),
    ),
)
