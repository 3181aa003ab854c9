"""Forms: nodes in order, with flows among them. A listing shows their names alone.

Nobody knows whether an update merges what is inside a form or replaces it: it is sent whole, which
is right either way.
"""

from tenantctl.kinds.hazard import LOGIN, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, RefTo, Rule, collection
from tenantctl.kinds.scopes import scopes

SECRETS = (("secret_key",), ("server_key",), ("access_token",), ("credentials", "private_key"))
"""Of components of a step: what reCAPTCHA, maps, credentials and payments are opened with."""

WHOLE = ("messages", "languages", "start", "style")

KIND = Kind(
    name="forms",
    shape="forms",
    wire=collection("/forms", Listing("/forms", "forms", "page", brief=True), scopes("forms")),
    key=("name",),
    limit=500,
    rank=58,
    rules=(
        Rule(("name",), unset="illegal"),
        *(Rule((name,), write="replace") for name in WHOLE),
        Rule(("messages", "custom"), map="open"),
        Rule(("messages", "errors"), map="open"),
        Rule(("translations",), map="open", write="replace"),
        Rule(("start", "hidden_fields"), list="ordered"),
        Rule(("nodes",), list="ordered", default=()),
        Rule(("nodes", "[]", "config", "flow_id"), ref=RefTo("flows")),
        *(Rule(("nodes", "**", "config", *name), secret=True) for name in SECRETS),
        Rule(("ending",), write="replace", default={"resume_flow": True}),
        Rule(("ending", "after_submit", "flow_id"), ref=RefTo("flows")),
    ),
    risks=(
        anything((LOGIN,), "people are shown and asked something else on their way in"),
        *safe("name"),
        deleting((LOGIN,), "an action that shows it fails"),
    ),
)
