"""Push notifications through Amazon SNS; the secret key is never shown again."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_push_sns",
    shape="guardian_push_sns",
    wire=Wire(
        read="/guardian/factors/push-notification/providers/sns",
        update="PATCH /guardian/factors/push-notification/providers/sns",
        scopes=scopes("guardian_factors"),
    ),
    after=("guardian_factors",),
    rank=27,
    immortal=True,
    rules=(
        Rule(
            ("aws_secret_access_key",),
            read="absent",
            secret=True,
            sure_by=("aws_access_key_id", ()),
        ),
    ),
    reach="everybody",
    risks=(anything((LOCKOUT, LOGIN), "if the provider does not agree, no notification arrives"),),
)
