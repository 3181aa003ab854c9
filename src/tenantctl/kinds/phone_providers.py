"""The phone provider of a tenant: one at most; its credentials are never shown."""

from tenantctl.kinds.hazard import AT_ONCE, LOCKOUT, LOGIN, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="phone_providers",
    shape="branding_phone_providers",
    wire=collection(
        "/branding/phone/providers",
        Listing("/branding/phone/providers", "providers"),
        scopes("phone_providers"),
    ),
    key=("name",),
    rank=68,
    limit=1,
    rules=(
        Rule(("disabled",), default=False),
        Rule(("configuration",), write="replace"),
        Rule(("configuration", "delivery_methods"), list="set"),
        Rule(("credentials",), write="replace", unset="illegal", sure_by=("", ())),
        Rule(
            ("credentials", "auth_token"),
            read="absent",
            secret=True,
            unset="illegal",
            sure_by=("name", ("twilio",)),
        ),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "messages that people sign in with may not arrive", on=AT_ONCE),
        *safe("name"),
        Hazard(("disabled",), (LOCKOUT, LOGIN), "no messages are sent", when="on"),
        deleting((LOCKOUT, LOGIN), "no messages are sent"),
    ),
)
