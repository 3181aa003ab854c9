"""Segments of experiments: who belongs to them, by rules of which one must fit."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/experimentation/segments"

KIND = Kind(
    name="segments",
    shape="segments",
    wire=collection(PATH, Listing(PATH, "segments", "take", 50), scopes("experimentation")),
    key=("name",),
    unique=("name",),
    held_by={"experiments": ()},
    rank=82,
    early="beta",
    rules=(
        Rule(("rules",), list="ordered"),
        Rule(("status",), when="update", default="active", unset="illegal"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other people are shown another way to sign in"),
        *safe("name", "description"),
        deleting((LOGIN,), "other people are shown another way to sign in"),
    ),
)
