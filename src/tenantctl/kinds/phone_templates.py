"""What the phone provider sends; without words of its own a template has Auth0's."""

from tenantctl.kinds.hazard import AT_ONCE, LOGIN, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="phone_templates",
    shape="branding_phone_templates",
    wire=collection(
        "/branding/phone/templates",
        Listing("/branding/phone/templates", "templates"),
        scopes("phone_templates"),
    ),
    key=("type",),
    parts=("type",),
    fixed=True,
    values=("otp_verify", "otp_enroll", "change_password", "blocked_account", "password_breach"),
    after=("phone_providers",),
    rank=69,
    rules=(
        Rule(("type",), when="create"),
        Rule(("disabled",), default=False),
        Rule(("content",), unset="illegal"),  # without words of its own it has Auth0's
        Rule(("content", "syntax"), when="create", default="liquid"),
        Rule(("content", "body", "*"), text="liquid"),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "the message that holds the code is another one", on=AT_ONCE),
        deleting((LOGIN,), "the message is Auth0's own"),
    ),
)
