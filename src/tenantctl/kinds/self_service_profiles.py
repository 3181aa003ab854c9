"""How customers set up their own connections; attributes of their own or a profile's, not both."""

from tenantctl.kinds.hazard import anything, deleting
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="self_service_profiles",
    shape="self_service_profiles",
    wire=collection(
        "/self-service-profiles",
        Listing("/self-service-profiles", "self_service_profiles", "page"),
        scopes("self_service_profiles"),
    ),
    key=("name",),
    limit=20,
    rank=22,
    replace_breaks="the tickets that were given to customers",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("allowed_strategies",), list="set"),
        Rule(("branding",), write="replace"),
        Rule(
            ("user_attributes",),
            list="keyed",
            by="name",
            write="replace",
            default=(),
            bars="user_attribute_profile_id",
        ),
        Rule(
            ("user_attribute_profile_id",),
            ref=RefTo("user_attribute_profiles"),
            bars="user_attributes",
        ),
    ),
    reach="nobody",
    risks=(
        anything((), "only connections that are made with it later differ"),
        deleting((), "connections that were made with it stay as they are"),
    ),
)
