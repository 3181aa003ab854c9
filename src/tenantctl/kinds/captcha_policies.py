"""Which CAPTCHA is shown to whom; the policies hold in the order of their priorities."""

from tenantctl.kinds.attack_protection import CAPTCHA_SECRETS
from tenantctl.kinds.hazard import LOGIN, Hazard, anything, deleting, safe
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

PATH = "/attack-protection/captcha/policies"

KIND = Kind(
    name="captcha_policies",
    shape="captcha_policies",
    wire=collection(
        PATH,
        Listing(PATH),
        scopes(
            "attack_protection",
            create="update:attack_protection",
            delete="update:attack_protection",
        ),
    ),
    key=("name",),
    unique=("priority",),
    after=("attack_protection",),
    rank=26,
    early="EA",
    rules=(
        Rule(("name",), unset="illegal"),
        Rule(("priority",), unset="illegal"),
        Rule(("match",), write="replace", unset="illegal"),
        Rule(("match", "*"), list="set"),
        Rule(("action",), write="replace", unset="illegal"),
        *(
            Rule(
                ("action", *path),
                read="absent",
                secret=True,
                sure_by=(f"action.{path[0]}.site_key", ()),
            )
            for path in CAPTCHA_SECRETS
        ),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "other people are shown a captcha"),
        *safe("name", "description"),
        Hazard((), (LOGIN,), "more people are shown a captcha", on=("create",)),
        deleting((LOGIN,), "other people are shown a captcha"),
    ),
)
