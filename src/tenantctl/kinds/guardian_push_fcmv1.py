"""Push notifications through Google; nothing of it can be read."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_push_fcmv1",
    shape="guardian_push_fcmv1",
    wire=Wire(
        read="",
        update="PATCH /guardian/factors/push-notification/providers/fcmv1",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=27,
    immortal=True,
    rules=(Rule(("server_credentials",), read="absent", secret=True),),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no notification arrives"),),
)
