"""Whether the phone factor sends texts or calls; the factor has to be on (api-behaviour 2.11)."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_phone_message_types",
    shape="guardian_phone_message_types",
    wire=Wire(
        read="/guardian/factors/phone/message-types",
        update="PUT /guardian/factors/phone/message-types",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=28,
    immortal=True,
    rules=(Rule(("message_types",), list="set", default=(), unset="empty"),),
    reach="everybody",
    risks=(
        Hazard(
            ("message_types",),
            (LOCKOUT, LOGIN),
            "who can only be reached that way cannot pass",
            when="less",
        ),
        anything((LOGIN,), "codes come in another way"),
    ),
)
