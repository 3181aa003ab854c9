"""Push notifications through Apple; the certificate is never shown again (api-behaviour 2.1)."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_push_apns",
    shape="guardian_push_apns",
    wire=Wire(
        read="/guardian/factors/push-notification/providers/apns",
        update="PATCH /guardian/factors/push-notification/providers/apns",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=27,
    immortal=True,
    rules=(
        Rule(("sandbox",), unset="illegal", default=False),
        Rule(("p12",), read="absent", secret=True, sure_by=("bundle_id", ())),
    ),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no notification arrives"),),
)
