"""What delivers push notifications: Auth0 Guardian, Amazon SNS, or Apple and Google directly."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_push_provider",
    shape="guardian_push_provider",
    wire=Wire(
        read="/guardian/factors/push-notification/selected-provider",
        update="PUT /guardian/factors/push-notification/selected-provider",
        scopes=scopes("guardian_factors"),
    ),
    after=(
        "guardian_factors",
        "guardian_push_apns",
        "guardian_push_fcm",
        "guardian_push_fcmv1",
        "guardian_push_sns",
    ),
    rank=28,
    immortal=True,
    rules=(Rule(("provider",), unset="illegal"),),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no notification arrives"),),
)
