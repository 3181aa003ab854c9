"""Event streams. Where they lead is fixed, but for a webhook; what authorizes there is hidden."""

from tenantctl.kinds.hazard import LOSS, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

FIXED = ("destination.type", ("eventbridge", "action"))
CONFIGURATION = ("destination", "configuration")
AUTHORIZATION = (*CONFIGURATION, "webhook_authorization")
SECRETS = {"token": "bearer", "password": "basic", "header_value": "custom_header"}
"""What authorizes with a webhook, and by which method."""

KIND = Kind(
    name="event_streams",
    shape="event_streams",
    wire=collection(
        "/event-streams",
        Listing("/event-streams", "eventStreams", "take"),
        scopes("event_streams"),
    ),
    key=("name",),
    unique=("name",),
    rank=71,
    calls=((*CONFIGURATION, "webhook_endpoint"),),
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("status",), default="enabled", unset="illegal"),
        Rule(("subscriptions",), list="keyed", by="event_type", default=(), unset="empty"),
        Rule(("destination",), write="replace", unset="illegal"),
        Rule(("destination",), FIXED, write="replace", when="create"),
        Rule(("destination", "type"), when="create"),
        Rule((*CONFIGURATION, "*"), FIXED, when="create"),
        Rule((*CONFIGURATION, "action_id"), when="create", ref=RefTo("actions")),
        Rule((*CONFIGURATION, "aws_partner_event_source"), when="never", read="volatile"),
        *(
            Rule(
                (*AUTHORIZATION, name),
                read="absent",
                secret=True,
                sure_by=(".".join((*AUTHORIZATION, "method")), (method,)),
            )
            for name, method in SECRETS.items()
        ),
    ),
    reach="nobody",
    risks=(
        anything((LOSS,), "events that go elsewhere, or nowhere, do not come again"),
        *safe("name"),
        Hazard(("subscriptions",), (LOSS,), "events of these types are not sent", when="less"),
        *safe("subscriptions", when="more"),
        deleting((LOSS,), "events until it is there again are not sent"),
    ),
)
