"""What rules are configured with: a listing shows the keys, nothing ever shows the values."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="rules_configs",
    shape="rules_configs",
    wire=Wire(
        read="",
        id="key",
        list=Listing("/rules-configs"),
        update="PUT /rules-configs/{0}",
        delete="DELETE /rules-configs/{0}",
        scopes=scopes("rules_configs", create="update:rules_configs"),
    ),
    parts=("key",),
    fixed=True,
    rank=48,
    legacy="the secrets of an action",
    rules=(Rule(("value",), read="absent", secret=True, unset="illegal", sure_by=("", ())),),
    reach="everybody",
    risks=(
        anything((LOGIN,), "rules read it, and may decide by it"),
        deleting((LOGIN,), "rules that read it fail"),
    ),
)
