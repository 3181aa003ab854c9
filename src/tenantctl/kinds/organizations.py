"""Organizations. What they use is written inside them; metadata is replaced as a whole."""

from tenantctl.kinds.hazard import (
    API,
    LOCKOUT,
    LOGIN,
    LOSS,
    TOKEN,
    Hazard,
    anything,
    deleting,
    safe,
)
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

WHOLE = ("branding", "token_quota")
"""Structures of which nobody knows whether an update merges or replaces them: sent whole."""

KIND = Kind(
    name="organizations",
    shape="organizations",
    wire=collection(
        "/organizations",
        Listing("/organizations", "organizations", "take"),
        scopes("organizations"),
    ),
    key=("name",),
    unique=("name",),
    rank=46,
    replace_breaks="memberships, invitations and every login through the organization",
    rules=(
        Rule(("metadata",), map="open", write="replace", default={}),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("third_party_client_access",), default="block"),
        Rule(("is_app_entitlement_active",), default=False),
        Rule(("enabled_connections",), when="never"),
    ),
    reach="counted",
    risks=(
        anything((LOGIN,), "signing in to it works in another way"),
        *safe("display_name", "branding"),
        Hazard(
            ("is_app_entitlement_active",),
            (LOCKOUT, LOGIN),
            "members get into those applications only that are granted to the organization",
            when="on",
            see="manage-users/organizations/configure-organizations/grant-application-access",
        ),
        Hazard(
            ("name",),
            (LOGIN, TOKEN),
            "people type it to sign in, and tokens may carry it",
            see="manage-users/organizations/configure-organizations/create-organizations",
        ),
        Hazard(("metadata",), (LOGIN,), "Actions read it, and may decide by it"),
        Hazard(("token_quota",), (TOKEN,), "beyond the quota tokens are refused"),
        deleting(
            (LOSS, LOCKOUT),
            "memberships and invitations go; nobody can sign in through it",
            f"{API}/organizations/delete-organizations-by-id",
        ),
    ),
)
