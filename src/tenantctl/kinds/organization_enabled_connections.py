"""Which connections an organization has, and how they behave in it; one request for each."""

from tenantctl.kinds.hazard import AT_ONCE, LOCKOUT, LOGIN, Hazard, deleting
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="organization_enabled_connections",
    shape="organization_enabled_connections",
    wire=Wire(
        read="/organizations/{parent}/enabled_connections",
        list=Listing("/organizations/{parent}/enabled_connections", "enabled_connections", "page"),
        create="POST /organizations/{parent}/enabled_connections",
        update="PATCH /organizations/{parent}/enabled_connections/{member}",
        delete="DELETE /organizations/{parent}/enabled_connections/{member}",
        scopes=scopes("organization_connections"),
    ),
    authored_in=("organizations", "connections"),
    members="connections",
    rank=47,
    procedure="members",
    rules=(
        Rule(("connections",), list="keyed", by="connection_id"),
        Rule(("connections", "[]", "connection_id"), when="create", ref=RefTo("connections")),
        Rule(("connections", "[]", "assign_membership_on_login"), default=False),
        Rule(("connections", "[]", "is_signup_enabled"), default=False),
        Rule(("connections", "[]", "show_as_button"), default=True),
    ),
    risks=(
        Hazard(
            ("connections",),
            (LOCKOUT, LOGIN),
            "members who sign in with it are shut out",
            when="less",
            see="manage-users/organizations/configure-organizations/enable-connections",
        ),
        Hazard(
            ("connections",),
            (LOGIN,),
            "members sign in, or become members, in another way",
            on=AT_ONCE,
            see="manage-users/organizations/configure-organizations/grant-just-in-time-membership",
        ),
        deleting((LOCKOUT, LOGIN), "members who sign in with it are shut out"),
    ),
)
