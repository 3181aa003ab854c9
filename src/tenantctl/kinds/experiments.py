"""Experiments: variations of a feature flag, allotted by weight or by segment."""

from tenantctl.kinds.hazard import AT_ONCE, LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/experimentation/experiments"

KIND = Kind(
    name="experiments",
    shape="experiments",
    wire=collection(PATH, Listing(PATH, "experiments", "take", 50), scopes("experimentation")),
    key=("name",),
    unique=("name",),
    rank=83,
    early="beta",
    rules=(
        Rule(("feature_flag_id",), when="create", ref=RefTo("feature_flags")),
        Rule(("allocation_strategy",), when="create", default="percentage"),
        Rule(("allocations",), list="keyed", by="variation_id", default=()),
        Rule(("allocations", "[]", "variation_id"), ref=RefTo("feature_flag_variations")),
        Rule(("allocations", "[]", "segment_id"), ref=RefTo("segments")),
        Rule(("levels",), list="ordered"),
        Rule(("status",), when="update", default="draft", unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other people are shown another way to sign in", on=AT_ONCE),
        *safe("name", "description"),
        deleting((LOGIN,), "other people are shown another way to sign in"),
    ),
)
