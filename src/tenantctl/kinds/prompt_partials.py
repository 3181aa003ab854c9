"""Partials of a prompt: Liquid at insertion points of its screens, replaced as a whole."""

from tenantctl.kinds.hazard import LOGIN, anything
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="prompt_partials",
    shape="prompt_partials",
    wire=Wire(
        read="/prompts/{0}/partials",
        update="PUT /prompts/{0}/partials",
        scopes=scopes("prompts"),
    ),
    parts=("prompt",),
    fixed=True,
    values=(
        "login",
        "login-id",
        "login-password",
        "login-passwordless",
        "signup",
        "signup-id",
        "signup-password",
        "customized-consent",
        "passkeys",
    ),
    after=("custom_domains",),
    rank=65,
    empty={},
    rules=(
        Rule((), map="open", write="replace"),
        Rule(("*",), map="open", write="replace"),
        Rule(("*", "*"), text="liquid"),
    ),
    reach="everybody",
    risks=(anything((LOGIN,), "people are shown and asked something else on their way in"),),
)
