"""Settings of the login prompts."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="prompts",
    shape="prompts_settings",
    wire=Wire(read="/prompts", update="PATCH /prompts", scopes=scopes("prompts")),
    rank=63,
    immortal=True,
    rules=(
        Rule(("universal_login_experience",), default="new", unset="illegal"),
        Rule(("identifier_first",), default=False),
        Rule(("webauthn_platform_first_factor",), default=False),
    ),
    reach="everybody",
    risks=(
        anything(
            (LOGIN,),
            "people are asked in another order, or on other pages",
            "authenticate/login/auth0-universal-login/identifier-first",
        ),
    ),
)
