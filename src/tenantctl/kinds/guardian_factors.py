"""The factors of multi-factor authentication: on or off; read from one list, written one by one."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="guardian_factors",
    shape="guardian_factors",
    wire=Wire(
        read="",
        id="name",
        list=Listing("/guardian/factors"),
        update="PUT /guardian/factors/{0}",
        scopes=scopes("guardian_factors"),
    ),
    key=("name",),
    parts=("name",),
    fixed=True,
    values=(
        "sms",
        "push-notification",
        "otp",
        "email",
        "duo",
        "webauthn-roaming",
        "webauthn-platform",
        "recovery-code",
    ),
    rank=26,
    immortal=True,
    rules=(Rule(("name",), when="create"), Rule(("enabled",), unset="illegal", initial=False)),
    reach="everybody",
    risks=(
        Hazard(
            ("enabled",),
            (LOCKOUT, LOGIN),
            "who has enrolled nothing else cannot pass",
            when="off",
            see="secure/multi-factor-authentication/enable-mfa",
        ),
        anything(
            (LOGIN,),
            "people can be asked for it, or enrol with it",
            "secure/multi-factor-authentication/enable-mfa",
        ),
    ),
)
