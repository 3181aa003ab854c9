"""How a screen is rendered: by Auth0, or by a page of one's own (ACUL)."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, Hazard, anything
from tenantctl.kinds.kind import Kind, Listing, Rule, Wire
from tenantctl.kinds.scopes import scopes

STANDARD = {
    "rendering_mode": "standard",
    "context_configuration": [],
    "default_head_tags_disabled": False,
    "head_tags": [],
    "filters": None,
    "use_page_template": False,
}

KIND = Kind(
    name="prompt_rendering",
    shape="prompt_rendering",
    wire=Wire(
        read="/prompts/{0}/screen/{1}/rendering",
        update="PATCH /prompts/{0}/screen/{1}/rendering",
        every=Listing("/prompts/rendering", "configs", "page"),
        scopes=scopes("prompts"),
    ),
    parts=("prompt", "screen"),
    fixed=True,
    after=("custom_domains",),
    rank=66,
    empty=STANDARD,
    rules=(
        Rule(("rendering_mode",), default="standard"),
        Rule(("context_configuration",), list="set", default=()),
        Rule(("default_head_tags_disabled",), default=False),
        Rule(("head_tags",), list="ordered", default=()),
        Rule(("head_tags", "[]", "attributes"), map="open"),
        Rule(("use_page_template",), default=False),
        Rule(("filters",), write="replace"),
        *(Rule(("filters", name), list="set") for name in ("clients", "organizations", "domains")),
    ),
    reach="everybody",
    risks=(
        anything((LOGIN,), "the page is drawn by other code"),
        Hazard(("rendering_mode",), (LOCKOUT, LOGIN), "code of your own draws the page, or not"),
    ),
)
