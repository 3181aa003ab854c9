"""Log streams; some sinks show their key in clear, some mask it, some are fixed for life."""

from tenantctl.kinds.hazard import LOSS, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes
from tenantctl.model import ABSENT

CLEAR_SECRETS = ("datadogApiKey", "httpAuthorization", "splunkToken", "segmentWriteKey")
FIXED_SINKS = ("eventbridge", "eventgrid")

PRIORITY = ("isPriority", ("true",))
SECURITY = {"type": "category", "name": "security"}
"""What a stream with priority is filtered by where nobody says it (recorded traffic 6)."""

LOGS = "customize/log-streams"

KIND = Kind(
    name="log_streams",
    shape="log_streams",
    wire=collection("/log-streams", Listing("/log-streams"), scopes("log_streams")),
    key=("name",),
    rank=72,
    smoke="active",
    calls=(("sink", "httpEndpoint"), ("sink", "splunkDomain")),
    rules=(
        Rule(("type",), when="create"),
        Rule(("startFrom",), when="create", read="absent"),
        Rule(("status",), when="update", default="active"),
        Rule(("isPriority",), default=False),
        Rule(("filters",), list="set", default=()),
        Rule(("filters",), PRIORITY, list="set", default=(), initial=(SECURITY,)),
        Rule(("pii_config",), write="replace"),
        Rule(("pii_config", "log_fields"), list="set"),
        Rule(("sink",), write="replace"),
        Rule(("sink",), ("type", FIXED_SINKS), write="replace", when="create"),
        Rule(("sink", "*"), ("type", FIXED_SINKS), when="create"),
        Rule(("sink", "httpCustomHeaders"), list="ordered"),
        *(Rule(("sink", name), secret=True) for name in CLEAR_SECRETS),
        Rule(("sink", "mixpanelServiceAccountPassword"), read="masked", secret=True),
        Rule(("sink", "awsPartnerEventSource"), when="never", read="volatile"),
        Rule(("sink", "azurePartnerTopic"), when="never", read="volatile"),
    ),
    reach="nobody",
    risks=(
        anything((LOSS,), "logs that go elsewhere, or nowhere, do not come again", LOGS),
        *safe("name", "isPriority"),
        Hazard(("filters",), (), to=([], (), None, ABSENT)),
        Hazard(("filters",), (LOSS,), "logs that no filter names are not sent", see=LOGS),
        Hazard(("status",), (), to=("active",)),
        deleting((LOSS,), "logs until it is there again are not sent", LOGS),
    ),
)
